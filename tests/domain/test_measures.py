"""What areas hold."""

from __future__ import annotations

import numpy as np
import pytest
from books import MEASURES, Books, books, dataset, expected
from grids import at, done, grid, the
from hypothesis import given
from planners import commands, obey, states

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Items, frozen
from tp_geo.domain.commands import Branch, Command, Move
from tp_geo.domain.measures import totals
from tp_geo.domain.revision import start
from tp_geo.errors import BadData

NAN = float("nan")
A, B = AreaId(1), AreaId(2)


def close(found: object) -> object:
    return pytest.approx(found, rel=1e-9, abs=1e-9, nan_ok=True)


@given(books(), states())
def test_every_area_holds_what_its_records_add_up_to(b: Books, a: Alignment) -> None:
    found = totals(b.dataset, a)
    for k in a.areas:
        under = {*a.subtree(k)}
        records = [r for r in b.records if a.resolved[r[0]] in under]
        assert found.values[k].tolist() == close(expected(records))
    loose = [r for r in b.records if a.resolved[r[0]] == UNASSIGNED]
    assert found.values[UNASSIGNED].tolist() == close(expected(loose))


@given(books(), states())
def test_an_area_is_the_sum_of_those_below_it(b: Books, a: Alignment) -> None:
    found = totals(b.dataset, a)
    for k in a.areas.keys() - a.leaves:
        below = list(a.children(k))
        assert found.of(k, "people") == close(sum(found.of(c, "people") for c in below))
        assert found.containers[k] == found.containers[below].sum()
        assert found.units[k] == found.units[below].sum()


@given(books(), states())
def test_leaves_and_what_is_unassigned_are_the_whole_dataset(b: Books, a: Alignment) -> None:
    found = totals(b.dataset, a)
    parts = [*a.leaves, UNASSIGNED]
    assert found.values[parts, 0].sum() == close(expected(list(b.records))[0])
    assert found.containers[parts].sum() == a.items.containers
    assert found.units[parts].sum() == a.items.count - a.items.containers


@given(books(), states(), commands)
def test_a_command_moves_figures_and_makes_none(b: Books, a: Alignment, c: Command) -> None:
    def whole(x: Alignment) -> float:
        found = totals(b.dataset, x)
        return float(found.values[[*x.children(None), UNASSIGNED], 0].sum())

    assert whole(obey(a, [c], 300)) == close(whole(a))


def test_an_exception_counts_where_the_unit_is() -> None:
    """
    A B   units  * * in the first cell, 3 and 4 people; the cell has 10 of its own
    the second unit moved to B: A 13, B 5 + 4
    """
    items = Items(2, frozen(np.array([0, 0], dtype=np.int32)))
    values = np.array([[17.0, NAN, NAN], [5.0, NAN, NAN], [3.0, NAN, NAN], [4.0, NAN, NAN]])
    a = done(start(items), Branch(None, ("A", "B")), Move(at(0), A), Move(at(1, 3), B))
    found = totals(dataset(items, values), a)
    assert (found.of(A, "people"), found.of(B, "people")) == (13.0, 9.0)
    assert found.units.tolist() == [0, 1, 1]
    assert found.containers.tolist() == [0, 1, 1]


def test_a_mean_is_weighted_and_empty_areas_have_none() -> None:
    """
    A A B   income 10 of 1, 40 of 2, unknown of 5   ->   A 30, B none; C, empty, none
    """
    a = done(grid("AAB"), Branch(None, ("C",)))
    values = np.array([[1.0, 10.0, NAN], [2.0, 40.0, NAN], [5.0, NAN, NAN]])
    found = totals(dataset(a.items, values), a)
    assert found.of(A, "income") == 30.0
    assert np.isnan([found.of(B, "income"), found.of(the(a, "C"), "income")]).all()
    assert found.of(the(a, "C"), "people") == 0.0


def test_a_mean_without_a_weight_counts_each_unit_once() -> None:
    """
    A B   three units in the first cell, scores 1, 2 and 6 (cell: 3), the second cell has 7
    the unit with 6 moved to B: A (1 + 2) / 2, B (7 + 6) / 2
    """
    items = Items(2, frozen(np.array([0, 0, 0], dtype=np.int32)))
    values = np.full((5, 3), NAN)
    values[:, 2] = [3, 7, 1, 2, 6]
    a = done(start(items), Branch(None, ("A", "B")), Move(at(0), A), Move(at(1, 4), B))
    found = totals(dataset(items, values), a)
    assert (found.of(A, "score"), found.of(B, "score")) == close((1.5, 6.5))


def test_rounding_makes_no_mean_out_of_nothing() -> None:
    """
    A B   both units of the first cell moved to B: nothing is left in A to have an income
    """
    items = Items(2, frozen(np.array([0, 0], dtype=np.int32)))
    people = [0.1 + 0.2, 7.0, 0.1, 0.2]
    values = np.array([[p, 3.3, NAN] for p in people])
    a = done(start(items), Branch(None, ("A", "B")), Move(at(0), A), Move(at(1, 2, 3), B))
    found = totals(dataset(items, values), a)
    assert np.isnan(found.of(A, "income"))
    assert found.of(B, "income") == close(3.3)


def test_a_measure_that_is_not_there_is_named_with_those_that_are() -> None:
    a = grid("AB")
    found = totals(dataset(a.items, np.zeros((2, 3))), a)
    assert found.names == tuple(m.name for m in MEASURES)
    with pytest.raises(BadData, match=r"no measure 'sales'\. Measures: people, income, score"):
        found.of(A, "sales")
