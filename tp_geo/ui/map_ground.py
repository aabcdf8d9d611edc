"""What every map stands on, whatever plan it shows: shapes, measures, words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlencode

import streamlit as st

from tp_geo.domain.balance import TOLERANCE
from tp_geo.ui import guest, state
from tp_geo.ui.basemap import tiles
from tp_geo.ui.component import feed
from tp_geo.ui.text import singular
from tp_geo.workflow import points, shapes
from tp_geo.workflow.links import PARAMETER
from tp_geo.workflow.plan import Plan

Blob: TypeAlias = Callable[[], bytes | None]
"""How to get bytes; ``None`` while they are being made."""

KEY = "map"
"""The map of the Map page; its part of the page is called so too."""


def ground(now: state.Now) -> dict[str, Any]:
    """Return the part of a map's data that is the same for every map of a plan."""
    dataset = now.dataset
    return {
        "title": "All areas",
        "geo": {"key": shapes.shapes_key(state.planner(), dataset)},
        "facts": {"key": shapes.facts_key(dataset)} if dataset.measures else None,
        "points": points.points_key(dataset),
        "measure": measure(now),
        "tolerance": TOLERANCE,
        "noun": {"one": singular(now.plan.noun), "many": now.plan.noun},
        "notice": _notice(now.plan),
        "tiles": tiles(),
    }


def measure(now: state.Now) -> str:
    """Return the measure that is looked at."""
    names = [m.name for m in now.dataset.measures]
    picked = st.session_state.get(state.MEASURE)
    return picked if picked in names else next(iter(names), "")


def event(key: str, name: str) -> Mapping[str, Any]:
    """Return what the map of a key just said; nothing when it said nothing."""
    value = (st.session_state.get(key) or {}).get(name)
    return value if isinstance(value, Mapping) else {}


def note_needs(key: str) -> None:
    """Note which shapes and measures the browser asked for."""
    keys = event(key, "need").get("keys")
    if isinstance(keys, list):
        st.session_state[state.NEEDS] = frozenset(k for k in keys if isinstance(k, str))


def feeds(now: state.Now, more: Mapping[str, Blob] | None = None) -> None:
    """Bring what the browser asked for and is ready: shapes, measures, or ``more`` by name.

    For the rest the browser asks again.
    """
    needs = st.session_state.get(state.NEEDS)
    if not needs:
        return
    planner, dataset = state.planner(), now.dataset
    known: Mapping[str, Blob] = {
        shapes.shapes_key(planner, dataset): lambda: shapes.shapes(planner, dataset),
        shapes.facts_key(dataset): lambda: shapes.facts(planner, dataset),
        **(more or {}),
    }
    with st.container(key="feeds"):
        for key, blob in known.items():
            found = blob() if key in needs else None
            if found is not None:
                feed(key, found)
        for key in sorted(needs - known.keys()):
            view = points.view_named(planner, dataset, key)
            if view is not None:
                feed(key, view)


def _notice(plan: Plan) -> Mapping[str, Any] | None:
    if not plan.boundaries.approximate:
        return None
    if (token := guest.token()) is not None:
        query = urlencode({PARAMETER: token})
        return {"approximate": True, "text": "Approximate postal areas", "href": f"/map?{query}"}
    return {
        "approximate": True,
        "text": "Approximate postal areas · get the official ones",
        "href": "/data",
    }
