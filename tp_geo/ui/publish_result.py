"""What was written to an org, record by record, with the way on and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from tp_geo.crm.journal import UNDO, Written
from tp_geo.crm.rows import Key
from tp_geo.ui import publish_next, state, uploads
from tp_geo.ui.publish_desk import Desk, Done
from tp_geo.ui.text import count, plain
from tp_geo.workflow.publishing_result import COLUMNS, result_of

VIEW = "publish_view"
PUBLISH, PAST = "Publish", "Past publishes"
HEIGHT = 430
LONG = 1_000


def show(desk: Desk, now: state.Now) -> None:
    """Show what came of writing."""
    broken(desk, now)
    done = desk.writing.result if desk.writing else None
    if not isinstance(done, Done):
        return
    records = count(len(done.written), "records")
    if done.what == UNDO:
        text = f"**Undone.** {plain(done.called)} is as it was before ({records} written)."
    else:
        text = f"**Published.** {records} written to {plain(done.called)}{_stamped(done)}."
    st.success(text, icon=":material/check_circle:")
    if done.stamped:
        st.caption("These codes stay when you undo. `tp-geo undo-fields` takes them back.")
    with st.container(horizontal=True, gap="small"):
        download(done.written, done.title, now.plan.info.name)
        if done.what != UNDO:
            after(desk, now, done.model)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        table(done.written, done.title)
    with right:
        if done.what != UNDO:
            st.markdown("###### Next, in Salesforce")
            publish_next.steps(done.called)
            publish_next.actions(desk, done.model)


def _stamped(done: Done) -> str:
    if not done.stamped:
        return ""
    return f", a code in {plain(done.field)} to {count(done.stamped, 'accounts')}"


def broken(desk: Desk, now: state.Now) -> None:
    """Say that writing was stopped or failed, with the way on."""
    run = desk.writing
    if run is None or run.under_way or not (run.cancelled or run.fault):
        return
    said = plain(run.fault, LONG) if run.fault else "Stopped. What was written stays in the org."
    st.warning(said, icon=":material/pause_circle:")
    if desk.undoing:
        label, on = "Go on undoing", partial(desk.undo, now.plan, desk.undoing, now.user)
    else:
        label, on = "Go on publishing", partial(desk.publish, now.plan, now.user)
    st.button(label, type="primary", icon=":material/play_arrow:", on_click=on)


def after(desk: Desk, now: state.Now, model: str) -> None:
    """Offer to look for drift, and to undo."""
    st.button(
        "Check drift", icon=":material/compare_arrows:", on_click=_check,
        args=(desk, now, model), help="What somebody changed in the org since this publish",
    )  # fmt: skip
    with st.popover("Undo this publish", icon=":material/undo:"):
        st.markdown(
            f"**{plain(model)}** gets back what it held before the last publish. Records that "
            "others made stay."
        )
        st.button(
            "Undo now", key="publish_undo_now", type="primary", on_click=_undo,
            args=(desk, now, model),
        )  # fmt: skip


def table(written: Sequence[Written], title: Callable[[Key], str]) -> None:
    """Show records that were written."""
    st.dataframe(
        told(written, title), hide_index=True, height=HEIGHT, alt="What was written",
        column_order=("Done", "What", "Name"),
        column_config={
            "Done": st.column_config.TextColumn(width=80),
            "What": st.column_config.TextColumn(width=110),
        },
    )  # fmt: skip


def download(written: Sequence[Written], title: Callable[[Key], str], plan: str) -> None:
    """Offer records that were written as a file."""
    st.download_button(
        "Result as CSV", lambda: uploads.csv_of(told(written, title)),
        file_name=f"{plan} publish.csv", mime="text/csv", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip


def told(written: Sequence[Written], title: Callable[[Key], str]) -> pd.DataFrame:
    """Return what was written, a row for each record."""
    return pd.DataFrame(result_of(written, title), columns=list(COLUMNS))


def _check(desk: Desk, now: state.Now, model: str) -> None:
    st.session_state[VIEW] = PAST
    desk.check(now.plan, model)


def _undo(desk: Desk, now: state.Now, model: str) -> None:
    st.session_state[VIEW] = PUBLISH
    desk.undo(now.plan, model, now.user)
