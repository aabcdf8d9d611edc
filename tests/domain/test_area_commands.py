"""Commands on whole areas: swapped, split apart, locked together."""

from __future__ import annotations

import numpy as np
import pytest
from grids import at, done, drawn, grid, the, units
from hypothesis import given
from hypothesis import strategies as st
from planners import attempt, ids, some_items, states

from tp_geo.domain.alignment import Alignment, AreaId, Positions
from tp_geo.domain.commands import Branch, Change, HoldItems
from tp_geo.domain.locking import LockAreas
from tp_geo.domain.problems import problems
from tp_geo.domain.splitting import SplitOff
from tp_geo.domain.swapping import Swap
from tp_geo.errors import Refused

A, B, C = AreaId(1), AreaId(2), AreaId(3)


# swap


@given(states(), ids, ids)
def test_swapping_twice_is_not_swapping_at_all(a: Alignment, one: AreaId, other: AreaId) -> None:
    made, once = attempt(a, Swap(one, other))
    if made:
        assert problems(once) == ()
        assert done(once, Swap(one, other)) == a


@given(states(), ids, ids)
def test_a_swap_gives_each_area_what_the_other_held(
    a: Alignment, one: AreaId, other: AreaId
) -> None:
    made, b = attempt(a, Swap(one, other))
    if made:
        assert np.array_equal(a.resolved == one, b.resolved == other)
        assert np.array_equal(a.resolved == other, b.resolved == one)
        apart = (a.resolved != one) & (a.resolved != other)
        assert np.array_equal(a.resolved[apart], b.resolved[apart])


def test_two_areas_swap_their_containers_and_units() -> None:
    """
    A A B    units: one follows in A, one of B was moved by itself into A
    A B .
    """
    a = grid("AAB AB.", units="*.A ...")
    b = done(a, Swap(A, B))
    assert drawn(b) == "BBA BA."
    assert units(b) == "Bb"
    assert Swap(A, B).says(a, "counties") == "swapped what A and B hold"


def test_a_swap_that_makes_no_sense_is_refused() -> None:
    a = done(grid("AAB"), Branch(A, ("North", "South")))
    with pytest.raises(Refused, match="A is divided"):
        done(a, Swap(A, B))
    with pytest.raises(Refused, match="with itself"):
        done(a, Swap(B, B))
    held = done(grid("AAB"), HoldItems(at(0)))
    with pytest.raises(Refused, match="1 held item would leave A"):
        done(held, Swap(A, B))


# split off


@given(states(), ids, some_items)
def test_a_split_keeps_the_union(a: Alignment, area: AreaId, items: Positions) -> None:
    made, b = attempt(a, SplitOff(area, "New", items))
    if made:
        assert problems(b) == ()
        new = the(b, "New")
        assert np.array_equal(a.resolved == area, np.isin(b.resolved, [area, new]))
        apart = a.resolved != area
        assert np.array_equal(a.resolved[apart], b.resolved[apart])
        assert (b.resolved == new).any()


def test_a_part_becomes_an_area_beside_the_old_one() -> None:
    a = done(grid("AAB"), Change(A, {"level": "Region"}), Branch(B, ("East", "West")))
    west = the(a, "West")
    b = done(a, SplitOff(A, "A two", at(1, 2)))
    new = b.area(the(b, "A two"))
    assert b.area_of.tolist()[:2] == [A, new.id]
    assert (new.parent, new.level, new.profile) == (None, "Region", a.area(A).profile)
    assert b.holds(west).tolist() == a.holds(west).tolist()
    assert SplitOff(A, "A two", at(1, 2)).says(a, "counties") == "split 1 county off A as A two"


@pytest.mark.parametrize("items", [(), (2,), (0, 1)])
def test_no_part_may_be_empty(items: tuple[int, ...]) -> None:
    with pytest.raises(Refused, match="One part of A would be empty"):
        done(grid("AAB"), SplitOff(A, "New", at(*items)))


# lock


@given(states(), st.lists(ids, max_size=4).map(tuple), st.booleans())
def test_areas_are_locked_and_unlocked_together(
    a: Alignment, chosen: tuple[AreaId, ...], on: bool
) -> None:
    made, b = attempt(a, LockAreas(chosen, on))
    if all(k in a.areas for k in chosen):
        assert all(b.areas[k].locked == on for k in chosen)
    assert bool(made) == (a != b)
    assert np.array_equal(a.area_of, b.area_of)


def test_a_lock_tells_how_many_areas_change() -> None:
    a = done(grid("AAB CCC"), Change(A, {"locked": True}))
    assert LockAreas((A, B, C)).says(a, "counties") == "locked 2 areas"
    assert LockAreas((A, B, C), locked=False).says(a, "counties") == "unlocked A"
    assert LockAreas((A,)).edits(a, iter(())) == ()
