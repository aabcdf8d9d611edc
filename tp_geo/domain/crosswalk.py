"""From old containers to new ones: which share of each goes where, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, AreaIds, Flags, Positions, frozen
from tp_geo.domain.dataset import Floats
from tp_geo.errors import BadData

TIE = 1e-9
"""Shares that differ by less, of all of a container, are equal."""


@dataclass(frozen=True, eq=False)
class Crosswalk:
    """One entry for each old container and new one it has a part in, in order of both.

    ``old`` and ``new`` are positions, ``share`` in (0, 1] sums to 1 over each
    old container that has an entry; those without one are given up.
    """

    olds: int
    news: int
    old: Positions
    new: Positions
    share: Floats

    @classmethod
    def of(
        cls, olds: int, news: int, old: Sequence[int], new: Sequence[int], weight: Sequence[float]
    ) -> Crosswalk:
        """Return a crosswalk of weights in whatever unit: a container's share is its part of them.

        Entries of one pair are added up, those without weight left out.
        """
        pair = np.asarray(old, dtype=np.int64) * max(news, 1) + np.asarray(new, dtype=np.int64)
        pairs, entry = np.unique(pair, return_inverse=True)
        weights = np.bincount(entry, np.asarray(weight, dtype=np.float64), len(pairs))
        pairs, weights = pairs[weights > 0], weights[weights > 0]
        at, to = np.divmod(pairs, max(news, 1))
        whole = np.bincount(at, weights, olds)[at]
        return cls(
            olds,
            news,
            frozen(at.astype(np.intp)),
            frozen(to.astype(np.intp)),
            frozen(weights / whole),
        )

    @cached_property
    def parts(self) -> Positions:
        """Into how many new containers each old one goes; 0 for one that is given up."""
        return np.bincount(self.old, minlength=self.olds)

    @cached_property
    def sources(self) -> Positions:
        """Of how many old containers each new one is made; 0 for one that is new altogether."""
        return np.bincount(self.new, minlength=self.news)

    @cached_property
    def main(self) -> Positions:
        """The new container with the greatest share of each old one, -1 for one given up."""
        return greatest(self.old, self.new, self.share, self.olds)

    def carried(self, values: Floats) -> Floats:
        """Return figures that add up, of old containers, as the new ones have them.

        NaN is nothing known: it stays so where all of a container's sources are.
        """
        known = ~np.isnan(values[self.old])
        parts = np.where(known, np.nan_to_num(values[self.old]) * self.share, 0.0)
        sums = np.bincount(self.new, parts, self.news)
        some = np.bincount(self.new, known, self.news) > 0
        return np.where(some, sums, np.nan)

    def mixed(self, totals: Floats, weights: Floats) -> Floats:
        """Return means of the new containers, of totals and weights of the old ones."""
        above = _sums(self.new, totals[self.old] * self.share, self.news)
        below = _sums(self.new, weights[self.old] * self.share, self.news)
        return _ratio(above, below, np.full(self.news, np.nan))

    def weights(self, size: Floats, otherwise: Floats) -> Floats:
        """Return what each entry weighs in its new container, in [0, 1], 1 over each.

        By ``size`` of the old containers; by ``otherwise`` where that is none
        for all sources of a new one.
        """
        first = np.nan_to_num(np.maximum(size, 0.0))[self.old] * self.share
        second = np.maximum(otherwise, 0.0)[self.old] * self.share
        none = np.bincount(self.new, first, self.news)[self.new] <= 0
        found = np.where(none, second, first)
        whole = _sums(self.new, found, self.news)[self.new]
        return _ratio(found, whole, np.asarray(1.0 / self.sources[self.new], dtype=np.float64))


@dataclass(frozen=True, eq=False)
class Claims:
    """Whose each new container becomes: one entry for each and area that has a part in it.

    Ordered by container, the greatest ``share`` first. ``area`` is what the
    container goes to; ``tied`` where two areas have the same part in it.
    """

    container: Positions
    area_of: AreaIds
    share: Floats
    area: AreaIds
    tied: Flags

    @cached_property
    def torn(self) -> Positions:
        """The new containers in which more than one area has a part."""
        return np.flatnonzero(np.bincount(self.container, minlength=len(self.area)) > 1)


def claims_of(crosswalk: Crosswalk, area_of: AreaIds, weights: Floats) -> Claims:
    """Return whose each new container becomes, by the areas of the old ones.

    The greatest share wins; of equal ones an area wins against what is
    unassigned, then the lower number.
    """
    areas = area_of[crosswalk.old].astype(np.int64)
    size = int(areas.max(initial=0)) + 1
    pair = crosswalk.new * size + areas
    pairs, entry = np.unique(pair, return_inverse=True)
    share = _sums(entry, weights, len(pairs))
    pairs, share = pairs[share > TIE], share[share > TIE]
    container, area = np.divmod(pairs, size)
    rounded = np.round(share / TIE) * TIE
    order = np.lexsort((area, area == UNASSIGNED, -rounded, container))
    container, area = container[order], area[order]
    share, rounded = share[order], rounded[order]
    first = np.diff(container, prepend=-1) != 0
    whose = np.full(crosswalk.news, UNASSIGNED, dtype=np.int32)
    whose[container[first]] = area[first]
    best = np.zeros(crosswalk.news)
    best[container[first]] = rounded[first]
    equal = np.bincount(container, rounded >= best[container], crosswalk.news)
    return Claims(container.astype(np.intp), area.astype(np.int32), share, frozen(whose), equal > 1)


def greatest(of: Positions, what: Positions, by: Floats, n: int) -> Positions:
    """Return what goes with the greatest value of each of ``n``; the first of equals, else -1."""
    order = np.lexsort((-what, by, of))
    found = np.full(n, -1, dtype=np.intp)
    found[of[order]] = what[order]
    return found


def _sums(at: Positions, values: Floats, n: int) -> Floats:
    return np.asarray(np.bincount(at, values, n), dtype=np.float64)


def _ratio(above: Floats, below: Floats, otherwise: Floats) -> Floats:
    """Return one by the other, ``otherwise`` where that is nothing."""
    found: Floats = np.divide(above, below, out=otherwise, where=below > 0)
    return found


def all_known(codes: Sequence[str], known: dict[str, int], what: str) -> list[int]:
    """Return positions of codes; refuse what is not there, with the first of them."""
    missing = [code for code in codes if code not in known]
    if missing:
        raise BadData(
            f"{len(missing):,} codes of the crosswalk are not {what}, the first is {missing[0]!r}. "
            "Check its column, and leading zeros."
        )
    return [known[code] for code in codes]
