"""Fill as a command: through the gate, inside an area, told before it is done."""

from __future__ import annotations

import numpy as np
import pytest
from grids import at, done, drawn, grid
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, HoldItems
from tp_geo.domain.problems import problems
from tp_geo.errors import Refused
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.workflow.filling import Fill, Way

A, B = AreaId(1), AreaId(2)


def fill(way: Way, n: int, inside: tuple[AreaId, ...] | None = None, among: str = "") -> Fill:
    """Fill on a country of one row: each container touches the next."""
    pairs = np.column_stack([np.arange(n - 1), np.arange(1, n)]).astype(np.int32)
    adjacency = Adjacency(pairs, np.ones(n - 1), np.zeros(n - 1, np.bool_))
    xy = np.column_stack([np.arange(n) * 0.1, np.zeros(n)])
    chosen = np.array([c == "x" for c in among] or [True] * n)
    return Fill(way, adjacency, xy, np.ones(n), chosen, inside)


rows = st.text("AB..", min_size=2, max_size=9).map(lambda t: f"A{t}B")
marks = st.text(".#", min_size=11, max_size=11)


@given(rows, marks, st.sampled_from(Way), st.booleans())
def test_no_assigned_held_or_locked_item_moves(row: str, held: str, way: Way, locked: bool) -> None:
    a = done(grid(row, held=held[: len(row)]), Change(B, {"locked": locked}))
    try:
        after = done(a, fill(way, len(row)))
    except Refused:
        return
    assert problems(after) == ()
    kept = (a.area_of != UNASSIGNED) | a.held
    assert np.array_equal(after.area_of[kept], a.area_of[kept])
    assert not locked or np.array_equal(after.area_of == B, a.area_of == B)


@given(rows, st.sampled_from(Way))
def test_what_is_previewed_is_done(row: str, way: Way) -> None:
    a, command = grid(row), fill(way, len(row))
    got = command.preview(a)
    if got:
        after = done(a, command)
        more = {k: int((after.area_of == k).sum() - (a.area_of == k).sum()) for k in (A, B)}
        assert {k: n for k, n in more.items() if n} == got
        assert list(got.values()) == sorted(got.values(), reverse=True)


def test_gaps_are_filled_from_both_ends_and_told() -> None:
    a = grid("A....B")
    assert drawn(done(a, fill(Way.NEARNESS, 6)), width=6) == "AAABBB"
    said = fill(Way.NEIGHBORS, 6).says(a, "counties")
    assert said == "filled 4 counties by neighbors: A 2, B 2"


def test_inside_an_area_only_what_falls_to_it_is_given() -> None:
    a = done(grid("A....B"), Branch(B, ("East", "Coast")))
    assert drawn(done(a, fill(Way.NEARNESS, 6, inside=(B,))), width=6) == "A..EEE"


def test_only_some_containers_may_be_filled() -> None:
    a = grid("A....B")
    assert drawn(done(a, fill(Way.NEARNESS, 6, among=".x..x.")), width=6) == "AA..BB"


def test_units_follow_the_containers_that_are_filled() -> None:
    a = grid("A..B", units=".*B.")
    after = done(a, fill(Way.NEARNESS, 4))
    assert after.resolved.tolist() == [A, A, B, B, A, B]


@pytest.mark.parametrize("row", ["....", "AABB"])
def test_nothing_to_fill_is_refused_in_words(row: str) -> None:
    a: Alignment = done(grid(row), HoldItems(at()))
    with pytest.raises(Refused, match="Nothing can be filled"):
        done(a, fill(Way.NEARNESS, 4))
