"""Coloring: areas that are seen side by side get different colors, and keep them.

Colors are a function of the alignment and of what touches, so every session
shows the same, and taking an edit back takes its colors back:
``docs/decisions/0012-colors-of-areas.md``.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, AreaIds, Flags
from tp_geo.domain.hierarchy import depths, shown_at
from tp_geo.geometry.adjacency import Adjacency

AreaPairs: TypeAlias = NDArray[np.int64]
Masks: TypeAlias = NDArray[np.int64]
Around: TypeAlias = Mapping[AreaId, Sequence[AreaId]]

GIVE_UP = 2
"""How many others may take another color for one that finds none left."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The colors there are, as numbers: ``size`` to be given out, then those that were chosen.

    Bit ``d`` of ``alike[c]`` says that color ``d`` of the first ``size`` would
    be taken for ``c``, itself included; that of ``near[c]``, that the two are
    told apart with less ease. Numbers past the last are variants, given out
    where nothing else is left.
    """

    size: int
    alike: Masks
    near: Masks

    def turn(self, place: int) -> list[int]:
        """Return all colors to be given out, from a place on."""
        return [(place + i) % self.size for i in range(self.size)]

    def clash(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> Flags:
        """Return whether colors would be taken for one another, pair by pair."""
        bit, tib = np.minimum(other, self.size), np.minimum(one, self.size)
        taken = self.alike[one] >> bit | self.alike[other] >> tib
        found: Flags = (one == other) | ((taken & 1) > 0)
        return found


def borders(area_of: AreaIds, adjacency: Adjacency) -> AreaPairs:
    """Return the pairs of areas, (m, 2) with i < j ascending, whose containers touch.

    Links count. What is unassigned is no area.
    """
    i, j = area_of[adjacency.pairs[:, 0]], area_of[adjacency.pairs[:, 1]]
    cut = np.flatnonzero((i != j) & (i > UNASSIGNED) & (j > UNASSIGNED))
    return _pairs(np.unique(_codes(i[cut].astype(np.int64), j[cut].astype(np.int64))))


def shown(alignment: Alignment) -> tuple[AreaPairs, ...]:
    """Return, for each level from the top, the area that stands for each area, by id."""
    deepest = max((depth for depth, _ in depths(alignment)), default=0)
    return tuple(shown_at(alignment, d).astype(np.int64) for d in range(1, deepest + 1))


def beside(levels: Sequence[AreaPairs], touching: AreaPairs) -> tuple[AreaPairs, AreaPairs]:
    """Return which areas are seen side by side on some level, and which touch though never seen so.

    ``levels`` are as ``shown`` gives them, ``touching`` the leaves that touch.
    On a level, the ancestor of a leaf stands for it, or the leaf itself as a
    placeholder. Two of different levels touch unseen: a divided area and what
    lies beside its parts.
    """
    sides = [level[touching] for level in levels]
    seen, unseen = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for i, upper in enumerate(sides):
        apart = upper[:, 0] != upper[:, 1]
        seen.append(_codes(upper[apart, 0], upper[apart, 1]))
        for lower in sides[i + 1 :]:
            unseen += [_codes(upper[apart, k], lower[apart, 1 - k]) for k in (0, 1)]
    there = np.unique(np.concatenate(seen))
    return _pairs(there), _pairs(np.setdiff1d(np.concatenate(unseen), there))


@dataclass(frozen=True, slots=True, eq=False)
class Beginning:
    """The colors areas begin with, which the tree alone decides: no border has a say.

    ``color`` and ``age`` are by area id: the color it starts with, and the
    place of its chain.
    """

    alignment: Alignment
    choice: Choice
    chosen: Mapping[AreaId, int]
    levels: Sequence[AreaPairs]
    chains: Sequence[Sequence[AreaId]]
    together: Around
    color: NDArray[np.int64]
    age: NDArray[np.int64]

    @classmethod
    def of(cls, alignment: Alignment, choice: Choice, chosen: Mapping[AreaId, int]) -> Beginning:
        """Return what the areas of an alignment begin with."""
        chains = _chains(alignment)
        together = _together(alignment, choice.size)
        color, age = _starts(alignment, chains, choice, chosen, together)
        return cls(alignment, choice, chosen, shown(alignment), chains, together, color, age)


def colored(beginning: Beginning, touching: AreaPairs) -> Mapping[AreaId, int]:
    """Return a color for each area; where two are seen side by side, they differ.

    ``touching`` are the leaves that touch. Every area starts with a color by
    its number, the first area below another with that one's. Chosen colors
    stand, even against each other. Of two that touch with colors taken for
    one another, the older keeps its own; those that lost theirs then choose,
    older ones first, from what is left around them. Nobody else moves, so
    that an edit is felt at its border only.
    """
    alignment, choice, chosen = beginning.alignment, beginning.choice, beginning.chosen
    start, age = beginning.color, beginning.age
    seen, unseen = beside(beginning.levels, touching)
    lost = _lost(np.concatenate([seen, unseen]), start, age, choice, chosen)
    runs = {(age[k], start[k]) for k in lost}
    again = [
        (k, above)
        for chain in beginning.chains
        for k, above in zip(chain, (None, *chain), strict=False)
        if (age[k], start[k]) in runs and k not in chosen
    ]
    found = dict(zip(sorted(alignment.areas), start[sorted(alignment.areas)].tolist(), strict=True))
    for k, _ in again:
        del found[k]
    painting = _Painting(
        choice, found, _Neighbors.of(seen), _Neighbors.of(unseen), beginning.together
    )
    for k, above in again:
        painting.give(k, above, place=min(beginning.chains[age[k]]) - 1)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Painting:
    """The colors found so far, and what lies around each area."""

    choice: Choice
    found: dict[AreaId, int]
    beside: _Neighbors
    behind: _Neighbors
    together: Around

    def give(self, area: AreaId, above: AreaId | None, place: int) -> None:
        """Give an area the color of the one above where it is free, else the best that is."""
        choice, found = self.choice, self.found
        colors = self._colors(self.beside[area])
        alike = _union(choice.alike, colors)
        if above is not None and found[above] not in colors and not alike >> found[above] & 1:
            found[area] = found[above]
            return
        behind = alike | _union(choice.alike, self._colors(self.behind[area]))
        near = behind | _union(choice.near, colors)
        others = _union(choice.alike, self._colors(self.together.get(area, ())))
        turn = choice.turn(place)
        masks = [mask | more for more in (others, 0) for mask in (near, behind, alike)]
        left = (c for mask in masks for c in turn if not mask >> c & 1)
        color = next(left, None)
        found[area] = self._given_up(area, turn) if color is None else color

    def _given_up(self, area: AreaId, turn: Sequence[int]) -> int:
        """Return a color that a few others give up for an area; a variant where they can't."""
        choice, holding = self.choice, dict[int, list[AreaId]]()
        for k in self.beside[area]:
            if k in self.found:
                holding.setdefault(self.found[k], []).append(k)
        taken = _union(choice.alike, (c for c in holding if c >= choice.size))
        few = [c for c in turn if not taken >> c & 1 and len(holding.get(c, ())) <= GIVE_UP]
        for color in sorted(few, key=lambda c: len(holding[c])):
            others = {k: self._instead(k, color) for k in holding[color]}
            if None not in others.values():
                self.found.update({k: c for k, c in others.items() if c is not None})
                return color
        return next(c for c in itertools.count(len(choice.alike)) if c not in holding)

    def _instead(self, area: AreaId, color: int) -> int | None:
        """Return what an area could have instead of a color, if anything."""
        taken = _union(self.choice.alike, self._colors(self.beside[area])) | 1 << color
        return next((c for c in range(self.choice.size) if not taken >> c & 1), None)

    def _colors(self, areas: Iterable[AreaId]) -> set[int]:
        return {self.found[k] for k in areas if k in self.found}


def _chains(alignment: Alignment) -> list[list[AreaId]]:
    """Return areas with the first below, the first below that, and so on; oldest areas first.

    By the oldest area of each, so that neither dividing an area nor putting
    it below a new one changes its turn.
    """
    first = {alignment.children(k)[0] for k in alignment.below if k is not None}
    chains: list[list[AreaId]] = []
    for top in alignment.areas.keys() - first:
        chain = [top]
        while below := alignment.children(chain[-1]):
            chain.append(below[0])
        chains.append(chain)
    return sorted(chains, key=min)


def _together(alignment: Alignment, most: int) -> Around:
    """Return, by area, those on a level with it, where a level has at most so many areas.

    There a reader can tell areas by the key alone.
    """
    placed = depths(alignment)
    found: dict[AreaId, set[AreaId]] = {}
    for level in range(1, max((depth for depth, _ in placed), default=0) + 1):
        shown = [
            k
            for depth, k in placed
            if depth == level or (depth < level and k not in alignment.below)
        ]
        if len(shown) <= most:
            for k in shown:
                found.setdefault(k, set()).update(shown)
    return {k: sorted(others - {k}) for k, others in found.items()}


def _starts(
    alignment: Alignment,
    chains: Sequence[Sequence[AreaId]],
    choice: Choice,
    chosen: Mapping[AreaId, int],
    together: Around,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, by area id, the color it starts with and the place of its chain.

    The first areas below one parent all start with different colors, as far
    as these go round; so do all of a level that has no more than there are.
    """
    size = max(alignment.areas, default=0) + 1
    start, age = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for place, chain in enumerate(chains):
        age[chain] = place
    started: set[AreaId] = set()
    for parent in (None, *(k for _, k in depths(alignment))):
        below = alignment.children(parent)
        used = set() if parent is None else {int(start[parent])}
        for rank, k in enumerate(sorted(below, key=age.__getitem__)):
            if parent is not None and k == below[0]:
                color = int(start[parent])
            else:
                turn = choice.turn(min(chains[age[k]]) - 1)
                others = used | {int(start[i]) for i in together.get(k, ()) if i in started}
                unused = (c for c in turn if c not in others)
                color = next(unused, turn[0]) if rank < choice.size else turn[0]
            used.add(color)
            started.add(k)
            start[k] = chosen.get(k, color)
    return start, age


def _lost(
    pairs: AreaPairs,
    start: NDArray[np.int64],
    age: NDArray[np.int64],
    choice: Choice,
    chosen: Mapping[AreaId, int],
) -> set[AreaId]:
    """Return the areas that another takes the first color from: one chosen so, or an older one."""
    i, j = pairs[choice.clash(start[pairs[:, 0]], start[pairs[:, 1]])].T
    rank = age.copy()
    rank[list(chosen)] = -1
    younger = np.where(rank[i] > rank[j], i, j)
    return {AreaId(k) for k in younger.tolist()} - chosen.keys()


def _union(masks: Masks, colors: Iterable[int]) -> int:
    return functools.reduce(operator.or_, (int(masks[c]) for c in colors if c < len(masks)), 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Neighbors:
    """What lies around each area: looked up for the few that are asked for."""

    ends: AreaPairs
    others: AreaPairs

    @classmethod
    def of(cls, pairs: AreaPairs) -> _Neighbors:
        ends, others = np.concatenate([pairs, pairs[:, ::-1]]).T
        order = np.lexsort((others, ends))
        return cls(ends[order], others[order])

    def __getitem__(self, area: AreaId) -> list[AreaId]:
        low, high = np.searchsorted(self.ends, (area, area + 1))
        found: list[AreaId] = self.others[low:high].tolist()
        return found


def _codes(i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each pair of areas as one number, the smaller id first."""
    return np.minimum(i, j) << 32 | np.maximum(i, j)


def _pairs(codes: NDArray[np.int64]) -> AreaPairs:
    return np.column_stack([codes >> 32, codes & 0xFFFFFFFF])
