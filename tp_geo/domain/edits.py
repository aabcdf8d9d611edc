"""The few facts an alignment is made of, and the algebra over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tp_geo.domain.alignment import Alignment, Area, AreaId, AreaIds, Positions, ids_in
from tp_geo.domain.shares import Overlap, Shares
from tp_geo.domain.signoff import UNSIGNED, Asks, SignOff


@dataclass(frozen=True, slots=True)
class PutArea:
    """An area as it is from now on: new, renamed, moved, retargeted, locked."""

    area: Area


@dataclass(frozen=True, slots=True)
class DropArea:
    """An area that is no more."""

    area: AreaId


@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """Items that belong to one leaf area from now on; ``FOLLOW`` gives units back."""

    items: Positions
    area: AreaId


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """Items that stay where they are from now on, or are let go."""

    items: Positions
    held: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """Where a branch, or the whole alignment for ``None``, stands in review from now on."""

    area: AreaId | None
    signoff: SignOff


@dataclass(frozen=True, slots=True)
class Ask:
    """What the alignment asks for before it is published from now on."""

    asks: Asks


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """Containers that a further leaf area holds too from now on, or does no more."""

    items: Positions
    area: AreaId
    shared: bool


@dataclass(frozen=True, slots=True)
class Allow:
    """Whether areas may overlap from now on, and how what they share counts."""

    overlap: Overlap


Edit: TypeAlias = PutArea | DropArea | Assign | Hold | Sign | Ask | Share | Allow


def replay(alignment: Alignment, edits: Iterable[Edit]) -> Alignment:
    """Return the alignment after all edits, in order. Total: a recorded edit never fails.

    Copies each part at most once.
    """
    areas: dict[AreaId, Area] | None = None
    area_of, held = alignment.area_of, alignment.held
    signoffs, asks = alignment.signoffs, alignment.asks
    shares, overlap = alignment.shares, alignment.overlap
    for edit in edits:
        match edit:
            case PutArea(area):
                areas = dict(alignment.areas) if areas is None else areas
                areas[area.id] = area
            case DropArea(gone):
                areas = dict(alignment.areas) if areas is None else areas
                areas.pop(gone, None)
                signoffs = _signed(signoffs, gone, UNSIGNED)
                shares -= shares.inside((gone,))
            case Assign(items, to):
                area_of = area_of if area_of.flags.writeable else area_of.copy()
                area_of[items] = to
            case Hold(items, on):
                held = held if held.flags.writeable else held.copy()
                held[items] = on
            case Sign(signed, signoff):
                signoffs = _signed(signoffs, signed, signoff)
            case Ask(asks):
                pass
            case Share(items, sharer, on):
                pairs = Shares.of(items, sharer)
                shares = shares | pairs if on else shares - pairs
            case Allow(overlap):
                pass
    parts = (area_of, held, signoffs, asks, shares, overlap)
    if areas is not None:
        return Alignment(alignment.items, areas, *parts)
    after = Alignment(alignment.items, alignment.areas, *parts)
    for view in ("below", "leaves"):  # the same tree: what was computed of it still holds
        if view in alignment.__dict__:
            after.__dict__[view] = alignment.__dict__[view]
    return after


def assigns(items: Positions, to: AreaIds) -> tuple[Assign, ...]:
    """Return edits that enter each item under its own area; one an area, ascending."""
    order = np.argsort(to, kind="stable")
    to, items = to[order], items[order]
    parts = np.split(items, np.flatnonzero(np.diff(to)) + 1)
    return tuple(Assign(part, k) for k, part in zip(ids_in(to), parts, strict=False))


def diff(before: Alignment, after: Alignment) -> tuple[Edit, ...]:
    """Return edits with ``replay(before, diff(before, after)) == after``."""
    puts = (PutArea(a) for k, a in sorted(after.areas.items()) if before.areas.get(k) != a)
    moved = np.flatnonzero(before.area_of != after.area_of)
    moves = assigns(moved, after.area_of[moved])
    switched = np.flatnonzero(before.held != after.held)
    on = after.held[switched]
    holds = (Hold(switched[on == h], h) for h in (False, True) if (on == h).any())
    drops = (DropArea(k) for k in sorted(before.areas) if k not in after.areas)
    sharing = _sharing(before, after)
    return (*puts, *moves, *holds, *drops, *sharing, *signed(before, after))


def shared_edits(shares: Shares, *, on: bool) -> tuple[Share, ...]:
    """Return edits that share, or no longer share, containers; one an area, ascending."""
    areas = (AreaId(k) for k in np.unique(shares.areas).tolist())
    return tuple(Share(shares.inside((k,)).items, k, on) for k in areas)


def _sharing(before: Alignment, after: Alignment) -> tuple[Share | Allow, ...]:
    """Return the edits from one alignment's overlap to another's, after areas were dropped."""
    allows = () if before.overlap is after.overlap else (Allow(after.overlap),)
    if before.shares is after.shares:
        return allows
    gone = before.shares.inside([k for k in before.areas if k not in after.areas])
    left = before.shares - gone
    ended, begun = left - after.shares, after.shares - left
    return (*allows, *shared_edits(ended, on=False), *shared_edits(begun, on=True))


def signed(before: Alignment, after: Alignment) -> tuple[Sign | Ask, ...]:
    """Return the edits from one alignment's sign-offs to another's; areas that went need none."""
    both = (k for k in before.signoffs.keys() | after.signoffs.keys() if not k or k in after.areas)
    differ = (k for k in both if before.signoff(k) != after.signoff(k))
    signs = (Sign(k, after.signoff(k)) for k in sorted(differ, key=lambda k: k or 0))
    return (*signs, *((Ask(after.asks),) if before.asks != after.asks else ()))


def _signed(
    signoffs: Mapping[AreaId | None, SignOff], area: AreaId | None, signoff: SignOff
) -> Mapping[AreaId | None, SignOff]:
    others = {k: v for k, v in signoffs.items() if k != area}
    return others if signoff == UNSIGNED else {**others, area: signoff}
