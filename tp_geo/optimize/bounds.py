"""What no plan can be better than: a largest deviation by measure, at once."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tp_geo.optimize.problem import Flags, Floats, Ints, Problem

FEW = 64
"""Up to so many items all sums they can make are looked at."""
SUMS = 4_000_000
"""The largest sum for that, in units of the greatest common divisor."""
PAIRS = 4_000_000
"""How many distances to pinned centers are measured at most."""
FINE = 2.0**-40
"""What rounding may do to a sum, as a share of it."""


def lower_bounds(problem: Problem) -> Floats:
    """Return by measure a largest deviation that no plan can be below that keeps all limits.

    Areas in one piece, distances, what is held and what may change are kept
    by such a plan; one that can't keep them may be nearer to its targets.

    Looks at each thing that keeps areas from their targets by itself: what is
    held and locked; the heaviest items; what there is in all, in each part of
    the map and within reach of pinned centers; how much may change area; the
    sums that whole items can make. 0 where a measure has no targets.
    """
    found = np.zeros(problem.measures)
    if not problem.items or not problem.areas:
        return found
    stays = _stays(problem)
    parts = _parts(problem, stays)
    for q in range(problem.measures):
        found[q] = max(_one(problem, stays, parts, q), 0.0)
    return found


def _stays(problem: Problem) -> Ints:
    """Return the area each item can't leave, -1 where it can move, -2 where it stays unassigned."""
    locked = np.append(problem.locked, False)
    fixed = problem.held | locked[problem.current]
    kept = np.where(problem.current >= 0, problem.current, -2)
    return np.where(fixed, kept, _only(problem)).astype(np.int32)


def _only(problem: Problem) -> Ints:
    """Return the one area within whose reach an item is, -1 where there are several or none."""
    none = np.full(problem.items, -1, np.int32)
    if problem.max_distance is None or problem.centers is None or problem.distance is not None:
        return none
    placed = np.isfinite(problem.centers).all(axis=1)
    if not placed.all() or problem.items * problem.areas > PAIRS:
        return none
    way = ((problem.xy[:, None] - problem.centers[None]) ** 2).sum(axis=2)
    near = way <= problem.max_distance**2 * (1 + 1e-9)
    near &= ~problem.locked
    return np.where(near.sum(axis=1) == 1, near.argmax(axis=1), -1).astype(np.int32)


def _one(problem: Problem, stays: Ints, parts: Ints | None, q: int) -> float:
    target, weight = problem.targets[:, q], problem.weights[:, q]
    known = target > 0
    if not known.any():
        return 0.0
    base: Floats = np.bincount(stays[stays >= 0], weight[stays >= 0], problem.areas).astype(float)
    free = stays == -1
    over = base[known] / target[known] - 1
    open_ = ~problem.locked
    found = [float(over.max()), float(np.abs(over[~open_[known]]).max(initial=0.0))]
    if open_.any() and known[open_].all():
        t, b = target[open_], base[open_]
        found += [
            _in_all(t, float(b.sum() + weight[free].sum())),
            _heaviest(t, b, weight[free]),
            _whole(weight, t, b, free),
            _change(problem, q, target, weight, open_),
            _by_part(t, weight, parts),
        ]
    return max(found) - FINE


def _in_all(target: Floats, there: float) -> float:
    """Some area is as far off as all of them together are."""
    return abs(there / float(target.sum()) - 1)


def _heaviest(target: Floats, base: Floats, free: Floats) -> float:
    """The heaviest item goes somewhere, and of k + 1 items two go to the same area."""
    if not len(free):
        return 0.0
    k = len(target)
    room = float(((base + free.max()) / target - 1).min())
    if len(free) <= k:
        return room
    heaviest = np.partition(free, len(free) - k - 1)[len(free) - k - 1 :]
    heaviest.sort()
    return max(room, float((heaviest[0] + heaviest[1]) / target.max() - 1))


def _whole(weight: Floats, target: Floats, base: Floats, free: Flags) -> float:
    """An area holds whole items: a sum they make, or at least a multiple of what divides all."""
    some = weight[free]
    whole = some[some > 0].astype(np.int64)
    if not len(whole) or (whole != some[some > 0]).any():
        return 0.0
    step = int(np.gcd.reduce(whole))
    want = (target - base) / step
    if len(whole) <= FEW and int(whole.sum()) // step <= SUMS:
        miss = _miss(want, _sums((whole // step).tolist()))
    else:
        miss = np.where(want < 0, -want, np.abs(want - np.rint(want)))
    found = miss * step / target
    return float(found.max())


def _sums(whole: list[int]) -> Ints:
    """Return all sums that some of the numbers make, ascending."""
    bits = 1
    for one in whole:
        bits |= bits << one
    raw = np.frombuffer(bits.to_bytes(bits.bit_length() // 8 + 1, "little"), np.uint8)
    found: Ints = np.flatnonzero(np.unpackbits(raw, bitorder="little")).astype(np.int32)
    return found


def _miss(want: Floats, sums: Ints) -> Floats:
    """Return how far each number is from the nearest sum."""
    at = np.clip(np.searchsorted(sums, want), 1, max(1, len(sums) - 1))
    found: Floats = np.minimum(
        np.abs(want - sums[at - 1]), np.abs(want - sums[np.minimum(at, len(sums) - 1)])
    )
    return found


def _change(problem: Problem, q: int, target: Floats, weight: Floats, open_: Flags) -> float:
    """What areas have too much of must leave, and no more may leave than is allowed."""
    share = problem.max_change[q]
    if not np.isfinite(share):
        return 0.0
    held = problem.current >= 0
    now = np.bincount(problem.current[held], weight[held], problem.areas)[open_]
    loose = float(weight[~held & ~problem.held].sum())
    may = float(share) * float(weight.sum()) * (1 + 1e-9)
    t = target[open_]
    low, high = 0.0, float(np.abs(now / t - 1).max(initial=0.0))
    for _ in range(50):
        middle = (low + high) / 2
        surplus = float(np.maximum(now - t * (1 + middle), 0).sum())
        missing = float(np.maximum(t * (1 - middle) - now, 0).sum())
        if surplus > may or missing > may + loose:
            low = middle
        else:
            high = middle
    return low


def _parts(problem: Problem, stays: Ints) -> Ints | None:
    """Return the part of the map each item is in, ``None`` where that binds no area."""
    if (stays != -1).any() or not problem.contiguous.all() or not len(problem.edges):
        return None
    a, b = problem.edges[~problem.barriers].T
    n = problem.items
    links = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(n, n))
    count, part = connected_components(links, directed=False)
    return part if 1 < count <= problem.areas else None


def _by_part(target: Floats, weight: Floats, parts: Ints | None) -> float:
    """Each part of the map is shared out among some areas that have no other."""
    if parts is None:
        return 0.0
    ascending = np.sort(target)
    least = np.append(0.0, ascending.cumsum())[1:]
    most = ascending[::-1].cumsum()
    found = 0.0
    for there in np.bincount(parts, weight):
        above, below = there / most - 1, 1 - there / least
        found = max(found, float(np.maximum(np.maximum(above, below), 0.0).min()))
    return found
