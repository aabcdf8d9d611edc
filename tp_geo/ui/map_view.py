"""The map on its page: what the component is told, and what is done when it speaks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Reparent
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.reader import READ_ONLY
from tp_geo.domain.rights import Action
from tp_geo.errors import BadData, Refused
from tp_geo.ui import (
    access,
    area_bar,
    drawer,
    frame,
    guest,
    map_base,
    map_find,
    map_ground,
    map_split,
    notices,
    optimize_map,
    panel,
    parts,
    reference_view,
    state,
)
from tp_geo.ui.component import territory_map
from tp_geo.ui.edge import handled
from tp_geo.ui.edits import Answers
from tp_geo.ui.wire import Mirror, decode_positions, encode_positions
from tp_geo.workflow.plan import Plan

KEY = map_ground.KEY
BESIDE = (area_bar.KEY, drawer.KEY, panel.KEY)
"""The parts of the page that show what is looked at on the map.

The map is drawn along with them whenever it asks: of a part that asks for something, Streamlit
throws away what is not sent yet, so one that had only others drawn would lose it for good.
"""

FOLLOWING = (panel.UNITS, panel.OPTIMIZE, panel.COMMENTS)
"""The panels that tell of what is selected."""
OF_SELECTION = ("challenge", "share")
"""The dialogs about what is selected."""
CHANGED = (KEY, frame.KEY, *BESIDE)
"""The parts of the page that show what the map changes."""
PAGE = "page"
"""All of the page."""

HEIGHT = 690
ACTS = (
    "add",
    "lock",
    "measure",
    "edit",
    "divide",
    "combine",
    "swap",
    "move",
    "remove",
    "choose",
    "put",
    "base",
    "cut",
    "optimize",
)
"""What the page does when the legend asks for it."""
LOOKS = ("measure", "choose", "base")
"""Of these, what a guest may ask for."""


@dataclass(slots=True)
class Screen:
    """What this session knows of its browser's map.

    ``have`` is by alignment; ``acted`` is when what was done last was asked for.
    """

    mirror: Mirror | None = None
    have: dict[str, int] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)
    acted: float = 0.0


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
        on_find=_on_find,
    )
    more = {**map_base.blobs(now.plan), **reference_view.blobs(now.plan), **optimize_map.blobs(now)}
    map_ground.feeds(now, more)
    notices.show("map")


def screen() -> Screen:
    """Return what this session knows of its browser."""
    found: Screen = st.session_state.setdefault(state.BROWSER, Screen())
    return found


def payload(now: state.Now, about: Screen) -> dict[str, Any]:
    """Return what the map is told now: what is drawn, what changed, what may be done."""
    plan, sheet = now.plan, optimize_map.shown(now)
    return {
        **map_ground.ground(now),
        "name": KEY,
        "alignment": plan.info.id,
        **_changes(plan, about, sheet),
        "ack": dict(about.answers.acks(plan)),
        "refused": list(about.answers.refused),
        "focus": _focus(now.focus),
        "look": _look(now),
        "found": map_find.found(),
        "readonly": not access.edits(plan),
        "acts": _acts(now),
        "bases": map_base.offered(plan),
        "layers": reference_view.offered(now.plan),
        "base": map_base.chosen(plan),
        **_steps(plan, now.user),
        **(sheet.told() if sheet else {}),
    }


def _acts(now: state.Now) -> list[str]:
    """Return what the page does when it is asked for; for a guest what changes no plan."""
    if not access.edits(now.plan):
        return [*LOOKS]
    return [*ACTS, *([panel.UNITS] if len(now.dataset.items.container_of) else [])]


def _changes(plan: Plan, about: Screen, sheet: optimize_map.Sheet | None) -> Mapping[str, Any]:
    """Return the full state, or what was touched since the browser's revision."""
    name, seq, alignment = plan.info.id, plan.seq, plan.alignment
    if sheet:
        name, seq, alignment = sheet.name, sheet.turn, sheet.alignment
    state_of = (name, plan.dataset, alignment, seq, plan.adjacency)
    mirror = about.mirror or Mirror.of(*state_of)
    about.mirror = mirror.advance(*state_of)
    message = about.mirror.message(about.have.get(name))
    if message["full"] is not None:
        about.have[name] = seq
    return message


def _focus(focus: Focus) -> Mapping[str, Any]:
    areas = None if focus.areas is None else [int(k) for k in focus.areas]
    return {"areas": areas, "level": focus.level, "unassigned": focus.unassigned}


def _look(now: state.Now) -> Mapping[str, Any] | None:
    """Return where the map is sent; positions of containers that are there."""
    look = state.pointed()
    if look is None:
        return None
    there = look.items[look.items < now.dataset.items.containers]
    items = encode_positions(there)
    return {"seq": look.seq, "items": items, "select": look.select, "go": look.go}


def _steps(plan: Plan, user: str) -> Mapping[str, Any]:
    stack, history = plan.stack(user), plan.history()
    return {
        name: {"can": bool(of), "label": frame.meant(history, of[-1]) if of else ""}
        for name, of in (("undo", stack.undo), ("redo", stack.redo))
    }


def _heard(have: object, alignment: str) -> None:
    if isinstance(have, int) and not isinstance(have, bool):
        screen().have[alignment] = have


@handled
def _on_edit() -> None:
    message = map_ground.event(KEY, "edit")
    if not message:
        return
    plan = state.planner().open(str(message.get("alignment", "")))
    _heard(message.get("have"), plan.info.id)
    if screen().answers.take(message, plan, by=state.user()) and (beside := _open()):
        parts.run(KEY, *beside)


def _open() -> tuple[str, ...]:
    """Return the parts beside the map that show what is assigned, if they are open.

    The line above the map is not among them: it looks for itself, and to answer an edit
    by the map alone takes one run of the script instead of two.
    """
    parts = {drawer.KEY: state.DRAWER, panel.KEY: state.PANEL}
    return tuple(key for key, shown in parts.items() if st.session_state.get(shown))


@handled
def _on_need() -> None:
    map_ground.note_needs(KEY)


@handled
def _on_resync() -> None:
    if map_ground.event(KEY, "resync"):
        screen().have.clear()


@handled
def _on_selection() -> None:
    steps = map_ground.event(KEY, "selection").get("items")
    if steps is not None:
        state.select(decode_positions(steps, state.open_plan().dataset.items.containers))
        if (dialog := state.wanted_dialog()) and dialog[0] in OF_SELECTION:
            st.rerun()  # it was opened before this was heard
        listed = [panel.KEY] if panel.shown() in FOLLOWING else []
        parts.run(KEY, drawer.KEY, *listed)


@handled
def _on_focus() -> None:
    said = map_ground.event(KEY, "focus")
    if not said:
        return
    known = state.open_plan().alignment.areas
    areas, level = said.get("areas"), said.get("level")
    whole = isinstance(areas, list) and all(isinstance(k, int) for k in areas)
    if not isinstance(level, int) or not (areas is None or whole):
        raise BadData("The map sent something that is no focus. Reload the page.")
    chosen = None if areas is None else tuple(AreaId(k) for k in areas if k in known)
    state.look(Focus(chosen, level, bool(said.get("unassigned", True))))
    parts.run(KEY, *BESIDE)


@handled
def _on_act() -> None:
    about, said = screen(), map_ground.event(KEY, "act").get("acts")
    todo = unheard(said, about.acted)
    shown = {key for act in todo for key in _done(act) or ()}
    about.acted = max([about.acted, *(act["at"] for act in todo)])
    if PAGE in shown:
        st.rerun()
    if shown:
        parts.run(*sorted(shown))


def unheard(said: object, last: float) -> list[Mapping[str, Any]]:
    """Return what a map asked for and was not done yet, in order.

    ``said`` is what it asked for lately. ``last`` is when, on its clock, it asked for what was
    done last; 0 at first, after a restart perhaps: then only the newest can be new.
    """
    acts = [a for a in said if isinstance(a, Mapping)] if isinstance(said, list) else []
    timed = [a for a in acts if isinstance(a.get("at"), int | float) and math.isfinite(a["at"])]
    return [a for a in timed if a["at"] > last] if last else timed[-1:]


@handled
def _done(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Do what the map asked for; return the parts of the page that have to show it."""
    area = said.get("area")
    if said.get("kind") not in LOOKS and not access.edits(plan := state.open_plan()):
        if guest.here():
            raise Refused(READ_ONLY)
        plan.actor.require(Action.EDIT, plan.info)
    match said.get("kind"):
        case "measure":
            st.session_state[state.MEASURE] = str(said.get("measure", ""))
            return (KEY,)
        case "base":
            map_base.choose(state.open_plan(), said.get("id"))
            return (KEY,)
        case "lock" | "unlock" as kind if isinstance(area, int):
            state.ask(Change(AreaId(area), {"locked": kind == "lock"}))
            return CHANGED
        case "put" if isinstance(area, int):
            parent = said.get("parent")
            state.ask(Reparent(AreaId(area), AreaId(parent) if isinstance(parent, int) else None))
            return CHANGED
        case "cut" if isinstance(area, int):
            map_split.drawn(AreaId(area), said.get("line"))
            return CHANGED
        case panel.UNITS | panel.OPTIMIZE as which:
            panel.show(which)
            return panel.BOTH
        case str(kind) if kind in ACTS and kind not in ("put", "cut"):
            return _opened(kind, area)
    return ()


def _opened(dialog: str, area: object) -> tuple[str, ...]:
    if dialog != "add" and isinstance(area, int):
        state.choose(AreaId(area))
    state.open_dialog(dialog, area)
    return (PAGE,)


@handled
def _on_find() -> None:
    if text := map_ground.event(KEY, "find").get("text"):
        map_find.ask(state.open_plan(), str(text))


@handled
def _on_choose() -> None:
    area = map_ground.event(KEY, "choose").get("area")
    if isinstance(area, int) and area in state.open_plan().alignment.areas:
        state.choose(AreaId(area))
        parts.run(KEY, *BESIDE)
