"""How good a plan is, worked out apart from the engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import coo_array, vstack

from benchmarks.optimize.instances import Instance

Floats = NDArray[np.float64]
Areas = NDArray[np.int32]

KM = 1_000.0
ROUNDING = 1e-9
"""What rounding may do to a deviation."""


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of a plan; deviations and shares are fractions, lengths are km.

    ``split`` counts areas in more than one part, ``parts`` the parts that are
    too many, ``worst`` is the largest deviation by measure, ``moved`` what
    leaves the area it had.
    """

    largest: float
    mean: float
    rms: float
    inside: float
    worst: tuple[float, ...]
    empty: int
    split: int
    parts: int
    radius: float
    cut: int
    border: float
    round_mean: float
    round_least: float
    moved: float
    moved_units: float
    wrong_locks: int

    @property
    def sound(self) -> bool:
        """Whether the plan keeps what it must."""
        return not (self.empty or self.split or self.wrong_locks)


def evaluate(
    instance: Instance,
    area_of: Areas,
    areas: int,
    *,
    measures: tuple[int, ...] = (0,),
    weights: Floats | None = None,
    targets: Floats | None = None,
    shape: Floats | None = None,
    before: Areas | None = None,
    held: NDArray[np.bool_] | None = None,
    tolerance: float = 0.05,
) -> Quality:
    """Return the figures of a plan; without targets, all areas are to be equal.

    ``shape`` is the weight of places within the radius, by default the first measure.
    """
    measured = instance.weights[:, list(measures)] if weights is None else weights
    if area_of.min() < 0 or area_of.max() >= areas:
        raise ValueError(f"Expected areas 0 to {areas - 1}, got {area_of.min()}, {area_of.max()}.")
    if targets is None:
        targets = np.repeat(measured.sum(axis=0)[None] / areas, areas, axis=0)
    totals = np.column_stack([np.bincount(area_of, w, areas) for w in measured.T])
    off = np.abs(totals / targets - 1)
    pieces = parts(instance, area_of, areas)
    sides = area_of[instance.edges]
    apart = sides[:, 0] != sides[:, 1]
    roundness = _polsby_popper(instance, area_of, areas, apart)
    changed = np.zeros(len(area_of), bool)
    if before is not None:
        changed = (before >= 0) & (area_of != before)
    weight = measured[:, 0]
    return Quality(
        largest=float(off.max()),
        mean=float(off.mean()),
        rms=float(np.sqrt((off**2).mean())),
        inside=float((off.max(axis=1) <= tolerance + ROUNDING).mean()),
        worst=tuple(off.max(axis=0).tolist()),
        empty=int((pieces == 0).sum()),
        split=int((pieces > 1).sum()),
        parts=int(np.maximum(pieces - 1, 0).sum()),
        radius=_radius(instance.xy, weight if shape is None else shape, area_of, areas) / KM,
        cut=int(apart.sum()),
        border=float(instance.length[apart].sum()) / KM,
        round_mean=float(roundness.mean()),
        round_least=float(roundness.min()),
        moved=float(weight[changed].sum() / weight.sum()),
        moved_units=float(changed.mean()),
        wrong_locks=int(changed[held].sum()) if held is not None else 0,
    )


def feasible(
    instance: Instance,
    area_of: Areas,
    areas: int,
    tolerance: float,
    measures: tuple[int, ...] = (0,),
) -> bool:
    """Return whether each place has an area, each area is in one piece, and all are in the band."""
    if area_of.min() < 0:
        return False
    found = evaluate(instance, area_of, areas, measures=measures)
    return found.sound and found.largest <= tolerance + ROUNDING


def parts(instance: Instance, area_of: Areas, areas: int) -> NDArray[np.int64]:
    """Return in how many parts each area is, by merging places that touch."""
    leader = list(range(len(area_of)))

    def top(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    sides = area_of[instance.edges]
    for i, j in instance.edges[sides[:, 0] == sides[:, 1]].tolist():
        a, b = top(i), top(j)
        if a != b:
            leader[a] = b
    tops = [i for i in range(len(leader)) if leader[i] == i]
    return np.bincount(area_of[tops], minlength=areas)


def _radius(xy: Floats, weight: Floats, area_of: Areas, areas: int) -> float:
    total = np.maximum(np.bincount(area_of, weight, areas), 1e-12)
    middle = np.column_stack([np.bincount(area_of, weight * c, areas) / total for c in xy.T])
    return float(np.sqrt((weight * ((xy - middle[area_of]) ** 2).sum(axis=1)).sum() / weight.sum()))


def _polsby_popper(
    instance: Instance, area_of: Areas, areas: int, apart: NDArray[np.bool_]
) -> Floats:
    """Return 4 pi area / perimeter^2 of each area, NaN without shapes."""
    if not instance.perimeter.any():
        return np.full(areas, np.nan)
    inner = instance.length * ~apart
    owner = area_of[instance.edges[:, 0]]
    around = np.bincount(area_of, instance.perimeter, areas) - 2 * np.bincount(owner, inner, areas)
    size = np.bincount(area_of, instance.area, areas)
    found: Floats = np.minimum(4 * np.pi * size / np.maximum(around, 1e-9) ** 2, 1)
    return found


def matched(area_of: Areas, before: Areas, weight: Floats, areas: int) -> Areas:
    """Return the plan with the numbers of areas that keep the most weight where it was."""
    kept = coo_array((weight, (area_of, before)), shape=(areas, areas)).toarray()
    ours, theirs = linear_sum_assignment(-kept)
    number = np.empty(areas, np.int32)
    number[ours] = theirs
    return number[area_of]


def dispersion(xy: Floats, area_of: Areas, areas: int) -> float:
    """Return the distances of all places to the best place of their area, summed."""
    return sum(_to_best(xy[area_of == j], None) for j in range(areas))


def moment(xy: Floats, weight: Floats, area_of: Areas, areas: int) -> float:
    """Return the weighted squared distances to the best place of each area, summed."""
    return sum(_to_best(xy[here := area_of == j], weight[here]) for j in range(areas))


def _to_best(xy: Floats, weight: Floats | None) -> float:
    squared = ((xy[:, None] - xy[None]) ** 2).sum(axis=-1)
    cost = np.sqrt(squared).sum(axis=0) if weight is None else weight @ squared
    return float(cost.min(initial=np.inf))


def border_flow(
    instance: Instance, area_of: Areas, weight: Floats, targets: Floats, tolerance: float
) -> float:
    """Return the least share that must cross borders of areas so that all are in the band.

    A linear program over pairs of areas that touch; a place counts each time
    it crosses, and may be divided, so it is a yardstick and not a strict bound.
    """
    areas, total = len(targets), np.bincount(area_of, weight, len(targets))
    sides = area_of[instance.edges]
    sides = np.unique(sides[sides[:, 0] != sides[:, 1]], axis=0)
    ways = np.unique(np.concatenate([sides, sides[:, ::-1]]), axis=0)
    count = np.arange(len(ways))
    gain = coo_array(
        (np.repeat([1.0, -1.0], len(ways)), (ways[:, ::-1].T.ravel(), np.tile(count, 2))),
        shape=(areas, len(ways)),
    ).tocsr()
    found = linprog(
        np.ones(len(ways)),
        A_ub=vstack([gain, -gain]),
        b_ub=np.concatenate([(1 + tolerance) * targets - total, total - (1 - tolerance) * targets]),
        method="highs",
    )
    return float(found.fun / weight.sum())
