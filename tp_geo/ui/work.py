"""Long work of a dialog, done beside the page: its progress, and a button that cancels it.

The work is a thread's; no other session waits for it. When its dialog is
closed or its page is gone, it is cancelled, unless it is already keeping its
result. Jobs must not call Streamlit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tp_geo import cancelling
from tp_geo.cancelling import Cancelling
from tp_geo.errors import Cancelled, TpGeoError
from tp_geo.ui import state
from tp_geo.ui.edge import unforeseen
from tp_geo.ui.text import plain

Told: TypeAlias = Callable[[str, float], None]
"""Told what is being done and the share of the whole that lies behind."""
Job: TypeAlias = Callable[[Told], Any]

POLL_S = 0.5
SOON_S = 0.3
"""What is done so soon is shown without progress."""
CANCELLED = "Cancelled. Nothing has changed."
LONG = 1_000


@dataclass(frozen=True, slots=True)
class Task:
    """What a job is for: a dialog, what that dialog is about, and one of its steps."""

    dialog: str
    step: str = ""
    about: tuple[object, ...] = ()


class Work:
    """A job under way: how far it is, and what came of it."""

    def __init__(self, task: Task, job: Job, after: Work | None = None) -> None:
        self.task = task
        self.what, self.share = "Starting", 0.0
        self.result: Any = None
        self.fault = ""
        self._cancelling = Cancelling()
        self._ended = threading.Event()
        threading.Thread(
            target=self._run, args=(job, after), name=f"work {task.dialog} {task.step}", daemon=True
        ).start()

    @property
    def cancelled(self) -> bool:
        """Whether the job was cancelled; its thread may need a moment to notice."""
        return self._cancelling.cancelled

    @property
    def keeping(self) -> bool:
        """Whether the job keeps its result, and can't be cancelled any more."""
        return self._cancelling.keeping and not self._ended.is_set()

    @property
    def under_way(self) -> bool:
        """Whether something is still to come of the job."""
        return not (self.cancelled or self._ended.is_set())

    def cancel(self) -> None:
        """Cancel the job, unless it is over or keeping its result."""
        if self.under_way:
            self._cancelling.cancel()

    def wait(self, seconds: float) -> None:
        """Wait for the end of the job, no longer than some seconds."""
        self._ended.wait(seconds)

    def told(self, what: str, share: float) -> None:
        """Note how far the job is; raise ``Cancelled`` when nobody wants it any more."""
        self._cancelling.check()
        self.what, self.share = what, min(max(share, 0.0), 1.0)

    def _run(self, job: Job, after: Work | None) -> None:
        try:
            with cancelling.within(self._cancelling):
                self._wait_for(after)
                self.result = job(self.told)
        except Cancelled:
            pass
        except TpGeoError as known:
            self.fault = str(known)
        except Exception as fault:  # noqa: BLE001 - the edge of this thread: the log has all of it
            self.fault = unforeseen(fault)
        finally:
            self._ended.set()

    def _wait_for(self, before: Work | None) -> None:
        while before is not None and not before._ended.wait(POLL_S):
            self.told("Waiting for what was cancelled to end", 0.0)


class Aside:
    """Work that a session holds on to while its pages come and go."""

    def __init__(self, task: Task, job: Job, after: Aside | None = None) -> None:
        before: Work | None = after._work if after else None
        self._work: Work = Work(task, job, before)

    @property
    def what(self) -> str:
        """What is being done."""
        return self._work.what

    @property
    def under_way(self) -> bool:
        """Whether something is still to come of it."""
        return self._work.under_way

    @property
    def cancelled(self) -> bool:
        """Whether it was ended before its end."""
        return self._work.cancelled

    @property
    def result(self) -> Any:
        """What came of it; ``None`` as long as nothing has."""
        return None if self.under_way or self.cancelled else self._work.result

    @property
    def fault(self) -> str:
        """Why nothing came of it."""
        return "" if self.under_way or self.cancelled else self._work.fault

    def cancel(self) -> None:
        """Have it end, with nothing more."""
        self._work.cancel()

    def wait(self, seconds: float) -> None:
        """Wait for its end, no longer than some seconds."""
        self._work.wait(seconds)


def part(told: Told, start: float, end: float) -> Told:
    """Return what to tell progress to whose whole is a part of another's."""
    return lambda what, share: told(what, start + (end - start) * share)


class _Desk:
    """The works of one session."""

    def __init__(self) -> None:
        self.works: dict[Task, Work] = {}

    def clear(self) -> None:
        """Cancel whatever can be."""
        for work in self.works.values():
            work.cancel()
        self.works = {}


@st.cache_resource(scope="session", on_release=_Desk.clear, show_spinner=False)
def _desk() -> _Desk:
    """Return this session's desk; it is cleared when the browser has gone."""
    return _Desk()


def start(task: Task, job: Job) -> None:
    """Begin a job; what else this session has under way is cancelled."""
    works = _desk().works
    for other in works.values():
        other.cancel()
    works[task] = Work(task, job, works.get(task))
    works[task].wait(SOON_S)
    if not works[task].under_way:
        st.rerun()


def result(task: Task) -> Any:
    """Return what a job gave; ``None`` before that, or when it gave nothing."""
    work = _desk().works.get(task)
    return None if work is None or work.cancelled else work.result


def failed(task: Task) -> bool:
    """Whether a job ended with an error."""
    work = _desk().works.get(task)
    return work is not None and not work.cancelled and bool(work.fault)


def show(task: Task, place: DeltaGenerator | None = None) -> bool:
    """Show how a job stands, or why nothing came of it; return whether it is under way.

    While it is under way, that takes the place of what is in ``place``.
    """
    work = _desk().works.get(task)
    if work is None:
        return False
    place, note, under_way = place or st.empty(), st.empty(), work.under_way
    if under_way:
        with place.container():
            st.fragment(_watch, run_every=POLL_S)(work)
            if not work.keeping:  # not in what polls: a cancel shows the dialog anew, not the page
                icon = ":material/close:"
                st.button("Cancel", key="work_cancel", icon=icon, on_click=work.cancel)
    elif work.cancelled:
        note.caption(CANCELLED)
    elif work.fault:
        note.error(plain(work.fault, LONG), icon=":material/error:")
    return under_way


def of_itself(task: Task, job: Job, again: str) -> Any:
    """Return what a job gives that begins without a button; ``None`` as long as there is nothing.

    ``again`` is what to press after it was cancelled or failed.
    """
    if task not in _desk().works:
        start(task, job)
    under_way = show(task)
    found = result(task)
    if found is None and not under_way:
        st.button(again, icon=":material/refresh:", on_click=start, args=(task, job))
    return found


def leave() -> None:
    """Cancel the works of a dialog that is not open any more."""
    desk, wanted = _desk(), state.wanted_dialog()
    if any((t.dialog, t.about) != wanted for t in desk.works):
        if any(work.keeping for work in desk.works.values()):
            state.tell("It was being saved already, and could not be cancelled.")
        desk.clear()


def _watch(work: Work) -> None:
    if work.cancelled:
        st.caption(CANCELLED)
        return
    if not work.under_way:
        st.rerun()
    st.progress(work.share, plain(work.what))
    if work.keeping:
        st.caption("Saving; this can't be cancelled any more.")
