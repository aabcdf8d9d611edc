"""Datasets: columns, codes, and what items count for."""

from __future__ import annotations

import numpy as np
import pytest
from books import Books, books, dataset
from hypothesis import given

from tp_geo.domain.alignment import Items, frozen
from tp_geo.domain.dataset import Dataset
from tp_geo.errors import BadData

NAN = float("nan")


def small() -> Dataset:
    """Two containers, 00000 and 00001; two units in the first, one of which has no figures."""
    items = Items(2, frozen(np.array([0, 0], dtype=np.int32)))
    values = np.array([[8.0, 5.0, 4.0], [7.0, 9.0, NAN], [3.0, 5.0, 4.0], [2.0, NAN, NAN]])
    return dataset(items, values)


def test_codes_are_found_where_they_stand() -> None:
    assert small().positions(["00003", "00000"]).tolist() == [3, 0]
    assert [small().find(c) for c in ("00001", "00002", "1")] == [1, 2, None]


@given(books())
def test_unknown_values_add_nothing_and_have_no_say(b: Books) -> None:
    for (amounts, weights), column in zip(b.dataset.amounts, b.dataset.values.T, strict=True):
        unknown = np.isnan(column)
        assert not amounts[unknown].any()
        assert not weights[unknown].any()
        assert (weights >= 0).all()


def test_a_mean_weighs_what_lies_behind_it() -> None:
    """The first container's 8 people are 6 behind its income: 2 have none to tell."""
    (people, _), (income, weight), (score, once) = small().amounts
    assert people.tolist() == [8.0, 7.0, 3.0, 2.0]
    assert weight.tolist() == [6.0, 7.0, 3.0, 0.0]
    assert income.tolist() == [30.0, 63.0, 15.0, 0.0]
    assert once.tolist() == [1.0, 0.0, 1.0, 0.0]
    assert score.tolist() == [4.0, 0.0, 4.0, 0.0]


def test_a_figure_of_the_container_alone_keeps_all_its_weight() -> None:
    items = Items(1, frozen(np.array([0], dtype=np.int32)))
    alone = dataset(items, np.array([[8.0, 5.0, 4.0], [3.0, NAN, NAN]]))
    assert alone.amounts[1][1].tolist() == [8.0, 0.0]
    assert alone.amounts[2][1].tolist() == [1.0, 0.0]


def test_a_column_is_found_by_name() -> None:
    assert small().column("people").tolist() == [8.0, 7.0, 3.0, 2.0]
    with pytest.raises(BadData, match=r"no measure 'sales' in dataset books\. It has: people,"):
        small().column("sales")


def test_containers_come_before_units_of_the_same_code() -> None:
    twins = small()
    codes = np.array(["00000", "00001", "00001", "u"], dtype=object)
    both = Dataset("d", "k", "postal", twins.items, codes, codes, twins.measures, twins.values)
    assert (both.find("00001"), both.units["00001"], both.find("u"), both.find("x")) == (
        1,
        2,
        3,
        None,
    )


def test_codes_that_are_not_there_are_counted_and_the_first_is_named() -> None:
    with pytest.raises(BadData, match=r"2 of 3 codes are not in dataset books; the first is '1'"):
        small().positions(["00000", "1", "x"])
