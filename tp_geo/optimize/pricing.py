"""Kernels of a bound by prices: the cheapest set of items about a center, and what it takes.

Items are in an order in which neighbors are near each other, so that ``BLOCK``
of them, and ``GROUP`` blocks, are passed by together where none can be worth
its price. With ``gain = price - squared distance`` of each item, a set of a
weight within a band that costs least takes the items of highest gain, the last
one in part.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tp_geo.optimize.compiled import compiled
from tp_geo.optimize.problem import Floats, Ints

BLOCK, GROUP = 32, 16
WIDER = 2.5
"""How much further down gains are looked at where a band was not filled."""


class Places(NamedTuple):
    """Items by place and weight, and the boxes of blocks and of groups of blocks.

    A box is its least x, least y, most x and most y.
    """

    xy: Floats
    mass: Floats
    blocks: Floats
    groups: Floats


def places_of(xy: Floats, mass: Floats) -> Places:
    """Return items that are in a good order already, with their boxes."""
    return Places(xy, mass, _boxes(xy, BLOCK), _boxes(xy, BLOCK * GROUP))


def _boxes(xy: Floats, size: int) -> Floats:
    starts = np.arange(0, len(xy), size)
    least, most = np.minimum.reduceat(xy, starts), np.maximum.reduceat(xy, starts)
    return np.column_stack([least, most])


@compiled
def _highest(places: Places, price: Floats) -> tuple[Floats, Floats]:
    """Return the highest price of each block and of each group."""
    block, group = np.empty(len(places.blocks)), np.full(len(places.groups), -np.inf)
    for b in range(len(block)):
        block[b] = price[b * BLOCK : (b + 1) * BLOCK].max()
        group[b // GROUP] = max(group[b // GROUP], block[b])
    return block, group


@compiled
def _most(highest: Floats, boxes: Floats, b: int, x: float, y: float) -> float:
    """Return what an item in a box gains at most."""
    dx = max(boxes[b, 0] - x, x - boxes[b, 2], 0.0)
    dy = max(boxes[b, 1] - y, y - boxes[b, 3], 0.0)
    gain: float = highest[b] - dx * dx - dy * dy
    return gain


@compiled
def _gathered(
    places: Places,
    price: Floats,
    block: Floats,
    group: Floats,
    x: float,
    y: float,
    floor: float,
    gain: Floats,
    mass: Floats,
    item: Ints,
) -> tuple[int, float]:
    """List the items that gain more than ``floor``; return how many, and their weight."""
    found, weight, n = 0, 0.0, len(price)
    for g in range(len(group)):
        if _most(group, places.groups, g, x, y) <= floor:
            continue
        for b in range(g * GROUP, min(len(block), (g + 1) * GROUP)):
            if _most(block, places.blocks, b, x, y) <= floor:
                continue
            for i in range(b * BLOCK, min(n, (b + 1) * BLOCK)):
                v = price[i] - (places.xy[i, 0] - x) ** 2 - (places.xy[i, 1] - y) ** 2
                if v > floor:
                    gain[found], mass[found], item[found] = v, places.mass[i], i
                    weight += places.mass[i]
                    found += 1
    return found, weight


@compiled
def cheapest(
    places: Places,
    price: Floats,
    centers: Floats,
    low: float,
    high: float,
    reach: float,
    edge: Floats,
    room: Floats,
    cost: Floats,
) -> None:
    """Set for each center what its cheapest set costs, that set's weight, and its last gain.

    ``edge`` is the last gain of before; gains are looked at down to ``reach``
    below it, and further where that does not fill the band.
    """
    n = len(price)
    gain, mass, item = np.empty(n), np.empty(n), np.empty(n, np.int32)
    block, group = _highest(places, price)
    for j in range(len(centers)):
        x, y = centers[j, 0], centers[j, 1]
        floor, down = edge[j] - reach, reach
        while True:
            m, seen = _gathered(places, price, block, group, x, y, floor, gain, mass, item)
            if seen >= high or m == n:
                break
            down *= WIDER
            floor -= down
        wanted = 0.0
        for t in range(m):
            if gain[t] > 0.0:
                wanted += mass[t]
        room[j] = min(high, max(low, wanted))
        cost[j], edge[j] = _filled(gain, mass, m, room[j])


@compiled
def _filled(gain: Floats, mass: Floats, m: int, room: float) -> tuple[float, float]:
    """Return what filling a room with the best of m items costs, and the gain of the last one.

    Halves the items again and again about the middle one of three.
    """
    taken, last = 0.0, 0.0
    while m > 0:
        least, most = gain[0], gain[0]
        for t in range(m):
            least, most = min(least, gain[t]), max(most, gain[t])
        last = least
        if least == most:
            break
        a, b, c, above = gain[0], gain[m // 2], gain[m - 1], 0.0
        middle = max(min(a, b), min(max(a, b), c))
        if middle >= most:
            middle = least
        for t in range(m):
            if gain[t] > middle:
                above += mass[t]
        full = above <= room
        kept = 0
        for t in range(m):
            if (gain[t] > middle) == full:
                if full:
                    taken += mass[t] * gain[t]
                continue
            gain[kept], mass[kept] = gain[t], mass[t]
            kept += 1
        if full:
            room -= above
        m = kept
    return -(taken + room * last), last


@compiled
def take(
    places: Places,
    price: Floats,
    centers: Floats,
    edge: Floats,
    room: Floats,
    opened: Floats,
    stiff: Floats,
    cover: Floats,
    firm: Floats,
) -> None:
    """Add to each item how much of it the sets take, each opened so much; ``firm`` by ``stiff``."""
    n = len(price)
    gain, mass, item = np.empty(n), np.empty(n), np.empty(n, np.int32)
    block, group = _highest(places, price)
    for j in range(len(centers)):
        below = edge[j] - 1e-12 * (1.0 + abs(edge[j]))
        m, _ = _gathered(
            places, price, block, group, centers[j, 0], centers[j, 1], below, gain, mass, item
        )
        inside, level = 0.0, 0.0
        for t in range(m):
            if gain[t] > edge[j]:
                inside += mass[t]
            else:
                level += mass[t]
        part = min(1.0, max(0.0, (room[j] - inside) / level)) if level > 0.0 else 0.0
        for t in range(m):
            share = opened[j] if gain[t] > edge[j] else opened[j] * part
            cover[item[t]] += share
            firm[item[t]] += share * stiff[j]
