"""Work with an org beside the page: how far it is, paused between two calls, ended at once.

It is a thread's; no other session waits for it. Nothing here calls Streamlit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tp_geo import cancelling
from tp_geo.ui.work import Task, Told, Work

POLL_S = 0.1


class Run:
    """Something that is asked of an org, and what came of it."""

    def __init__(self, name: str, job: Callable[[Told], Any], after: Run | None = None) -> None:
        self.name = name
        self._going = threading.Event()
        self._going.set()
        self._job = job
        before: Work | None = after._work if after else None
        self._work: Work = Work(Task("publish", name), self._done, before)

    @property
    def what(self) -> str:
        """What is being done."""
        return self._work.what

    @property
    def share(self) -> float:
        """The share of the whole that lies behind."""
        return self._work.share

    @property
    def under_way(self) -> bool:
        """Whether something is still to come of it."""
        return self._work.under_way

    @property
    def cancelled(self) -> bool:
        """Whether it was ended before its end."""
        return self._work.cancelled

    @property
    def paused(self) -> bool:
        """Whether it waits to go on."""
        return self.under_way and not self._going.is_set()

    @property
    def result(self) -> Any:
        """What came of it; ``None`` as long as nothing has."""
        return None if self.under_way or self.cancelled else self._work.result

    @property
    def fault(self) -> str:
        """Why nothing came of it."""
        return "" if self.under_way or self.cancelled else self._work.fault

    def pause(self) -> None:
        """Have it wait before its next call."""
        self._going.clear()

    def go_on(self) -> None:
        """Have it go on."""
        self._going.set()

    def cancel(self) -> None:
        """Have it end before its next call."""
        self._work.cancel()

    def wait(self, seconds: float) -> None:
        """Wait for its end, no longer than some seconds."""
        self._work.wait(seconds)

    def _done(self, told: Told) -> Any:
        def noted(what: str, share: float) -> None:
            told(what, share)
            while not self._going.wait(POLL_S):
                cancelling.check()

        return self._job(noted)
