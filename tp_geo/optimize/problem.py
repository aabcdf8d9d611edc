"""What is to be solved: items, areas, targets and limits, as arrays that have been checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

Distance: TypeAlias = Callable[[Floats, Floats], Floats]
"""Cost of getting from (k, 2) centers to (n, 2) items as (n, k): metres, or minutes of driving."""


_DEFAULT: Any = None
"""Stands for a field that is filled in where it is not given."""


@dataclass(frozen=True, eq=False)
class Limit:
    """A cap: what each area may hold of a measure, at least and at most; NaN: no matter.

    ``weights`` is (n,), ``minimum`` and ``maximum`` are (k,).
    """

    name: str
    weights: Floats
    minimum: Floats
    maximum: Floats


@dataclass(frozen=True, eq=False)
class Border:
    """Borders that areas should respect: items of one ``group`` (n,), -1 for none, stay together.

    ``weight`` says how much a pair of neighbors of one group that a plan
    parts counts, beside a border of average length (1).
    """

    name: str
    group: Ints
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class Problem:
    """Items to distribute over areas.

    Parameters
    ----------
    edges
        (e, 2) int32, pairs of items that touch, each once.
    xy
        (n, 2) float64, metres in an equal-area projection.
    weights
        (n, m) float64, 0 or more, one column a measure.
    targets
        (k, m) float64, what each area should hold; NaN where it does not matter.
    current
        (n,) int32 in [-1, k), the present area; -1 unassigned.
    held
        (n,) bool: may not move, still counted. A held unassigned item stays so.
    centers
        (k, 2) float64 or ``None``; NaN where an area has no pinned center.
    length
        (e,) float64: how long the common border of each pair is; links have 0.
    importance
        (m,) float64: how much each measure counts within balance.
    value
        (n,) float64: what is lost when an item changes area; by default its
        share of all measures.
    locked
        (k,) bool: areas that neither take nor give.
    contiguous
        (k,) bool: areas that are to be in one piece.
    limits, borders
        Caps by any measure, and borders that are kept where possible.
    barriers
        (e,) bool: pairs that no area may use to hang together.
    max_change
        (m + 1,) float64: the largest share of each measure, and of the items,
        that may leave its present area; NaN: no matter.
    max_distance
        The largest distance of an item from its area's pinned center.
    distance
        How distances to pinned centers are measured; straight lines without.
    """

    edges: Ints
    xy: Floats
    weights: Floats
    targets: Floats
    current: Ints
    held: Flags
    centers: Floats | None = None
    length: Floats = _DEFAULT
    importance: Floats = _DEFAULT
    value: Floats = _DEFAULT
    locked: Flags = _DEFAULT
    contiguous: Flags = _DEFAULT
    limits: tuple[Limit, ...] = ()
    borders: tuple[Border, ...] = ()
    barriers: Flags = _DEFAULT
    max_change: Floats = _DEFAULT
    max_distance: float | None = None
    distance: Distance | None = field(default=None)

    def __post_init__(self) -> None:
        n, m = _shape(self.weights, "weights")
        k = _shape(self.targets, "targets")[0]
        self._take("weights", self.weights, np.float64, (n, m))
        self._take("targets", self.targets, np.float64, (k, m))
        self._take("edges", self.edges, np.int32, (len(self.edges), 2))
        e = len(self.edges)
        self._take("xy", self.xy, np.float64, (n, 2))
        self._take("current", self.current, np.int32, (n,))
        self._take("held", self.held, np.bool_, (n,))
        if self.centers is not None:
            self._take("centers", self.centers, np.float64, (k, 2))
        self._take("length", np.ones(e) if self.length is None else self.length, np.float64, (e,))
        self._take("importance", _or(self.importance, np.ones(m)), np.float64, (m,))
        self._take("locked", _or(self.locked, np.zeros(k, np.bool_)), np.bool_, (k,))
        self._take("contiguous", _or(self.contiguous, np.ones(k, np.bool_)), np.bool_, (k,))
        self._take("barriers", _or(self.barriers, np.zeros(e, np.bool_)), np.bool_, (e,))
        self._take("max_change", _or(self.max_change, np.full(m + 1, np.nan)), np.float64, (m + 1,))
        self._take("value", _or(self.value, _shares(self.weights)), np.float64, (n,))
        self._check(n, k)

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.weights)

    @property
    def areas(self) -> int:
        """How many areas there are."""
        return len(self.targets)

    @property
    def measures(self) -> int:
        """How many measures there are."""
        return int(self.weights.shape[1])

    def _take(
        self, name: str, value: ArrayLike, kind: type[np.generic], shape: tuple[int, ...]
    ) -> None:
        found = np.ascontiguousarray(value, dtype=kind)
        if found.shape != shape:
            raise ValueError(f"Expected {name} of shape {shape}, got {found.shape}.")
        found = found.view()
        found.setflags(write=False)
        object.__setattr__(self, name, found)

    def _check(self, n: int, k: int) -> None:
        self._check_parts(n, k)
        for name in ("weights", "value", "length", "importance"):
            array = getattr(self, name)
            wrong = np.argwhere(~(np.isfinite(array) & (array >= 0)))
            if len(wrong):
                at = tuple(int(i) for i in wrong[0])
                raise ValueError(f"Expected {name} of 0 or more, got {array[at]} at {_place(at)}.")
        if not np.isfinite(self.xy).all():
            where = int(np.argwhere(~np.isfinite(self.xy))[0, 0])
            raise ValueError(f"Expected finite xy, got {self.xy[where].tolist()} at {where}.")
        if np.isinf(self.targets).any() or (self.targets < 0).any():
            raise ValueError("Expected targets of 0 or more, or NaN where it does not matter.")
        if len(self.edges) and (self.edges.min() < 0 or self.edges.max() >= n):
            raise ValueError(f"Expected edges between items 0 to {n - 1}.")
        if len(self.current) and (self.current.min() < -1 or self.current.max() >= k):
            raise ValueError(f"Expected current areas of -1 to {k - 1}.")

    def _check_parts(self, n: int, k: int) -> None:
        for limit in self.limits:
            _check_limit(limit, n, k)
        for border in self.borders:
            if np.shape(border.group) != (n,) or not border.weight >= 0:
                raise ValueError(
                    f"Expected border {border.name}: {n} groups, and a weight of 0 or more."
                )
        if (self.max_change < 0).any():
            raise ValueError("Expected max_change of 0 or more, or NaN where it does not matter.")
        if self.max_distance is not None and not self.max_distance > 0:
            raise ValueError(f"Expected max_distance above 0, got {self.max_distance}.")


def _check_limit(limit: Limit, n: int, k: int) -> None:
    weights = np.asarray(limit.weights)
    if weights.shape != (n,) or not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError(f"Expected limit {limit.name}: {n} weights of 0 or more.")
    low, high = np.asarray(limit.minimum), np.asarray(limit.maximum)
    if low.shape != (k,) or high.shape != (k,):
        raise ValueError(f"Expected limit {limit.name}: minimum and maximum of {k} areas.")
    if (low > high).any():
        at = int(np.flatnonzero(low > high)[0])
        raise ValueError(f"Expected limit {limit.name}: minimum below maximum, not at area {at}.")


def _or(given: NDArray | None, default: NDArray) -> NDArray:  # type: ignore[type-arg]
    return default if given is None else given


def _shape(array: ArrayLike, name: str) -> tuple[int, int]:
    found = np.asarray(array)
    if found.ndim != 2:
        raise ValueError(f"Expected {name} of two dimensions, got shape {found.shape}.")
    return found.shape[0], found.shape[1]


def _shares(weights: Floats) -> Floats:
    total = weights.sum(axis=0)
    known = total > 0
    if not known.any():
        return np.full(len(weights), 1 / max(len(weights), 1))
    found: Floats = (weights[:, known] / total[known]).mean(axis=1)
    return found


def _place(at: tuple[int, ...]) -> str:
    return str(at[0]) if len(at) == 1 else f"row {at[0]}, column {at[1]}"
