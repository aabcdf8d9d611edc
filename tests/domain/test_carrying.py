"""Targets carried down the tree: parts that add up, evenly, by potential, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from grids import done, grid, the
from hypothesis import example, given
from hypothesis import strategies as st
from planners import states

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.carrying import Split, carried, divided, even
from tp_geo.domain.commands import Branch
from tp_geo.domain.targets import Aim, SetTargets, misfits
from tp_geo.errors import Refused

A = AreaId(1)


def exact(values: tuple[float, ...]) -> Decimal:
    return sum((Decimal(repr(v)) for v in values), Decimal(0))


def fraction(value: float) -> Fraction:
    return Fraction(repr(value))


@example(Decimal("0.02"), [5e-324])
@given(
    st.decimals(0, 10**9, places=2),
    st.lists(st.floats(0, 1e6), min_size=1, max_size=9).filter(lambda w: sum(w) > 0),
)
def test_parts_add_up_exactly_and_are_as_near_to_their_share_as_rounding_lets_them(
    target: Decimal, weights: list[float]
) -> None:
    parts = divided(float(target), weights)
    assert exact(parts) == target
    step = min(max(Fraction(target) / len(weights) / 100, Fraction(1, 100)), Fraction(1))
    total = sum(map(fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        assert part >= 0
        # in fractions: as floats, the share of a weight of 5e-324 in 0.02 is nothing
        assert abs(fraction(part) - Fraction(target) * fraction(weight) / total) <= step


@given(st.floats(0, 1e300), st.lists(st.floats(0.001, 1e6), min_size=1, max_size=6))
def test_any_target_is_divided(target: float, weights: list[float]) -> None:
    assert sum(divided(target, weights)) == pytest.approx(target)


@pytest.mark.parametrize(
    ("target", "weights", "parts"),
    [
        (1000.0, [1.0, 1.0, 1.0], (334.0, 333.0, 333.0)),
        (10.0, [1.0, 1.0, 1.0], (3.34, 3.33, 3.33)),
        (1000.5, [1.0, 0.0], (1000.5, 0.0)),
        (0.0, [1.0, 2.0], (0.0, 0.0)),
        (5_000_000.0, [2.0, 3.0], (2_000_000.0, 3_000_000.0)),
    ],
)
def test_parts_are_whole_numbers_where_targets_are_large(
    target: float, weights: list[float], parts: tuple[float, ...]
) -> None:
    assert divided(target, weights) == parts


def tree() -> Alignment:
    """
    A with North (Oslo, Bergen) and South below it, B beside it
    """
    made = done(grid("AAB"), Branch(A, ("North", "South")))
    return done(made, Branch(the(made, "North"), ("Oslo", "Bergen")))


def ideals(alignment: Alignment, found: Mapping[AreaId, Aim]) -> dict[str, float | None]:
    return {alignment.name(k): aim.ideal for k, aim in found.items()}


def weighed(alignment: Alignment, **weights: float) -> Split:
    return Split(lambda k: weights[alignment.name(k)], levels=2, by="People")


def test_a_target_is_split_evenly_one_level_down() -> None:
    a = tree()
    assert ideals(a, carried(a, A, Aim(ideal=1000.0), Split(even))) == {
        "North": 500.0, "South": 500.0,
    }  # fmt: skip


def test_a_target_is_split_by_potential_over_several_levels() -> None:
    a = tree()
    split = weighed(a, North=30.0, South=70.0, Oslo=20.0, Bergen=10.0)
    assert ideals(a, carried(a, A, Aim(ideal=3000.0), split)) == {
        "North": 900.0, "South": 2100.0, "Oslo": 600.0, "Bergen": 300.0,
    }  # fmt: skip


def test_a_range_is_split_in_the_proportion_of_the_ideal() -> None:
    a = tree()
    split = weighed(a, North=30.0, South=70.0, Oslo=0.0, Bergen=10.0)
    found = carried(a, A, Aim(900.0, 1000.0, 2000.0), split)
    assert {a.name(k): aim for k, aim in found.items()} == {
        "North": Aim(270.0, 300.0, 600.0),
        "South": Aim(630.0, 700.0, 1400.0),
        "Oslo": Aim(None, 0.0, None),
        "Bergen": Aim(270.0, 300.0, 600.0),
    }


def test_who_gets_a_part_by_hand_leaves_the_rest_to_the_others() -> None:
    a = tree()
    split = Split(even, {the(a, "South"): 600.0, the(a, "Oslo"): 100.0}, levels=2)
    assert ideals(a, carried(a, A, Aim(ideal=1000.0), split)) == {
        "North": 400.0, "South": 600.0, "Oslo": 100.0, "Bergen": 300.0,
    }  # fmt: skip


def test_parts_that_are_all_given_by_hand_are_taken_as_they_are() -> None:
    a = tree()
    split = Split(even, {the(a, "South"): 600.0, the(a, "North"): 100.0})
    found = carried(a, A, Aim(ideal=1000.0), split)
    after = done(a, SetTargets("people", {A: Aim(ideal=1000.0), **found}))
    assert [m.excess for m in misfits(after, "people")] == [-300.0]


@pytest.mark.parametrize(
    ("area", "split", "why"),
    [
        ("South", Split(even), "no area below South to carry a target down to"),
        ("A", Split(lambda k: 0.0, by="People"), "below A hold nothing of People so far"),
        ("A", Split(lambda k: -1.0, by="Growth"), "North holds -1 of Growth, which is no pot"),
        ("A", Split(even, {AreaId(2): 1.0}), "B is not among the 2 areas below A"),
        ("A", Split(even, {AreaId(3): 11.0}), "are 1 more than the 10 .* nothing for South"),
        ("A", Split(even, {AreaId(3): -1.0}), "North can't get -1. Give a number of 0 or more"),
    ],
)
def test_what_can_not_be_split_is_refused_with_the_area_and_the_remedy(
    area: str, split: Split, why: str
) -> None:
    a = tree()
    with pytest.raises(Refused, match=why):
        carried(a, the(a, area), Aim(ideal=10.0), split)


@given(states(), st.decimals(0, 10**6, places=2), st.integers(1, 4))
def test_what_is_carried_down_adds_up_on_every_level(
    a: Alignment, target: Decimal, levels: int
) -> None:
    for k in [k for k in a.areas if a.children(k)]:
        if not any(a.shut(b) for b in a.subtree(k)):
            aim = Aim(ideal=float(target))
            found = carried(a, k, aim, Split(even, levels=levels))
            after = done(a, SetTargets("sales", {k: aim, **found}))
            assert misfits(after, "sales") == ()
            assert exact(tuple(found[c].ideal or 0.0 for c in a.children(k))) == target
