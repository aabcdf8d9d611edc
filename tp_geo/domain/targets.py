"""Targets: what areas should hold, set for many at once, and whether those below add up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from tp_geo.domain.alignment import Alignment, Area, AreaId
from tp_geo.domain.commands import counted
from tp_geo.domain.edits import Edit, PutArea
from tp_geo.domain.hierarchy import depths

ROUNDING = 0.001
"""Targets below that miss the one above by up to this share of it are rounded, not wrong."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What an area should hold of a measure: at least, ideally, at most. ``None``: not said."""

    minimum: float | None = None
    ideal: float | None = None
    maximum: float | None = None

    @property
    def said(self) -> bool:
        """Whether it says anything."""
        return self != NO_AIM

    def gap(self, total: float) -> float | None:
        """Return how far a total is beyond the range, on a side without limit from the ideal.

        0 within the range; ``None`` where there is nothing to go by.
        """
        goal = self._goal(total)
        return None if goal is None else total - goal

    def deviation(self, total: float) -> float | None:
        """Return the gap as a share of the limit or the ideal that it is measured from.

        ``None`` without a range and an ideal above 0.
        """
        goal = self._goal(total)
        if goal is None or (goal == 0 and total != 0) or not (self.ranged or self.ideal):
            return None
        return (total - goal) / goal if goal else 0.0

    def beyond(self, total: float) -> bool:
        """Whether a total is beyond a limit, by more than rounding."""
        low, high = self.minimum, self.maximum
        return (low is not None and total < low and not math.isclose(total, low)) or (
            high is not None and total > high and not math.isclose(total, high)
        )

    @property
    def ranged(self) -> bool:
        """Whether there is a limit on one side at least."""
        return self.minimum is not None or self.maximum is not None

    def _goal(self, total: float) -> float | None:
        """Return the limit that is crossed, else the ideal, else the total: it is fine."""
        low, high = self.minimum, self.maximum
        if high is not None and total > high:
            return high
        if low is not None and total < low:
            return low
        if self.ideal is None:
            return total if self.ranged else None
        limit = high if total > self.ideal else low
        return self.ideal if limit is None else total


NO_AIM = Aim()


def aim_of(area: Area, measure: str) -> Aim:
    """Return what an area should hold of a measure."""
    return Aim(area.minimums.get(measure), area.targets.get(measure), area.maximums.get(measure))


def aimed_at(area: Area) -> tuple[str, ...]:
    """Return the measures that an area has a target or a range for."""
    return tuple(dict.fromkeys((*area.targets, *area.minimums, *area.maximums)))


def with_aim(area: Area, measure: str, aim: Aim) -> Area:
    """Return an area with another target of a measure; without any where nothing is said."""
    return replace(
        area,
        targets=_put(area.targets, measure, aim.ideal),
        minimums=_put(area.minimums, measure, aim.minimum),
        maximums=_put(area.maximums, measure, aim.maximum),
    )


@dataclass(frozen=True, slots=True)
class SetTargets:
    """Set what areas should hold of a measure, many at once; ``text`` says it in other words."""

    measure: str
    aims: Mapping[AreaId, Aim]
    text: str = ""
    kind: ClassVar[str] = "targets"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the areas that change."""
        return tuple(
            PutArea(with_aim(alignment.area(k), self.measure, self.aims[k]))
            for k in self._changing(alignment)
        )

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return the area when it is one, else how many."""
        found = self._changing(alignment)
        what = alignment.name(found[0]) if len(found) == 1 else counted(len(found), "areas")
        return self.text or f"set the target of {self.measure} for {what}"

    def _changing(self, alignment: Alignment) -> list[AreaId]:
        return [
            k for k in sorted(self.aims) if aim_of(alignment.area(k), self.measure) != self.aims[k]
        ]


@dataclass(frozen=True, slots=True)
class RenameMeasure:
    """Have targets and ranges of a measure be those of the same measure by another name."""

    measure: str
    new: str
    kind: ClassVar[str] = "targets"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the areas that have a target or a limit of the measure."""
        found = (alignment.areas[k] for k in sorted(alignment.areas))
        return tuple(PutArea(self._renamed(a)) for a in found if aim_of(a, self.measure).said)

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return both names."""
        return f"renamed the measure {self.measure} to {self.new} in targets"

    def _renamed(self, area: Area) -> Area:
        aim = aim_of(area, self.measure)
        return with_aim(with_aim(area, self.measure, NO_AIM), self.new, aim)


@dataclass(frozen=True, slots=True)
class Below:
    """What the areas right below one should hold together: ``said`` of ``areas`` say it."""

    total: float
    said: int
    areas: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """A divided area whose target and those of the areas below it do not add up."""

    area: AreaId
    measure: str
    aim: Aim
    below: Below

    @property
    def excess(self) -> float:
        """How much more those below should hold than the area itself; negative: less."""
        return self.aim.gap(self.below.total) or 0.0


def effective(alignment: Alignment, measure: str) -> Mapping[AreaId, float]:
    """Return the target of each area: its own, else those right below it summed up."""
    found: dict[AreaId, float] = {}
    for _, k in reversed(depths(alignment)):
        own = alignment.areas[k].targets.get(measure)
        below = [found[c] for c in alignment.children(k) if c in found]
        if own is not None:
            found[k] = own
        elif below:
            found[k] = math.fsum(below)
    return found


def roll_up(alignment: Alignment, measure: str) -> Mapping[AreaId | None, Below]:
    """Return what those right below each area (``None``: the top) have, where any has a target."""
    targets = effective(alignment, measure)
    found: dict[AreaId | None, Below] = {}
    for k, children in alignment.below.items():
        said = [targets[c] for c in children if c in targets]
        if said:
            found[k] = Below(math.fsum(said), len(said), len(children))
    return found


def misfits(alignment: Alignment, measure: str) -> tuple[Misfit, ...]:
    """Return the areas whose split does not add up, in order of id.

    An area none of whose children has a target is not split so far. What
    those below have together is compared with the ideal, or where only a
    range is said, with that.
    """
    found = []
    for k, below in sorted((k, b) for k, b in roll_up(alignment, measure).items() if k):
        aim = aim_of(alignment.areas[k], measure)
        aim = replace(aim, minimum=None, maximum=None) if aim.ideal is not None else aim
        misfit = Misfit(k, measure, aim, below)
        if abs(misfit.excess) > ROUNDING * max(below.total, below.total - misfit.excess):
            found.append(misfit)
    return tuple(found)


def _put(values: Mapping[str, float], key: str, value: float | None) -> Mapping[str, float]:
    if value is None:
        return {k: v for k, v in values.items() if k != key}
    return {**values, key: value}
