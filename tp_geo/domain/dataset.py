"""The dataset: what is planned with, frozen and named by its content."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import Flags, Items, Positions
from tp_geo.errors import BadData

Floats: TypeAlias = NDArray[np.float64]
Texts: TypeAlias = NDArray[np.object_]


ASSUMED: Final = " (what if)"
"""What the name of a dataset ends in of which some figures are assumed."""


class Aggregate(StrEnum):
    """How a measure of items becomes a measure of an area."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that every item may have. ``weight`` names the measure a mean is weighted by."""

    name: str
    label: str
    unit: str = ""
    aggregate: Aggregate = Aggregate.SUM
    weight: str | None = None
    note: str = ""


class Level(StrEnum):
    """What a formula is worked out for: each account, each container, each area."""

    UNIT = "unit"
    CONTAINER = "container"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Formula:
    """A measure that is calculated: ``text`` is worked out for everything of a level.

    Of units and containers it is a measure like any other; of areas it is
    worked out of what each holds, and ``aggregate`` and ``weight`` say nothing.
    """

    name: str
    text: str
    level: Level = Level.UNIT
    label: str = ""
    unit: str = ""
    aggregate: Aggregate = Aggregate.SUM
    weight: str | None = None

    @property
    def measure(self) -> Measure:
        """The measure it makes."""
        note = f"Calculated: {self.text}"
        return Measure(
            self.name, self.label or self.name, self.unit, self.aggregate, self.weight, note
        )


def renamed(measure: Measure) -> Measure:
    """Return a measure of an older dataset as it is told today: accounts counted as accounts."""
    if (measure.name, measure.unit) == ("accounts", "rows"):
        return replace(measure, unit="accounts")
    return measure


@dataclass(frozen=True, eq=False)
class Dataset:
    """Containers and units with their measures, in item order.

    ``values`` is (items, measures). A container's row is all that lies in it:
    its own figures and those of its units; a unit's row is its own. NaN means
    not known: it adds nothing to a sum and has no say in a mean. Without a
    weight, a mean counts every unit once, and a container without units once.
    ``boundaries`` is the kind of containers; ``layer`` the key of the boundary
    set they come from, "" for the one that is built in.
    ``attributes`` are texts by item, "" where there is none; ``owner`` and
    ``territory`` are the present assignment when the source has it.
    """

    name: str
    key: str
    boundaries: str
    items: Items
    codes: Texts
    names: Texts
    measures: tuple[Measure, ...]
    values: Floats
    attributes: Mapping[str, Texts] = field(default_factory=dict)
    source: str = ""
    made: str = ""
    layer: str = ""
    formulas: tuple[Formula, ...] = ()
    hidden: tuple[str, ...] = ()
    """Measures that it has and whoever has it open does not see."""

    @property
    def seen_key(self) -> str:
        """Its key, another one where measures are hidden: what is worked out of it differs."""
        mark = f"-{zlib.crc32(repr(self.hidden).encode()):08x}" if self.hidden else ""
        return f"{self.key}{mark}"

    def measure(self, name: str) -> Measure:
        """Return a measure by name, or raise ``BadData`` with the names there are."""
        for found in self.measures:
            if found.name == name:
                return found
        known = ", ".join(m.name for m in self.measures) or "none"
        raise BadData(f"There is no measure {name!r} in dataset {self.name}. It has: {known}.")

    def column(self, name: str) -> Floats:
        """Return the values of a measure, one per item."""
        self.measure(name)
        return self.values[:, [m.name for m in self.measures].index(name)]

    @cached_property
    def containers(self) -> Mapping[str, int]:
        """Positions of containers by code."""
        return {c: i for i, c in enumerate(self.codes[: self.items.containers])}

    @cached_property
    def units(self) -> Mapping[str, int]:
        """Positions of units by id."""
        n = self.items.containers
        return {c: n + i for i, c in enumerate(self.codes[n:])}

    @cached_property
    def amounts(self) -> tuple[tuple[Floats, Floats], ...]:
        """What each item adds to a measure's sum, and the weight it has in its mean."""
        return tuple(self._amount(i) for i in range(len(self.measures)))

    def _amount(self, at: int) -> tuple[Floats, Floats]:
        measure, column = self.measures[at], self.values[:, at]
        known = ~np.isnan(column)
        if measure.aggregate is Aggregate.SUM:
            return np.where(known, column, 0.0), known.astype(np.float64)
        weight = np.where(known, self._weight(measure, known), 0.0)
        return np.where(known, column, 0.0) * weight, weight

    def _weight(self, measure: Measure, known: Flags) -> Floats:
        """Return what each item's value counts for in a mean.

        A container's value stands for its own figures and for the units that
        have a value, so the weight of the other units is taken off; where no
        unit has one, the value is the container's alone.
        """
        n, inside = self.items.containers, self.items.container_of
        by = np.nan_to_num(self.column(measure.weight)) if measure.weight else np.ones(len(known))
        telling, silent = (inside >= 0) & known[n:], (inside >= 0) & ~known[n:]
        tellers = np.bincount(inside[telling], minlength=n)
        if measure.weight:
            others = np.bincount(inside[silent], by[n:][silent], n)
            by[:n] -= np.where(tellers > 0, others, 0.0)
        else:
            by[:n] = np.maximum(tellers, 1)
        return np.maximum(by, 0.0)

    def find(self, code: str) -> int | None:
        """Return the position of a container by code, or of a unit by id."""
        at = self.containers.get(code)
        return self.units.get(code) if at is None else at

    def positions(self, codes: Sequence[str]) -> Positions:
        """Return the positions of codes or ids; raise ``BadData`` naming those unknown."""
        found = [self.find(c) for c in codes]
        if missing := [c for c, at in zip(codes, found, strict=True) if at is None]:
            raise BadData(
                f"{len(missing)} of {len(codes)} codes are not in dataset {self.name}; "
                f"the first is {missing[0]!r}. Check the column, and leading zeros."
            )
        return np.array(found, dtype=np.intp)
