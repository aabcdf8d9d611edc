"""The map on its page: what the component is told, and what is done when it speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import BadData
from tp_geo.ui import drawer, frame, palette, state
from tp_geo.ui.component import feed, territory_map
from tp_geo.ui.edge import handled
from tp_geo.ui.edits import Answers
from tp_geo.ui.wire import Mirror, decode_positions
from tp_geo.workflow import shapes
from tp_geo.workflow.plan import Plan

KEY = "map"
BESIDE = (KEY, frame.KEY + "map", drawer.KEY)
"""The parts of the page that show what the map changes."""

HEIGHT = 690
TOLERANCE = 0.05
ACTS = ("add", "lock", "measure", "edit", "divide", "combine", "move", "remove", "choose")
"""What the page does when the legend asks for it."""

NOUNS = {
    "postal": ("postal code", "postal codes"),
    "county": ("county", "counties"),
    "state": ("state", "states"),
}


@dataclass(slots=True)
class Screen:
    """What this session knows of its browser's map. ``have`` is by alignment."""

    mirror: Mirror | None = None
    have: dict[str, int] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)
    needs: frozenset[str] = frozenset()


@st.fragment(key=KEY)
@handled
def show() -> None:
    """Show the map with its legend and tools."""
    now = state.now()
    if now is None:
        return
    frame.seen(now)
    territory_map(
        payload(now, screen()),
        key=KEY,
        height=HEIGHT,
        on_edit=_on_edit,
        on_need=_on_need,
        on_resync=_on_resync,
        on_selection=_on_selection,
        on_focus=_on_focus,
        on_act=_on_act,
        on_choose=_on_choose,
    )
    with st.container(key="feeds"):
        for key, blob in _blobs(now).items():
            feed(key, blob())
    state.show_notices()


def screen() -> Screen:
    """Return what this session knows of its browser."""
    found: Screen = st.session_state.setdefault(state.BROWSER, Screen())
    return found


def payload(now: state.Now, about: Screen) -> dict[str, Any]:
    """Return what the map is told now: what is drawn, what changed, what may be done."""
    plan, dataset = now.plan, now.dataset
    return {
        "name": KEY,
        "alignment": plan.info.id,
        "title": "All areas",
        "geo": {"key": shapes.shapes_key(state.planner(), dataset)},
        "facts": {"key": shapes.facts_key(dataset)} if dataset.measures else None,
        **_changes(plan, about),
        "ack": dict(about.answers.acks(plan)),
        "refused": list(about.answers.refused),
        "focus": _focus(now.focus),
        "measure": measure(now),
        "tolerance": TOLERANCE,
        "readonly": False,
        "acts": list(ACTS),
        "noun": _noun(dataset.boundaries),
        "notice": _notice(plan),
        **_steps(plan, now.user),
    }


def measure(now: state.Now) -> str:
    """Return the measure that is looked at."""
    names = [m.name for m in now.dataset.measures]
    picked = st.session_state.get(state.MEASURE)
    return picked if picked in names else next(iter(names), "")


def _changes(plan: Plan, about: Screen) -> Mapping[str, Any]:
    """Return the full state, or what was touched since the browser's revision."""
    name, seq, alignment = plan.info.id, plan.seq, plan.alignment
    mirror = about.mirror or Mirror.of(name, plan.dataset, alignment, seq)
    about.mirror = mirror.advance(name, plan.dataset, alignment, seq)
    message = about.mirror.message(about.have.get(name), palette.colors(alignment))
    if message["full"] is not None:
        about.have[name] = seq
    return message


def _blobs(now: state.Now) -> Mapping[str, Callable[[], bytes]]:
    """Return how to get the bytes the browser waits for, by key."""
    planner, dataset = state.planner(), now.dataset
    needs = screen().needs
    if not needs:
        return {}
    known = {
        shapes.shapes_key(planner, dataset): lambda: shapes.shapes(planner, dataset),
        shapes.facts_key(dataset): lambda: shapes.facts(planner, dataset),
    }
    return {key: get for key, get in known.items() if key in needs}


def _focus(focus: Focus) -> Mapping[str, Any]:
    areas = None if focus.areas is None else [int(k) for k in focus.areas]
    return {"areas": areas, "level": focus.level, "unassigned": focus.unassigned}


def _noun(kind: str) -> Mapping[str, str]:
    one, many = NOUNS.get(kind, ("container", "containers"))
    return {"one": one, "many": many}


def _notice(plan: Plan) -> Mapping[str, Any] | None:
    if not plan.boundaries.approximate:
        return None
    return {
        "approximate": True,
        "text": "Approximate postal areas · get the official ones",
        "href": "/data",
    }


def _steps(plan: Plan, user: str) -> Mapping[str, Any]:
    stack, history = plan.stack(user), plan.history()
    return {
        name: {"can": bool(of), "label": frame.meant(history, of[-1]) if of else ""}
        for name, of in (("undo", stack.undo), ("redo", stack.redo))
    }


def _event(name: str) -> Mapping[str, Any]:
    """Return what the map just said; nothing when it said nothing."""
    value = (st.session_state.get(KEY) or {}).get(name)
    return value if isinstance(value, Mapping) else {}


def _heard(have: object, alignment: str) -> None:
    if isinstance(have, int) and not isinstance(have, bool):
        screen().have[alignment] = have


@handled
def _on_edit() -> None:
    message = _event("edit")
    if not message:
        return
    plan = state.planner().open(str(message.get("alignment", "")))
    _heard(message.get("have"), plan.info.id)
    if screen().answers.take(message, plan, by=state.user()):
        st.rerun(BESIDE)


@handled
def _on_need() -> None:
    keys = _event("need").get("keys")
    if isinstance(keys, list):
        screen().needs = frozenset(k for k in keys if isinstance(k, str))


@handled
def _on_resync() -> None:
    if _event("resync"):
        screen().have.pop(st.session_state[state.ALIGNMENT], None)


@handled
def _on_selection() -> None:
    steps = _event("selection").get("items")
    if steps is not None:
        state.select(decode_positions(steps, state.open_plan().dataset.items.containers))
        st.rerun(drawer.KEY)


@handled
def _on_focus() -> None:
    said = _event("focus")
    if not said:
        return
    known = state.open_plan().alignment.areas
    areas, level = said.get("areas"), said.get("level")
    if not isinstance(level, int) or not (areas is None or isinstance(areas, list)):
        raise BadData("The map sent something that is no focus. Reload the page.")
    chosen = None if areas is None else tuple(AreaId(k) for k in areas if k in known)
    state.look(Focus(chosen, level, bool(said.get("unassigned", True))))
    st.rerun()


@handled
def _on_act() -> None:
    said = _event("act")
    area = said.get("area")
    match said.get("kind"):
        case "measure":
            st.session_state[state.MEASURE] = str(said.get("measure", ""))
        case "lock" | "unlock" as kind if isinstance(area, int):
            state.ask(Change(AreaId(area), {"locked": kind == "lock"}))
            st.rerun(BESIDE)
        case str(kind) if kind in ACTS:
            if kind != "add" and isinstance(area, int):
                state.choose(AreaId(area))
            state.open_dialog(kind, area)
            st.rerun()


@handled
def _on_choose() -> None:
    area = _event("choose").get("area")
    if isinstance(area, int) and area in state.open_plan().alignment.areas:
        state.choose(AreaId(area))
        st.rerun()
