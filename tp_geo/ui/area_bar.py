"""The line above the map: the area at hand, what can be done with it, and the focus."""

from __future__ import annotations

import numpy as np
import streamlit as st

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Command, HoldItems
from tp_geo.domain.hierarchy import depths, in_view, placeholder
from tp_geo.domain.locking import LockAreas
from tp_geo.domain.rights import Action
from tp_geo.ui import access, guest, panel, state
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, shortened

KEY = "area_line"
"""The part of the page the line is in."""

PICKER = "area_picker"
PICKED = "area_picked"
"""What the list of areas shows, and how often that was chosen elsewhere."""

MENU = "area_menu"
INDENT = "\u2003"
ACTIONS = {
    "divide": ":material/account_tree: Branch or split…",
    "move": ":material/drive_file_move: Move under another area…",
    "split": ":material/splitscreen_vertical_add: Split in two…",
    "swap": ":material/swap_horiz: Swap with another…",
    "combine": ":material/merge: Combine with others…",
    "group": ":material/workspaces: Group areas…",
    "target_tree": ":material/flag: Targets, carried down…",
    "targets": ":material/target: Targets of a level…",
    "review": ":material/rate_review: Submit for review or recall…",
    "draft": ":material/edit_note: Draft: start or merge…",
    access.SHARE: ":material/group_add: Share with somebody…",
    panel.COMMENTS: ":material/comment: Comments beside the map",
    "remove": ":material/delete: Remove…",
}

ITEMS_MENU = "items_menu"
OF_ITEMS = {
    "fill": ":material/format_color_fill: Fill gaps…",
    "assign_by": ":material/table_rows: Assign by a column…",
    "share": ":material/group: Share selected with…",
    "challenge": ":material/gavel: Challenge…",
    "lock_all": ":material/lock: Lock all areas in focus",
    "unlock_all": ":material/lock_open: Unlock all areas in focus",
    "release_all": ":material/keep_off: Release all that is held",
}

PANELS = {panel.CHECK: "fact_check", panel.UNITS: "storefront"}


@st.fragment(key=KEY)
@handled
def show() -> None:
    """Show the line."""
    now = state.now()
    if now is None:
        return
    area = state.chosen(now.alignment)
    with st.container(horizontal=True, vertical_alignment="center", key="area_bar", gap="small"):
        _picker(now.alignment, area)
        if access.edits(now.plan):
            _edits(now)
        elif access.may(Action.COMMENT, now.plan):
            _talks()
        st.space("stretch")
        _panels(now)
        st.button(
            f"Focus: {_said(now)}",
            icon=":material/center_focus_strong:",
            on_click=state.enter_dialog,
            args=("focus",),
        )
        if access.edits(now.plan):
            _optimize(now)


def listed(alignment: Alignment) -> dict[AreaId, str]:
    """Return every area by id as a line of the tree, in its order."""
    deepest = max((d for d, _ in depths(alignment)), default=1)
    return {
        k: f"{INDENT * (depth - 1)}{shortened(alignment.name(k), 80)}"
        + (" · not divided" if placeholder(alignment, k, deepest) else "")
        + (f" · {signoff.status}" if (signoff := alignment.signoff(k)).seals else "")
        for depth, k in depths(alignment)
    }


def act_on_items(now: state.Now) -> None:
    """Do what was chosen in the menu for items: at once, or in a dialog."""
    tops = now.alignment.children(None) if now.focus.areas is None else now.focus.areas
    match st.session_state[ITEMS_MENU]:
        case "lock_all":
            _ask(
                now, LockAreas(in_view(now.alignment, now.focus)), "All areas in focus are locked."
            )
        case "unlock_all":
            below = tuple(k for top in tops for k in now.alignment.subtree(top))
            _ask(now, LockAreas(below, locked=False), "No area in focus is locked.")
        case "release_all":
            held = np.flatnonzero(now.alignment.held)
            _ask(now, HoldItems(held, held=False), "Nothing is held.")
        case str(action):
            state.open_dialog(action)


def _picker(alignment: Alignment, area: AreaId | None) -> None:
    names = listed(alignment)
    key = _picker_of(area)
    st.session_state[key] = area
    st.selectbox(
        "Area",
        list(names),
        index=None,
        key=key,
        format_func=lambda k: names.get(k, ""),
        placeholder="Choose an area" if names else "No areas yet",
        disabled=not names,
        label_visibility="collapsed",
        width=320,
        on_change=_pick,
        args=(key,),
    )


def _picker_of(area: AreaId | None) -> str:
    """Return the key of the list of areas: another one when another area was chosen elsewhere.

    A browser tells with every click what its lists show. One that has not heard yet of a choice
    made elsewhere would take it back, were the list still the same.
    """
    shown, others = st.session_state.get(PICKED, (None, 0))
    if shown != area:
        others += 1
        st.session_state[PICKED] = (area, others)
    return f"{PICKER}_{others}"


def _pick(key: str) -> None:
    _, others = st.session_state.get(PICKED, (None, 0))
    if key == f"{PICKER}_{others}":
        area = st.session_state[key]
        st.session_state[PICKED] = (area, others)
        state.choose(area)
        st.rerun()


def _edits(now: state.Now) -> None:
    """Show what changes areas and assigns items."""
    st.button(
        "Edit area",
        icon=":material/edit:",
        disabled=not now.alignment.areas,
        on_click=state.enter_dialog,
        args=("edit",),
    )
    st.menu_button(
        "Arrange",
        [k for k in ACTIONS if k != access.SHARE or access.shares(now.plan)],
        key=MENU,
        format_func=ACTIONS.__getitem__,
        disabled=not now.alignment.areas,
        on_click=_act,
    )
    st.menu_button(
        "Assign",
        list(OF_ITEMS),
        key=ITEMS_MENU,
        format_func=OF_ITEMS.__getitem__,
        disabled=not now.alignment.areas,
        on_click=_act_on_items,
        args=(now,),
    )
    st.button(
        "Add areas",
        icon=":material/add:",
        on_click=state.enter_dialog,
        args=("add",),
    )


def _talks() -> None:
    """Show what those can do who may say something, and change nothing."""
    st.button(
        "Comments", icon=":material/comment:", key="area_bar_comments",
        on_click=_toggle, args=(panel.COMMENTS,),
    )  # fmt: skip
    st.button(
        "Challenge", icon=":material/gavel:", key="area_bar_challenge",
        on_click=state.enter_dialog, args=("challenge",),
    )  # fmt: skip


def _panels(now: state.Now) -> None:
    """Show the buttons of the panels; a guest has that which only tells."""
    for which, icon in PANELS.items():
        there = which != panel.UNITS or (len(now.dataset.items.container_of) and not guest.here())
        if there:
            st.button(
                which.capitalize(), icon=f":material/{icon}:", key=f"area_bar_{which}",
                on_click=_toggle, args=(which,),
            )  # fmt: skip


def _optimize(now: state.Now) -> None:
    """Show the button of the optimizer."""
    st.button(
        "Optimize",
        icon=":material/auto_awesome:",
        type="primary",
        key="area_bar_optimize",
        disabled=not now.alignment.areas,
        on_click=_toggle,
        args=(panel.OPTIMIZE,),
    )


def _act() -> None:
    action = st.session_state[MENU]
    if action == panel.COMMENTS:
        _toggle(panel.COMMENTS)
    elif action == access.SHARE:
        state.enter_dialog(action, state.open_plan().info.id)
    elif action:
        state.enter_dialog(action)


def _act_on_items(now: state.Now) -> None:
    act_on_items(now)
    st.rerun()


def _toggle(which: str) -> None:
    panel.toggle(which)
    st.rerun()


def _ask(now: state.Now, command: Command, otherwise: str) -> None:
    """Ask for a command; say so when there is nothing left to do."""
    if command.edits(now.alignment, iter(())):
        state.ask(command)
    else:
        state.tell(otherwise)


def _said(now: state.Now) -> str:
    focus = now.focus
    if focus.areas is None:
        return "everything"
    if len(focus.areas) == 1:
        return shortened(now.alignment.name(focus.areas[0]), 24)
    return count(len(focus.areas), "areas")
