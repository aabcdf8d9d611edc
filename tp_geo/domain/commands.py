"""What a planner can ask for: each command says which edits it amounts to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

import numpy as np

from tp_geo.domain.alignment import (
    FOLLOW,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    AreaIds,
    Positions,
    Profile,
)
from tp_geo.domain.edits import Assign, DropArea, Edit, Hold, PutArea
from tp_geo.errors import Refused


class Command(Protocol):
    """Something a planner can ask for."""

    @property
    def kind(self) -> str:
        """One word for logs and filters."""

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the edits this amounts to now; ``ids`` names new areas."""

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return what this does, in words, told before it is done; ``noun`` is what items are."""


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """Give items to an area, or to none. An area that is divided passes them to its first leaf."""

    items: Positions
    to: AreaId
    kind: ClassVar[str] = "move"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        to = alignment.leaf(self.to) if self.to != UNASSIGNED else UNASSIGNED
        if to != UNASSIGNED:
            alignment.area(to)
        items = _checked(alignment, self.items)
        n = alignment.items.containers
        containers, units = items[items < n], items[items >= n]
        home = np.where(alignment.held[units], FOLLOW, _home(alignment, units, containers, to))
        return _assigns((containers, to), (units[home == to], FOLLOW), (units[home != to], to))

    def says(self, alignment: Alignment, noun: str) -> str:
        given = np.unique(alignment.resolved[_checked(alignment, self.items)])
        losing = [AreaId(k) for k in given.tolist() if k != self.to]
        where = alignment.name(losing[0]) if len(losing) == 1 else f"{len(losing)} areas"
        from_ = f" from {where}" if losing else ""
        return f"moved {_count(len(self.items), noun)}{from_} to {alignment.name(self.to)}"


@dataclass(frozen=True, slots=True, eq=False)
class Follow:
    """Give units back to their containers: they go where these go."""

    items: Positions
    kind: ClassVar[str] = "follow"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        items = _checked(alignment, self.items)
        return _assigns((items[items >= alignment.items.containers], FOLLOW))

    def says(self, alignment: Alignment, noun: str) -> str:
        return f"gave {_count(len(self.items), 'units')} back to the areas that surround them"


@dataclass(frozen=True, slots=True)
class Branch:
    """Put areas below one (``None``: at the top); what a leaf held goes to the first of them."""

    area: AreaId | None
    names: tuple[str, ...]
    level: str = "Area"
    profile: Profile = Profile.CONTIGUOUS
    kind: ClassVar[str] = "branch"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        if not self.names:
            raise Refused("A branch needs at least one area. Give a number or names.")
        new = [
            Area(next(ids), name, parent=self.area, level=self.level, profile=self.profile)
            for name in self.names
        ]
        puts = tuple(map(PutArea, new))
        if self.area is None or alignment.children(alignment.area(self.area).id):
            return puts
        return (*puts, *_assigns((alignment.holds(self.area), new[0].id)))

    def says(self, alignment: Alignment, noun: str) -> str:
        where = "at the top" if self.area is None else f"below {alignment.name(self.area)}"
        what = self.names[0] if len(self.names) == 1 else _count(len(self.names), "areas")
        return f"added {what} {where}"


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Divide a leaf area (``None``: what is unassigned) into areas, one for each part.

    ``part_of`` has an entry per item: which of ``names`` it goes to, -1 for
    the first. Units that follow their container go with it.
    """

    area: AreaId | None
    names: tuple[str, ...]
    part_of: AreaIds
    level: str = "Area"
    profile: Profile = Profile.CONTIGUOUS
    kind: ClassVar[str] = "split"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        if self.area is not None and alignment.children(self.area):
            raise Refused(
                f"{alignment.name(self.area)} is divided already. Split an area below it."
            )
        branch = Branch(self.area, self.names, self.level, self.profile).edits(alignment, ids)
        puts = [e for e in branch if isinstance(e, PutArea)]
        mine = alignment.holds(UNASSIGNED if self.area is None else self.area)
        part = self.part_of[mine]
        if self.area is None:
            mine, part = mine[part >= 0], part[part >= 0]
        part = np.maximum(part, 0)
        moves = ((mine[part == i], put.area.id) for i, put in enumerate(puts))
        return (*puts, *_assigns(*moves))

    def says(self, alignment: Alignment, noun: str) -> str:
        what = "what is unassigned" if self.area is None else alignment.name(self.area)
        return f"split {what} into {_count(len(self.names), 'areas')}"


@dataclass(frozen=True, slots=True)
class Combine:
    """Make areas one: the kept one takes what the others hold and the areas below them."""

    kept: AreaId
    others: frozenset[AreaId]
    kind: ClassVar[str] = "combine"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        alignment.area(self.kept)
        others = sorted(self.others - {self.kept})
        if not others:
            raise Refused("Combining needs another area than the one that is kept.")
        for k in others:
            if any(a.id == k for a in alignment.ancestry(self.kept)):
                raise Refused(f"{alignment.name(self.kept)} is below {alignment.name(k)}.")
        children = [c for k in others for c in alignment.children(k) if c != self.kept]
        lifted = [PutArea(replace(alignment.area(c), parent=self.kept)) for c in children]
        own = alignment.children(self.kept)
        heir = alignment.leaf(own[0] if own else children[0]) if own or children else self.kept
        given = np.flatnonzero(np.isin(alignment.area_of, [*others, self.kept]))
        given = given[alignment.area_of[given] != heir]
        return (*lifted, *_assigns((given, heir)), *map(DropArea, others))

    def says(self, alignment: Alignment, noun: str) -> str:
        names = ", ".join(alignment.name(k) for k in sorted(self.others - {self.kept}))
        return f"combined {names} into {alignment.name(self.kept)}"


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove an area and those below it; what they hold goes to ``to``, or is unassigned.

    An only child gives what it holds back to its parent.
    """

    area: AreaId
    to: AreaId | None = None
    kind: ClassVar[str] = "remove"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        area = alignment.area(self.area)
        gone = tuple(alignment.subtree(self.area))
        if self.to in gone:
            raise Refused(f"What {area.name} holds can't go to an area that is removed with it.")
        heir = UNASSIGNED if self.to is None else alignment.leaf(self.to)
        if self.to is None and area.parent and alignment.children(area.parent) == (self.area,):
            heir = area.parent
        given = np.flatnonzero(np.isin(alignment.area_of, gone))
        return (*_assigns((given, heir)), *map(DropArea, reversed(gone)))

    def says(self, alignment: Alignment, noun: str) -> str:
        return f"removed {alignment.name(self.area)}"


@dataclass(frozen=True, slots=True)
class Reparent:
    """Put an area, with all below it, under another one or at the top."""

    area: AreaId
    parent: AreaId | None
    kind: ClassVar[str] = "reparent"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        area = alignment.area(self.area)
        if self.parent is not None:
            if any(a.id == self.area for a in alignment.ancestry(self.parent)):
                raise Refused(f"{area.name} can't be put under itself.")
            if held := len(alignment.holds(self.parent)):
                raise Refused(
                    f"{alignment.name(self.parent)} holds {held:,} items itself. "
                    "Branch it first, then move areas under it."
                )
        return (PutArea(replace(area, parent=self.parent)),)

    def says(self, alignment: Alignment, noun: str) -> str:
        where = "the top" if self.parent is None else alignment.name(self.parent)
        return f"moved {alignment.name(self.area)} under {where}"


@dataclass(frozen=True, slots=True)
class Change:
    """Set fields of an area: name, owner, targets, lock, color, profile, level, attributes."""

    area: AreaId
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The field, when it is one."""
        return next(iter(self.fields)) if len(self.fields) == 1 else "change"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        return (PutArea(replace(alignment.area(self.area), **self.fields)),)  # type: ignore[arg-type]

    def says(self, alignment: Alignment, noun: str) -> str:
        name = alignment.name(self.area)
        match self.fields:
            case {"locked": on, **rest} if not rest:
                return f"{'locked' if on else 'unlocked'} {name}"
            case {"name": new, **rest} if not rest:
                return f"renamed {name} to {new}"
            case {"owner": new, **rest} if not rest:
                return f"made {new or 'nobody'} the owner of {name}"
            case _:
                return f"changed {', '.join(self.fields)} of {name}"


@dataclass(frozen=True, slots=True, eq=False)
class HoldItems:
    """Hold items where they are, or let them go; a held unit stays when its container moves."""

    items: Positions
    held: bool = True
    kind: ClassVar[str] = "hold"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        items = _checked(alignment, self.items)
        items = items[alignment.held[items] != self.held]
        if not len(items):
            return ()
        if not self.held:
            return (Hold(items, False),)
        following = items[alignment.area_of[items] == FOLLOW]
        now = alignment.resolved[following]
        pins = ((following[now == k], AreaId(k)) for k in np.unique(now).tolist())
        return (*_assigns(*pins), Hold(items, True))

    def says(self, alignment: Alignment, noun: str) -> str:
        return f"{'held' if self.held else 'released'} {_count(len(self.items), noun)}"


@dataclass(frozen=True, slots=True)
class Apply:
    """Edits that were worked out elsewhere: by a merge, a revert, an import, an optimizer."""

    made: tuple[Edit, ...]
    kind: str
    text: str

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        return self.made

    def says(self, alignment: Alignment, noun: str) -> str:
        return self.text


def _checked(alignment: Alignment, items: Positions) -> Positions:
    items = np.unique(np.asarray(items, dtype=np.intp))
    if len(items) and not (items[0] >= 0 and items[-1] < alignment.items.count):
        raise Refused(f"Position {items[-1]} is not one of {alignment.items.count:,} items.")
    return items


def _home(alignment: Alignment, units: Positions, containers: Positions, to: AreaId) -> AreaIds:
    """Return the area of each unit's container once ``containers`` have gone ``to``."""
    after = alignment.area_of.copy()
    after[containers] = to
    inside = alignment.items.container_of[units - alignment.items.containers]
    return np.where(inside >= 0, after[inside], FOLLOW - 1).astype(np.int32)


def _assigns(*moves: tuple[Positions, AreaId]) -> tuple[Edit, ...]:
    return tuple(Assign(items, to) for items, to in moves if len(items))


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun.removesuffix('s') if n == 1 else noun}"
