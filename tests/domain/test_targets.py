"""Targets and ranges: how far a total is off, set for many, and whether splits add up."""

from __future__ import annotations

import math

import pytest
from grids import done, grid
from hypothesis import given
from hypothesis import strategies as st
from planners import states

from tp_geo.domain.alignment import Alignment, Area, AreaId
from tp_geo.domain.commands import Branch, Change
from tp_geo.domain.targets import (
    NO_AIM,
    Aim,
    Below,
    SetTargets,
    aim_of,
    effective,
    misfits,
    roll_up,
    with_aim,
)
from tp_geo.errors import Refused

A, B, C, D = (AreaId(k) for k in range(1, 5))
figures = st.floats(0.001, 1e9)


def tree(**targets: float) -> Alignment:
    """A and B at the top; C and D below A; targets of people as given."""
    made = done(grid("AAB"), Branch(A, ("C", "D")))
    return done(
        made, *(Change(globals()[k], {"targets": {"people": v}}) for k, v in targets.items())
    )


@pytest.mark.parametrize(
    ("aim", "total", "gap", "deviation"),
    [
        (NO_AIM, 5.0, None, None),
        (Aim(ideal=0.0), 5.0, 5.0, None),
        (Aim(ideal=10.0), 12.0, 2.0, 0.2),
        (Aim(8.0, 10.0, 12.0), 11.9, 0.0, 0.0),
        (Aim(8.0, 10.0, 12.0), 15.0, 3.0, 0.25),
        (Aim(8.0, 10.0, 12.0), 4.0, -4.0, -0.5),
        (Aim(8.0, 10.0), 15.0, 5.0, 0.5),
        (Aim(8.0, 10.0), 9.0, 0.0, 0.0),
        (Aim(minimum=8.0), 100.0, 0.0, 0.0),
        (Aim(maximum=8.0), 10.0, 2.0, 0.25),
        (Aim(ideal=0.0, maximum=8.0), 0.0, 0.0, 0.0),
        (Aim(ideal=0.0, maximum=8.0), 4.0, 0.0, 0.0),
    ],
)
def test_a_total_is_off_by_what_it_is_beyond_the_range_else_by_what_misses_the_ideal(
    aim: Aim, total: float, gap: float | None, deviation: float | None
) -> None:
    assert aim.gap(total) == gap
    assert aim.deviation(total) == (None if deviation is None else pytest.approx(deviation))


@given(figures, figures, figures, figures)
def test_within_a_range_nothing_is_off(a: float, b: float, c: float, total: float) -> None:
    low, ideal, high = sorted((a, b, c))
    aim = Aim(low, ideal, high)
    assert (aim.deviation(total) == 0) == (low <= total <= high)
    assert not (aim.beyond(total) and low <= total <= high)


@given(st.builds(Aim, *(st.none() | figures,) * 3))
def test_a_target_that_is_set_is_the_target_there_is_and_leaves_others(aim: Aim) -> None:
    area = Area(A, "A", targets={"visits": 1.0}, minimums={"people": 3.0})
    assert aim_of(with_aim(area, "people", aim), "people") == aim
    assert with_aim(with_aim(area, "people", aim), "people", aim_of(area, "people")) == area


@pytest.mark.parametrize(
    ("aim", "why"),
    [
        (Aim(12.0, 10.0), "the minimum of A for people, 12, is more than its target, 10"),
        (Aim(None, 10.0, 9.0), "the target of A for people, 10, is more than its maximum, 9"),
        (Aim(5.0, None, 4.0), "the minimum of A for people, 5, is more than its maximum, 4"),
        (Aim(0.0), "the minimum of A for people is 0.0; give more than 0"),
        (Aim(maximum=math.inf), "the maximum of A for people is inf; give more than 0"),
        (Aim(ideal=-1.0), "the target of A for people is -1.0; give 0 or more"),
    ],
)
def test_a_range_out_of_order_or_a_limit_that_is_none_is_refused(aim: Aim, why: str) -> None:
    with pytest.raises(Refused, match=why):
        done(grid("AAB"), SetTargets("people", {A: aim}))


@given(states(), st.data())
def test_targets_set_together_are_set_in_one_step_and_only_where_they_differ(
    a: Alignment, data: st.DataObject
) -> None:
    some = [k for k in sorted(a.areas) if a.shut(k) is None]
    aims = {k: Aim(ideal=data.draw(figures)) for k in some[: data.draw(st.integers(0, 3))]}
    after = done(a, SetTargets("sales", aims))
    assert all(aim_of(after.areas[k], "sales") == aims.get(k, NO_AIM) for k in after.areas)
    assert SetTargets("sales", aims).edits(after, iter(())) == ()


def test_setting_targets_says_for_which_areas() -> None:
    a = grid("AAB")
    assert SetTargets("people", {A: Aim(ideal=1.0), B: NO_AIM}).says(a, "") == (
        "set the target of people for A"
    )
    both = SetTargets("people", {A: Aim(ideal=1.0), B: Aim(ideal=1.0)})
    assert both.says(a, "") == "set the target of people for 2 areas"


def test_an_area_without_a_target_has_those_below_it_summed_up() -> None:
    assert effective(tree(C=3.0, D=4.0, B=5.0), "people") == {A: 7.0, B: 5.0, C: 3.0, D: 4.0}
    assert effective(tree(A=9.0, C=3.0), "people") == {A: 9.0, C: 3.0}
    assert roll_up(tree(A=9.0, C=3.0), "people") == {None: Below(9.0, 1, 2), A: Below(3.0, 1, 2)}


@pytest.mark.parametrize(
    ("targets", "excess"),
    [
        ({"A": 10.0}, None),
        ({"C": 10.0}, None),
        ({"A": 10.0, "C": 4.0, "D": 6.0}, None),
        ({"A": 10_000.0, "C": 3_333.0, "D": 6_666.0}, None),
        ({"A": 10.0, "C": 4.0, "D": 7.0}, 1.0),
        ({"A": 10.0, "C": 4.0}, -6.0),
        ({"A": 0.0, "C": 4.0}, 4.0),
    ],
)
def test_a_split_that_does_not_add_up_is_told_where_it_happens(
    targets: dict[str, float], excess: float | None
) -> None:
    found = misfits(tree(**targets), "people")
    assert [(m.area, m.excess) for m in found] == ([] if excess is None else [(A, excess)])


def test_without_an_ideal_those_below_have_to_add_up_to_what_is_within_the_range() -> None:
    a = done(tree(C=4.0, D=5.0), SetTargets("people", {A: Aim(8.0, None, 10.0)}))
    assert misfits(a, "people") == ()
    a = done(a, SetTargets("people", {D: Aim(ideal=8.0)}))
    assert [m.excess for m in misfits(a, "people")] == [2.0]
