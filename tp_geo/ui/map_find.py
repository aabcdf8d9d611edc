"""The map's field *Find*: what is called so, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.ui import state
from tp_geo.ui.text import count, singular
from tp_geo.ui.wire import encode_positions
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.search import Hit, Sort, index_of

LIMIT = 20


def ask(plan: Plan, text: str) -> None:
    """Find what is called so; the map is told next."""
    hits = index_of(state.planner(), plan.dataset).search(text, plan.alignment, LIMIT)
    st.session_state[state.FOUND] = {"text": text, "hits": [_told(plan, hit) for hit in hits]}


def found() -> Mapping[str, Any] | None:
    """Return what was found, once: a map that missed it asks again."""
    told: Mapping[str, Any] | None = st.session_state.pop(state.FOUND, None)
    return told


def _told(plan: Plan, hit: Hit) -> Mapping[str, Any]:
    areas = _areas(plan, hit)
    return {
        "name": hit.label,
        "kind": {Sort.PLACE: "city", Sort.CONTAINER: singular(plan.noun)}.get(hit.sort, hit.sort),
        "detail": _detail(plan, hit),
        "areas": areas,
        "items": [] if areas else encode_positions(hit.containers),
    }


def _areas(plan: Plan, hit: Hit) -> list[AreaId]:
    match hit.sort:
        case Sort.AREA if hit.area is not None:
            return [hit.area]
        case Sort.OWNER:
            return [k for k, area in plan.alignment.areas.items() if area.owner == hit.label]
        case _:
            return []


def _detail(plan: Plan, hit: Hit) -> str:
    """Return what tells a hit from others of its name."""
    size = count(len(hit.containers), plan.noun)
    match hit.sort:
        case Sort.CONTAINER | Sort.ACCOUNT | Sort.OWNER:
            return hit.detail
        case Sort.STATE | Sort.PLACE:
            return size
        case _:
            return f"{hit.detail} · {size}"
