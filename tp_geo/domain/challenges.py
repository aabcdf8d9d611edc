"""Challenges: somebody asks that an area keep, give or get items, and the owner above decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Positions, ids_in
from tp_geo.domain.commands import HoldItems, Move, counted
from tp_geo.errors import Refused

MAX_REASON = 1_000
MOST_ITEMS = 2_000
"""Of one challenge: more is a plan of its own, not a question about it."""


class Wish(StrEnum):
    """What is asked for: that an area keep what it has, give it away, or take it from another."""

    KEEP = "keep"
    GIVE = "give"
    TAKE = "take"


class Verdict(StrEnum):
    """Where a challenge stands; only an open one changes."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an alignment: ``area`` keeps, gives to ``to``, or takes some items.

    ``to`` is the area that gets what ``area`` gives, ``UNASSIGNED`` for none;
    it counts for nothing else.
    """

    wish: Wish
    area: AreaId
    to: AreaId = UNASSIGNED


Answer: TypeAlias = Move | HoldItems


def check(alignment: Alignment, asked: Question, items: Positions, *, by: str) -> None:
    """Refuse a question that its asker can't ask: of other people's areas, or out of view."""
    name = alignment.name(alignment.area(asked.area).id)
    if not len(items):
        raise Refused("Say which containers or units the challenge is about.")
    if len(items) > MOST_ITEMS:
        raise Refused(
            f"A challenge is about {MOST_ITEMS:,} containers and units at most, not "
            f"{len(items):,}. Ask for less, or discuss the areas in a comment."
        )
    alignment.items.check(items)
    if by not in (own := owners(alignment, asked.area)) and own:
        raise Refused(
            f"{name} is planned by {_listed(own)}, not by {by}. "
            "Challenge for an area of your own, or ask them to."
        )
    inside = frozenset(alignment.subtree(asked.area))
    _check_place(alignment, asked, items, inside, name)
    view = alignment.area(asked.area).parent
    if view is None:
        return
    seen = {UNASSIGNED, *alignment.subtree(view)}
    for area in (*ids_in(alignment.area_at(items)), asked.to):
        if area not in seen:
            raise Refused(
                f"{alignment.name(area)} is out of view for {name}: it lies outside "
                f"{alignment.name(view)}. Ask only for what lies in {alignment.name(view)}, or is "
                "unassigned."
            )


def answer(alignment: Alignment, asked: Question, items: Positions) -> Answer:
    """Return the change that a challenge asks for."""
    if asked.area not in alignment.areas:
        raise Refused("The area that it was asked for is gone. Decline the challenge.")
    if asked.wish is Wish.KEEP:
        return HoldItems(items)
    to = asked.area if asked.wish is Wish.TAKE else asked.to
    if to not in alignment.areas and to != UNASSIGNED:
        raise Refused("The area that should get them is gone. Decline the challenge.")
    return Move(items, to)


def branch(alignment: Alignment, asked: Question, items: Positions) -> AreaId | None:
    """Return the branch whose owner decides: the nearest above every area that is concerned.

    ``None`` is the whole alignment.
    """
    concerned = [asked.area, *ids_in(alignment.area_at(items))]
    if asked.to in alignment.areas:
        concerned.append(asked.to)
    above = [_above(alignment, k) for k in concerned if k in alignment.areas]
    shared = [k for k in above[0] if all(k in others for others in above)] if above else []
    return shared[0] if shared else None


def owners(alignment: Alignment, area: AreaId | None) -> frozenset[str]:
    """Return who plans an area: its owner and those of the areas above; nobody for the whole."""
    if area is None:
        return frozenset()
    return frozenset(a.owner for a in alignment.ancestry(area) if a.owner)


def check_decider(alignment: Alignment, decides: AreaId | None, *, by: str, asker: str) -> None:
    """Refuse a decision by somebody who does not plan the branch, or asked for it themselves.

    Where nobody plans the branch, anybody but who asked decides.
    """
    able = owners(alignment, decides)
    if not able and by == asker:
        raise Refused("You asked for this yourself: somebody else decides. You can withdraw it.")
    if able and by not in able:
        where = alignment.name(decides) if decides else "the alignment"
        raise Refused(f"{where} is planned by {_listed(able)}: they decide this challenge.")


def says(alignment: Alignment, asked: Question, number: int, noun: str) -> str:
    """Return what is asked for in words: ``West wants to take 2 postal codes``."""
    what, name = counted(number, noun), _name(alignment, asked.area)
    match asked.wish:
        case Wish.KEEP:
            return f"{name} wants to keep {what}"
        case Wish.GIVE:
            to = _name(alignment, asked.to) if asked.to else "nobody"
            return f"{name} wants to give {what} to {to}"
    return f"{name} wants to take {what}"


def _check_place(
    alignment: Alignment, asked: Question, items: Positions, inside: frozenset[AreaId], name: str
) -> None:
    """Refuse to keep or give what an area has not, to take what it has, or to give it itself."""
    has = np.isin(alignment.area_at(items), list(inside))
    if asked.wish is Wish.TAKE and has.any():
        raise Refused(f"{name} has {counted(int(has.sum()), 'items')} of these already.")
    if asked.wish is not Wish.TAKE and not has.all():
        lacks = int((~has).sum())
        raise Refused(
            f"{counted(lacks, 'items')} of these {'is' if lacks == 1 else 'are'} not in {name}. "
            "Ask to take what is not, or leave it out."
        )
    if asked.wish is Wish.GIVE and asked.to in inside:
        raise Refused(f"{alignment.name(asked.to)} is part of {name}. Choose another area.")


def _above(alignment: Alignment, area: AreaId) -> list[AreaId]:
    """Return the areas above one, nearest first."""
    return [a.id for a in alignment.ancestry(area)][1:]


def _name(alignment: Alignment, area: AreaId) -> str:
    return alignment.name(area) if area in alignment.areas else "an area that is gone"


def _listed(people: frozenset[str]) -> str:
    return " and ".join(sorted(people))
