"""What an alignment says about its items and areas."""

from __future__ import annotations

import numpy as np
import pytest
from grids import grid, the
from hypothesis import given
from planners import ITEMS, some_items, states

from tp_geo.domain.alignment import (
    FOLLOW,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    Items,
    Positions,
    frozen,
)
from tp_geo.errors import Refused


@given(states())
def test_every_item_is_in_one_leaf_or_unassigned(a: Alignment) -> None:
    assert set(a.resolved.tolist()) <= a.leaves | {UNASSIGNED}
    assert len(a.resolved) == a.items.count


@given(states(), some_items)
def test_looking_up_some_items_is_looking_up_all(a: Alignment, items: Positions) -> None:
    assert np.array_equal(a.area_at(items), a.resolved[items])


@given(states())
def test_exceptions_are_the_units_that_differ_from_their_container(a: Alignment) -> None:
    n, where = a.items.containers, a.resolved
    home = [where[c] if c >= 0 else UNASSIGNED for c in a.items.container_of]
    assert a.exceptions.tolist() == [n + u for u, k in enumerate(home) if where[n + u] != k]


@given(states())
def test_a_subtree_is_everything_with_the_area_above_it(a: Alignment) -> None:
    for k in a.areas:
        below = {i for i in a.areas if any(up.id == k for up in a.ancestry(i))}
        assert next(iter(a.subtree(k))) == k
        assert set(a.subtree(k)) == below


@given(states())
def test_items_given_to_an_area_land_in_a_leaf_at_or_below_it(a: Alignment) -> None:
    for k in a.areas:
        assert a.leaf(k) in a.leaves
        assert a.leaf(k) in set(a.subtree(k))


@given(states())
def test_the_lock_of_an_area_is_its_own_or_one_above(a: Alignment) -> None:
    for k in a.areas:
        locked = [up.name for up in a.ancestry(k) if up.locked]
        assert a.lock(k) == (locked[0] if locked else None)


@given(states())
def test_alignments_are_equal_by_what_they_say(a: Alignment) -> None:
    same = Alignment(a.items, dict(a.areas), frozen(a.area_of.copy()), frozen(a.held.copy()))
    assert a == same
    assert a != Alignment(a.items, a.areas, a.area_of, frozen(~a.held))


def test_a_unit_follows_its_container_until_it_is_moved_by_itself() -> None:
    """
    containers  A A B      units  * B .
                A B B             . * *
    """
    a = grid("AAB ABB", units="*B. .**")
    assert [a.name(AreaId(k)) for k in a.resolved[6:].tolist()] == ["A", "B", "B", "B"]
    assert a.exceptions.tolist() == [7]


def test_a_unit_in_no_container_is_unassigned_until_it_is_moved() -> None:
    items = Items(1, frozen(np.array([-1, -1], dtype=np.int32)))
    entries = np.array([1, FOLLOW, 1], dtype=np.int32)
    a = Alignment(items, {AreaId(1): Area(AreaId(1), "A")}, entries, np.zeros(3, dtype=np.bool_))
    assert a.resolved.tolist() == [1, UNASSIGNED, 1]
    assert a.exceptions.tolist() == [2]


def test_an_empty_alignment_has_everything_unassigned() -> None:
    a = Alignment.empty(ITEMS)
    assert a.areas == {}
    assert set(a.resolved.tolist()) == {UNASSIGNED}
    assert not len(a.exceptions)


def test_arrays_of_an_alignment_cannot_be_written() -> None:
    a = grid("AB")
    for array in (a.area_of, a.held, a.resolved):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_asking_for_an_area_that_is_gone_is_refused_with_its_number() -> None:
    with pytest.raises(Refused, match="no area with id 7"):
        grid("AB").area(AreaId(7))


def test_areas_and_what_is_unassigned_have_names() -> None:
    a = grid("AB")
    assert [a.name(UNASSIGNED), a.name(the(a, "B"))] == ["Unassigned", "B"]
    assert a.depth(the(a, "B")) == 1
