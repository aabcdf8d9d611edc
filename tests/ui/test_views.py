"""What pages work out for themselves: small maps, changes, targets, rows."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.geometry import palette
from tp_geo.ui import area_targets, cards, item_table, revision_map, state, thumbnail
from tp_geo.workflow import publishing_kept
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner


@pytest.fixture
def plan(planner: Planner) -> Plan:
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions(["94103", "94110"]), AreaId(1)), by="anna")
    return made


@pytest.fixture
def now(plan: Plan) -> state.Now:
    return state.Now(plan, "anna", Focus(), np.zeros(0, dtype=np.intp))


def colors_of(png: bytes) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(Image.open(io.BytesIO(png)))


def test_a_small_map_paints_each_pixel_in_its_area_and_leaves_the_sea_clear(plan: Plan) -> None:
    """
    container 0 (West) | container 1 (unassigned) | sea
    """
    plan.ask(Move(np.array([0]), AreaId(1)), by="anna")
    under = np.array([[0, 0, 1, 1, -1]] * 3, dtype=np.int32)
    seen = colors_of(thumbnail.picture(under, plan.alignment, {AreaId(1): "#ff0000"}))
    assert seen[1, 0].tolist() == [255, 0, 0, 255]
    assert seen[1, 3, 3] == thumbnail.FAINT
    assert seen[1, 4, 3] == 0


def test_the_nation_fills_its_small_map_with_insets(plan: Plan) -> None:
    under = thumbnail.pixels(plan.boundaries)
    assert 0.3 < (under >= 0).mean() < 0.7
    states = set(plan.boundaries.within["state"][np.unique(under[under >= 0])])
    assert {"AK", "HI", "ME", "CA", "FL"} <= states


def test_a_card_tells_a_deviation_once_a_level_has_targets_and_something_is_assigned(
    plan: Plan, planner: Planner
) -> None:
    west, east = AreaId(1), AreaId(2)
    assert cards.card(plan).untold == "no targets set"
    plan.ask(Change(west, {"targets": {"population": 100_000}}), by="anna")
    assert (cards.card(plan).worst, cards.card(plan).untold) == (
        None,
        "targets not set for all areas",
    )
    plan.ask(Change(east, {"targets": {"population": 100_000}}), by="anna")
    assert cards.card(plan).worst == -1.0
    fresh = planner.copy(plan, "Fresh", by="anna")
    fresh.ask(Move(plan.alignment.holds(west), UNASSIGNED), by="anna")
    assert (cards.card(fresh).worst, cards.card(fresh).untold) == (None, "nothing assigned yet")


def test_a_card_says_whether_what_was_published_is_still_the_plan(plan: Plan) -> None:
    assert cards.card(plan).status == ":gray-badge[draft]"
    publishing_kept.keep_published(plan, "FY27", seq=plan.seq, by="anna")
    assert cards.card(plan).status == ":violet-badge[as last published]"
    first = min(plan.alignment.areas)
    plan.ask(Change(first, {"owner": "ben"}), by="anna")
    assert cards.card(plan).status == ":gray-badge[draft, 1 revision after the publish]"


def test_nothing_is_outlined_where_all_of_the_map_changed(plan: Plan) -> None:
    some = revision_map.change_of(plan, 2)
    assert (len(some.marked), some.whole) == (2, False)
    plan.ask(Move(np.arange(plan.dataset.items.containers), AreaId(2)), by="anna")
    change = revision_map.change_of(plan, 3)
    assert change.whole
    assert not len(revision_map.still(change, 3, plan, before=False).marked)


def test_dense_places_are_deep_and_empty_ones_faint() -> None:
    under = np.array([[0, 1, 2]], dtype=np.int32)
    seen = colors_of(thumbnail.density(under, np.array([0.0, 1.0, 1000.0])))
    assert seen[0, 0, 3] < seen[0, 1, 3] < seen[0, 2, 3] == thumbnail.MOST


def test_an_even_split_of_the_parent_shares_what_it_holds(now: state.Now) -> None:
    now.plan.ask(Branch(AreaId(1), ("North", "South"), "District"), by="anna")
    made = area_targets.planned(now, 2, "population", area_targets.EVEN_PARENT)
    held = now.plan.totals().of(AreaId(1), "population")
    assert sum(v or 0 for v in made.targets.values()) == pytest.approx(held, abs=2)
    assert len(set(made.targets.values())) == 1


def test_an_even_split_of_everything_counts_what_is_unassigned(now: state.Now) -> None:
    made = area_targets.planned(now, 1, "population", area_targets.EVEN_TOTAL)
    all_of_it = float(np.nansum(now.dataset.column("population")))
    assert sum(v or 0 for v in made.targets.values()) == pytest.approx(all_of_it, abs=2)


def test_targets_that_are_as_they_should_be_change_nothing(now: state.Now) -> None:
    made = area_targets.planned(now, 1, "population", area_targets.EVEN_TOTAL)
    now.plan.ask(area_targets.command(now.alignment, made), by="anna")
    assert area_targets.command(now.alignment, made).made == ()


@pytest.mark.parametrize(
    ("search", "codes"),
    [("94103", ["94103"]), ("san francisco 94110", ["94110"]), ("west CA 9410", ["94103"])],
)
def test_every_word_of_a_search_has_to_be_found(
    now: state.Now, search: str, codes: list[str]
) -> None:
    rows = item_table.found(now, np.arange(now.dataset.items.containers), search)
    assert now.dataset.codes[rows].tolist() == codes


def test_rows_of_an_area_are_those_it_holds(now: state.Now) -> None:
    rows = item_table.rows_of(now, AreaId(1), item_table.CONTAINERS)
    assert now.dataset.codes[rows].tolist() == ["94103", "94110"]
    table = item_table.table(now, rows)
    assert table["Assigned to"].tolist() == ["West", "West"]
    assert table["County"].str.contains("San Francisco").all()


def test_what_is_unassigned_and_what_is_not_make_up_all_rows(now: state.Now) -> None:
    free = item_table.rows_of(now, "Unassigned", item_table.CONTAINERS)
    assert len(free) == now.dataset.items.containers - 2
    assert (now.alignment.area_of[free] == UNASSIGNED).all()


def test_every_area_has_a_color(now: state.Now) -> None:
    assert palette.colors(now.alignment, now.plan.adjacency).keys() == now.alignment.areas.keys()
