"""An alignment in figures."""

from __future__ import annotations

import numpy as np
import pytest
import states
from states import at

from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.domain.hierarchy import find_area
from tp_geo.store import Store
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.summary import Summary, summarize


@pytest.fixture
def summary(store: Store) -> Summary:
    """West has a district in two pieces and one that is empty; East is not divided."""
    states.keep(store)
    plan = Planner(store).create("P", states.NAME, by="ana", areas=["West", "East"])
    west, east = (find_area(plan.alignment, name) for name in ("West", "East"))
    plan.ask(Move(at("CA", "NV", "NY"), west), by="ana")
    plan.ask(Branch(west, ("Coast", "Desert"), "District"), by="ana")
    plan.ask(Move(at("GA", "u2"), east), by="ana")
    plan.ask(Change(west, {"targets": {"revenue": 8.0, "gone": 3.0, "people": 0.0}}), by="ana")
    return summarize(plan)


def test_areas_are_told_in_the_order_of_the_tree(summary: Summary) -> None:
    assert [(a.depth, a.path) for a in summary.areas] == [
        (1, "West"),
        (2, "West/Coast"),
        (2, "West/Desert"),
        (1, "East"),
    ]
    assert summary.levels == ("Region", "District")


def test_a_divided_area_holds_all_that_is_below_it(summary: Summary) -> None:
    west, coast, desert, east = summary.areas
    assert west.totals == coast.totals
    assert (west.containers, west.units, west.totals["revenue"]) == (3, 3, 9)
    assert (desert.containers, desert.units, desert.totals["revenue"]) == (0, 0, 0)
    assert (east.containers, east.units, east.totals["revenue"]) == (1, 1, 2)


def test_figures_of_areas_and_of_what_is_left_add_up(summary: Summary) -> None:
    tops = [a for a in summary.areas if a.depth == 1]
    for measure, whole in (("people", 5100), ("revenue", 21)):
        total = sum(a.totals[measure] for a in tops) + summary.unassigned.totals[measure]
        assert total == whole
    assert sum(a.containers for a in tops) + summary.unassigned.containers == 51
    assert sum(a.units for a in tops) + summary.unassigned.units == 6


def test_pieces_of_a_divided_area_are_those_of_the_whole(summary: Summary) -> None:
    assert [a.parts for a in summary.areas] == [2, 2, 0, 1]


def test_only_targets_that_can_be_met_have_a_deviation(summary: Summary) -> None:
    west = summary.areas[0]
    assert west.targets == {"revenue": 8, "gone": 3, "people": 0}
    assert west.deviation == {"revenue": 0.125}


def test_a_mean_of_nothing_is_not_known(summary: Summary) -> None:
    assert np.isnan(summary.areas[2].totals["income"])
