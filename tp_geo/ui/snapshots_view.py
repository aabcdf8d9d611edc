"""The snapshots of a plan: taken, and gone back to."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.hierarchy import depths, path
from tp_geo.domain.rights import Action
from tp_geo.ui import access, state
from tp_geo.ui.edge import handled
from tp_geo.ui.text import ago, plain, sentence


def show(now: state.Now) -> None:
    """Show the snapshots, newest first, and a form that takes one."""
    st.subheader("Snapshots", anchor=False)
    found = now.plan.snapshots()
    if not found:
        st.caption("A snapshot is a revision with a name; it does not expire.")
    inside = _inside(now) if found else None
    for i, snap in enumerate(reversed(found)):
        left, right = st.columns([5, 2], vertical_alignment="center")
        about = f"rev {snap.seq:,} · {plain(snap.by, 30)} · {ago(snap.at, datetime.now(UTC))}"
        left.markdown(f":material/push_pin: **{plain(snap.name, 60)}**  \n:small[{about}]")
        right.button(
            "Restore",
            key=f"restore_{i}",
            on_click=_restore,
            args=(snap.name, inside),
            width="stretch",
            disabled=snap.seq == now.plan.seq or not access.edits(now.plan),
        )
    if not access.may(Action.SNAPSHOT, now.plan):
        return
    with st.form("snapshot", clear_on_submit=True, border=False):
        left, right = st.columns([5, 3], vertical_alignment="bottom")
        name = left.text_input(f"Name for revision {now.plan.seq:,}", max_chars=120)
        taken = right.form_submit_button("Take snapshot", width="stretch")
    if taken:
        _take(name)


@handled
def _take(name: str) -> None:
    snap = state.open_plan().snapshot(name, by=state.user())
    state.tell(f"Snapshot {snap.name} taken at revision {snap.seq}.")
    st.rerun()


def _inside(now: state.Now) -> AreaId | None:
    """Ask what a snapshot brings back: everything, or one branch."""
    tree = depths(now.alignment)
    return st.selectbox(
        "Restore",
        [k for _, k in tree],
        index=None,
        format_func=lambda k: plain(path(now.alignment, k), 80),
        placeholder="Everything",
        help="A branch comes back as it was below its area; all around it stays as it is.",
        key="restore_inside",
    )


def _restore(name: str, inside: AreaId | None) -> None:
    plan = state.open_plan()
    revision = state.attempt(lambda: plan.restore(name, by=state.user(), inside=inside))
    if revision is not None:
        state.tell(sentence(revision.text))
