"""What the map compares a plan with: a snapshot, an earlier revision, or another alignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from tp_geo.errors import Refused
from tp_geo.geometry import palette
from tp_geo.geometry.packed import pack
from tp_geo.ui import state
from tp_geo.ui.text import shortened
from tp_geo.ui.wire import Picture
from tp_geo.workflow.plan import Plan

MAGIC = b"TPB1"
START = 1
LISTED = 20
RECENT = 5
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Base:
    """A plan at a revision, as it was offered; the plan may go on, this does not."""

    id: str
    name: str
    plan: str
    seq: int

    @property
    def key(self) -> str:
        """The name its entries travel under."""
        return f"base-{self.plan}-{self.seq}"


def offered(plan: Plan) -> list[dict[str, str]]:
    """Return what a plan can be compared with, by an id and a name.

    Snapshots, the newest first; how it began; the revisions before the last
    changes; then other alignments of the same containers.
    """
    taken = sorted((s for s in plan.snapshots() if 0 < s.seq <= plan.seq), key=lambda s: -s.seq)
    named = [(s.seq, s.name) for s in taken[:LISTED]]
    if plan.seq > START:
        named.append((START, "the start"))
    known, history = {seq for seq, _ in named}, plan.history()
    named += [
        (seq, shortened(f"rev {seq:,}: {history[seq - 1].text}", LONGEST))
        for seq in range(plan.seq - 1, max(START, plan.seq - 1 - RECENT), -1)
        if seq not in known
    ]
    own = [{"id": f"@{seq}", "name": name} for seq, name in named]
    return own + [{"id": k, "name": f"alignment {name}"} for k, name in _others(plan)]


def choose(plan: Plan, which: object) -> None:
    """Compare a plan with something that is offered; another alignment as it is now."""
    found = next((base for base in offered(plan) if base["id"] == which), None)
    if found is None:
        return
    own = found["id"].startswith("@")
    base = (
        Base(**found, plan=plan.info.id, seq=int(found["id"][1:])) if own else _other(plan, **found)
    )
    st.session_state.setdefault(state.BASES, {})[plan.info.id] = base


def chosen(plan: Plan) -> dict[str, Any] | None:
    """Return what was chosen, and the name its entries travel under."""
    base = _chosen(plan)
    if base is None:
        return None
    return {"id": base.id, "name": base.name, "own": base.plan == plan.info.id, "key": base.key}


def blobs(plan: Plan) -> Mapping[str, Callable[[], bytes]]:
    """Return how to get the entries of what was chosen, by name."""
    base = _chosen(plan)
    if base is None:
        return {}
    return {base.key: lambda: entries(state.planner().open(base.plan), base.seq)}


def entries(plan: Plan, seq: int) -> bytes:
    """Return the areas at a revision and the leaf area of each container, packed."""
    alignment = plan.at(seq)
    picture = Picture.of(alignment, plan.dataset, palette.colors(alignment, plan.adjacency))
    of = picture.entries.astype(np.int64)
    head = {
        "items": len(of),
        "seq": seq,
        "areas": [picture.area(k) for k in sorted(alignment.areas)],
        "corrections": {str(k): v for k, v in sorted(picture.corrections.items())},
    }
    return pack(MAGIC, head, {"assign": np.diff(of, prepend=0)})


def _chosen(plan: Plan) -> Base | None:
    found: Base | None = st.session_state.get(state.BASES, {}).get(plan.info.id)
    return found


def _other(plan: Plan, id: str, name: str) -> Base:
    """Return another alignment as it is now; raise ``Refused`` when it has other containers."""
    other = state.planner().open(id)
    n, m = plan.dataset.items.containers, other.dataset.items.containers
    if not np.array_equal(plan.dataset.codes[:n], other.dataset.codes[:m]):
        raise Refused(
            f"{other.info.name} stands on other containers than {plan.info.name}. "
            "Choose an alignment of the same boundaries."
        )
    return Base(id, name, other.info.id, other.seq)


def _others(plan: Plan) -> list[tuple[str, str]]:
    """Return id and name of other alignments on the same version of the same boundaries."""
    planner, mine = state.planner(), plan.info
    infos = [i for i in planner.plans() if i.id != mine.id]
    keys = {mine.dataset_key}
    if any(i.dataset_key not in keys for i in infos):
        layer = plan.dataset.layer
        keys |= {d.key for d in planner.store.datasets() if layer and d.boundaries_key == layer}
    return [(i.id, i.name) for i in infos if i.dataset_key in keys][:LISTED]
