"""The path of an item through a log is where it truly was, revision by revision."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from planners import ITEMS, commands, ids, some_items

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.audit import path
from tp_geo.domain.commands import Branch, Command, Move
from tp_geo.domain.revision import Revision, start
from tp_geo.domain.rules import decide
from tp_geo.domain.shares import Overlap
from tp_geo.domain.sharing import AllowOverlap, ShareWith, StopSharing
from tp_geo.errors import Refused

N, S = AreaId(1), AreaId(2)
sharing: st.SearchStrategy[Command] = st.one_of(
    st.builds(ShareWith, some_items, ids),
    st.builds(StopSharing, some_items, st.none() | ids),
    st.just(AllowOverlap(Overlap.FULL)),
)
BEGIN = (Branch(None, ("N", "S"), "Region"), AllowOverlap(Overlap.FULL))


@given(st.lists(commands | sharing, max_size=10), st.integers(0, ITEMS.count - 1))
def test_the_path_tells_every_change_of_place_hold_and_sharing_and_nothing_else(
    asked: list[Command], item: int
) -> None:
    state, log, expected = start(ITEMS), [], []
    fresh = map(AreaId, range(1, 900))
    for command in (*BEGIN, *asked):
        try:
            edits, after = decide(state, command, fresh)
        except Refused:
            continue
        log.append(Revision(len(log) + 1, "ann", "2027", command.kind, "", edits))
        was, now = (
            (int(s.resolved[item]), bool(s.held[item]), _sharers(s, item)) for s in (state, after)
        )
        if was != now:
            expected.append((len(log), was[0], *now))
        state = after
    found = [(s.seq, s.before, s.after, s.held, s.shared) for s in path(ITEMS, log, item)]
    assert found == expected


def _sharers(state, item: int) -> frozenset[AreaId]:
    pairs = zip(state.shares.items, state.shares.areas, strict=True)
    return frozenset(AreaId(int(k)) for i, k in pairs if i == item)


def test_a_unit_goes_where_its_container_goes() -> None:
    state, log = start(ITEMS), []
    fresh = map(AreaId, range(1, 9))

    for command in (*BEGIN, Move(np.array([0]), N), Move(np.array([0]), S)):
        edits, state = decide(state, command, fresh)
        log.append(Revision(len(log) + 1, "ann", "2027", command.kind, "", edits))
    unit = ITEMS.containers
    assert [(s.before, s.after) for s in path(ITEMS, log, unit)] == [(UNASSIGNED, N), (N, S)]
