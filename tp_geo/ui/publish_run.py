"""Work with an org beside the page: how far it is, paused between two calls, ended at once.

It is a thread's; no other session waits for it. Nothing here calls Streamlit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tp_geo import cancelling
from tp_geo.ui.work import Aside, Task, Told

POLL_S = 0.1


class Run(Aside):
    """Something that is asked of an org, and what came of it."""

    def __init__(self, name: str, job: Callable[[Told], Any], after: Run | None = None) -> None:
        self.name = name
        self._going = threading.Event()
        self._going.set()
        self._job = job
        super().__init__(Task("publish", name), self._done, after)

    @property
    def share(self) -> float:
        """The share of the whole that lies behind."""
        return self._work.share

    @property
    def paused(self) -> bool:
        """Whether it waits to go on."""
        return self.under_way and not self._going.is_set()

    def pause(self) -> None:
        """Have it wait before its next call."""
        self._going.clear()

    def go_on(self) -> None:
        """Have it go on."""
        self._going.set()

    def _done(self, told: Told) -> Any:
        def noted(what: str, share: float) -> None:
            told(what, share)
            while not self._going.wait(POLL_S):
                cancelling.check()

        return self._job(noted)
