"""Prices of items that are moved until the cheapest sets take each item about once.

Sets are opened by a soft minimum: about an item ``c`` whose cheapest set costs
``f_c`` as much as ``exp((mu - f_c) / (heat s_c))``, with ``mu`` such that as many are
opened as there are areas. That is the gradient of a smooth concave
function, which gets sharper from stage to stage; ``s_c``, what an area about ``c``
costs, keeps the steps of sparse and of dense places in proportion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tp_geo.optimize.pricing import Places, cheapest, take
from tp_geo.optimize.problem import Floats, Ints


@dataclass(frozen=True, slots=True)
class Stage:
    """Some steps at one heat; ``local`` is the power of ``s_c`` that it counts with."""

    heat: float
    local: float
    steps: int
    swift: bool = False
    """Whether steps carry on into the way of those before."""


STAGES = (
    Stage(0.3, 1.0, 6),
    Stage(0.1, 1.0, 8),
    Stage(0.03, 1.0, 10),
    Stage(0.01, 1.0, 15),
    Stage(0.01, 0.5, 15, True),
    Stage(0.003, 0.5, 25, True),
    Stage(0.003, 0.0, 30, True),
    Stage(0.001, 0.0, 40, True),
    Stage(0.0003, 0.0, 60, True),
    Stage(0.0001, 0.0, 100, True),
    Stage(0.00003, 0.0, 200, True),
)
PACE, MOST, CARRIED = 0.6, 1.5, 0.85
"""The part of a full step, its largest size, and how much of the last way is carried on."""
REACH, NEAR = 0.3, 0.1
"""How far below the last gain of before others are looked at: now and then, and at each step."""
FAR, COLD = 0.3, 40.0
"""Sets that cost so much more than the best, in ``s_c`` and in heats, are left out of a stage."""
LEAST = 1e-3
"""What an area costs at least, beside an average one, where steps are measured by that."""
FRESH = 10
"""After so many steps all items are looked at as centers."""
SEEN = 1e-9
"""Sets that are opened less than this are left out of a step."""


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """By class of areas: the least and the most an area holds, and how many there are."""

    low: Floats
    high: Floats
    count: Ints


class Prices:
    """Prices of items, from what an average area about each of them costs.

    Parameters
    ----------
    places
        The items, in an order in which neighbors are near each other; their
        weights in those of an average area.
    bands
        How much areas hold.
    """

    def __init__(self, places: Places, bands: Bands) -> None:
        n, classes = len(places.mass), len(bands.count)
        self._places, self._bands = places, bands
        self._edge = np.zeros((classes, n))
        size = min(1.0, float(places.mass.sum()))
        edge, room, self.price = np.zeros((3, n))
        cheapest(places, np.zeros(n), places.xy, size, size, 1.0, edge, room, self.price)
        self._local = np.maximum(self.price, LEAST)
        self.bound = 0.0

    def steps(self) -> Iterator[None]:
        """Move prices step by step, and note now and then what they prove."""
        for stage in STAGES:
            yield from self._stage(stage)
        self._every()

    def _stage(self, stage: Stage) -> Iterator[None]:
        heat = stage.heat * self._local**stage.local
        before, pace = self.price, 1.0
        for turn in range(stage.steps):
            if turn % FRESH == 0:
                live = self._live(heat)
            cover, firm = self._cover(live, heat)
            step = np.where(cover > SEEN, cover / np.maximum(firm, SEEN), heat)
            after = self.price + (1.0 if stage.swift else PACE) * step * _toward(cover)
            slope = float((self._places.mass * (1 - cover) * (after - before)).sum())
            carried, pace = _momentum(pace) if stage.swift and slope > 0 else (0.0, 1.0)
            self.price = after + carried * (after - before)
            before = after
            yield

    def _every(self) -> list[Floats]:
        """Return by class what the cheapest sets about all items cost; note what that proves."""
        every = np.arange(len(self.price), dtype=np.int32)
        found = [self._costs(c, every, REACH)[0] for c in range(len(self._bands.count))]
        total = float((self._places.mass * self.price).sum())
        for cost, count in zip(found, self._bands.count.tolist(), strict=True):
            total += float(np.sort(cost)[:count].sum())
        self.bound = max(self.bound, total / float(self._bands.count.sum()))
        return found

    def _live(self, heat: Floats) -> list[Ints]:
        """Return by class the items that matter as centers at a heat."""
        found = []
        for cost, count in zip(self._every(), self._bands.count.tolist(), strict=True):
            level = opened(cost, heat, count)[1]
            near = cost - level < FAR * self._local + COLD * heat
            found.append(np.flatnonzero(near).astype(np.int32))
        return found

    def _costs(self, c: int, live: Ints, reach: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Return what the cheapest sets of a class cost, their centers, last gains and weights."""
        centers, edge = self._places.xy[live], self._edge[c][live]
        cost, room = np.empty(len(live)), np.empty(len(live))
        band = (float(self._bands.low[c]), float(self._bands.high[c]))
        cheapest(self._places, self.price, centers, *band, reach, edge, room, cost)
        self._edge[c][live] = edge
        return cost, centers, edge, room

    def _cover(self, live: list[Ints], heat: Floats) -> tuple[Floats, Floats]:
        """Return how often each item is taken, and how much that changes with its price."""
        cover, firm = np.zeros((2, len(heat)))
        for c, candidates in enumerate(live):
            cost, centers, edge, room = self._costs(c, candidates, NEAR)
            much = opened(cost, heat[candidates], float(self._bands.count[c]))[0]
            seen = np.flatnonzero(much > SEEN)
            chosen = (centers[seen], edge[seen], room[seen], much[seen], 1 / heat[candidates[seen]])
            take(self._places, self.price, *chosen, cover, firm)
        return cover, firm


def opened(cost: Floats, heat: Floats, count: float) -> tuple[Floats, float]:
    """Return how much each set is opened, ``count`` in all, and the cost at which that levels."""
    each = count / len(cost)
    low, high = float(cost.min() - 60 * heat.max()), float(cost.max() + 60 * heat.max())
    for _ in range(100):
        level = (low + high) / 2
        much = each * np.exp(np.minimum((level - cost) / heat, 50.0))
        low, high = (low, level) if much.sum() > count else (level, high)
        if high - low < 1e-10:
            break
    total = float(much.sum())
    return (much * (count / total) if total > 0 else much), level


def _toward(cover: Floats) -> Floats:
    """Return which way prices go, in full steps: up where items are taken less than once."""
    dear = 1 / np.maximum(cover, 1) - 1
    cheap = np.minimum(-np.log(np.maximum(cover, SEEN)), MOST)
    found: Floats = np.where(cover > 1, dear, cheap)
    return found


def _momentum(pace: float) -> tuple[float, float]:
    """Return how much of the last way is carried on, and the pace of the next step."""
    following = (1 + float(np.sqrt(1 + 4 * pace * pace))) / 2
    return min(CARRIED, (pace - 1) / following), following
