"""Formulas of a dataset: what they may use, what they come to, how areas add them up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import states
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.domain.dataset import Aggregate, Dataset, Formula, Level, Measure
from tp_geo.domain.formula_areas import areas_worked
from tp_geo.domain.formula_scope import meaning_of
from tp_geo.domain.formulas import carried_over, recalculated, value_of, with_formula
from tp_geo.domain.measures import totals
from tp_geo.domain.revision import start
from tp_geo.domain.rules import decide
from tp_geo.errors import BadData

SUM, MEAN = Aggregate.SUM, Aggregate.MEAN
UNIT, CONTAINER, AREA = Level


@pytest.fixture
def dataset() -> Dataset:
    """The states, with hours of accounts: as many as the account is worth, but none of u3's."""
    made = states.dataset()
    n = made.items.containers
    hours = np.concatenate([np.zeros(n), [2.0, 2.0, 0.0, 4.0, 5.0, np.nan]])
    hours[:n] = np.bincount(made.items.container_of[:5], hours[n : n + 5], n)
    return replace(
        made,
        measures=(*made.measures, Measure("Field hours", "Hours in the field", "h")),
        values=np.column_stack([made.values, hours]),
    )


def units(dataset: Dataset, name: str) -> list[float]:
    return dataset.column(name)[dataset.items.containers :].tolist()


def test_a_formula_of_units_is_a_measure_whose_containers_add_up_their_units(
    dataset: Dataset,
) -> None:
    made = with_formula(dataset, Formula("double", "2 * revenue"))
    assert units(made, "double") == [2, 4, 6, 8, 10, 12]
    by_code = dict(zip(made.codes, made.column("double"), strict=True))
    assert (by_code["CA"], by_code["NY"]) == (6, 10)
    assert np.isnan(by_code["TX"])
    assert made.measure("double").note == "Calculated: 2 * revenue"
    assert made.key == dataset.key


def test_the_mean_of_a_ratio_by_its_denominator_is_the_ratio_of_the_sums(dataset: Dataset) -> None:
    meaning = meaning_of(dataset, Formula("rate", "revenue / [Field hours]"))
    assert (meaning.unit, meaning.aggregate, meaning.weight) == ("USD/h", MEAN, "Field hours")
    rate = Formula("rate", "revenue / [Field hours]", aggregate=MEAN, weight="Field hours")
    made = with_formula(dataset, rate)
    assert made.column("rate")[made.containers["CA"]] == pytest.approx(3 / 4)
    west = Move(made.positions(["CA", "OR"]), AreaId(1))
    alignment = start(made.items)
    for command in (Branch(None, ("West",), "Region"), west):
        _, alignment = decide(alignment, command, iter([AreaId(1)]))
    assert totals(made, alignment).of(AreaId(1), "rate") == pytest.approx((1 + 2 + 4) / 8)


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [
        ("revnue * 2", UNIT, "There is no measure 'revnue'. Did you mean 'revenue'?"),
        ("turnover", UNIT, "There are: people, revenue, income, Field"),
        ("roun(revenue)", UNIT, "There is no function 'roun'. Did you mean 'round'?"),
        ("__import__('os')", UNIT, "There is no function '__import__'"),
        ("eval(revenue)", UNIT, "There is no function 'eval'"),
        ("-x(revenue)", UNIT, "There is no function 'x'"),
        ("revenue + [Field hours]", UNIT, "revenue is in USD and [Field hours] in h: they"),
        ("revenue - 1 > [Field hours]", UNIT, "revenue - 1 is in USD"),
        ("if(revenue, 1, 2)", UNIT, "revenue is a number. Compare it, as in revenue > 0"),
        ("not revenue", UNIT, "not takes what is true or false"),
        ("rep", UNIT, "gives a text"),
        ("rep + 1", UNIT, "rep is a text, and + takes numbers"),
        ("rep > \"A\"", UNIT, "by = and <> only"),
        ("rep = 1", UNIT, "compares a text with a number"),
        ("round()", UNIT, "round takes 1 to 2 values between its brackets, not 0"),
        ("abs(1, 2)", UNIT, "abs takes 1 values between its brackets, not 2"),
        ("total(income)", UNIT, "'income' does not add up"),
        ("total(2)", UNIT, "takes the name of a measure, not '2'"),
        ("target(revenue)", CONTAINER, "only formulas of areas have it"),
        ("rep = \"Ana\"", AREA, "There is no measure 'rep'"),
        ("x + 1", UNIT, "x → x"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_remedy(
    dataset: Dataset, text: str, level: Level, said: str
) -> None:
    with pytest.raises(BadData) as refused:
        with_formula(dataset, Formula("x", text, level))
    assert said in str(refused.value)


def test_names_are_found_by_label_and_in_any_case(dataset: Dataset) -> None:
    for text in ("REVENUE", "[hours in the field]", "[Field hours]"):
        assert meaning_of(dataset, Formula("x", text)).aggregate is SUM


@pytest.mark.parametrize(
    ("text", "unit", "aggregate", "weight"),
    [
        ("revenue * 0.2 + 100", "USD", SUM, None),
        ("revenue > 2", "", SUM, None),
        ("12", "", SUM, None),
        ("if(rep = \"Ana\", 12, 4)", "", SUM, None),
        ("income / 2", "USD", MEAN, "people"),
        ("revenue / total(revenue)", "", SUM, None),
        ("revenue / ([Field hours] + 1)", "USD/h", MEAN, None),
        ("min(revenue, 3) / 2", "USD", SUM, None),
        ("revenue * revenue", "USD²", SUM, None),
        ("number(revenue) + [Field hours]", "h", SUM, None),
        ("[Field hours] / revenue", "h/USD", MEAN, "revenue"),
    ],
)  # fmt: skip
def test_unit_and_aggregate_follow_from_the_formula(
    dataset: Dataset, text: str, unit: str, aggregate: Aggregate, weight: str | None
) -> None:
    found = meaning_of(dataset, Formula("x", text))
    assert (found.unit, found.aggregate, found.weight) == (unit, aggregate, weight)


def test_a_sum_of_ratios_and_another_unit_are_told(dataset: Dataset) -> None:
    summed = meaning_of(dataset, Formula("x", "revenue / [Field hours]", unit="EUR"))
    assert any("weighted by Field hours" in w for w in summed.warnings)
    assert any("gives USD/h; it is shown as EUR" in w for w in summed.warnings)
    mean = meaning_of(dataset, Formula("x", "revenue / [Field hours]", aggregate=MEAN))
    assert any("not the ratio of the sums" in w for w in mean.warnings)
    assert not meaning_of(dataset, Formula("x", "revenue * 2")).warnings


def test_formulas_may_use_others_in_whatever_order_but_not_themselves(dataset: Dataset) -> None:
    one = with_formula(dataset, Formula("a", "revenue * 2"))
    two = with_formula(one, Formula("b", "a + 1"))
    assert units(with_formula(two, Formula("a", "revenue * 3")), "b") == [4, 7, 10, 13, 16, 19]
    with pytest.raises(BadData, match="a → b → a"):
        with_formula(two, Formula("a", "b + 1"))
    with pytest.raises(BadData, match="a → b → a"):
        with_formula(two, Formula("a", "income", aggregate=MEAN, weight="b"))


def test_a_change_that_others_do_not_fit_any_more_is_refused_naming_them(dataset: Dataset) -> None:
    made = with_formula(dataset, Formula("a", "revenue * 2", unit="USD"))
    made = with_formula(made, Formula("b", "a + revenue"))
    with pytest.raises(BadData, match="'b' would not fit any more: a is in h and revenue in USD"):
        with_formula(made, Formula("a", "[Field hours]", unit="h"))
    with pytest.raises(BadData, match="'b' would not fit any more: 'a' is a figure of containers"):
        with_formula(made, Formula("a", "revenue * 2", CONTAINER))


def test_a_formula_of_containers_leaves_units_without_any(dataset: Dataset) -> None:
    made = with_formula(dataset, Formula("density", "units / people", CONTAINER))
    assert made.column("density")[made.containers["CA"]] == pytest.approx(0.02)
    assert np.isnan(units(made, "density")).all()
    with pytest.raises(BadData, match="figure of containers; a unit has none"):
        with_formula(made, Formula("x", "density * 2"))


def test_a_formula_of_units_needs_units(dataset: Dataset) -> None:
    n = dataset.items.containers
    bare = replace(
        dataset,
        items=type(dataset.items).only_containers(n),
        codes=dataset.codes[:n],
        names=dataset.names[:n],
        values=dataset.values[:n],
        attributes={},
    )
    with pytest.raises(BadData, match="has no units"):
        with_formula(bare, Formula("x", "people * 2"))


def test_areas_are_worked_out_of_what_they_hold_and_should(dataset: Dataset) -> None:
    made = with_formula(dataset, Formula("to go", "target(revenue) - revenue", AREA))
    made = with_formula(made, Formula("part", "revenue / total(revenue)", AREA))
    made = with_formula(made, Formula("each", "[to go] / units", AREA))
    assert len(made.measures) == len(dataset.measures)
    alignment = start(made.items)
    for command in (
        Branch(None, ("West", "East"), "Region"),
        Move(made.positions(["CA"]), AreaId(1)),
        Change(AreaId(1), {"targets": {"revenue": 10.0}}),
    ):
        _, alignment = decide(alignment, command, iter([AreaId(1), AreaId(2)]))
    found = areas_worked(made, alignment, totals(made, alignment))
    assert found["to go"].values[1] == 7
    assert np.isnan(found["to go"].values[[0, 2]]).all()
    assert found["part"].values.tolist() == pytest.approx([18 / 21, 3 / 21, 0])
    assert found["each"].values[1] == 3.5
    with pytest.raises(BadData, match="figure of areas"):
        with_formula(made, Formula("x", "part * 2"))
    with pytest.raises(BadData, match="to go → each → to go"):
        with_formula(made, Formula("to go", "each * 2", AREA))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=6, max_size=6))
def test_other_figures_give_other_results_after_a_recalculation(said: list[float | None]) -> None:
    first = with_formula(states.dataset(), Formula("x", "coalesce(revenue, 0) * 2 + 1"))
    n = first.items.containers
    values = first.values.copy()
    values[n:, 1] = [np.nan if v is None else v for v in said]
    changed = recalculated(replace(first, values=values))
    assert units(changed, "x") == [2 * (v or 0) + 1 for v in said]
    again = recalculated(changed)
    np.testing.assert_array_equal(again.values, changed.values)


def test_a_new_dataset_gets_the_formulas_it_can_have(dataset: Dataset) -> None:
    formulas = (Formula("b", "a + 1"), Formula("a", "revenue * 2"), Formula("c", "gone / 2"),
                Formula("people", "revenue"))  # fmt: skip
    made, left = carried_over(dataset, formulas)
    assert [f.name for f in made.formulas] == ["a", "b"]
    assert sorted(left) == ["c", "people"]
    assert "no measure 'gone'" in left["c"]


def test_a_quarter_of_a_million_units_are_worked_out_in_arrays(dataset: Dataset) -> None:
    n, m = dataset.items.containers, 250_000
    home = np.resize(np.arange(n, dtype=np.int32), m)
    big = replace(
        dataset,
        items=type(dataset.items)(n, home),
        codes=np.concatenate([dataset.codes[:n], np.arange(m).astype(str).astype(object)]),
        names=np.resize(dataset.names, n + m),
        values=np.resize(dataset.values, (n + m, dataset.values.shape[1])),
        attributes={"rep": np.resize(dataset.attributes["rep"], n + m)},
    )
    made = Formula(
        "x", 'if(rep = "Ana" and revenue > 2, log(revenue) ^ 2, revenue / [Field hours])'
    )
    assert len(value_of(big, made).values) == m
