"""The log of a plan: who did what, when; seen on the map, taken back, carried away."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from tp_geo.domain.revision import Revision
from tp_geo.errors import TpGeoError
from tp_geo.ui import access, history_table, revision_map, revision_tables, snapshots_view, state
from tp_geo.ui.text import ago, plain, sentence
from tp_geo.workflow.optimizing_note import readable


def show(now: state.Now) -> None:
    """Show revisions and snapshots, and what can be done with them."""
    log, side = st.columns([11, 9], gap="medium")
    with log:
        revision = history_table.show(now)
        snapshots_view.show(now)
    with side:
        _revision(now, revision)


def _revision(now: state.Now, revision: Revision | None) -> None:
    """Show one revision: what it says, where it was, what it changed."""
    if revision is None:
        st.caption("Here you see what a revision changed, on the map and in figures.")
        return
    title, button = st.columns([5, 2], vertical_alignment="center")
    title.subheader(f"Revision {revision.seq:,}", anchor=False)
    if access.edits(now.plan):
        button.button(
            "Take back", icon=":material/undo:", on_click=_take_back, args=(revision.seq,),
            width="stretch", help="Undoes this revision alone; what was done later stays",
        )  # fmt: skip
    st.markdown(plain(sentence(revision.text), 400))
    said = f"{plain(revision.by)}, {ago(revision.at, datetime.now(UTC))}"
    st.caption(f"{said} · {plain(readable(revision.note), 400)}" if revision.note else said)
    change = revision_map.change_of(now.plan, revision.seq)
    if len(change.marked):
        revision_map.show(revision.seq)
    revision_tables.show(now.plan, revision.seq, revision_map.key(now.plan, change))


def _take_back(seq: int) -> None:
    plan = state.open_plan()
    try:
        done = plan.take_back(seq, by=state.user())
    except TpGeoError as why:
        state.tell(str(why), bad=True)
        return
    history_table.choose(plan, done.revision.seq)
    left = f" Left as it is: {'; '.join(done.left[:5])}." if done.left else ""
    state.tell(f"{sentence(done.revision.text)}{left}")
