"""Runs of the pages: every press heard once, no page lost, each run heard to its end.

Streamlit does none of it by itself, see docs/decisions/0029-runs-of-pages.md. What is
wrapped here is private to it; `tests/ui/test_runs.py` says what each wrap is for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.fragment import FragmentStorage
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import (
    ScriptRequests,
    ScriptRequestType,
    _has_active_trigger_value,
)
from streamlit.runtime.state import SessionState

_on: WeakKeyDictionary[ScriptRunner | AppSession, str] = WeakKeyDictionary()
"""The page that the browser is on once it has all that was said, by who says it."""
_ended: WeakKeyDictionary[AppSession, ScriptRunner] = WeakKeyDictionary()
"""Of a session, the runner that had ended when another was asked for, while it is still heard."""

_begun = AppSession._create_scriptrunner
_heard = AppSession._handle_scriptrunner_event_on_event_loop
_ran = ScriptRunner._run_script
_told = ScriptRunner.request_rerun
_asked = ScriptRequests._request_rerun_locked


def guard() -> None:
    """Have Streamlit run the pages as said above."""
    AppSession._create_scriptrunner = _begin  # type: ignore[method-assign,assignment]
    AppSession._handle_scriptrunner_event_on_event_loop = _hear  # type: ignore[method-assign]
    ScriptRunner.request_rerun = _tell  # type: ignore[method-assign,assignment]
    ScriptRunner._run_script = _run  # type: ignore[method-assign,assignment]
    ScriptRequests._request_rerun_locked = _ask  # type: ignore[method-assign,assignment]


def _run(self: ScriptRunner, wanted: RerunData) -> None:
    """Run what is wanted, but no part of a page that this runner has left."""
    if self not in _on:
        self.on_event.connect(_note)
    elif _of_page_left(wanted, _on[self]):
        return
    _ran(self, wanted)


def _ask(self: ScriptRequests, wanted: RerunData) -> bool:
    """Ask for a run, but for no part of a page when another page is asked for already.

    Streamlit would fold the two into a run of all of the page that is left.
    """
    waiting = self._rerun_data
    if (
        self._state is ScriptRequestType.RERUN
        and not waiting.fragment_id_queue
        and _of_page_left(wanted, waiting.page_script_hash)
    ):
        return True
    return _asked(self, wanted)


def _tell(self: ScriptRunner, wanted: RerunData) -> bool:
    """Ask a runner for a run, of the parts of all that was pressed."""
    return _told(self, _whole(wanted, self._session_state._state, self._fragment_storage))


def _begin(self: AppSession, wanted: RerunData) -> None:
    """Begin another runner, but for no part of a page that was left.

    A runner that ended by itself is heard to its end: what it said last may be under way.
    """
    before = self._scriptrunner
    if _of_page_left(wanted, (before and _on.get(before)) or _on.get(self, "")):
        return
    if before is not None and not before._execing:
        _ended[self] = before
    else:
        _ended.pop(self, None)
    _begun(self, _whole(wanted, self._session_state, self._fragment_storage))


def _hear(
    self: AppSession, sender: ScriptRunner | None, event: ScriptRunnerEvent, *told: Any, **more: Any
) -> None:
    """Hear what a runner says, also the last words of one that has ended."""
    if sender is not None and sender is _ended.get(self) and sender is not self._scriptrunner:
        if event is ScriptRunnerEvent.SHUTDOWN:
            del _ended[self]
            return
        sender = self._scriptrunner
    if sender is self._scriptrunner and sender is not None and sender in _on:
        _on[self] = _on[sender]
    _heard(self, sender, event, *told, **more)


def _note(
    sender: ScriptRunner,
    event: ScriptRunnerEvent,
    page_script_hash: str | None = None,
    forward_msg: ForwardMsg | None = None,
    **_: Any,
) -> None:
    """Note which page the browser is on once it has what a runner says."""
    if event is ScriptRunnerEvent.SCRIPT_STARTED:
        _on[sender] = page_script_hash or ""
    elif forward_msg is not None and forward_msg.HasField("navigation"):
        _on[sender] = forward_msg.navigation.page_script_hash


def _of_page_left(wanted: RerunData, page: str) -> bool:
    """Return whether a run is of parts alone, and of another page than the browser will be on."""
    parts = wanted.fragment_id or wanted.fragment_id_queue
    return bool(parts and page and wanted.page_script_hash not in ("", page))


def _whole(wanted: RerunData, state: SessionState, parts: FragmentStorage) -> RerunData:
    """Return a message of the browser as what it means: each press, once.

    A browser that was busy tells what was pressed in several parts in one message, which
    names the first of them alone. And when it looks for news it tells what is to be told
    with the next message as well.
    """
    if not wanted.fragment_id or wanted.widget_states is None:
        return wanted
    said = wanted.widget_states.widgets
    pressed = [s.id for s in said if _has_active_trigger_value(s)]
    if not pressed:
        return wanted
    if wanted.is_auto_rerun:
        rest = [s for s in said if not _has_active_trigger_value(s)]
        return replace(wanted, widget_states=WidgetStates(widgets=rest))
    known = state._new_widget_state.widget_metadata
    places = [known[id_].fragment_id for id_ in pressed if id_ in known]
    if not all(places):
        return replace(wanted, fragment_id=None)  # pressed outside of any part: all of the page
    inside = [p for p in places if p is not None and parts.contains(p)]
    both = [*dict.fromkeys((wanted.fragment_id, *inside))]
    return replace(wanted, fragment_id=None, fragment_id_queue=both)
