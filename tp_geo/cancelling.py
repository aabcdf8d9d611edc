"""Long work that can be cancelled: ended at once where it waits, at its next step elsewhere.

Whoever starts work runs it ``within`` a ``Cancelling``. Inside, at any depth,
``check`` stops what was cancelled, ``ending`` says how a wait is cut short,
and ``keep`` is called before the first thing is kept: from there on nothing
is cancelled, so that a result is kept whole or not at all. Outside of
``within`` none of them does anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tp_geo.errors import Cancelled


class Cancelling:
    """Whether one piece of work is to go on. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._keeping = False
        self._ends: list[Callable[[], object]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the work was cancelled."""
        return self._cancelled

    @property
    def keeping(self) -> bool:
        """Whether the work keeps its result, and can't be cancelled any more."""
        return self._keeping

    def cancel(self) -> bool:
        """Cancel the work and return whether that was still possible."""
        with self._lock:
            if self._keeping:
                return False
            self._cancelled = True
            for end in self._ends:
                end()
            return True

    def check(self) -> None:
        """Raise ``Cancelled`` when the work was cancelled."""
        if self._cancelled:
            raise Cancelled("This was cancelled; nothing of it was kept.")

    def keep(self) -> None:
        """Raise ``Cancelled`` when the work was cancelled; from here on it can't be."""
        with self._lock:
            self.check()
            self._keeping = True

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Have ``end`` called, from another thread, when the work is cancelled meanwhile."""
        with self._lock:
            self.check()
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)


_current: ContextVar[Cancelling | None] = ContextVar("cancelling", default=None)


@contextmanager
def within(work: Cancelling) -> Iterator[None]:
    """Make a piece of work the one that this thread does."""
    before = _current.set(work)
    try:
        yield
    finally:
        _current.reset(before)


def check() -> None:
    """Raise ``Cancelled`` when the work of this thread was cancelled."""
    if work := _current.get():
        work.check()


def keep() -> None:
    """Raise ``Cancelled`` when the work of this thread was cancelled; from here on it can't be."""
    if work := _current.get():
        work.keep()


@contextmanager
def ending(end: Callable[[], object]) -> Iterator[None]:
    """Have ``end`` called when the work of this thread is cancelled meanwhile."""
    if work := _current.get():
        with work.ending(end):
            yield
    else:
        yield
