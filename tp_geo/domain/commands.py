"""What a planner can ask for: each command says which edits it amounts to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import ClassVar, Protocol

import numpy as np

from tp_geo.domain.alignment import (
    FOLLOW,
    HOME,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    AreaIds,
    Positions,
    Profile,
    ids_in,
)
from tp_geo.domain.edits import Assign, DropArea, Edit, Hold, PutArea, Share, assigns, replay
from tp_geo.domain.overlap import passed_on
from tp_geo.errors import Refused

CHANGEABLE = tuple(f.name for f in fields(Area) if f.name not in ("id", "parent"))
"""What ``Change`` may set; putting an area elsewhere is ``Reparent``."""


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
        return _given(alignment, checked(alignment, self.items), self._leaf(alignment))

    def says(self, alignment: Alignment, noun: str) -> str:
        items, to = checked(alignment, self.items), self._leaf(alignment)
        leaving = items[alignment.area_at(items) != to]
        losing = ids_in(alignment.area_at(leaving))
        where = alignment.name(losing[0]) if len(losing) == 1 else f"{len(losing)} areas"
        from_ = f" from {where}" if losing else ""
        what = _what(alignment, leaving if len(leaving) else items, noun)
        return f"moved {what}{from_} to {alignment.name(self.to)}"

    def _leaf(self, alignment: Alignment) -> AreaId:
        return UNASSIGNED if self.to == UNASSIGNED else alignment.leaf(alignment.area(self.to).id)


@dataclass(frozen=True, slots=True, eq=False)
class Follow:
    """Give units back to their containers: they go where these go."""

    items: Positions
    kind: ClassVar[str] = "follow"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        return _following(alignment, checked(alignment, self.items))

    def says(self, alignment: Alignment, noun: str) -> str:
        items = checked(alignment, self.items)
        units = items[items >= alignment.items.containers]
        return f"gave {counted(len(units), 'units')} back to the areas that surround them"


@dataclass(frozen=True, slots=True)
class Branch:
    """Put areas below one (``None``: at the top); what a leaf held goes to the first of them."""

    area: AreaId | None
    names: tuple[str, ...]
    level: str = "Area"
    profile: Profile | None = None
    kind: ClassVar[str] = "branch"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        if not self.names:
            raise Refused("A branch needs at least one area. Give a number or names.")
        new = [
            Area(next(ids), name, self.area, self.level, profile=self.profile or Profile.CONTIGUOUS)
            for name in self.names
        ]
        puts = tuple(map(PutArea, new))
        if self.area is None or alignment.children(alignment.area(self.area).id):
            return puts
        held = alignment.holds(self.area)
        given = assigns(held, np.full(len(held), new[0].id, dtype=np.int32))
        return (*puts, *given, *passed_on(alignment, (self.area,), new[0].id))

    def says(self, alignment: Alignment, noun: str) -> str:
        where = "at the top" if self.area is None else f"below {alignment.name(self.area)}"
        what = self.names[0] if len(self.names) == 1 else counted(len(self.names), "areas")
        return f"added {what} {where}"


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Divide a leaf area (``None``: what is unassigned) into areas, one for each part.

    ``part_of`` has an entry per item: which of ``names`` it goes to. With -1
    what is unassigned stays so, a unit of the area goes with its container
    when that is in the area too, and everything else goes to the first part.
    Units that follow their container go with it whatever their entry says.
    """

    area: AreaId | None
    names: tuple[str, ...]
    part_of: AreaIds
    level: str = "Area"
    profile: Profile | None = None
    kind: ClassVar[str] = "split"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        if self.area is not None and alignment.children(self.area):
            raise Refused(
                f"{alignment.name(self.area)} is divided already. Split an area below it."
            )
        branch = Branch(self.area, self.names, self.level, self.profile).edits(alignment, ids)
        puts = [e for e in branch if isinstance(e, PutArea)]
        part = np.asarray(self.part_of)
        if len(part) != alignment.items.count or part.max(initial=-1) >= len(puts):
            raise ValueError(
                f"Expected {alignment.items.count} entries below {len(puts)} in part_of, "
                f"got {len(part)} up to {part.max(initial=-1)}."
            )
        mine = self._divided(alignment)
        goes = part[mine] if self.area is None else self._part(alignment, mine)
        new = np.array([put.area.id for put in puts], dtype=np.int32)
        shares = (e for e in branch if isinstance(e, Share))
        return (*puts, *assigns(mine[goes >= 0], new[goes[goes >= 0]]), *shares)

    def _divided(self, alignment: Alignment) -> Positions:
        """Return the items to go round; units in no container have no one to go with."""
        if self.area is not None:
            return alignment.holds(self.area)
        alone = alignment.area_of == UNASSIGNED
        stray = alignment.items.containers + np.flatnonzero(alignment.items.container_of < 0)
        alone[stray] |= alignment.area_of[stray] == FOLLOW
        return np.flatnonzero(alone)

    def _part(self, alignment: Alignment, mine: Positions) -> Positions:
        """Return the part each item of the area goes to, 0 where nothing says another."""
        n, part = alignment.items.containers, np.array(self.part_of, dtype=np.intp)
        units = mine[(mine >= n) & (part[mine] < 0)]
        inside = alignment.items.container_of[units - n]
        with_it = (inside >= 0) & (alignment.area_of[inside] == self.area)
        part[units[with_it]] = part[inside[with_it]]
        return np.maximum(part[mine], 0)

    def says(self, alignment: Alignment, noun: str) -> str:
        what = "what is unassigned" if self.area is None else alignment.name(self.area)
        return f"split {what} into {counted(len(self.names), 'areas')}"


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
            if any(a.id == alignment.area(k).id for a in alignment.ancestry(self.kept)):
                raise Refused(f"{alignment.name(self.kept)} is below {alignment.name(k)}.")
        children = [c for k in others for c in alignment.children(k) if c not in others]
        lifted = [PutArea(replace(alignment.area(c), parent=self.kept)) for c in children]
        drops = [DropArea(k) for k in others]
        heir = replay(alignment, (*lifted, *drops)).leaf(self.kept)
        given = np.flatnonzero(np.isin(alignment.area_of, [*others, self.kept]))
        shares = passed_on(alignment, (*others, self.kept), heir)
        return (*lifted, *_given(alignment, given, heir), *shares, *drops)

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
        to = self.to
        if to is None:
            only = area.parent and alignment.children(area.parent) == (self.area,)
            to = area.parent if area.parent and only else UNASSIGNED
        if to in gone:
            raise Refused(f"What {area.name} holds can't go to an area that is removed with it.")
        drops = tuple(map(DropArea, reversed(gone)))
        heir = UNASSIGNED
        if to != UNASSIGNED:
            heir = replay(alignment, drops).leaf(alignment.area(to).id)
        given = np.flatnonzero(np.isin(alignment.area_of, gone))
        shares = passed_on(alignment, gone, heir)
        return (*_given(alignment, given, heir), *shares, *drops)

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
                    f"{alignment.name(self.parent)} holds {counted(held, 'items')} itself. "
                    "Branch it first, then move areas under it."
                )
        return (PutArea(replace(area, parent=self.parent)),)

    def says(self, alignment: Alignment, noun: str) -> str:
        where = "to the top" if self.parent is None else f"under {alignment.name(self.parent)}"
        return f"moved {alignment.name(self.area)} {where}"


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
        if wrong := sorted(self.fields.keys() - CHANGEABLE):
            known = ", ".join(CHANGEABLE)
            raise Refused(f"{wrong[0]!r} of an area can't be set; these can: {known}.")
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
            case {"attributes": Mapping() as new, **rest} if not rest:
                return self._says_attributes(alignment.area(self.area), new)
            case _:
                return f"changed {', '.join(self._changed(alignment))} of {name}"

    def _says_attributes(self, area: Area, new: Mapping[str, object]) -> str:
        changed = _differing(area.attributes, new)
        said = ", ".join(map(attribute_label, changed))
        if len(changed) != 1:
            return f"changed {said or 'attributes'} of {area.name}"
        if changed[0] not in new:
            return f"took {said} of {area.name} away"
        return f"changed {said} of {area.name} to {new[changed[0]]}"

    def _changed(self, alignment: Alignment) -> Iterator[str]:
        """Yield what is set, each attribute by its name."""
        for name, new in self.fields.items():
            if name == "attributes" and isinstance(new, Mapping):
                old = alignment.area(self.area).attributes
                yield from map(attribute_label, _differing(old, new))
            else:
                yield name


@dataclass(frozen=True, slots=True, eq=False)
class HoldItems:
    """Hold items where they are, or let them go; a held unit stays when its container moves.

    A unit that is let go where its container is follows it again.
    """

    items: Positions
    held: bool = True
    kind: ClassVar[str] = "hold"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        items = checked(alignment, self.items)
        items = items[alignment.held[items] != self.held]
        if not len(items):
            return ()
        if not self.held:
            home = items[np.isin(items, alignment.exceptions, invert=True)]
            return (*_following(alignment, home), Hold(items, False))
        following = items[alignment.area_of[items] == FOLLOW]
        return (*assigns(following, alignment.area_at(following)), Hold(items, True))

    def says(self, alignment: Alignment, noun: str) -> str:
        what = _what(alignment, checked(alignment, self.items), noun)
        return f"{'held' if self.held else 'released'} {what}"


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


def attribute_label(name: str) -> str:
    """Return what an attribute of an area is called in a sentence."""
    return "owner's home" if name == HOME else name


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return sorted(k for k in old.keys() | new.keys() if old.get(k) != new.get(k))


def counted(n: int, noun: str) -> str:
    """Return a number with its noun: ``1 county``, ``2 counties``, ``1 person``, ``2 people``."""
    one = f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
    one = "person" if noun == "people" else one
    return f"{n:,} {one if n == 1 else noun}"


def checked(alignment: Alignment, items: Positions) -> Positions:
    """Return the items ascending, each once."""
    items = np.asarray(items, dtype=np.intp)
    alignment.items.check(items)
    chosen = np.zeros(alignment.items.count, dtype=np.bool_)
    chosen[items] = True
    return np.flatnonzero(chosen)


def _given(alignment: Alignment, items: Positions, to: AreaId) -> tuple[Assign, ...]:
    """Return the edits that give items to a leaf; units that come home follow, held ones don't."""
    n, entries = alignment.items.containers, np.full(len(items), to, dtype=np.int32)
    units = items >= n
    after = alignment.area_of.copy()
    after[items[~units]] = to
    inside = alignment.items.container_of[items[units] - n]
    home = np.where(inside >= 0, after[inside], UNASSIGNED)
    entries[units] = np.where((home == to) & ~alignment.held[items[units]], FOLLOW, to)
    changed = alignment.area_of[items] != entries
    return assigns(items[changed], entries[changed])


def _following(alignment: Alignment, items: Positions) -> tuple[Assign, ...]:
    apart = items[(items >= alignment.items.containers) & (alignment.area_of[items] != FOLLOW)]
    return assigns(apart, np.full(len(apart), FOLLOW, dtype=np.int32))


def _what(alignment: Alignment, items: Positions, noun: str) -> str:
    units = int((items >= alignment.items.containers).sum())
    said = [(len(items) - units, noun), (units, "units")]
    return " and ".join(counted(n, of) for n, of in said if n) or counted(0, noun)
