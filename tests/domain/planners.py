"""Planners who try anything: strategies for commands and for the plans they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from grids import at, done, new_ids
from hypothesis import strategies as st

from tp_geo.domain.alignment import (
    FOLLOW,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    Items,
    frozen,
)
from tp_geo.domain.commands import (
    Branch,
    Change,
    Combine,
    Command,
    Follow,
    HoldItems,
    Move,
    Remove,
    Reparent,
    Split,
)
from tp_geo.domain.edits import Edit
from tp_geo.domain.revision import start
from tp_geo.domain.rules import EVERYTHING, Remit, decide
from tp_geo.domain.targets import Aim, SetTargets
from tp_geo.errors import Refused

ITEMS = Items(8, frozen(np.array([0, 0, 3, 4, 7, -1], dtype=np.int32)))
"""Eight containers; six units: two in the first, one in no container."""

ids = st.integers(1, 5).map(AreaId)
some_items = st.sets(st.integers(0, ITEMS.count - 1), max_size=4).map(
    lambda found: np.array(sorted(found), dtype=np.intp)
)
some_names = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=3, unique=True).map(tuple)


def _split(area: AreaId | None, names: tuple[str, ...], seed: bytes) -> Split:
    return Split(area, names, np.array([s % (len(names) + 1) - 1 for s in seed], dtype=np.int32))


splits = st.builds(
    _split,
    st.none() | ids,
    some_names,
    st.binary(min_size=ITEMS.count, max_size=ITEMS.count),
)
fields = st.one_of(
    st.fixed_dictionaries({"name": st.sampled_from("XYZ")}),
    st.fixed_dictionaries({"locked": st.booleans()}),
    st.fixed_dictionaries({"targets": st.just({"people": 5.0})}),
    st.fixed_dictionaries({"owner": st.sampled_from(["ann", None])}),
)
aims = st.sampled_from([Aim(), Aim(ideal=5.0), Aim(4.0, 5.0, 6.0), Aim(7.0, 5.0), Aim(None, 8.0)])
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Move, some_items, st.integers(0, 5).map(AreaId)),
    st.builds(Follow, some_items),
    st.builds(HoldItems, some_items, st.booleans()),
    st.builds(Branch, st.none() | ids, some_names),
    splits,
    st.builds(Combine, ids, st.frozensets(ids, min_size=1, max_size=2)),
    st.builds(Remove, ids, st.none() | st.integers(0, 5).map(AreaId)),
    st.builds(Reparent, ids, st.none() | ids),
    st.builds(Change, ids, fields),
    st.builds(SetTargets, st.just("people"), st.dictionaries(ids, aims, max_size=3)),
)
"""Whatever a planner may ask for, sensible or not."""


def attempt(
    alignment: Alignment,
    command: Command,
    fresh: Iterator[AreaId] | None = None,
    remit: Remit = EVERYTHING,
) -> tuple[tuple[Edit, ...], Alignment]:
    """Return what a command leads to; nothing when it is refused."""
    try:
        return decide(alignment, command, fresh or new_ids(alignment), remit)
    except Refused:
        return (), alignment


def obey(alignment: Alignment, asked: Iterable[Command], first: int = 1) -> Alignment:
    """Return the alignment after those of the commands that are not refused."""
    fresh = iter(map(AreaId, range(first, first + 900)))
    for command in asked:
        _, alignment = attempt(alignment, command, fresh)
    return alignment


START = done(
    start(ITEMS),
    Branch(None, ("N", "S"), "Region"),
    Move(at(0, 1, 2, 3), AreaId(1)),
    Move(at(4, 5, 6), AreaId(2)),
)
"""North holds four containers, South three; one and the unit in none are unassigned."""


def plans(first: int = 3) -> st.SearchStrategy[Alignment]:
    """What a planner may have made of the start; new areas are numbered from ``first``."""
    return st.lists(commands, max_size=8).map(lambda asked: obey(START, asked, first))


def _made_up(parents: bytes, entries: bytes, held: int, locked: int) -> Alignment:
    found = {}
    for i, p in enumerate(parents):
        parent = AreaId(p % (i + 1)) or None
        found[AreaId(i + 1)] = Area(AreaId(i + 1), "abcdefg"[i], parent, locked=locked >> i & 1 > 0)
    leaves = sorted(found.keys() - {a.parent for a in found.values()})
    anywhere = [UNASSIGNED, *leaves]
    n = ITEMS.containers
    picked = [anywhere[e % len(anywhere)] for e in entries[:n]]
    picked += [[FOLLOW, *anywhere][e % (len(anywhere) + 1)] for e in entries[n:]]
    area_of = np.array(picked, dtype=np.int32)
    fixed = np.array([held >> i & 1 for i in range(ITEMS.count)], dtype=np.bool_)
    return Alignment(ITEMS, found, area_of, fixed & (area_of != FOLLOW))


made_up = st.builds(
    _made_up,
    st.binary(max_size=7),
    st.binary(min_size=ITEMS.count, max_size=ITEMS.count),
    st.sampled_from([0, 0, 1, 2, 2**8, 0b1010_0000_0001, 0b0101_1000_0100_0000]),
    st.sampled_from([0, 0, 1, 2, 12, 64]),
)


def states() -> st.SearchStrategy[Alignment]:
    """Any sound alignment: planned step by step, or made up."""
    return plans() | made_up
