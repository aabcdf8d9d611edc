"""What the map compares a plan with: a snapshot, or how it began."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from tp_geo.geometry.packed import pack
from tp_geo.ui import state
from tp_geo.workflow.plan import Plan

MAGIC = b"TPB1"
START = 1
LISTED = 20


def offered(plan: Plan) -> list[dict[str, Any]]:
    """Return the revisions a plan can be compared with: snapshots, the newest first, and its start.

    The start is the first revision; a plan that has no more than it has nothing to compare.
    """
    taken = sorted((s for s in plan.snapshots() if 0 < s.seq <= plan.seq), key=lambda s: -s.seq)
    newest: list[dict[str, Any]] = [{"seq": s.seq, "name": s.name} for s in taken[:LISTED]]
    return [*newest, {"seq": START, "name": "the start"}] if plan.seq > START else newest


def choose(plan: Plan, seq: object) -> None:
    """Compare a plan with one of the revisions that are offered."""
    if any(base["seq"] == seq for base in offered(plan)):
        st.session_state.setdefault(state.BASES, {})[plan.info.id] = seq


def chosen(plan: Plan) -> dict[str, Any] | None:
    """Return the revision that was chosen and the name its entries travel under."""
    seq = st.session_state.get(state.BASES, {}).get(plan.info.id)
    return None if seq is None else {"seq": seq, "key": _key(plan, seq)}


def blobs(plan: Plan) -> Mapping[str, Callable[[], bytes]]:
    """Return how to get the entries of the chosen revision, by name."""
    base = chosen(plan)
    return {} if base is None else {base["key"]: lambda: entries(plan, base["seq"])}


def entries(plan: Plan, seq: int) -> bytes:
    """Return the leaf area of each container at a revision, packed."""
    of = plan.at(seq).area_of[: plan.dataset.items.containers].astype(np.int64)
    return pack(MAGIC, {"items": len(of), "seq": seq}, {"assign": np.diff(of, prepend=0)})


def _key(plan: Plan, seq: int) -> str:
    return f"base-{plan.info.id}-{seq}"
