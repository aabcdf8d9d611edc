"""A plan moved to newer boundaries by a crosswalk or by area: told first, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
import states
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tp_geo.domain.alignment import AreaId, Items, frozen
from tp_geo.domain.commands import Change, HoldItems, Move
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.files.build import content_key
from tp_geo.geometry.boundaries import Boundaries, build_boundaries
from tp_geo.store import Store
from tp_geo.workflow.layers import take_in
from tp_geo.workflow.migrating import layer_named, migrate, preview_migration
from tp_geo.workflow.migrating_tables import of_areas, of_codes, of_containers, of_measures
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

ANA = "ana"


def row_of(shapes: dict[str, tuple[float, float]], title: str) -> Boundaries:
    """Rectangles side by side: from which to which degree of longitude each goes."""
    codes = np.array(list(shapes), dtype=object)
    boxes = np.array([shapely.box(a, 10, b, 11) for a, b in shapes.values()], dtype=object)
    return build_boundaries(codes, codes, boxes, kind="beat", title=title)


OLD = row_of({"a": (0, 1), "b": (1, 2), "c": (2, 3), "d": (3, 4)}, "Beats 2020")
NEW = row_of({"a": (0, 1), "b1": (1, 1.75), "b2": (1.75, 2), "cd": (2, 4)}, "Beats 2030")
WALK = pd.DataFrame(
    {"old": ["b", "b", "c", "d"], "new": ["b1", "b2", "cd", "cd"], "weight": ["3", "1", "1", "1"]}
)


def data(layer: str, points: bool = True) -> Dataset:
    """People and their income of four beats; u1 and u2 lie in b, west and east, u3 in d."""
    inside = np.array([1, 1, 3], dtype=np.int32)
    people = [10.0, 40.0, 20.0, 30.0, np.nan, np.nan, np.nan]
    sold = [0.0, 3.0, 0.0, 4.0, 1.0, 2.0, 4.0]
    income = [50.0, 60.0, 70.0, 80.0, np.nan, np.nan, np.nan]
    none = [""] * 4
    made = Dataset(
        name="mine", key="", boundaries="beat", items=Items(4, frozen(inside)),
        codes=np.array(["a", "b", "c", "d", "u1", "u2", "u3"], dtype=object),
        names=np.array(["a", "b", "c", "d", "u1", "u2", "u3"], dtype=object),
        measures=(
            Measure("people", "People"), Measure("sold", "Sold"),
            Measure("income", "Income", "", Aggregate.MEAN, "people"),
        ),
        values=frozen(np.column_stack([people, sold, income])),
        attributes={
            "lat": np.array([*none, "10.5", "10.5", ""], dtype=object),
            "lon": np.array([*none, "1.2", "1.9", ""], dtype=object),
        } if points else {},
        layer=layer,
    )  # fmt: skip
    return replace(made, key=content_key(made))


@pytest.fixture
def planner(store: Store) -> Planner:
    made = Planner(store)
    for layer in (OLD, NEW):
        take_in(made, layer)
    states.keep(store, data(OLD.key))
    return made


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West holds a and b, East c; d is East's too and held; u3 is West's by itself."""
    made = planner.create("P", "mine", by=ANA, areas=["West", "East"])
    for area, codes in ((1, ["a", "b", "u3"]), (2, ["c", "d"])):
        made.ask(Move(made.dataset.positions(codes), AreaId(area)), by=ANA)
    made.ask(HoldItems(made.dataset.positions(["d"])), by=ANA)
    return made


def test_codes_that_split_merge_and_stay_are_told(planner: Planner, plan: Plan) -> None:
    found = preview_migration(planner, plan, NEW, WALK)
    assert of_codes(found).to_numpy().tolist() == [
        ["b", "b1", "split", 0.75],
        ["b", "b2", "split", 0.25],
        ["c", "cd", "merged", 1.0],
        ["d", "cd", "merged", 1.0],
    ]
    assert str(found) == (
        "4 codes to 4: 3 gone, 3 new, 1 split, 1 made of several, 0 given up; "
        "0 between areas, 0 of them tied"
    )
    assert found.partly_held.tolist() == [3]  # cd: of c and d, d alone is held
    assert of_containers(found).to_numpy().tolist() == [["cd", "East", "East 100 %", False, True]]


def test_figures_go_by_share_units_by_their_place_and_means_by_weight(
    planner: Planner, plan: Plan
) -> None:
    made = preview_migration(planner, plan, NEW, WALK).dataset
    n = made.items.containers
    assert made.codes[:n].tolist() == ["a", "b1", "b2", "cd"]
    assert made.column("people")[:n].tolist() == [10, 30, 10, 50]
    assert made.column("sold")[:n].tolist() == [0, 1, 2, 4]
    assert made.column("income")[:n].tolist() == [50, 60, 60, 76]
    assert [made.codes[made.items.container_of[k]] for k in range(3)] == ["b1", "b2", "cd"]
    without = preview_migration(planner, plan, NEW, WALK).plan.dataset
    assert without.key == plan.dataset.key


def test_units_of_a_split_code_without_a_place_go_where_most_of_it_goes(
    planner: Planner, store: Store
) -> None:
    states.keep(store, replace(data(OLD.key, points=False), name="bare"))
    plan = planner.create("B", "bare", by=ANA, areas=["West"])
    made = preview_migration(planner, plan, NEW, WALK).dataset
    assert [made.codes[made.items.container_of[k]] for k in range(3)] == ["b1", "b1", "cd"]
    assert made.column("sold")[:4].tolist() == [0, 3, 0, 4]


def test_the_move_is_a_copy_in_one_revision_and_the_plan_stays(
    planner: Planner, plan: Plan
) -> None:
    plan.ask(Change(AreaId(2), {"locked": True}), by=ANA)
    found = preview_migration(planner, plan, NEW, WALK)
    before = plan.info, plan.seq
    made = migrate(planner, found, "P 2030", by=ANA, note="census")
    assert (plan.info, plan.seq) == before
    assert made.alignment == found.alignment
    assert made.info.base == f"{plan.info.id}@{plan.seq}"
    assert (made.seq, made.history()[0].kind, made.history()[0].note) == (1, "migrate", "census")
    area = dict(zip(made.dataset.codes, made.alignment.resolved, strict=True))
    assert area == {"a": 1, "b1": 1, "b2": 1, "cd": 2, "u1": 1, "u2": 1, "u3": 1}
    assert made.alignment.area(AreaId(2)).locked
    assert made.dataset.name == "mine on Beats 2030"
    assert made.boundaries.key == NEW.key
    again = Planner(planner.store).open("P 2030")
    assert again.alignment == made.alignment


def test_by_area_finds_the_same_as_the_crosswalk(planner: Planner, plan: Plan) -> None:
    walk = preview_migration(planner, plan, NEW, WALK).crosswalk
    found = preview_migration(planner, plan, NEW, by_area=True).crosswalk
    assert (found.old.tolist(), found.new.tolist()) == (walk.old.tolist(), walk.new.tolist())
    np.testing.assert_allclose(found.share, walk.share, atol=1e-9)


def test_a_container_of_two_areas_goes_to_the_one_that_has_most_of_it(
    planner: Planner, plan: Plan
) -> None:
    plan.ask(Move(plan.dataset.positions(["c"]), AreaId(1)), by=ANA)
    table = of_containers(preview_migration(planner, plan, NEW, WALK))
    assert table.iloc[0][["area", "parts", "tied"]].tolist() == ["East", "East 60 %, West 40 %",
                                                                 False]  # fmt: skip
    by = preview_migration(planner, plan, NEW, WALK, measure="sold")
    assert of_containers(by).iloc[0]["parts"] == "East 100 %"
    areas = of_areas(by).set_index("area")
    assert areas.loc["West", "containers before"] == areas.loc["West", "containers after"] == 3


def test_equal_parts_are_named_as_a_tie(planner: Planner, plan: Plan) -> None:
    plan.ask(Move(plan.dataset.positions(["c"]), AreaId(1)), by=ANA)
    bare = replace(plan.dataset, values=frozen(np.zeros_like(plan.dataset.values)))
    plan.dataset = replace(bare, key=content_key(bare))
    found = preview_migration(planner, plan, NEW, WALK)
    (row,) = of_containers(found).to_dict("records")
    assert (row["area"], row["tied"]) == ("West", True)


def test_measures_are_told_before_and_after(planner: Planner, plan: Plan) -> None:
    table = of_measures(preview_migration(planner, plan, NEW, WALK)).set_index("measure")
    assert table["difference"].round(9).tolist() == [0.0, 0.0, 0.0]
    given_up = pd.concat([WALK[:3], pd.DataFrame([{"old": "d", "new": "", "weight": ""}])])
    found = preview_migration(planner, plan, NEW, given_up)
    assert of_measures(found).set_index("measure").loc["People", "difference"] == -30
    assert "1 given up" in str(found)
    assert ["d", "", "given up", 0.0] in of_codes(found).to_numpy().tolist()
    assert found.dataset.items.container_of[2] == -1  # u3 stays, in no container


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (None, r"3 codes of Beats 2020 lead nowhere in Beats 2030: b, c, d. Find them where"),
        ({"old": ["b", "x"], "new": ["b1", "b1"]}, r"1 codes .* not in the column 'old' of the pl"),
        ({"old": ["b"], "new": ["zz"]}, r"not in the column 'new' of the new boundaries"),
        ({"old": ["b"], "new": ["b1"], "weight": ["-1"]}, r"Row 2 .* '-1' in 'weight'"),
        ({"old": ["b"], "new": ["b1"], "weight": ["much"]}, r"Row 2 .* 'much' in 'weight'"),
        ({"old": ["b"], "new": ["b1"], "weight": ["0"]}, r"'b' weighs nothing in the crosswalk"),
        ({"old": ["b"]}, r"at least two columns"),
    ],
)
def test_a_crosswalk_that_does_not_fit_is_refused_with_the_remedy(
    planner: Planner, plan: Plan, table: dict | None, said: str
) -> None:
    given_table = None if table is None else pd.DataFrame(table)
    with pytest.raises(BadData, match=said):
        preview_migration(planner, plan, NEW, given_table)


def test_what_is_there_already_or_has_changed_is_refused(planner: Planner, plan: Plan) -> None:
    with pytest.raises(Refused, match="P is on Beats 2020 already"):
        preview_migration(planner, plan, OLD)
    found = preview_migration(planner, plan, NEW, WALK)
    with pytest.raises(Refused, match="There is an alignment called 'P' already"):
        migrate(planner, found, "P", by=ANA)
    plan.ask(Move(plan.dataset.positions(["a"]), AreaId(2)), by=ANA)
    with pytest.raises(Stale, match="has changed since the preview"):
        migrate(planner, found, "Q", by=ANA)


def test_sets_are_named_by_key_title_or_kind(planner: Planner) -> None:
    assert layer_named(planner, OLD.key).key == OLD.key
    assert layer_named(planner, "beats 2020").key == OLD.key
    assert layer_named(planner, "beat").key == NEW.key
    assert layer_named(planner, "state").kind == "state"
    with pytest.raises(BadData, match=r"There are no boundaries 'x'. There are: "):
        layer_named(planner, "x")


@given(
    entries=st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["a", "b1", "b2", "cd"]),
                  st.integers(1, 9)), min_size=0, max_size=12,
    )
)  # fmt: skip
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
def test_totals_are_conserved_whatever_the_crosswalk(
    planner: Planner, plan: Plan, entries: list[tuple[str, str, int]]
) -> None:
    rows = [(o, n, str(w)) for o, n, w in entries]
    table = pd.DataFrame(rows, columns=["old", "new", "weight"])
    found = preview_migration(planner, plan, NEW, table, by_area=True)
    for name in ("people", "sold"):
        was = np.nansum(plan.dataset.column(name)[:4])
        assert np.nansum(found.dataset.column(name)[:4]) == pytest.approx(was)
    n = found.dataset.items.containers
    resolved = found.alignment.resolved
    assert len(resolved) == n + 3
    assert set(resolved[:n].tolist()) <= {0, 1, 2}
