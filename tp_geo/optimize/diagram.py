"""The balanced power diagram: round areas of given shares, by Newton steps on one number each.

Item i belongs to the area j with the least ``|x_i - c_j|^2 - h_j``. For fixed
centers the heights ``h`` that give every area its share minimize a convex
function; centers then move to the middle of what they got, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.optimize.newton import (
    Cells,
    Points,
    cells_of,
    find_neighbors,
    nearest,
    solved,
    spacing,
    spread,
)
from tp_geo.optimize.problem import Flags, Floats, Ints

BLUR, BLUR_LEAST, SHARPER = 0.3, 0.02, 0.8
"""How far cells fade into another at first, at last, and from round to round; of their spacing."""
STEPS, CLOSE = 6, 0.03
"""Newton steps of a round, at most, and the deviation that is near enough; ..."""
LAST_STEPS, LAST_CLOSE = 15, 0.004
"""... and of the last one."""
FEW = 1000
"""Of fewer items cells lose a neighbor too easily to find neighbors only once a round."""
PRICE = 2.0
"""By how much of itself inertia rises when deviations of 1 are balanced away."""
TRIES = 5
"""How often a step is damped more before the round ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Items cut into areas: the centers and heights that do it, and how well."""

    label: Ints
    center: Floats
    height: Floats
    inertia: float
    off: float
    """The root mean square deviation of the loads from the shares."""

    def of(self, clump: Ints) -> Cut:
        """Return this cut of clumps as one of the items in them."""
        return replace(self, label=self.label[clump])

    @property
    def cost(self) -> float:
        """Inertia, raised where it was bought with deviations."""
        return self.inertia * (1 + PRICE * self.off)


def rounds(
    points: Points,
    share: Floats,
    center: Floats,
    label: Ints,
    *,
    pinned: Flags,
    count: int = 15,
    keep: float = 0.0,
    height: Floats | None = None,
    blur: float = BLUR,
) -> Iterator[Cut]:
    """Yield the areas after each round: balanced for its centers, then the centers moved.

    ``share`` and the weights of the points each add up to 1. ``pinned``
    centers stay. ``keep`` makes the home of an item look nearer, by that share
    of the squared spacing of centers.
    """
    height = np.zeros(len(center)) if height is None else height
    label, tau = label.astype(np.int32), 0.3
    cells = cells_of(len(center))
    for turn in range(count + 1):
        last = turn == count
        gap = np.minimum(spacing(center), 1e300) + 1e-9
        if keep:
            points.bonus[:] = np.where(points.home >= 0, keep * gap[points.home], 0.0)
        fade = np.maximum(max(BLUR_LEAST, blur * SHARPER**turn) * gap, 1e-12)[label]
        height, label, tau = _balanced(
            points, share, center, height, label, fade, gap, tau, cells, last
        )
        cut, middle = _weighed(points, share, center, height, label)
        yield cut
        center = np.where((pinned | np.isnan(middle[:, 0]))[:, None], center, middle)


def cut_of(points: Points, share: Floats, center: Floats, label: Ints) -> Cut:
    """Return a cut that was made in another way, as one of the diagram."""
    return _weighed(points, share, center, np.zeros(len(center)), label)[0]


def _balanced(
    points: Points,
    share: Floats,
    center: Floats,
    height: Floats,
    label: Ints,
    fade: Floats,
    gap: Floats,
    tau: float,
    cells: Cells,
    last: bool,
) -> tuple[Floats, Ints, float]:
    """Return heights by damped Newton steps, as far as the dual value rises.

    What is found at the heights that are tried is kept for the next step, with
    its matrix, so that no heights are looked at twice; of few items neighbors are
    found again at each step.
    """
    other = cells._replace(
        coupling=np.empty_like(cells.coupling), diagonal=np.empty_like(cells.diagonal)
    )
    load, trial = np.empty_like(share), np.empty_like(share)
    few, near, value = len(points.xy) < FEW, nearest(center), 0.0
    for turn in range(LAST_STEPS if last else STEPS):
        if few or not turn:
            find_neighbors(points, label, near, cells)
            value = spread(points, share, center, height, fade, label, cells, load, True)
        missing = share - load
        if np.abs(missing / share).max() < (LAST_CLOSE if last else CLOSE):
            break
        for _ in range(TRIES):
            step = solved(cells, tau * share / gap, missing)
            there, tried = height + step, label.copy()
            found = spread(points, share, center, there, fade, tried, other, trial, True)
            if found - value >= 1e-4 * float((step * missing).sum()):
                tau = max(tau * 0.3, 1e-4)
                break
            tau = min(tau * 5, 50.0)
        else:
            break
        height, label, value = there - there.mean() if few else there, tried, found
        cells, other, load, trial = other, cells, trial, load
    return height if few else height - height.mean(), label, tau


def _weighed(
    points: Points, share: Floats, center: Floats, height: Floats, label: Ints
) -> tuple[Cut, Floats]:
    k, w, xy = len(share), points.weight, points.xy
    load = np.bincount(label, w, k)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = np.column_stack([np.bincount(label, w * xy[:, q], k) / load for q in (0, 1)])
    inertia = float((w * ((xy - middle[label]) ** 2).sum(axis=1)).sum())
    off = float(np.sqrt(((load / share - 1) ** 2).mean()))
    return Cut(label.copy(), center, height, inertia, off), middle
