"""Where a plan is not as it should be: gaps and risks, each with its place on the map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from types import MappingProxyType

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, AreaId, Positions
from tp_geo.domain.balance import TOLERANCE
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Floats
from tp_geo.domain.hierarchy import Focus, in_view, shown_at
from tp_geo.domain.worth import worth
from tp_geo.geometry.findings import Kind
from tp_geo.geometry.fitting import grouped
from tp_geo.store import embedded
from tp_geo.workflow.checking import Told, check
from tp_geo.workflow.plan import Plan

OVERLOADED = 1.25
"""An area that holds more than so many times its target, or without one the mean, is overloaded."""

NAMED = 3
"""Of so many areas at most the names are told."""


class Sort(StrEnum):
    """What a gap is about, in the order they are told."""

    UNASSIGNED = "unassigned"
    NO_OWNER = "no owner"
    SEVERAL = "several areas"
    EMPTY = "empty"
    CUT_OFF = "cut off"
    ENCLAVE = "enclave"
    SPLIT = "split county"
    OVERLOAD = "overload"
    OFF_TARGET = "off target"
    SUM_OFF = "does not add up"
    NO_PLACE = "no place"


TITLES: Mapping[Sort, str] = MappingProxyType(
    {
        Sort.UNASSIGNED: "Unassigned",
        Sort.NO_OWNER: "Areas without owner",
        Sort.SEVERAL: "Owners with several areas",
        Sort.EMPTY: "Empty areas",
        Sort.CUT_OFF: "Islands",
        Sort.ENCLAVE: "Enclaves",
        Sort.SPLIT: "Split counties",
        Sort.OVERLOAD: "Overloaded areas",
        Sort.OFF_TARGET: "Outside target",
        Sort.SUM_OFF: "Splits that do not add up",
        Sort.NO_PLACE: "Homes without a place",
    }
)
"""What to write above the gaps of each sort."""

_TOLD: Mapping[Kind, Sort] = MappingProxyType(
    {
        Kind.NO_OWNER: Sort.NO_OWNER,
        Kind.EMPTY: Sort.EMPTY,
        Kind.CUT_OFF: Sort.CUT_OFF,
        Kind.ENCLAVE: Sort.ENCLAVE,
        Kind.OFF_TARGET: Sort.OFF_TARGET,
        Kind.SUM_OFF: Sort.SUM_OFF,
        Kind.NO_PLACE: Sort.NO_PLACE,
    }
)
"""What a check finds that is told as it is; what is in several parts has an island, too."""


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """One thing to look at: the areas it is about, and the containers to go to on the map.

    ``amount`` is what is concerned of the measure: what lies unassigned, is
    cut off or enclosed, in a split county, or in the areas; NaN not known.
    """

    sort: Sort
    title: str
    text: str
    areas: tuple[AreaId, ...]
    containers: Positions
    amount: float


def gaps(
    plan: Plan, *, focus: Focus, measure: str, tolerance: float = TOLERANCE
) -> tuple[Gap, ...]:
    """Return what there is to look at in a focus, sort by sort, the largest first.

    ``measure`` is a sum; "" counts containers.
    """
    found = check(plan, focus=focus, measure=measure, tolerance=tolerance)
    look = _Look.of(plan, focus, measure)
    every = (
        *look.unassigned(found),
        *(_as_told(t, measure) for t in found if t.kind in _TOLD),
        *look.owners(),
        *look.counties(),
        *look.overloaded(),
    )
    order = list(Sort)
    return tuple(sorted(every, key=lambda g: (order.index(g.sort), -_known(g.amount))))


def _as_told(told: Told, measure: str) -> Gap:
    """Return a finding as a gap; what is off by another measure has no amount of this one."""
    areas = (AreaId(told.area),) if told.area else ()
    amount = told.amount if told.measure in ("", measure) else math.nan
    return Gap(_TOLD[told.kind], told.title, told.text, areas, told.containers, amount)


@dataclass(frozen=True, eq=False)
class _Look:
    """A plan on the level shown: its areas in view, and the area each container shows."""

    plan: Plan
    focus: Focus
    measure: str
    areas: tuple[AreaId, ...]
    shown: Positions
    worth: Floats

    @classmethod
    def of(cls, plan: Plan, focus: Focus, measure: str) -> _Look:
        """Look at a plan."""
        alignment, n = plan.alignment, plan.dataset.items.containers
        areas = in_view(alignment, focus)
        stands = shown_at(alignment, focus.level)
        return cls(
            plan, focus, measure, areas, stands[alignment.area_of[:n]].astype(np.intp),
            worth(plan.dataset, measure),
        )  # fmt: skip

    @cached_property
    def lying(self) -> Floats:
        """What lies in each container, its units included."""
        n, inside = self.plan.dataset.items.containers, self.plan.dataset.items.container_of
        there = inside >= 0
        units = np.bincount(inside[there], self.worth[n:][there], minlength=n)
        return np.asarray(self.worth[:n] + units)

    def unassigned(self, told: tuple[Told, ...]) -> Iterator[Gap]:
        """Yield the clumps that no area holds, then the units that are left out elsewhere."""
        if not self.focus.unassigned:
            return
        n, inside = self.plan.dataset.items.containers, self.plan.dataset.items.container_of
        free = self.plan.alignment.resolved == UNASSIGNED
        here = np.where(free[:n], self.worth[:n], 0.0)
        units = np.flatnonzero(free[n:])
        home = inside[units]
        within = home >= 0
        within[within] = free[home[within]]
        here += np.bincount(home[within], self.worth[n + units[within]], minlength=n)
        for one in told:
            if one.kind is Kind.UNASSIGNED:
                amount = float(here[one.containers].sum())
                yield Gap(Sort.UNASSIGNED, one.title, one.text, (), one.containers, amount)
        if len(rest := units[~within]):
            homes = inside[rest]
            yield Gap(
                Sort.UNASSIGNED, "Single accounts", f"{counted(len(rest), 'accounts')} in no area",
                (), np.unique(homes[homes >= 0]).astype(np.intp),
                float(self.worth[n + rest].sum()),
            )  # fmt: skip

    def owners(self) -> Iterator[Gap]:
        """Yield the people who own several of the areas in view."""
        by: dict[str, list[AreaId]] = {}
        for k in self.areas:
            if owner := (self.plan.alignment.area(k).owner or "").strip():
                by.setdefault(owner, []).append(k)
        for owner, held in by.items():
            if len(held) > 1:
                text = f"owns {len(held):,} areas: {self._named(held)}"
                yield Gap(Sort.SEVERAL, owner, text, (*held,), self._of(held), self._holds(held))

    def counties(self) -> Iterator[Gap]:
        """Yield the counties that several areas in view share."""
        counties = self.plan.boundaries.within.get("county")
        if counties is None:
            return
        codes, of = np.unique(counties.astype(str), return_inverse=True)
        there = np.flatnonzero(np.isin(self.shown, self.areas) & (codes[of] != ""))
        size = int(self.shown.max(initial=0)) + 1
        pairs = np.unique(of[there] * size + self.shown[there])
        county, areas = np.divmod(pairs, size)
        split = np.flatnonzero(np.bincount(county, minlength=len(codes)) > 1).tolist()
        keys, members = grouped(of[there], there)
        held = dict(zip(keys.tolist(), members, strict=True))
        called = _county_names() if split and "US" in self.plan.boundaries.country else {}
        ends = np.searchsorted(county, [split, [at + 1 for at in split]]).T.tolist()
        for at, (first, last) in zip(split, ends, strict=True):
            among = [AreaId(k) for k in areas[first:last].tolist()]
            text = f"shared by {len(among):,} areas: {self._named(among)}"
            name = called.get(str(codes[at]), str(codes[at]))
            amount = float(self.lying[held[at]].sum())
            yield Gap(Sort.SPLIT, name, text, (*among,), held[at], amount)

    def overloaded(self) -> Iterator[Gap]:
        """Yield the areas that hold far more than their target, or than the others."""
        held = {k: self._holds([k]) for k in self.areas}
        mean = sum(held.values()) / len(held) if held else 0.0
        for k, holds in held.items():
            target = self.plan.alignment.area(k).targets.get(self.measure, 0.0)
            limit, what = (target, "its target") if target else (mean, "the mean")
            if limit > 0 and holds > OVERLOADED * limit:
                text = f"holds {holds / limit:.2f} times {what}"
                name = self.plan.alignment.name(k)
                yield Gap(Sort.OVERLOAD, name, text, (k,), self._of([k]), holds)

    def _holds(self, areas: list[AreaId]) -> float:
        figures = self.plan.totals()
        if not self.measure:
            return float(sum(figures.containers[k] for k in areas))
        return float(sum(figures.of(k, self.measure) for k in areas))

    def _of(self, areas: list[AreaId]) -> Positions:
        return np.flatnonzero(np.isin(self.shown, areas))

    def _named(self, areas: list[AreaId]) -> str:
        names = [self.plan.alignment.name(k) for k in areas[:NAMED]]
        more = f" and {len(areas) - NAMED:,} more" if len(areas) > NAMED else ""
        return ", ".join(names) + more


@cache
def _county_names() -> Mapping[str, str]:
    known = embedded.load_boundaries("county")
    states = known.within["state"]
    every = zip(known.codes, known.names, states, strict=True)
    return {code: f"{name}, {state}" for code, name, state in every}


def _known(amount: float) -> float:
    return 0.0 if math.isnan(amount) else amount
