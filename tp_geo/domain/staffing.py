"""Somebody comes or goes: an area more or less, the targets of those beside it adding up still."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import ClassVar, TypeAlias

import numpy as np

from tp_geo.domain.alignment import FOLLOW, Alignment, Area, AreaId, AreaIds, Flags, Positions
from tp_geo.domain.carrying import divided
from tp_geo.domain.commands import Branch
from tp_geo.domain.edits import Assign, DropArea, Edit, PutArea, assigns, replay
from tp_geo.domain.splitting import SplitOff
from tp_geo.domain.targets import Aim, aim_of, aimed_at, with_aim
from tp_geo.errors import Refused

Place: TypeAlias = Callable[[AreaIds, Flags, Flags], AreaIds]
"""Says, of the area of each container, which are to be given and which areas take, who gets it."""


@dataclass(frozen=True, slots=True, eq=False)
class TakeOn:
    """A new area with an owner: some items of an area, or an empty one below ``parent``.

    Parameters
    ----------
    of, items
        The leaf area that gives these items; ``None`` for an empty area.
    shares
        By measure the share of its targets that goes along.
    goal
        The target of the new area by measure; taken from the others, so that
        all add up as before.
    """

    name: str
    owner: str = ""
    of: AreaId | None = None
    items: Positions = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    shares: Mapping[str, float] = field(default_factory=dict)
    parent: AreaId | None = None
    goal: Mapping[str, float] = field(default_factory=dict)
    kind: ClassVar[str] = "hire"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the new area, what goes to it, and the targets of those it takes from."""
        made = self._made(alignment, ids)
        after = replay(alignment, made)
        (new,) = after.areas.keys() - alignment.areas.keys()
        area = replace(after.areas[new], owner=self.owner.strip() or None)
        giver = after.areas.get(self.of) if self.of else None
        others = self._shared(giver, area) if giver else self._levied(after, area)
        return (*made, *map(PutArea, others))

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return who comes, and to what."""
        who = self.owner.strip() or "somebody"
        if self.of is None:
            where = "at the top" if self.parent is None else f"below {alignment.name(self.parent)}"
            return f"hired {who} with a new area {self.name} {where}"
        return f"hired {who} with {self.name}, split from {alignment.name(self.of)}"

    def _goal(self, measure: str, held: Sequence[float]) -> float:
        """Return the target of the new area: what is said, else the mean of all with it."""
        whole = math.fsum(held)
        goal = self.goal.get(measure, round(whole / (len(held) + 1), 2))
        if held and goal > whole:
            raise Refused(
                f"{goal:,.6g} is more than the {whole:,.6g} {measure} that the areas beside "
                f"{self.name} have as targets together. Give it less."
            )
        return goal

    def _made(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        if not self.name.strip():
            raise Refused("Give the area of who is hired a name.")
        if self.of is not None:
            return SplitOff(self.of, self.name, self.items).edits(alignment, ids)
        beside = alignment.children(self.parent)
        if self.parent is not None and not beside:
            raise Refused(
                f"{alignment.name(self.parent)} has no areas below it. Split it for who is hired, "
                "or choose an area that is divided."
            )
        level = alignment.areas[beside[0]].level if beside else "Area"
        return Branch(self.parent, (self.name,), level).edits(alignment, ids)

    def _shared(self, old: Area, new: Area) -> tuple[Area, Area]:
        """Return the area that gave and the new one, its targets divided between both."""
        for measure in aimed_at(old):
            aim, share = aim_of(old, measure), self.shares.get(measure, 0.5)
            parts = _parts(aim, (1 - share, share), self.goal.get(measure))
            old, new = with_aim(old, measure, parts[0]), with_aim(new, measure, parts[1])
        return old, new

    def _levied(self, alignment: Alignment, new: Area) -> tuple[Area, ...]:
        """Return the areas beside the new one, and it, with a part of their targets given to it."""
        beside = {k: alignment.areas[k] for k in alignment.children(self.parent) if k != new.id}
        measures = sorted({m for a in beside.values() for m in a.targets} | {*self.goal})
        for measure in measures:
            held = {k: a.targets[measure] for k, a in beside.items() if measure in a.targets}
            goal = self._goal(measure, [*held.values()])
            rest = _less(goal, [*held.values()])
            for k, part in zip(held, rest, strict=True):
                beside[k] = with_aim(beside[k], measure, _moved(aim_of(beside[k], measure), part))
            new = with_aim(new, measure, Aim(ideal=goal))
        return (*beside.values(), new)


@dataclass(frozen=True, slots=True, eq=False)
class Dissolve:
    """Give all an area holds to the areas beside it, with its targets; ``place`` says what to whom.

    Held items and locked areas stop it, as any other move.
    """

    area: AreaId
    place: Place
    kind: ClassVar[str] = "leaver"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return who gets what, the targets that go along, and that the area is no more."""
        gone = tuple(alignment.subtree(alignment.area(self.area).id))
        beside = [
            k for k in alignment.children(alignment.areas[self.area].parent) if k != self.area
        ]
        if not beside:
            raise Refused(
                f"There is no area beside {alignment.name(self.area)} to take what it holds. "
                "Give it to another owner instead."
            )
        drops = map(DropArea, reversed(gone))
        return (*self._given(alignment, gone, beside), *self._aims(alignment, beside), *drops)

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return which area goes."""
        return f"dissolved {alignment.name(self.area)} into the areas beside it"

    def _given(
        self, alignment: Alignment, gone: Sequence[AreaId], beside: Sequence[AreaId]
    ) -> tuple[Assign, ...]:
        n, size = alignment.items.containers, max(alignment.areas) + 1
        taking = np.zeros(size, dtype=np.bool_)
        taking[[k for top in beside for k in alignment.subtree(top) if k in alignment.leaves]] = (
            True
        )
        leaving = np.isin(alignment.area_of, gone)
        entries = alignment.area_of.copy()
        heir = alignment.leaf(beside[0])
        found = self.place(alignment.area_of[:n], leaving[:n], taking)
        entries[:n][leaving[:n]] = np.where(found > 0, found, heir)[leaving[:n]]
        units = np.flatnonzero(leaving[n:])
        home = alignment.items.container_of[units]
        there = np.where(home >= 0, entries[home], 0)
        entries[n + units] = np.where(taking[there], FOLLOW, heir)
        items = np.flatnonzero(leaving)
        return assigns(items, entries[items])

    def _aims(self, alignment: Alignment, beside: Sequence[AreaId]) -> tuple[PutArea, ...]:
        """Return the areas beside it, and those below them, with its targets in proportion."""
        areas = dict(alignment.areas)
        for measure, more in alignment.areas[self.area].targets.items():
            held = {k: areas[k].targets[measure] for k in beside if measure in areas[k].targets}
            if not held:
                continue
            weights = [*held.values()] if sum(held.values()) > 0 else [1.0] * len(held)
            for (k, was), part in zip(held.items(), divided(more, weights), strict=True):
                total = float(Decimal(repr(was)) + Decimal(repr(part)))
                ratio = total / was if was else 1.0
                for below in alignment.subtree(k):
                    aim = _scaled(aim_of(areas[below], measure), ratio)
                    areas[below] = with_aim(areas[below], measure, aim)
                own = replace(aim_of(areas[k], measure), ideal=total)
                areas[k] = with_aim(areas[k], measure, own)
        return tuple(PutArea(a) for k, a in areas.items() if a != alignment.areas[k])


def retargeted(
    alignment: Alignment, measure: str, percent: float, area: AreaId | None
) -> dict[AreaId, Aim]:
    """Return targets and ranges by some percent more, of all areas or one with those below it."""
    inside = [*alignment.areas] if area is None else [*alignment.subtree(alignment.area(area).id)]
    aims = {k: aim_of(alignment.areas[k], measure) for k in inside}
    found = {k: _scaled(a, 1 + percent / 100) for k, a in aims.items() if a.said}
    if not found:
        where = "No area" if area is None else f"{alignment.name(area)}, with all below it,"
        verb = "has" if area is None else "has not"
        raise Refused(
            f"{where} {verb} a target of {measure} so far. Set targets first, or give an amount."
        )
    return found


def _less(goal: float, held: Sequence[float]) -> tuple[float, ...]:
    """Return targets with one of their own taken from them, in proportion."""
    whole = sum((Decimal(repr(v)) for v in held), Decimal(0))
    return divided(float(whole - Decimal(repr(goal))), held) if whole > 0 else tuple(held)


def _moved(aim: Aim, ideal: float) -> Aim:
    """Return an aim with another ideal, its range in proportion."""
    ratio = ideal / aim.ideal if aim.ideal else 1.0
    return replace(_scaled(aim, ratio), ideal=ideal)


def _scaled(aim: Aim, ratio: float) -> Aim:
    """Return an aim times a ratio, exact in decimals as far as a ratio of percents is."""
    low, ideal, high = (
        None if v is None else float(Decimal(repr(v)) * Decimal(repr(round(ratio, 12))))
        for v in (aim.minimum, aim.ideal, aim.maximum)
    )
    return Aim(low or None, ideal, high or None)


def _parts(aim: Aim, shares: tuple[float, float], goal: float | None) -> tuple[Aim, Aim]:
    """Return an aim in two that add up to it; the second gets ``goal`` where that is said."""
    if aim.ideal is None:
        return _scaled(aim, shares[0]), _scaled(aim, shares[1])
    if goal is None:
        first, second = divided(aim.ideal, shares)
    elif goal > aim.ideal:
        raise Refused(
            f"{goal:,.6g} is more than the target of {aim.ideal:,.6g} that is split. Give less."
        )
    else:
        first, second = float(Decimal(repr(aim.ideal)) - Decimal(repr(goal))), goal
    ratio = second / aim.ideal if aim.ideal else 0.5
    return (
        replace(_scaled(aim, 1 - ratio), ideal=first),
        replace(_scaled(aim, ratio), ideal=second),
    )


@dataclass(frozen=True, slots=True)
class HandOver:
    """Make somebody else the owner of an area, and of those below it that had the same owner."""

    area: AreaId
    to: str
    kind: ClassVar[str] = "leaver"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the areas that get another owner."""
        who = self.to.strip()
        was = alignment.area(self.area).owner
        mine = (alignment.areas[k] for k in alignment.subtree(self.area))
        return tuple(
            PutArea(replace(a, owner=who))
            for a in mine
            if a.owner != who and (a.id == self.area or (was and a.owner == was))
        )

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return who gets what."""
        return f"handed {alignment.name(self.area)} over to {self.to.strip()}"
