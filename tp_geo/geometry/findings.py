"""What to look at in an alignment: gaps, pieces cut off, enclaves, areas off their target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from tp_geo.domain.alignment import (
    UNASSIGNED,
    Alignment,
    AreaId,
    AreaIds,
    Flags,
    Positions,
    Profile,
)
from tp_geo.domain.balance import TOLERANCE, off_target
from tp_geo.domain.dataset import Aggregate, Dataset, Floats
from tp_geo.domain.hierarchy import Focus, in_view, shown_at
from tp_geo.domain.measures import Totals, amount
from tp_geo.domain.targets import Misfit, misfits
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.contiguity import components, cut_off, enclaves

ENCLOSED = 0.9
"""An enclave has others beyond at least this share of its border; lakes may have the rest."""


class Kind(StrEnum):
    """What a finding is about, in the order they are told."""

    UNASSIGNED = "unassigned"
    CUT_OFF = "cut off"
    ENCLAVE = "enclave"
    PARTS = "several parts"
    OFF_TARGET = "off target"
    SUM_OFF = "does not add up"
    """A divided area whose target and those of the areas below it do not add up."""
    NO_OWNER = "no owner"
    EMPTY = "empty"
    NO_PLACE = "no place"
    """An owner's home that is nowhere; only those who know of homes find it."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One thing to look at.

    ``containers`` are the positions to zoom to. ``amount`` is what they hold
    of the measure asked for, of a finding about a whole area what that holds;
    NaN where it is not known. ``inside`` is the area around an enclave,
    ``parts`` the number of pieces, ``measure`` and ``deviation`` what is off;
    ``misfit`` the split that does not add up, ``deviation`` then its share of
    the larger side.
    """

    kind: Kind
    area: AreaId
    containers: Positions
    amount: float
    inside: AreaId | None = None
    parts: int = 1
    measure: str = ""
    deviation: float = 0.0
    misfit: Misfit | None = None


def findings(
    dataset: Dataset,
    alignment: Alignment,
    figures: Totals,
    adjacency: Adjacency,
    *,
    focus: Focus | None = None,
    measure: str = "",
    tolerance: float = TOLERANCE,
    border_m: Floats | None = None,
) -> tuple[Finding, ...]:
    """Return what is found in a focus, kind by kind, the largest first.

    Links count as neighbors. Only areas meant to be in one piece have pieces
    cut off, and only those are told to be in several parts.

    Parameters
    ----------
    figures
        The totals of the alignment.
    measure
        What amounts are of; "" for none.
    tolerance
        Deviations up to this share are no finding.
    border_m
        The length of the border of each container. With it, a part that lies
        at the coast is no enclave, though it has one neighbor only.
    """
    found = _Search(dataset, alignment, figures, adjacency, focus or Focus(), measure, border_m)
    every = (
        *found.unassigned(),
        *found.cut_off(),
        *found.enclaves(),
        *found.in_parts(),
        *found.off_target(tolerance),
        *found.not_adding_up(),
        *found.without_owner(),
        *found.empty(),
    )
    order = list(Kind)
    return tuple(sorted(every, key=lambda f: (order.index(f.kind), *_size(f))))


def _size(finding: Finding) -> tuple[float, int]:
    if finding.kind in (Kind.OFF_TARGET, Kind.SUM_OFF):
        return (-abs(finding.deviation), finding.area)
    return (-float(len(finding.containers)), finding.area)


@dataclass(frozen=True, eq=False)
class _Search:
    """An alignment on the level shown, looked through for one kind after the other."""

    dataset: Dataset
    alignment: Alignment
    figures: Totals
    adjacency: Adjacency
    focus: Focus
    measure: str
    border_m: Floats | None

    @cached_property
    def areas(self) -> tuple[AreaId, ...]:
        """The areas in view."""
        return in_view(self.alignment, self.focus)

    @cached_property
    def shown(self) -> AreaIds:
        """The area each container shows; those in view as the focus shows them."""
        stands = shown_at(self.alignment, self.focus.level)
        for k in self.areas:
            stands[list(self.alignment.subtree(k))] = k
        found: AreaIds = stands[self.alignment.area_of[: self.alignment.items.containers]]
        return found

    @cached_property
    def part(self) -> AreaIds:
        """The connected part each container is in."""
        return components(self.shown, self.adjacency)

    @cached_property
    def held(self) -> dict[int, Positions]:
        """The containers of each area."""
        return _grouped(self.shown, np.arange(len(self.shown)))

    @cached_property
    def enclosed(self) -> Flags:
        """By part, whether others are beyond nearly all of its border."""
        count = int(self.part.max(initial=-1)) + 1
        if self.border_m is None:
            return np.ones(count, dtype=np.bool_)
        i, j = self.part[self.adjacency.pairs].T
        within, length = i == j, self.adjacency.length_m
        around = np.bincount(self.part, self.border_m, count)
        around -= 2 * np.bincount(i[within], length[within], count)
        apart = ~within
        beyond = np.bincount(i[apart], length[apart], count)
        beyond += np.bincount(j[apart], length[apart], count)
        return np.asarray(beyond >= ENCLOSED * around)

    def unassigned(self) -> Iterator[Finding]:
        if self.focus.unassigned:
            gaps = np.flatnonzero(self.shown == UNASSIGNED)
            for clump in _grouped(self.part[gaps], gaps).values():
                yield self._piece(Kind.UNASSIGNED, UNASSIGNED, clump)

    def cut_off(self) -> Iterator[Finding]:
        astray = cut_off(self.shown, self.adjacency)
        whole = set(self._contiguous())
        for piece in _grouped(self.part[astray], astray).values():
            if (area := AreaId(int(self.shown[piece[0]]))) in whole:
                yield self._piece(Kind.CUT_OFF, area, piece)

    def enclaves(self) -> Iterator[Finding]:
        seen = set(self.areas)
        for found in enclaves(self.shown, self.adjacency):
            if found.area in seen and self.enclosed[self.part[found.items[0]]]:
                yield self._piece(Kind.ENCLAVE, found.area, found.items, found.inside)

    def in_parts(self) -> Iterator[Finding]:
        for k in self._contiguous():
            parts = len(np.unique(self.part[self._of(k)]))
            if parts > 1:
                yield Finding(Kind.PARTS, k, self._of(k), self._total(k), parts=parts)

    def off_target(self, tolerance: float) -> Iterator[Finding]:
        for k in self.areas:
            off = off_target(self.alignment, self.figures, k, tolerance)
            for measure, share in off.items():
                total = self.figures.of(k, measure)
                yield Finding(
                    Kind.OFF_TARGET, k, self._of(k), total, measure=measure, deviation=share
                )

    def not_adding_up(self) -> Iterator[Finding]:
        """Yield splits in the focus, on any level, that do not add up."""
        tops, leaf = self.focus.areas, self.alignment.area_of[: self.alignment.items.containers]
        seen = None if tops is None else {k for a in tops for k in self.alignment.subtree(a)}
        sums = [m.name for m in self.dataset.measures if m.aggregate is Aggregate.SUM]
        for one in (found for name in sums for found in misfits(self.alignment, name)):
            if seen is None or one.area in seen:
                held = np.flatnonzero(np.isin(leaf, list(self.alignment.subtree(one.area))))
                share = one.excess / max(one.below.total - one.excess, one.below.total)
                total = self.figures.of(one.area, one.measure)
                yield Finding(
                    Kind.SUM_OFF, one.area, held, total,
                    measure=one.measure, deviation=share, misfit=one,
                )  # fmt: skip

    def without_owner(self) -> Iterator[Finding]:
        for k in self.areas:
            if not self.alignment.area(k).owner:
                yield Finding(Kind.NO_OWNER, k, self._of(k), self._total(k))

    def empty(self) -> Iterator[Finding]:
        for k in self.areas:
            if not self.figures.containers[k] and not self.figures.units[k]:
                yield Finding(Kind.EMPTY, k, self._of(k), self._total(k))

    def _contiguous(self) -> list[AreaId]:
        areas = self.alignment.areas
        return [k for k in self.areas if areas[k].profile is Profile.CONTIGUOUS]

    def _of(self, area: AreaId) -> Positions:
        return self.held.get(area, np.zeros(0, dtype=np.intp))

    def _total(self, area: AreaId) -> float:
        return self.figures.of(area, self.measure) if self.measure else float("nan")

    def _piece(
        self, kind: Kind, area: AreaId, piece: Positions, inside: AreaId | None = None
    ) -> Finding:
        held = amount(self.dataset, self.measure, piece) if self.measure else float("nan")
        return Finding(kind, area, piece, held, inside)


def _grouped(labels: AreaIds, items: Positions) -> dict[int, Positions]:
    """Return the items of each label; both ascending."""
    order = np.argsort(labels, kind="stable")
    of, first = np.unique(labels[order], return_index=True)
    return dict(zip(of.tolist(), np.split(items[order], first[1:]), strict=False))
