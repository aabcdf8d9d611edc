"""Growth: a measure of a segment is more, and nothing else is otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from grids import grid, the
from hypothesis import given
from hypothesis import strategies as st
from strategies import alignments, frames

from tp_geo.domain.alignment import Alignment, Items, frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.domain.growth import Growth, Segment, grown
from tp_geo.domain.measures import totals
from tp_geo.domain.worth import worth
from tp_geo.errors import BadData, Refused

PERCENTS = st.sampled_from([-100.0, -12.5, 3.0, 10.0, 400.0])
MEASURES = (
    Measure("sales", "Sales"),
    Measure("calls", "Calls"),
    Measure("rate", "Rate", aggregate=Aggregate.MEAN),
)


def dataset(items: Items, own: list[int], tiers: list[str]) -> Dataset:
    """What each item has by itself; a container's row is that and what its units have."""
    n, home = items.containers, items.container_of
    column = np.array(own, dtype=np.float64)
    there = home >= 0
    column[:n] += np.bincount(home[there], column[n:][there], minlength=n)
    codes = np.array([f"{i:03}" for i in range(items.count)], dtype=object)
    values = frozen(np.stack([column, column + 1, column / 7], axis=1))
    texts = {"tier": np.array(tiers, dtype=object)}
    return Dataset("d", "k", "postal", items, codes, codes, MEASURES, values, texts)


@st.composite
def planned(draw: st.DrawFn) -> tuple[Dataset, Alignment]:
    """A dataset with an alignment that has areas."""
    items = draw(frames())
    alignment = draw(alignments(items).filter(lambda a: bool(a.areas)))
    own = draw(st.lists(st.integers(0, 99), min_size=items.count, max_size=items.count))
    tier = st.sampled_from(["", "gold", "lead"])
    tiers = draw(st.lists(tier, min_size=items.count, max_size=items.count))
    return dataset(items, own, tiers), alignment


@given(plan=planned(), percent=PERCENTS, data=st.data())
def test_growth_changes_what_a_segment_has_by_itself_and_conserves_everything_else(
    plan: tuple[Dataset, Alignment], percent: float, data: st.DataObject
) -> None:
    before, alignment = plan
    area = data.draw(st.none() | st.sampled_from(sorted(alignment.areas)))
    segment = Segment(*data.draw(st.sampled_from([("", ""), ("tier", "gold")])), area)
    try:
        inside = segment.of(before, alignment)
    except Refused:
        return
    values = before.values.copy()
    after = grown(before, alignment, [Growth("sales", percent, segment)])
    assert np.array_equal(before.values, values)
    assert np.array_equal(after.values[:, 1:], values[:, 1:])
    was, now = worth(before, "sales"), worth(after, "sales")
    assert np.allclose(now, np.where(inside, was * (1 + percent / 100), was))
    untouched = np.isclose(after.column("sales"), before.column("sales"))
    assert np.array_equal(after.column("sales")[untouched & ~inside],
                          before.column("sales")[untouched & ~inside])  # fmt: skip


@given(plan=planned(), percent=PERCENTS)
def test_what_an_area_holds_grows_by_the_percentage_and_that_of_others_does_not(
    plan: tuple[Dataset, Alignment], percent: float
) -> None:
    before, alignment = plan
    (area, *_) = sorted(alignment.areas)
    try:
        after = grown(before, alignment, [Growth("sales", percent, Segment(area=area))])
    except Refused:
        return
    was, now = totals(before, alignment), totals(after, alignment)
    touched = {*alignment.subtree(area), *(a.id for a in alignment.ancestry(area))}
    assert now.of(area, "sales") == pytest.approx(was.of(area, "sales") * (1 + percent / 100))
    for k in alignment.areas.keys() - touched:
        assert now.of(k, "sales") == pytest.approx(was.of(k, "sales"))


def test_growths_count_one_after_another() -> None:
    alignment = grid("AAB")
    before = dataset(alignment.items, [100, 100, 100], ["gold", "", "gold"])
    gold, west = Segment("tier", "gold"), Segment(area=the(alignment, "A"))
    found = grown(before, alignment, [Growth("sales", 10, gold), Growth("sales", 50, west)])
    assert found.column("sales").tolist() == pytest.approx([165.0, 150.0, 110.0])


@pytest.mark.parametrize(
    ("growth", "why"),
    [
        (Growth("sales", 0.0), "0 % is no change"),
        (Growth("sales", -101.0), "-101 % is no change"),
        (Growth("sales", float("nan")), "nan % is no change"),
        (Growth("rate", 10.0), "Rate is a mean .* Choose one of: sales, calls"),
        (Growth("sales", 10.0, Segment("size", "big")), "no attribute 'size'.* Attributes: tier"),
        (Growth("sales", 10.0, Segment("tier", "Gold")), "'Gold' as its tier. Values: gold, lead"),
    ],
)
def test_growth_that_means_nothing_is_refused_with_what_there_is(growth: Growth, why: str) -> None:
    alignment = grid("AAB")
    before = dataset(alignment.items, [1, 2, 3], ["gold", "", "lead"])
    with pytest.raises(Refused, match=why):
        grown(before, alignment, [growth])


def test_a_measure_that_is_not_there_is_told_with_those_that_are() -> None:
    alignment = grid("AAB")
    with pytest.raises(BadData, match=r"'profit'.*sales, calls, rate"):
        grown(dataset(alignment.items, [1, 2, 3], [""] * 3), alignment, [Growth("profit", 5)])
