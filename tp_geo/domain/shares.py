"""Which containers further areas hold beside their main one, as one immutable set of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_AREAS = 1 << 16
"""Area numbers are below this, so that a pair of item and area fits one whole number."""


class Overlap(StrEnum):
    """Whether containers may be held by several areas, and how the figures of these count."""

    NONE = "none"
    FULL = "full"
    EVEN = "even"


@dataclass(frozen=True, eq=False)
class Shares:
    """Pairs of a container's position and a further area that holds it, ascending, each once."""

    keys: NDArray[np.int64]

    def __post_init__(self) -> None:
        self.keys.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shares) and np.array_equal(self.keys, other.keys)

    def __hash__(self) -> int:
        return hash(self.keys.tobytes())

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of(cls, items: NDArray[Any], areas: NDArray[Any] | int) -> Shares:
        """Return the shares of items in areas, one each, or all in one area."""
        return cls(np.unique(np.asarray(items, dtype=np.int64) * _AREAS + areas))

    @cached_property
    def items(self) -> NDArray[np.intp]:
        """The position of each pair."""
        return (self.keys // _AREAS).astype(np.intp)

    @cached_property
    def areas(self) -> NDArray[np.int32]:
        """The area of each pair."""
        return (self.keys % _AREAS).astype(np.int32)

    @cached_property
    def containers(self) -> NDArray[np.intp]:
        """The positions that occur, ascending."""
        return np.unique(self.items)

    def where(self, chosen: NDArray[np.bool_]) -> Shares:
        """Return the pairs that are chosen."""
        return Shares(self.keys[chosen])

    def inside(self, areas: Sequence[int]) -> Shares:
        """Return the pairs of some areas."""
        return self.where(np.isin(self.areas, list(areas)))

    def among(self, other: Shares) -> Shares:
        """Return the pairs that are in another set, too."""
        return Shares(np.intersect1d(self.keys, other.keys, assume_unique=True))

    def __or__(self, other: Shares) -> Shares:
        return Shares(np.union1d(self.keys, other.keys)) if len(other) else self

    def __sub__(self, other: Shares) -> Shares:
        if not len(self) or not len(other):
            return self
        return Shares(np.setdiff1d(self.keys, other.keys, assume_unique=True))


NO_SHARES = Shares(np.zeros(0, dtype=np.int64))
