"""What the Review page looks at: one measure, a level, perhaps one area, and what it compares."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.hierarchy import levels
from tp_geo.domain.rights import Action
from tp_geo.ui import access, links_view, map_ground, state
from tp_geo.ui.text import plain, shortened
from tp_geo.workflow.coverage import Coverage, coverage, sums
from tp_geo.workflow.coverage_change import Base, bases

SCOPE, CHOSEN = "review_scope", "review_chosen"
LEVEL, MEASURE, BASE = "review_level", "review_measure", "review_base"
WALL = "wall"
"""The query parameter of the presentation."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is looked at, as chosen; ``area`` is one area of the level, if one is picked."""

    level: int
    scope: AreaId | None
    measure: str
    base: Base | None
    area: AreaId | None


def presenting() -> bool:
    """Whether the page is shown on a wall."""
    return WALL in st.query_params


def present(*, on: bool) -> None:
    """Show the page on a wall, or as a page again."""
    if on:
        st.query_params[WALL] = "1"
    else:
        st.query_params.pop(WALL, None)


def desk(now: state.Now) -> Desk:
    """Show what can be chosen and return what is."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="review_choices"):
        st.title("Review", anchor=False, width="content")
        _crumbs(now)
        level = _level(now)
        measure = _measure(now)
        base = _base(now)
        wall = presenting()
        st.button(
            "Leave presentation" if wall else "Present",
            icon=":material/close_fullscreen:" if wall else ":material/present_to_all:",
            help="Big figures without the navigation, for a wall.",
            on_click=present, kwargs={"on": not wall}, key="review_present",
        )  # fmt: skip
        if not wall and access.may(Action.MANAGE, now.plan):
            links_view.show(now)
    return Desk(level, scope(now), measure, base, area(now))


def scope(now: state.Now) -> AreaId | None:
    """Return the area that is looked into, if it is still there and divided."""
    found: AreaId | None = st.session_state.get(SCOPE)
    return found if found is not None and now.alignment.children(found) else None


def area(now: state.Now) -> AreaId | None:
    """Return the area that was picked, if it is still there."""
    found: AreaId | None = st.session_state.get(CHOSEN)
    return found if found in now.alignment.areas else None


def look_into(now: state.Now, area: AreaId | None) -> None:
    """Look into an area that is divided, else pick it; ``None``: all of the plan."""
    if area is not None and not now.alignment.children(area):
        st.session_state[CHOSEN] = area
        return
    st.session_state[CHOSEN] = None
    st.session_state[SCOPE] = area
    st.session_state[LEVEL] = 1 if area is None else now.alignment.depth(area) + 1


@st.cache_resource(max_entries=16, show_spinner="Looking through the plan")
def found(
    version: tuple[str, str, int],
    desk: tuple[int, AreaId | None, str, Base | None],
    _now: state.Now,
) -> Coverage:
    """Return how a version of a plan stands; known while it stays the newest."""
    level, within, measure, base = desk
    return coverage(
        state.planner(), _now.plan, level=level, scope=within, measure=measure, base=base
    )


def covered(now: state.Now, desk: Desk) -> Coverage:
    """Return how the plan stands for what is chosen."""
    version = now.plan.info.id, now.dataset.seen_key, now.plan.seq
    return found(version, (desk.level, desk.scope, desk.measure, desk.base), now)


def _crumbs(now: state.Now) -> None:
    """Show the way from the whole down to what is looked into; each step leads back."""
    here = scope(now)
    above = [] if here is None else list(reversed([a.id for a in now.alignment.ancestry(here)]))
    with st.container(horizontal=True, gap=None, width="stretch", key="review_crumbs"):
        for at, k in enumerate((None, *above)):
            name = "All areas" if k is None else now.alignment.name(k)
            st.button(
                plain(name, 40), key=f"review_crumb_{at}", type="tertiary",
                icon=":material/chevron_right:" if at else ":material/public:",
                disabled=k == here, on_click=look_into, args=(now, k),
            )  # fmt: skip


def _level(now: state.Now) -> int:
    """Choose the level whose areas are shown; below an area, those below it."""
    names = dict(enumerate(levels(now.alignment), 1)) or {1: "Area"}
    here = scope(now)
    first = 1 if here is None else now.alignment.depth(here) + 1
    options = [d for d in names if d >= first]
    if st.session_state.get(LEVEL) not in options:
        st.session_state[LEVEL] = options[0]
    if len(options) == 1:
        return options[0]
    found: int = st.selectbox(
        "Level", options, key=LEVEL, width=150,
        format_func=lambda d: shortened(f"{d} · {names[d]}", 40),
    )  # fmt: skip
    return found


def _measure(now: state.Now) -> str:
    options = list(sums(now.dataset))
    if not options:
        return ""
    if st.session_state.get(MEASURE) not in options:
        looked_at = map_ground.measure(now)
        st.session_state[MEASURE] = looked_at if looked_at in options else options[0]
    labels = {m.name: m.label or m.name for m in now.dataset.measures}
    if len(options) > 1:
        st.selectbox(
            "Measure", options, key=MEASURE, width=190,
            format_func=lambda m: shortened(labels[m], 60),
        )  # fmt: skip
    return str(st.session_state[MEASURE])


def _base(now: state.Now) -> Base | None:
    """Choose what the plan is compared with; without anything to, say how to get it."""
    offered = bases(state.planner(), now.plan)
    if not offered:
        return None
    if st.session_state.get(BASE) not in offered:
        st.session_state[BASE] = offered[0]
    found: Base = st.selectbox(
        "Compared with", offered, key=BASE, width=220,
        format_func=lambda b: shortened(b.name, 60),
    )  # fmt: skip
    return found
