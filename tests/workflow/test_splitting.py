"""An area split by a line: two parts that lie on their sides and together are the area."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import squares
import states
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Command, HoldItems, Move
from tp_geo.domain.revision import start
from tp_geo.domain.rules import decide
from tp_geo.errors import Refused
from tp_geo.geometry.adjacency import rook
from tp_geo.workflow.splitting import (
    Halves,
    below,
    beside,
    halves_by_choice,
    halves_by_line,
    halves_through_middle,
)

WEST = AreaId(1)
SHAPES = squares.country()
TOUCHING = rook(SHAPES.polygons)
DATA = squares.dataset({"u1": "01", "u2": "04", "stray": None})
degrees = st.tuples(st.floats(-101, -95), st.floats(38, 42))
lines = st.lists(degrees, min_size=2, max_size=7)


def middle(plan: Alignment, area: AreaId, weight, *, upright: bool) -> Halves:
    return halves_through_middle(plan, SHAPES, TOUCHING, area, np.asarray(weight), upright=upright)


def done(alignment: Alignment, *commands: Command) -> Alignment:
    for command in commands:
        ids = map(AreaId, itertools.count(max(alignment.areas, default=0) + 1))
        _, alignment = decide(alignment, command, ids)
    return alignment


PLAN = done(
    start(DATA.items),
    Branch(None, ("West", "East"), "Region"),
    Move(DATA.positions(["01", "02", "03", "04", "05", "06", "07", "stray"]), WEST),
)


def halves(*line: tuple[float, float]) -> Halves:
    return halves_by_line(PLAN, SHAPES, TOUCHING, WEST, line)


def codes(items: np.ndarray) -> list[str]:  # type: ignore[type-arg]
    found: list[str] = DATA.codes[items].tolist()
    return found


def test_a_line_from_south_to_north_parts_west_and_east() -> None:
    """01 02 | 03 04 over 05 06 | 07; 08 is in no area."""
    larger, smaller = halves((-98.0, 39.0), (-98.0, 41.0))
    assert (larger.side, codes(larger.items)) == ("west", ["01", "02", "05", "06", "stray"])
    assert (smaller.side, codes(smaller.items)) == ("east", ["03", "04", "07"])
    assert (larger.containers, larger.pieces, smaller.pieces) == (4, 1, 1)


@given(lines)
def test_both_parts_together_are_the_area(line: list[tuple[float, float]]) -> None:
    try:
        larger, smaller = halves(*line)
    except Refused:
        return
    both = np.sort(np.concatenate([larger.items, smaller.items]))
    assert both.tolist() == PLAN.holds(WEST).tolist()
    assert larger.containers >= smaller.containers > 0


@given(lines, st.sets(st.integers(0, len(DATA.codes) - 1), max_size=3), st.booleans())
def test_a_split_moves_one_part_and_nothing_else_or_says_why_not(
    line: list[tuple[float, float]], held: set[int], locked: bool
) -> None:
    keep = HoldItems(np.array(sorted(held), dtype=np.intp))
    plan = done(PLAN, keep, Change(WEST, {"locked": locked}))
    try:
        pair = halves_by_line(plan, SHAPES, TOUCHING, WEST, line)
        after = done(plan, beside(WEST, "New", pair[1]))
    except Refused as why:
        reasons = ("does not divide", "differ", "would leave West", "West is locked")
        assert any(reason in str(why) for reason in reasons)
        return
    new = AreaId(3)
    assert not locked
    assert not after.held[pair[1].items].any()
    gone = np.flatnonzero(after.resolved != plan.resolved)
    assert set(gone[gone < DATA.items.containers]) <= set(pair[1].items)
    assert set(after.resolved[gone]) <= {new}
    assert set(plan.resolved[gone]) == {WEST}
    assert np.array_equal(after.held, plan.held)
    assert after.areas.keys() - plan.areas.keys() == {new}


def test_a_part_lies_beside_the_rest_or_both_lie_below() -> None:
    pair = halves((-98.0, 39.0), (-98.0, 41.0))
    side = done(PLAN, beside(WEST, "Plains", pair[1]))
    assert [side.name(k) for k in side.children(None)] == ["West", "East", "Plains"]
    assert side.resolved[DATA.units["u2"]] == 3
    under = done(PLAN, below(PLAN, WEST, ("Coast", "Plains"), pair))
    assert [under.name(k) for k in under.children(WEST)] == ["Coast", "Plains"]
    coast = under.children(WEST)[0]
    assert codes(np.flatnonzero(under.resolved == coast)) == ["01", "02", "05", "06", "u1", "stray"]


def test_what_is_chosen_can_be_split_off_and_parts_that_fall_apart_are_told() -> None:
    chosen = DATA.positions(["03", "07", "08"])
    larger, smaller = halves_by_choice(PLAN, SHAPES, TOUCHING, WEST, chosen)
    assert codes(smaller.items)[:2] == ["03", "07"]
    assert larger.pieces == 2  # 04 is apart


@given(st.lists(st.sampled_from([0.0, 1.0, 5.0]), min_size=8, max_size=8), st.booleans())
def test_a_line_through_the_middle_divides_any_area(weights: list[float], upright: bool) -> None:
    larger, smaller = middle(PLAN, WEST, weights, upright=upright)
    assert larger.containers + smaller.containers == 7
    assert {larger.side, smaller.side} == ({"west", "east"} if upright else {"north", "south"})


def test_the_middle_is_that_of_the_weight() -> None:
    """01 weighs as much as all others together: the line is right behind it."""
    weight = np.array([6.0] + [1.0] * 7)
    _, smaller = middle(PLAN, WEST, weight, upright=True)
    assert codes(smaller.items)[:2] == ["01", "05"]


@pytest.mark.parametrize(("upright", "one"), [(True, ("HI", "OR")), (False, ("HI", "CA"))])
def test_an_area_partly_in_a_frame_of_the_map_is_split_through_its_middle(
    upright: bool, one: tuple[str, str]
) -> None:
    layer = states.layer()
    held = states.at("CA", "NV", "OR", "HI")
    data = states.dataset()
    plan = done(start(data.items), Branch(None, ("West",), "Region"), Move(held, WEST))
    pair = halves_through_middle(
        plan, layer, rook(layer.polygons), WEST, np.ones(len(layer)), upright=upright
    )
    parts = [set(half.items[half.items < len(layer)]) for half in pair]
    assert [len(part) for part in parts] == [2, 2]
    assert set(states.at(*one)) in parts


def test_what_holds_nothing_has_no_middle() -> None:
    with pytest.raises(Refused, match="East holds nothing to split"):
        middle(PLAN, AreaId(2), np.ones(8), upright=True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ([(-98.0, 39.0)], "two or more places"),
        ([(-98.0, 39.0), (-198.0, 39.0)], "two or more places"),
        ([(-98.0, float("nan")), (-98.0, 39.0)], "two or more places"),
        ([(-98.0, 39.0), (-98.0, 39.0)], "two places that differ"),
        ([(-80.0, 39.0), (-80.0, 41.0)], "does not divide West"),
    ],
)
def test_a_line_that_divides_nothing_is_refused(line: list[tuple[float, float]], says: str) -> None:
    with pytest.raises(Refused, match=says):
        halves(*line)


def test_a_divided_area_is_not_split() -> None:
    plan = done(PLAN, Branch(WEST, ("A", "B")))
    with pytest.raises(Refused, match="divided already"):
        halves_by_choice(plan, SHAPES, TOUCHING, WEST, DATA.positions(["01"]))
