"""Overlap: what areas share, what it counts, and that nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from books import Books, books, expected
from grids import at, done, new_ids
from hypothesis import given
from hypothesis import strategies as st
from planners import ITEMS, START, attempt, commands, ids, obey, some_items

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Combine, Command, HoldItems, Move, Remove, Split
from tp_geo.domain.contrast import marked
from tp_geo.domain.edits import diff, replay
from tp_geo.domain.hierarchy import shown_at
from tp_geo.domain.measures import doubled, totals
from tp_geo.domain.merge import merge, revert
from tp_geo.domain.problems import problems
from tp_geo.domain.restoring import GoBack, GoTo
from tp_geo.domain.rules import Remit, admit, touched
from tp_geo.domain.shares import Overlap
from tp_geo.domain.sharing import AllowOverlap, ShareWith, StopSharing
from tp_geo.domain.signing import TakeStep
from tp_geo.domain.signoff import Step
from tp_geo.domain.swapping import Swap
from tp_geo.domain.trail import touched as trailed
from tp_geo.errors import Refused

N, S = AreaId(1), AreaId(2)
FULL = done(START, AllowOverlap(Overlap.FULL))
EVEN = done(START, AllowOverlap(Overlap.EVEN))

sharing: st.SearchStrategy[Command] = st.one_of(
    st.builds(ShareWith, some_items, ids),
    st.builds(StopSharing, some_items, st.none() | ids),
    st.builds(AllowOverlap, st.sampled_from(Overlap)),
    st.builds(Swap, ids, ids),
)
asked = st.lists(sharing | commands, max_size=10)


def overlapping(first: int = 3) -> st.SearchStrategy[Alignment]:
    """What planners may have made of areas that may overlap."""
    start = st.sampled_from([FULL, EVEN])
    return st.builds(lambda s, some: obey(s, some, first), start, asked)


def holders(a: Alignment, item: int) -> set[AreaId]:
    """The leaf areas that hold an item, told in the plainest way."""
    n = a.items.containers
    home = item if item < n else int(a.items.container_of[item - n])
    own = AreaId(int(a.resolved[item]))
    if home < 0 or (item >= n and own != a.area_of[home]) or own == UNASSIGNED:
        return {own}
    return {
        own,
        *(AreaId(k) for i, k in zip(a.shares.items, a.shares.areas, strict=True) if i == home),
    }


# what it counts


@given(books(), overlapping())
def test_split_evenly_the_parts_and_what_is_unassigned_are_the_dataset(
    b: Books, a: Alignment
) -> None:
    found = totals(b.dataset, a)
    for level in (list(a.children(None)), sorted(a.leaves)):
        whole = found.values[[*level, UNASSIGNED], 0].sum()
        more = doubled(b.dataset, a, 1 if level == list(a.children(None)) else 10)["people"]
        assert whole - more == pytest.approx(expected(list(b.records))[0], nan_ok=True)
        assert more == 0 or a.overlap is Overlap.FULL


@given(books(), overlapping())
def test_every_area_holds_its_part_of_every_record(b: Books, a: Alignment) -> None:
    found = totals(b.dataset, a)
    for k in [*a.areas, UNASSIGNED]:
        under = {*a.subtree(k)} if k else {UNASSIGNED}
        people = 0.0
        for item, many, _, _ in b.records:
            by = holders(a, item)
            part = len(by & under) / len(by)
            part = float(part > 0) if a.overlap is Overlap.FULL else part
            people += part * np.nan_to_num(many)
        assert found.values[k, 0] == pytest.approx(people)
        items = [i for i in range(a.items.count) if holders(a, i) & under]
        assert found.containers[k] == sum(i < a.items.containers for i in items)
        assert found.units[k] == sum(i >= a.items.containers for i in items)


def test_a_region_counts_what_two_of_its_areas_share_once() -> None:
    a = done(FULL, Branch(N, ("A", "B")), Move(at(1), AreaId(4)), ShareWith(at(1), AreaId(3)))
    assert shown_at(a, 1)[a.shares.areas].tolist() == [N]
    assert len(touched(START, a)) > 0


# the laws of edits


@given(overlapping(), overlapping())
def test_a_difference_leads_from_one_to_the_other(a: Alignment, b: Alignment) -> None:
    assert replay(a, diff(a, b)) == b


@given(overlapping())
def test_what_planners_make_is_sound(a: Alignment) -> None:
    assert problems(a) == ()


@given(overlapping(), sharing | commands)
def test_taking_a_step_back_leads_to_where_one_was(a: Alignment, c: Command) -> None:
    _, after = attempt(a, c, new_ids(a))
    back = revert(after, after, a)
    assert back.clean
    assert replay(after, back.edits) == a


@given(overlapping(), overlapping(40), overlapping(80))
def test_a_merge_takes_the_new_shares_of_both(
    base: Alignment, ours: Alignment, theirs: Alignment
) -> None:
    assert replay(base, merge(base, base, theirs).edits) == theirs
    assert merge(base, ours, base).edits == ()
    assert merge(base, theirs, theirs).edits == ()
    made = merge(base, ours, theirs)
    if not made.problems:
        assert problems(replay(ours, made.edits)) == ()


@given(overlapping(), overlapping())
def test_restoring_brings_the_shares_back(a: Alignment, past: Alignment) -> None:
    goal = replay(a, GoTo(past, "back").edits(a, new_ids(a)))
    assert goal == past


@given(st.sampled_from([FULL, EVEN]), asked, asked)
def test_restoring_a_branch_leaves_the_plan_sound(
    start: Alignment, some: list[Command], more: list[Command]
) -> None:
    past = obey(start, some)
    now = obey(past, more, 40)
    for branch in now.children(None):
        edits, after = attempt(now, GoBack(branch, past, "then"))
        assert problems(after) == () or not edits


@given(overlapping(), sharing | commands)
def test_what_touches_nothing_changes_no_figure_of_others(a: Alignment, c: Command) -> None:
    edits, after = attempt(a, c, new_ids(a))
    before, now = ({k: held(x, k) for k in x.areas} for x in (a, after))
    changed = {k for k in before.keys() & now.keys() if before[k] != now[k]}
    leaves = changed & a.leaves & after.leaves
    assert leaves <= {*touched(a, after)}
    assert leaves <= {*trailed(a, edits, after)}


def held(a: Alignment, area: AreaId) -> set[tuple[int, float]]:
    """What an area holds, with how much of each counts."""
    found = set()
    for item in range(a.items.count):
        by = holders(a, item)
        if area in by:
            found.add((item, 1.0 if a.overlap is Overlap.FULL else 1 / len(by)))
    return found


# commands


def test_where_overlap_is_not_allowed_nothing_can_be_shared() -> None:
    with pytest.raises(Refused, match="does not allow areas to overlap"):
        ShareWith(at(1), S).edits(START, new_ids(START))


def test_overlap_that_is_used_cannot_be_forbidden() -> None:
    a = done(FULL, ShareWith(at(1, 2), S))
    with pytest.raises(Refused, match="2 containers are shared by several areas"):
        AllowOverlap(Overlap.NONE).edits(a, new_ids(a))
    assert done(a, StopSharing(at(1, 2)), AllowOverlap(Overlap.NONE)) == START


def test_units_and_what_nobody_holds_cannot_be_shared() -> None:
    with pytest.raises(Refused, match="Units can't be shared by themselves"):
        ShareWith(at(9), S).edits(FULL, new_ids(FULL))
    with pytest.raises(Refused, match="no area to share with"):
        ShareWith(at(7), S).edits(FULL, new_ids(FULL))


def test_sharing_is_told_in_words() -> None:
    a = done(FULL, ShareWith(at(1, 2), S))
    assert ShareWith(at(1, 2), S).says(FULL, "counties") == "shared 2 counties with S"
    assert StopSharing(at(1, 5)).says(a, "counties") == "stopped sharing 1 county"
    assert StopSharing(at(1), S).says(a, "counties") == "stopped sharing 1 county with S"
    assert AllowOverlap(Overlap.EVEN).says(a, "counties").endswith("is split evenly")


def test_a_share_rests_where_its_area_comes_to_be_the_main_one() -> None:
    a = done(FULL, ShareWith(at(1), S))
    moved = done(a, Move(at(1), S))
    assert len(moved.shared) == 0
    assert done(moved, Move(at(1), N)) == a


def test_dividing_an_area_passes_what_it_shares_to_its_first_part() -> None:
    a = done(FULL, ShareWith(at(1), S), Branch(S, ("A", "B")))
    assert a.shared.areas.tolist() == [3]
    parts = np.full(ITEMS.count, 1, dtype=np.int32)
    b = done(FULL, ShareWith(at(1), S), Split(S, ("A", "B"), parts))
    assert b.shared.areas.tolist() == [3]


def test_combining_areas_ends_what_they_shared_with_each_other() -> None:
    a = done(FULL, Branch(None, ("E",)), ShareWith(at(1), S), ShareWith(at(4), AreaId(3)))
    made = done(a, Combine(N, frozenset({S})))
    assert made.shares.items.tolist() == [4]
    assert made.shares.areas.tolist() == [3]
    kept = done(a, Combine(AreaId(3), frozenset({S})))
    assert (kept.shares.items.tolist(), kept.shares.areas.tolist()) == ([1], [3])


def test_what_a_removed_area_shared_stays_with_the_others() -> None:
    a = done(FULL, ShareWith(at(1), S))
    without_main = done(a, Remove(N))
    assert without_main.area_of[:4].tolist() == [UNASSIGNED, S, UNASSIGNED, UNASSIGNED]
    assert len(without_main.shares) == 0
    without_other = done(a, Remove(S))
    assert without_other.area_of[1] == N
    assert len(without_other.shares) == 0


def test_areas_that_are_swapped_swap_what_they_share() -> None:
    a = done(FULL, Branch(None, ("E",)), ShareWith(at(1), S))
    assert done(a, Swap(N, S)).shared.areas.tolist() == [N]
    assert done(a, Swap(S, AreaId(3))).shared.areas.tolist() == [3]


# guards


def test_a_lock_of_either_area_keeps_what_they_share() -> None:
    for locked in (N, S):
        shut = done(FULL, ShareWith(at(1), S), Change(locked, {"locked": True}))
        for command in (ShareWith(at(2), S), StopSharing(at(1))):
            with pytest.raises(Refused, match="is locked"):
                done(shut, command)


def test_a_lock_of_a_sharing_area_keeps_the_container_from_being_nobodys() -> None:
    shut = done(FULL, ShareWith(at(1), S), Change(S, {"locked": True}))
    with pytest.raises(Refused, match="S is locked"):
        done(shut, Move(at(1), UNASSIGNED))


def test_sharing_needs_the_remit_of_both_areas() -> None:
    edits = ShareWith(at(1), S).edits(FULL, new_ids(FULL))
    for one in (N, S):
        with pytest.raises(Refused, match="outside the part you plan"):
            admit(FULL, edits, Remit.of(one))
    with pytest.raises(Refused, match="The top level is outside"):
        admit(START, AllowOverlap(Overlap.FULL).edits(START, new_ids(START)), Remit.of(N))


def test_nothing_is_shared_with_an_area_under_review() -> None:
    seen = done(FULL, TakeStep(Step.SUBMIT, S, "bea"))
    with pytest.raises(Refused, match="was submitted for review by bea"):
        done(seen, ShareWith(at(1), S))


def test_holding_a_unit_at_home_changes_no_figure() -> None:
    a = done(EVEN, ShareWith(at(0), S))
    assert held(done(a, HoldItems(at(8))), S) == held(a, S)


def test_what_is_shared_otherwise_is_marked() -> None:
    a = done(FULL, ShareWith(at(1, 2), S))
    assert marked(FULL, a).tolist() == [1, 2]
    assert marked(a, done(a, StopSharing(at(2)))).tolist() == [2]
