"""A run of the optimizer beside the page: how far it is, ended with what it has, or cancelled.

It is a thread's; no other session waits for it. Of all sessions of the process
two optimize at a time, others wait for their turn. Nothing here calls Streamlit.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeAlias

from tp_geo.ui.work import Aside, Task, Told
from tp_geo.workflow.optimizing import Request
from tp_geo.workflow.optimizing_proposal import Proposal
from tp_geo.workflow.optimizing_run import Step, propose
from tp_geo.workflow.plan import Plan

AT_ONCE = 2
POLL_S = 0.1
SPACED_S = 0.05
"""Points of the progress that are nearer are one."""
WAITING = "Waiting: others are optimizing"

Point: TypeAlias = tuple[float, str, float]
"""Seconds since the start, what was being done, the best objective so far."""

Search: TypeAlias = Callable[..., Proposal]
"""What looks for plans, as ``propose`` does."""

_turns = threading.BoundedSemaphore(AT_ONCE)


class Run(Aside):
    """A request that is being worked on, and what came of it."""

    def __init__(self, plan: Plan, request: Request, search: Search = propose) -> None:
        self.plan, self.request = plan.info.id, request
        self.points: list[Point] = []
        self._halted = threading.Event()
        super().__init__(Task("optimize"), lambda told: self._propose(plan, search, told))

    @property
    def halted(self) -> bool:
        """Whether it was told to end with what it has."""
        return self._halted.is_set()

    @property
    def proposal(self) -> Proposal | None:
        """What came of it, if anything has."""
        found: Proposal | None = self.result
        return found

    def halt(self) -> None:
        """Have it end soon, with the best it has found."""
        self._halted.set()

    def _propose(self, plan: Plan, search: Search, told: Told) -> Proposal:
        with _turn(told):
            began = time.monotonic()
            note = partial(self._note, began, told)
            return search(plan, self.request, told=note, halted=self._halted.is_set)

    def _note(self, began: float, told: Told, step: Step) -> None:
        told(step.what, 0.0)
        seconds = time.monotonic() - began
        if not math.isfinite(step.best):
            return
        last = self.points[-1] if self.points else None
        if last is None or last[1] != step.what or seconds - last[0] >= SPACED_S:
            self.points.append((seconds, step.what, step.best))


@contextmanager
def _turn(told: Told) -> Iterator[None]:
    """Wait until less than two others optimize."""
    while not _turns.acquire(timeout=POLL_S):
        told(WAITING, 0.0)
    try:
        told("Starting", 0.0)
        yield
    finally:
        _turns.release()
