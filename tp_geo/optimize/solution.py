"""What a run gives back: the plan, its figures, and what stands in the way of a better one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that can't be done as asked, by a short name, with the sentence that says it.

    ``areas`` and ``items`` are positions in the problem's arrays.
    """

    name: str
    text: str
    areas: tuple[int, ...] = ()
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """How good a plan is.

    ``totals`` and ``deviation`` are (k, m); a deviation is
    (total - target) / target, NaN where there is no target above 0.
    ``moved`` is the share of each measure, (m,), that leaves its present area
    and ``moved_items`` how many items do; what was unassigned does not count.
    ``parts`` is in how many pieces each area is. ``inertia`` is the weighted
    sum of squared distances to the middle of the area in m2, ``radius_m`` its
    root per weight. ``lower_bounds`` is, by measure, a largest deviation that
    no plan can be below; ``binding`` the names of the limits that bind.
    ``trace`` is the best cost by seconds and moves tried.
    """

    totals: Floats
    deviation: Floats
    moved: Floats
    moved_items: int
    parts: Ints
    inertia: float
    radius_m: float
    cut_edges: int
    border: float
    cost: float
    lower_bounds: Floats
    stopped: str
    seconds: float
    iterations: int
    binding: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    trace: tuple[tuple[float, int, float], ...] = ()

    @property
    def largest_deviation(self) -> float:
        """The largest deviation there is in either direction, 0 without targets."""
        known = np.abs(self.deviation[np.isfinite(self.deviation)])
        return float(known.max(initial=0.0))

    @property
    def mean_deviation(self) -> float:
        """The mean of all deviations in either direction, 0 without targets."""
        known = np.abs(self.deviation[np.isfinite(self.deviation)])
        return float(known.mean()) if len(known) else 0.0

    @property
    def split(self) -> tuple[int, ...]:
        """The areas that are in more than one piece."""
        return tuple(np.flatnonzero(self.parts > 1).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The area of each item, (n,) in [-1, k), and the figures of that plan."""

    area_of: Ints
    figures: Figures
    label: str = field(default="")
    """What sets this plan apart from its alternatives, "" where there are none."""
