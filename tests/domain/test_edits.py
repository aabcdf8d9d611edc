"""The algebra of edits."""

from __future__ import annotations

import copy

import numpy as np
from grids import at, grid
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from planners import ITEMS, commands, obey, plans, states
from strategies import edits

from tp_geo.domain.alignment import Alignment, Area, AreaId
from tp_geo.domain.commands import Command
from tp_geo.domain.edits import Assign, DropArea, Edit, Hold, PutArea, assigns, diff, replay


@given(states(), states())
def test_replaying_a_diff_reaches_the_other_alignment(a: Alignment, b: Alignment) -> None:
    assert replay(a, diff(a, b)) == b


@given(states())
def test_an_alignment_does_not_differ_from_itself(a: Alignment) -> None:
    assert diff(a, a) == ()


@given(states(), st.lists(edits(ITEMS), max_size=6), st.integers(0, 6))
def test_replay_is_a_fold_that_may_be_cut_anywhere(
    a: Alignment, done: list[Edit], cut: int
) -> None:
    one_by_one = a
    for edit in done:
        one_by_one = replay(one_by_one, (edit,))
    assert replay(a, done) == one_by_one == replay(replay(a, done[:cut]), done[cut:])


@given(states(), st.lists(edits(ITEMS), max_size=6))
def test_replaying_leaves_its_argument_alone(a: Alignment, done: list[Edit]) -> None:
    was = Alignment(a.items, dict(a.areas), a.area_of.copy(), a.held.copy())
    given_ = copy.deepcopy(done)
    replay(a, done)
    assert a == was
    for edit, before in zip(done, given_, strict=True):
        match edit, before:
            case (Assign(items, _), Assign(then, _)) | (Hold(items, _), Hold(then, _)):
                assert np.array_equal(items, then)
            case _:
                assert edit == before


@given(plans(), st.lists(commands, max_size=6))
def test_what_is_remembered_of_a_tree_never_outlives_it(a: Alignment, asked: list[Command]) -> None:
    """``below`` and ``leaves`` are carried over when only items move."""
    assert a.below is not None
    assert a.leaves is not None
    b = obey(a, asked, 500)
    fresh = Alignment(b.items, b.areas, b.area_of, b.held)
    assert b.below == fresh.below
    assert b.leaves == fresh.leaves


@given(hnp.arrays(np.int32, st.integers(0, 9), elements=st.integers(-1, 4)))
def test_grouping_by_area_loses_no_item_and_keeps_their_order(to: np.ndarray) -> None:
    items = np.arange(len(to)) * 3
    found = assigns(items, to)
    assert [e.area for e in found] == sorted(set(to.tolist()))
    assert all(np.array_equal(e.items, items[to == e.area]) for e in found)


def test_the_last_edit_of_an_item_and_of_an_area_stands() -> None:
    """
    A A B   1. give the first cell to B   2. then to nobody
    """
    a = grid("AAB")
    done = [
        Assign(at(0), AreaId(2)),
        Assign(at(0), AreaId(0)),
        PutArea(Area(AreaId(3), "C")),
        PutArea(Area(AreaId(3), "D")),
        DropArea(AreaId(2)),
        Hold(at(1), True),
    ]
    b = replay(a, done)
    assert b.area_of.tolist() == [0, 1, 2]
    assert {k: x.name for k, x in b.areas.items()} == {1: "A", 3: "D"}
    assert b.held.tolist() == [False, True, False]


def test_dropping_an_area_that_is_gone_changes_nothing() -> None:
    a = grid("AB")
    assert replay(a, [DropArea(AreaId(9))]) == a


def test_a_diff_tells_each_thing_once() -> None:
    """
    A A B  ->  B A B
    """
    (edit,) = diff(grid("AAB"), grid("BAB"))
    assert isinstance(edit, Assign)
    assert (edit.items.tolist(), edit.area) == ([0], 2)
