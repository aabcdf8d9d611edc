"""What edits may do: one gate for commands, optimizers, merges and reverts alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.domain.alignment import (
    FOLLOW,
    MAX_AREA_ID,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    Positions,
    ids_in,
)
from tp_geo.domain.commands import Command
from tp_geo.domain.edits import Assign, Edit, Hold, PutArea, Share, Sign, replay, signed
from tp_geo.domain.overlap import reheld
from tp_geo.domain.problems import entry_problems, tree_problems
from tp_geo.domain.signing import check_signing, refuse_sealed
from tp_geo.errors import Refused


@dataclass(frozen=True, slots=True)
class Remit:
    """The branches of the hierarchy someone may edit; ``None`` is all of it.

    ``within`` is another remit that has to cover it, too.
    """

    areas: frozenset[AreaId] | None = None
    within: Remit | None = None

    @classmethod
    def of(cls, *areas: AreaId) -> Remit:
        """Return the remit of some branches."""
        return cls(frozenset(areas))

    def covers(self, alignment: Alignment, area: AreaId | None) -> bool:
        """Whether an area is at or below one of the remit's; ``None`` asks about the top."""
        if self.within is not None and not self.within.covers(alignment, area):
            return False
        if self.areas is None:
            return True
        if area is None or area == UNASSIGNED:
            return False
        return any(a.id in self.areas for a in alignment.ancestry(area))


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Locks of areas and holds of items that may be lifted and used in one revision."""

    areas: frozenset[AreaId]
    items: Positions

    @classmethod
    def to(cls, before: Alignment, after: Alignment) -> Keys:
        """Return the keys to what a revision locked and held: who takes it back lifts both."""
        was = {k for k, area in before.areas.items() if area.locked}
        locked = {k for k, area in after.areas.items() if area.locked}
        return cls(frozenset(locked - was), np.flatnonzero(after.held & ~before.held))


EVERYTHING = Remit()
NO_KEYS = Keys(frozenset(), np.zeros(0, dtype=np.intp))


def decide(
    alignment: Alignment,
    command: Command,
    ids: Iterator[AreaId],
    remit: Remit = EVERYTHING,
    keys: Keys = NO_KEYS,
) -> tuple[tuple[Edit, ...], Alignment]:
    """Return the edits a command amounts to and what they lead to, or raise ``Refused``."""
    edits = command.edits(alignment, ids)
    return edits, admit(alignment, edits, remit, keys)


def admit(
    alignment: Alignment, edits: Iterable[Edit], remit: Remit = EVERYTHING, keys: Keys = NO_KEYS
) -> Alignment:
    """Return the alignment after the edits, or raise ``Refused``.

    What counts is where they lead, not the way there. Remits, locks and holds
    are those at the start: lifting one and using it takes two revisions, or a key.
    There is no key to a branch that was submitted or approved.
    """
    edits = tuple(edits)
    for edit in edits:
        if isinstance(edit, Assign | Hold | Share):
            alignment.items.check(edit.items)
    after = replay(alignment, edits)
    changed = touched(alignment, after)
    altered = (*changed, *relocked(alignment, after))
    for area in (*altered, *_signed_areas(alignment, after)):
        if not remit.covers(alignment, area):
            what = "The top level" if area is None else alignment.name(area)
            raise Refused(f"{what} is outside the part you plan.")
    for area in altered:
        refuse_sealed(alignment, area)
    check_signing(alignment, after, alone=not altered)
    opened = _opened(alignment, after, keys)
    for area in changed:
        if area is not None and (by := opened.lock(area)):
            raise Refused(f"{by} is locked. Unlock it, or choose another area.")
    _refuse_unsound(opened, after)
    return after


def touched(before: Alignment, after: Alignment) -> tuple[AreaId | None, ...]:
    """Return the areas of ``before`` that are, hold or are divided otherwise in ``after``.

    ``UNASSIGNED`` is among them when what is unassigned changes, ``None`` when
    the top level does or whether areas may overlap. Of a unit whose entry
    changes and not its place, its area is touched.
    """
    changed = _changed_items(before, after)
    found: set[AreaId | None] = {*ids_in(before.area_at(changed)), *ids_in(after.area_at(changed))}
    found |= reheld(before, after)
    if before.overlap is not after.overlap:
        found.add(None)
    if after.areas is not before.areas:
        for k in before.areas.keys() | after.areas.keys():
            found |= _touched_by(before.areas.get(k), after.areas.get(k))
    known = (k for k in found if not k or k in before.areas)
    return tuple(sorted(known, key=lambda k: -1 if k is None else k))


def relocked(before: Alignment, after: Alignment) -> tuple[AreaId, ...]:
    """Return the areas of which nothing but the lock changes: that needs a remit and no key."""
    if after.areas is before.areas:
        return ()
    both = before.areas.keys() & after.areas.keys()
    return tuple(k for k in sorted(both) if _only_relocked(before.areas[k], after.areas[k]))


def moved_though_held(before: Alignment, after: Alignment) -> Positions:
    """Return the held items whose entry left the area they were held in.

    Dividing that area, or taking the division back, is no leaving.
    """
    held = np.flatnonzero(before.held)
    was, now = before.area_at(held), after.area_at(held)
    changed = (was != now) | (before.area_of[held] != after.area_of[held])
    held, was, now = held[changed], was[changed], now[changed]
    loose = after.held[held] & (after.area_of[held] == FOLLOW)
    pairs, which = np.unique(was.astype(np.int64) * (MAX_AREA_ID + 1) + now, return_inverse=True)
    moves = (divmod(pair, MAX_AREA_ID + 1) for pair in pairs.tolist())
    left = np.array([not _stayed(before, after, AreaId(a), AreaId(b)) for a, b in moves], np.bool_)
    gone: Positions = held[loose | left[which]] if len(held) else held
    return gone


def _signed_areas(before: Alignment, after: Alignment) -> tuple[AreaId | None, ...]:
    """Return what is signed off; what an alignment asks for is a matter of the whole."""
    return tuple(e.area if isinstance(e, Sign) else None for e in signed(before, after))


def _opened(before: Alignment, after: Alignment, keys: Keys) -> Alignment:
    """Return the alignment without the locks and holds there are keys to and that are lifted."""
    areas = (before.areas[k] for k in sorted(keys.areas & before.areas.keys()))
    lifted = (a for a in areas if not ((now := after.areas.get(a.id)) and now.locked))
    released = keys.items[~after.held[keys.items]]
    puts = tuple(PutArea(replace(area, locked=False)) for area in lifted)
    return replay(before, (*puts, Hold(released, False)) if len(released) else puts)


def _refuse_unsound(before: Alignment, after: Alignment) -> None:
    changed = _changed_items(before, after)
    if after.areas is not before.areas and (found := tree_problems(after)):
        raise Refused(f"This can't be done: {found[0]}.")
    if len(left := moved_though_held(before, after)):
        name = before.name(AreaId(int(before.area_at(left[:1])[0])))
        what = "1 held item" if len(left) == 1 else f"{len(left):,} held items"
        raise Refused(f"{what} would leave {name}. Release them first.")
    if found := entry_problems(after, changed if after.areas is before.areas else None):
        raise Refused(f"This can't be done: {found[0]}.")


def _changed_items(before: Alignment, after: Alignment) -> Positions:
    changed = np.zeros(before.items.count, dtype=np.bool_)
    if after.area_of is not before.area_of:
        changed |= before.area_of != after.area_of
    if after.held is not before.held:
        changed |= before.held != after.held
    return np.flatnonzero(changed)


def _touched_by(old: Area | None, new: Area | None) -> set[AreaId | None]:
    """Return what is touched when an area turns from old to new; ``None`` where there is none."""
    if old is new or old == new:
        return set()
    if old is None or new is None:
        area = old or new
        return {area.id, area.parent} if area else set()
    if _only_relocked(old, new):
        return set()
    return {new.id} if old.parent == new.parent else {new.id, old.parent, new.parent}


def _only_relocked(old: Area, new: Area) -> bool:
    return old.locked != new.locked and replace(old, locked=new.locked) == new


def _stayed(before: Alignment, after: Alignment, was: AreaId, now: AreaId) -> bool:
    if was == now:
        return True
    if UNASSIGNED in (was, now):
        return False
    divided = was in after.areas and now in after.areas and _above(after, was, now)
    return divided or (now in before.areas and _above(before, now, was))


def _above(alignment: Alignment, upper: AreaId, lower: AreaId) -> bool:
    return any(a.id == upper for a in alignment.ancestry(lower))
