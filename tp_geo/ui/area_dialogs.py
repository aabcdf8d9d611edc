"""Dialogs about areas; each ends in one command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Combine, Remove, Reparent
from tp_geo.domain.hierarchy import Focus, levels
from tp_geo.domain.naming import level_below, new_names
from tp_geo.domain.rights import Action
from tp_geo.domain.swapping import Swap
from tp_geo.errors import Refused
from tp_geo.store import embedded
from tp_geo.ui import (
    access,
    area_assign_by,
    area_challenge,
    area_fields,
    area_fill,
    area_groups,
    area_share,
    area_split,
    area_targets,
    draft_dialogs,
    review_steps,
    state,
    target_tree,
)
from tp_geo.ui.area_bar import listed
from tp_geo.ui.asking import finish, finish_below
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, plain
from tp_geo.workflow.model_columns import labels_of, within_of
from tp_geo.workflow.models import split_by

MAX_NEW = 1_000
LOOKS = ("focus",)
"""Dialogs that change no plan: a guest's."""
TALKS = ("challenge",)
"""Dialogs in which something is asked, by whoever may comment."""
WAYS = {"areas": "New areas", "state": "By state", "county": "By county", "column": "By column"}


def show() -> None:
    """Show the dialog that is open, if any; it is about the area that is chosen unless it says."""
    wanted = state.wanted_dialog()
    now = state.now()
    if wanted is None or now is None:
        return
    name, about = wanted
    if name not in LOOKS and not (access.edits(now.plan) or _talks(now, name)):
        return
    said = about[0] if about else state.chosen(now.alignment)
    area = AreaId(said) if isinstance(said, int) and said in now.alignment.areas else None
    if name in _ALONE:
        title, body = _ALONE[name]
        width: Literal["medium", "large"] = "large" if name in _WIDE else "medium"
        state.show_dialog(title, handled(body), now, area, width=width)
    elif name in _OF_AREA and now.alignment.areas:
        title, of = _OF_AREA[name]
        whose = "" if area is None else f" {plain(now.alignment.name(area), 40)}"
        state.show_dialog(
            f"{title}{whose}" if whose else title.rstrip(":"), _of_area, now, area, of
        )


def _talks(now: state.Now, name: str) -> bool:
    """Whether a dialog only asks or tells something, and they may."""
    return name in TALKS and access.may(Action.COMMENT, now.plan)


@handled
def _of_area(
    now: state.Now, area: AreaId | None, body: Callable[[state.Now, AreaId], None]
) -> None:
    """Show a dialog about an area; which one is asked in it when none is at hand."""
    if area is None:
        names = listed(now.alignment)
        area = st.selectbox("Area", list(names), format_func=lambda k: names.get(k, ""))
    body(now, area)


def _add(now: state.Now, area: AreaId | None) -> None:
    options: list[AreaId | None] = [None, *listed(now.alignment)]
    names = listed(now.alignment)
    below = st.selectbox(
        "Below",
        options,
        index=options.index(area),
        format_func=lambda k: "The top" if k is None else names[k],
    )
    given = _new_areas(now, below)
    if below is not None and not now.alignment.children(below):
        _say_first_child(now, below)
    if st.button("Add areas", type="primary"):
        finish_below(_branch(below, *given), below)


def _divide(now: state.Now, area: AreaId) -> None:
    way = st.segmented_control(
        "How", list(WAYS), default="areas", required=True, format_func=WAYS.__getitem__,
        label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    if way == "areas":
        given = _new_areas(now, area)
        if not now.alignment.children(area):
            _say_first_child(now, area)
        if st.button("Branch", type="primary"):
            finish_below(_branch(area, *given), area)
        return
    column = way or "state"
    if way == "column":
        if not now.dataset.attributes:
            st.caption("This dataset has no columns beside its measures.")
            return
        column = st.selectbox("Column", list(now.dataset.attributes))
    level = st.text_input("Name of the new level", column.title(), max_chars=60)
    if st.button("Split", type="primary"):
        within = within_of(now.dataset, now.plan.boundaries)
        labels = {k: labels_of(embedded.load_boundaries(k)) for k in ("state", "county")}
        finish_below(
            split_by(
                now.alignment, now.dataset, area, column,
                level=level.strip() or column.title(), within=within, labels=labels,
            ),
            area,
        )  # fmt: skip


def _combine(now: state.Now, area: AreaId) -> None:
    names = listed(now.alignment)
    others = st.multiselect(
        f"Areas that become part of {plain(now.alignment.name(area), 60)}",
        [k for k in names if k != area],
        default=[],
        format_func=lambda k: names[k].strip(),
    )
    if st.button("Combine", type="primary", disabled=not others):
        finish(Combine(area, frozenset(others)))


def _swap(now: state.Now, area: AreaId) -> None:
    names = listed(now.alignment)
    others = [k for k in names if k != area and not now.alignment.children(k)]
    if now.alignment.children(area) or not others:
        st.caption("Only areas that are not divided can be swapped. Choose another one.")
        return
    other = st.selectbox("With", others, format_func=lambda k: names[k].strip())
    held = now.plan.totals().containers
    for one, gets in ((area, other), (other, area)):
        what = count(int(held[gets]), now.plan.noun)
        st.caption(f"{plain(now.alignment.name(one), 60)} gets {what}.")
    if st.button("Swap", type="primary"):
        finish(Swap(area, other))


def _move(now: state.Now, area: AreaId) -> None:
    names, inside = listed(now.alignment), set(now.alignment.subtree(area))
    choices: list[AreaId | None] = [None, *(k for k in names if k not in inside)]
    parent = st.selectbox(
        "Put it below", choices, format_func=lambda k: "The top" if k is None else names[k]
    )
    st.caption("What lies below it goes with it.")
    if st.button("Move", type="primary", disabled=parent == now.alignment.area(area).parent):
        finish(Reparent(area, parent))


def _remove(now: state.Now, area: AreaId) -> None:
    gone = set(now.alignment.subtree(area))
    figures, names = now.plan.totals(), listed(now.alignment)
    held = count(int(figures.containers[area]), now.plan.noun)
    below = f", with {count(len(gone) - 1, 'areas')} below it" if len(gone) > 1 else ""
    st.write(f"{plain(now.alignment.name(area))} holds {held}{below}.")
    choices: list[AreaId | None] = [None, *(k for k in names if k not in gone)]
    to = st.selectbox(
        "What it holds goes to",
        choices,
        format_func=lambda k: (
            "Its parent, if it is the only area there; else unassigned" if k is None else names[k]
        ),
    )
    if st.button("Remove", type="primary"):
        finish(Remove(area, to))


def _focus(now: state.Now, _area: AreaId | None) -> None:
    names, present = listed(now.alignment), now.focus
    areas = st.multiselect(
        "Areas",
        list(names),
        default=list(present.areas or ()),
        format_func=lambda k: names[k].strip(),
        placeholder="Everything",
    )
    known = levels(now.alignment) or ("Area",)
    level = st.selectbox(
        "Level shown",
        range(1, len(known) + 1),
        index=min(_level_of(now, areas), len(known)) - 1,
        key=f"focus_level_{'_'.join(map(str, areas))}",
        format_func=lambda n: f"{n} · {known[n - 1]}",
    )
    unassigned = st.checkbox(f"Include unassigned {now.plan.noun}", present.unassigned)
    if st.button("Look at these", type="primary"):
        state.look(Focus(tuple(areas) or None, int(level), unassigned))
        state.leave_dialog()


def _level_of(now: state.Now, areas: list[AreaId]) -> int:
    """Return the level to show areas on: as now, or that of what lies below newly chosen ones."""
    if tuple(areas) == (now.focus.areas or ()):
        return now.focus.level
    below = (now.alignment.depth(k) + bool(now.alignment.children(k)) for k in areas)
    return max(below, default=1)


def _new_areas(now: state.Now, below: AreaId | None) -> tuple[tuple[str, ...], str]:
    """Ask for the names of new areas and of their level."""
    left, right = st.columns(2)
    level = left.text_input(
        "Name of the level", level_below(now.alignment, below), max_chars=60
    ).strip()
    number = int(right.number_input("Number of areas", 1, MAX_NEW, 2 if below else 1))
    text = st.text_area("Names, one a line (optional)", height=110)
    given = [line.strip() for line in text.splitlines() if line.strip()]
    names = new_names(level, number, given, now.alignment)
    shown = ", ".join(plain(n, 40) for n in names[:4])
    st.caption(f"{count(len(names), 'areas')}: {shown}{' …' if len(names) > 4 else ''}")
    return names, level


def _branch(below: AreaId | None, names: tuple[str, ...], level: str) -> Branch:
    if not level:
        raise Refused("The new level has no name. Give it one, such as Region.")
    return Branch(below, names, level)


def _say_first_child(now: state.Now, area: AreaId) -> None:
    held = int(now.plan.totals().containers[area])
    if held:
        st.caption(f"Its {count(held, now.plan.noun)} go to the first of them.")


_ALONE: dict[str, tuple[str, Callable[[state.Now, AreaId | None], None]]] = {
    "add": ("Add areas", _add),
    "focus": ("Focus", _focus),
    "fill": ("Fill gaps", area_fill.body),
    "assign_by": ("Assign by a column", area_assign_by.body),
    "share": ("Overlap", area_share.body),
    "challenge": ("Challenge", area_challenge.body),
    "draft": ("Draft", draft_dialogs.begin),
    "group": ("Group areas", area_groups.body),
    "targets": ("Targets of a level", area_targets.body),
    "target_tree": ("Targets", lambda now, area: target_tree.body(now.plan, area)),
}
_WIDE = frozenset({"target_tree"})
_OF_AREA: dict[str, tuple[str, Callable[[state.Now, AreaId], None]]] = {
    "edit": ("Edit", area_fields.body),
    "divide": ("Divide", _divide),
    "combine": ("Combine", _combine),
    "split": ("Split in two:", area_split.body),
    "swap": ("Swap", _swap),
    "move": ("Move", _move),
    "review": ("Review:", review_steps.of_area),
    "remove": ("Remove", _remove),
}
