"""What a process knows of a store: answers that hold until somebody commits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from tp_geo.store.connect import Row

MOST: Final = 2_000
"""So many answers are kept; more are not of use between two commits."""

Ask = Callable[..., list[Row]]


class Known:
    """Answers to queries, kept as long as nothing was committed since they were given.

    ``stamp`` is a number that has grown by the time a commit of whatever
    process is known here, or ``None`` when nobody can say whether there was
    one: then each query is asked anew. Safe to use from many threads.
    """

    def __init__(self, stamp: Callable[[], int | None], ask: Ask) -> None:
        self._stamp, self._ask = stamp, ask
        self._guard = threading.Lock()
        self._at = -1
        self._kept: dict[tuple[object, ...], list[Row]] = {}

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query: those known, where they still hold. Not to be changed."""
        stamp = self._stamp()  # first: a commit in between makes the answer one to be asked again
        if stamp is None:
            return self._ask(sql, *values)
        question = (sql, *values)
        with self._guard:
            if stamp > self._at:
                self._at, self._kept = stamp, {}
            known = self._kept.get(question) if stamp == self._at else None
        if known is not None:
            return known
        found = self._ask(sql, *values)
        with self._guard:
            if stamp == self._at and len(self._kept) < MOST:
                self._kept[question] = found
        return found
