"""The outermost edge of the pages: whatever went wrong is said in words, and logged."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState
from streamlit.runtime.state.session_state import SessionState, _CallbackRerunVotes
from structlog.contextvars import get_contextvars

from tp_geo import logs, metrics
from tp_geo.errors import StoreAway, StoreBusy, StoreDamaged, TpGeoError
from tp_geo.ui import parts, state
from tp_geo.ui.text import plain

P = ParamSpec("P")
T = TypeVar("T")
LONG = 2_000
AWAY = "store_away"
LOOK_S = 2
"""How often a page that can't be shown looks whether the store is back."""
_recorded = SessionState._run_callback_and_record_rerun


@contextmanager
def edge() -> Iterator[None]:
    """Show what goes wrong inside in words; never a traceback.

    A callback has no place on the page: what it would write there would take the
    place of something else, and the browser lose the page. It is told when a part
    of the page is shown next.
    """
    try:
        with _request():
            yield
    except TpGeoError as known:
        if _in_callback():
            state.tell(str(known), bad=True)
        else:
            _shown(known)
    except Exception as fault:  # noqa: BLE001 - the one edge: the log has all of it
        said = unforeseen(fault)
        if _in_callback():
            state.tell(said, bad=True)
        else:
            st.error(said, icon=":material/error:")


@contextmanager
def page_edge() -> Iterator[None]:
    """Show what goes wrong with all of a page; as soon as the store is back, the page is too."""
    with edge():
        try:
            yield
        except StoreAway as away:
            _stopped("The plans can't be reached", away)
            st.fragment(_when_back, key=AWAY, run_every=LOOK_S)()


def guard_callbacks() -> None:
    """Have what goes wrong in a callback told, also of those that have no edge of their own.

    And what was pressed along with it heard, whatever a callback asks for.
    """
    SessionState._run_callback_and_record_rerun = _guarded  # type: ignore[method-assign]


def handled(function: Callable[P, T]) -> Callable[P, T | None]:
    """Return a page part, dialog or callback that ends in words when something goes wrong."""

    @functools.wraps(function)
    def safe(*args: P.args, **kwargs: P.kwargs) -> T | None:
        with edge():
            return function(*args, **kwargs)
        return None

    return safe


def unforeseen(fault: Exception) -> str:
    """Log something nobody foresaw and return what to tell, with a reference to the log."""
    reference = uuid.uuid4().hex[:8]
    metrics.ERRORS.add(where="page")
    logs.failed("page_failed", fault, reference=reference)
    return (
        "Something went wrong that should not have. What was saved stays saved. "
        f"Reload the page; if it comes again, report reference {reference}."
    )


def _guarded(self: SessionState, votes: _CallbackRerunVotes, run: Callable[[], None]) -> None:
    def safe() -> None:
        with ThreadState.scoped(run_location=RunLocation.CALLBACK), edge():
            run()

    _recorded(self, votes, safe)
    parts.keep_presses(votes)


@contextmanager
def _request() -> Iterator[None]:
    """Have the log tell which request what happens inside belongs to, and who is here."""
    if "request" in get_contextvars():
        yield
        return
    try:
        who = state.user()
    except TpGeoError:  # of a link that is not valid any more, and the like
        who = ""
    with logs.bound(request=uuid.uuid4().hex[:12], user=who):
        yield


def _in_callback() -> bool:
    try:
        return ThreadState.get().run_location is RunLocation.CALLBACK
    except LookupError:  # outside of any page
        return False


def _shown(known: TpGeoError) -> None:
    match known:
        case StoreBusy():
            _stopped("The plans are in use elsewhere", known)
        case StoreDamaged():
            _stopped("The plans can't be read", known)
        case StoreAway():
            state.show_anew()
            st.error(plain(known, LONG), icon=":material/cloud_off:")
        case _:
            st.error(plain(known, LONG), icon=":material/error:")


def _when_back() -> None:
    """Show the page again once the store answers."""
    try:
        state.planner().plans()
    except TpGeoError:
        return
    st.rerun()


def _stopped(title: str, why: TpGeoError) -> None:
    st.subheader(title, anchor=False)
    st.write(plain(why, LONG))
    st.button("Try again", type="primary")
