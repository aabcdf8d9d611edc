"""Numbers of rows as people find them in a file: blank ones count, though they are not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

BLANK = "blank_rows"
"""What is known of a file: the numbers of its blank rows, of several files by their names."""

Row = TypeVar("Row", bound=Sequence[str])


def filled(rows: Iterable[Row], blank: list[int]) -> Iterator[Row]:
    """Yield the rows in which anything stands; put the numbers of those between into ``blank``."""
    waiting: list[int] = []
    for number, row in enumerate(rows, start=1):
        if any(row):
            blank += waiting
            waiting = []
            yield row
        else:
            waiting.append(number)


def numbered(count: int, blank: Sequence[int]) -> NDArray[np.int64]:
    """Return the numbers of the first rows that are not blank, the header's among them."""
    every = np.arange(1, count + len(blank) + 1)
    return np.asarray(np.setdiff1d(every, np.asarray(blank, dtype=np.int64))[:count], np.int64)
