"""The alignment: which area holds each item, as one immutable value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NewType, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.shares import NO_SHARES, Overlap, Shares
from tp_geo.domain.signoff import UNSIGNED, Asks, SignOff
from tp_geo.errors import Refused

_T = TypeVar("_T", bound=np.generic)
AreaId = NewType("AreaId", int)
AreaIds: TypeAlias = NDArray[np.int32]
Positions: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]

UNASSIGNED = AreaId(0)
FOLLOW = AreaId(-1)
"""What a unit's entry says when the unit goes where its container goes."""

MAX_LEVELS = 10
MAX_AREA_ID = 65_535
"""Area numbers travel to the map as uint16."""

HOME = "home"
"""The attribute that says where the owner of an area lives."""


class Profile(StrEnum):
    """Whether an area is meant to be in one piece."""

    CONTIGUOUS = "contiguous"
    NON_CONTIGUOUS = "non-contiguous"


@dataclass(frozen=True, slots=True)
class Area:
    """One node of the hierarchy, for example a region, a district or a territory.

    By measure: ``targets`` say what it should hold, ``minimums`` and
    ``maximums`` the range it has to keep to.
    """

    id: AreaId
    name: str
    parent: AreaId | None = None
    level: str = "Area"
    owner: str | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    minimums: Mapping[str, float] = field(default_factory=dict)
    maximums: Mapping[str, float] = field(default_factory=dict)
    locked: bool = False
    profile: Profile = Profile.CONTIGUOUS
    color: str | None = None
    attributes: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Items:
    """The frame an alignment hangs on: containers first, then units.

    ``container_of[u]`` is the container's position of the ``u``-th unit, -1
    for a unit that lies in none.
    """

    containers: int
    container_of: AreaIds

    @property
    def count(self) -> int:
        """Containers and units together."""
        return self.containers + len(self.container_of)

    @cached_property
    def located(self) -> Positions:
        """Positions of the units that lie in a container."""
        return self.containers + np.flatnonzero(self.container_of >= 0)

    def check(self, positions: Positions) -> None:
        """Refuse positions that are no items."""
        wrong = positions[(positions < 0) | (positions >= self.count)]
        if len(wrong):
            raise Refused(f"Position {wrong[0]} is not one of {self.count:,} items.")

    @classmethod
    def only_containers(cls, n: int) -> Items:
        """Return a frame of containers without units."""
        return cls(n, frozen(np.zeros(0, dtype=np.int32)))


@dataclass(frozen=True, eq=False)
class Alignment:
    """Areas by id; for each item its entry and whether it is held.

    The entry of a container is the leaf area it belongs to (``UNASSIGNED``
    where none). The entry of a unit is ``FOLLOW`` unless it was moved by
    itself, which makes it an *exception*. ``signoffs`` are by branch, that of
    the whole alignment under ``None``; ``asks`` is what it asks for before it
    is published. ``shares`` are the further areas that containers were given
    to, which ``overlap`` has to allow.
    """

    items: Items
    areas: Mapping[AreaId, Area]
    area_of: AreaIds
    held: Flags
    signoffs: Mapping[AreaId | None, SignOff] = field(default_factory=dict)
    asks: Asks = Asks.NOTHING
    shares: Shares = NO_SHARES
    overlap: Overlap = Overlap.NONE

    def __post_init__(self) -> None:
        frozen(self.area_of)
        frozen(self.held)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Alignment)
            and self.areas == other.areas
            and np.array_equal(self.area_of, other.area_of)
            and np.array_equal(self.held, other.held)
            and self.signoffs == other.signoffs
            and self.asks == other.asks
            and self.shares == other.shares
            and self.overlap is other.overlap
        )

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def empty(cls, items: Items) -> Alignment:
        """Return an alignment without areas, every item unassigned."""
        area_of = np.zeros(items.count, dtype=np.int32)
        area_of[items.containers :] = FOLLOW
        return cls(items, {}, frozen(area_of), frozen(np.zeros(items.count, dtype=np.bool_)))

    @cached_property
    def resolved(self) -> AreaIds:
        """The leaf area of every item, units that follow looked up; length of all items."""
        n, inside = self.items.containers, self.items.container_of
        units = self.area_of[n:]
        if not len(units):
            return self.area_of
        followed = np.where(inside >= 0, self.area_of[inside], UNASSIGNED)
        there = np.where(units == FOLLOW, followed, units)
        resolved: AreaIds = np.concatenate([self.area_of[:n], there]).astype(np.int32, copy=False)
        return frozen(resolved)

    @cached_property
    def exceptions(self) -> Positions:
        """Positions of the units whose area differs from their container's."""
        n, inside = self.items.containers, self.items.container_of
        units = self.area_of[n:]
        by_itself = np.flatnonzero(units != FOLLOW)
        there = np.where(inside[by_itself] >= 0, self.area_of[inside[by_itself]], UNASSIGNED)
        odd: Positions = n + by_itself[units[by_itself] != there]
        return odd

    @cached_property
    def shared(self) -> Shares:
        """The shares that count: of containers that another area holds as their main one."""
        if not len(self.shares):
            return self.shares
        main = self.area_of[self.shares.items]
        return self.shares.where((main != UNASSIGNED) & (main != self.shares.areas))

    @cached_property
    def leaves(self) -> frozenset[AreaId]:
        """The areas that are not divided: those that hold items."""
        return frozenset(self.areas.keys() - self.below.keys())

    @cached_property
    def below(self) -> Mapping[AreaId | None, tuple[AreaId, ...]]:
        """The areas directly below each area (``None``: the top), in order of id."""
        found: dict[AreaId | None, list[AreaId]] = {}
        for k in sorted(self.areas):
            found.setdefault(self.areas[k].parent, []).append(k)
        return {k: tuple(v) for k, v in found.items()}

    def area(self, area: AreaId) -> Area:
        """Return an area, or raise ``Refused`` when there is none of that id."""
        if area not in self.areas:
            raise Refused(f"There is no area with id {area} in this alignment; it may be gone.")
        return self.areas[area]

    def name(self, area: AreaId) -> str:
        """Return what to call an area."""
        return "Unassigned" if area == UNASSIGNED else self.area(area).name

    def lock(self, area: AreaId) -> str | None:
        """Return the name of the locked area at or above one, if any."""
        above = () if area == UNASSIGNED else self.ancestry(area)
        return next((a.name for a in above if a.locked), None)

    def signoff(self, area: AreaId | None) -> SignOff:
        """Return where a branch, or the whole alignment for ``None``, stands in review."""
        return self.signoffs.get(area, UNSIGNED)

    def sealed(self, area: AreaId | None) -> tuple[AreaId | None, ...]:
        """Return what is signed off at or above an area and keeps it as it is, outermost first."""
        above = () if not area else (a.id for a in self.ancestry(area))
        return tuple(k for k in (None, *reversed((*above,))) if self.signoff(k).seals)

    def shut(self, area: AreaId) -> str | None:
        """Return in a word what keeps an area from changing: locked, submitted or approved."""
        if self.lock(area) is not None:
            return "locked"
        return next((self.signoff(k).status.value for k in self.sealed(area)), None)

    def children(self, area: AreaId | None) -> tuple[AreaId, ...]:
        """Return the areas directly below one area, or the top level for ``None``."""
        return self.below.get(area, ())

    def ancestry(self, area: AreaId) -> Iterator[Area]:
        """Yield an area and those above it, nearest first."""
        at: AreaId | None = area
        while at is not None:
            yield self.area(at)
            at = self.area(at).parent

    def subtree(self, area: AreaId) -> Iterator[AreaId]:
        """Yield an area and everything below it, parents before children."""
        yield area
        for child in self.children(area):
            yield from self.subtree(child)

    def leaf(self, area: AreaId) -> AreaId:
        """Return where items given to an area land: itself, or its first leaf."""
        while area != UNASSIGNED and self.children(area):
            area = self.children(area)[0]
        return area

    def depth(self, area: AreaId) -> int:
        """Return the level of an area: 1 at the top."""
        return sum(1 for _ in self.ancestry(area))

    def area_at(self, items: Positions) -> AreaIds:
        """Return the leaf area of some items: ``resolved`` without looking up all the others."""
        found = self.area_of[items]
        following = np.flatnonzero((found == FOLLOW) & (items >= self.items.containers))
        inside = self.items.container_of[items[following] - self.items.containers]
        found[following] = np.where(inside >= 0, self.area_of[inside], UNASSIGNED)
        return found

    def holds(self, area: AreaId) -> Positions:
        """Return the positions of the items entered under a leaf area, ascending."""
        return np.flatnonzero(self.area_of == area)


def ids_in(entries: NDArray[np.integer[Any]]) -> list[AreaId]:
    """Return the ids that occur among entries, ascending. Counting beats sorting by far."""
    if entries.min(initial=0) < FOLLOW or entries.max(initial=0) > MAX_AREA_ID:
        return [AreaId(k) for k in sorted({*entries.tolist()})]
    return [AreaId(k) for k in (np.flatnonzero(np.bincount(entries + 1)) - 1).tolist()]


def frozen(array: NDArray[_T]) -> NDArray[_T]:
    """Return the array, made read-only."""
    array.setflags(write=False)
    return array
