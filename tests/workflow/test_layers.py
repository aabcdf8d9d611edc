"""Boundary sets taken in, and what becomes of the plans and datasets that stand on the old one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tp_geo.domain.alignment import AreaId, Items
from tp_geo.domain.commands import Move
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.geometry.boundaries import Boundaries, build_boundaries
from tp_geo.store import DatasetInfo, embedded, open_store
from tp_geo.workflow.layers import CarriedOver, carry_over, rebased, take_in
from tp_geo.workflow.planner import Planner

N = 20_000


def squares(codes: str, *, kind: str = "postal", west: float = -100.0) -> Boundaries:
    """One square degree a code, side by side from the west."""
    names = codes.split()
    boxes = [shapely.box(west + i, 40, west + i + 1, 41) for i in range(len(names))]
    return build_boundaries(
        np.array(names, dtype=object),
        np.array(names, dtype=object),
        np.array(boxes, dtype=object),
        within={},
        kind=kind,
        title="Squares",
        country="US",
    )


def accounts(layer: Boundaries, inside: list[int]) -> Dataset:
    units = np.arange(1.0, len(inside) + 1)
    own = np.zeros(len(layer))
    np.add.at(own, np.array(inside), units)
    values = np.concatenate([own, units])[:, None]
    ids = np.array([f"u{i}" for i in range(len(inside))], dtype=object)
    return Dataset(
        name="accounts",
        key=f"k{layer.key}",
        boundaries="postal",
        items=Items(len(layer), np.array(inside, dtype=np.int32)),
        codes=np.concatenate([layer.codes, ids]),
        names=np.concatenate([layer.codes, ids]),
        measures=(Measure("revenue", "Revenue", "USD"),),
        values=values,
        layer=layer.key,
    )


def test_units_go_with_their_code_and_else_where_their_old_container_lay() -> None:
    """
    old:  A B C        u0 in A, u1 in B, u2 in C
    new:  A D C E      B is gone; D lies where B lay
    """
    old, new = squares("A B C"), squares("A D C E")
    new_of = {c: i for i, c in enumerate(new.codes)}
    made = rebased(accounts(old, [0, 1, 2]), old, new)
    assert made.items.container_of.tolist() == [new_of["A"], new_of["D"], new_of["C"]]
    assert made.layer == new.key


def test_datasets_alike_stay_apart_on_new_containers() -> None:
    old, new = squares("A B C"), squares("A D C E")
    one = accounts(old, [0, 1])
    other = replace(one, name="other", key="another")
    assert rebased(one, old, new).key != rebased(other, old, new).key


def test_no_figure_of_a_unit_is_lost_or_doubled_by_new_containers() -> None:
    old, new = squares("A B C"), squares("A D C E")
    before = accounts(old, [0, 1, 1, 2])
    made = rebased(before, old, new)
    assert np.nansum(made.column("revenue")[:4]) == np.nansum(before.column("revenue")[:3])


def test_a_mean_is_that_of_the_units_that_lie_in_a_container_now() -> None:
    """
    old:  A B C        u0 in A, u1 in B, u2 in C
    new:  A C          B is gone; C lies where B lay
    """
    old, new = squares("A B C"), squares("A C")
    score = Measure("score", "Score", aggregate=Aggregate.MEAN)
    values = np.array([3.0, 5.0, 7.0, 3.0, 5.0, 7.0])[:, None]
    before = replace(accounts(old, [0, 1, 2]), measures=(score,), values=values)
    assert rebased(before, old, new).column("score").tolist() == [3.0, 6.0, 3.0, 5.0, 7.0]


def test_what_is_said_of_containers_and_units_goes_with_their_code() -> None:
    old, new = squares("A B C"), squares("A D C E")
    tier = np.array(["gold", "silver", "", "big", ""], dtype=object)
    before = replace(accounts(old, [0, 1]), attributes={"tier": tier})
    made = rebased(before, old, new)
    assert made.attributes["tier"].tolist() == ["gold", "", "", "", "big", ""]


@pytest.fixture
def planner(tmp_path: Path) -> Planner:
    return Planner(open_store(str(tmp_path / "plans.duckdb")))


def test_an_alignment_keeps_its_assignments_by_code_on_new_containers(planner: Planner) -> None:
    old, new = squares("A B C"), squares("A C D E")
    take_in_without_default(planner, old)
    put_dataset(planner, accounts(old, [0, 1, 2]))
    plan = planner.create("Plan", "accounts", by="ann", areas=("West", "East"))
    plan.ask(Move(np.array([0, 1]), AreaId(1)), by="ann")
    plan.ask(Move(np.array([2]), AreaId(2)), by="ann")
    take_in_without_default(planner, new)
    (report,) = carry_over(planner, new)
    after = planner.open("Plan")
    held = {c: int(after.alignment.area_of[i]) for c, i in after.dataset.containers.items()}
    assert held == {"A": 1, "C": 2, "D": 0, "E": 0}
    assert (report.kept, report.new, report.gone) == (2, 2, 1)
    assert report.unassigned == ("B",)
    assert after.missing == ("B",)
    assert str(report) == "Plan: 2 kept, 2 new, 1 gone; 1 of them was assigned, first B"


def test_a_report_without_losses_can_be_told() -> None:
    assert str(CarriedOver("Plan", 3, 1, 0, ())).endswith("0 gone; none of them was assigned")


def test_carrying_over_twice_changes_nothing_more(planner: Planner) -> None:
    old, new = squares("A B C"), squares("A C D E")
    take_in_without_default(planner, old)
    put_dataset(planner, accounts(old, [0, 1, 2]))
    planner.create("Plan", "accounts", by="ann", areas=2)
    take_in_without_default(planner, new)
    assert len(carry_over(planner, new)) == 1
    assert carry_over(planner, new) == ()


def test_a_dataset_without_a_plan_goes_along(planner: Planner) -> None:
    old, new = squares("A B C"), squares("A C D E")
    take_in_without_default(planner, old)
    put_dataset(planner, accounts(old, [0, 1, 2]))
    take_in_without_default(planner, new)
    assert carry_over(planner, new) == ()
    assert planner.dataset("accounts").layer == new.key


def test_the_name_of_a_dataset_still_means_its_newest_version(planner: Planner) -> None:
    """The plan stands on the version before; both go along, and a new plan gets the newest."""
    old, new = squares("A B C"), squares("A C D E")
    take_in_without_default(planner, old)
    put_dataset(planner, accounts(old, [0]))
    planner.create("Plan", "accounts", by="ann", areas=2)
    put_dataset(planner, replace(accounts(old, [0, 1, 2]), key="newer"))
    take_in_without_default(planner, new)
    carry_over(planner, new)
    assert len(planner.open("Plan").dataset.items.container_of) == 1
    assert len(planner.dataset("accounts").items.container_of) == 3
    assert planner.dataset("accounts").layer == new.key


def test_plans_stay_where_they_are_when_the_new_set_is_another_country_or_one_state(
    planner: Planner,
) -> None:
    plan = planner.create("Plan", by="ann", areas=1)
    abroad = squares("10115 10117 20095")
    take_in(planner, abroad)
    assert carry_over(planner, abroad) == ()
    assert planner.open("Plan").dataset.key == plan.dataset.key
    assert planner.dataset("default").key == plan.dataset.key


def test_a_new_postal_layer_carries_the_built_in_figures(planner: Planner) -> None:
    """Most of the built-in postal areas, as another set: their figures come along."""
    whole = embedded.load_boundaries("postal")
    most = build_boundaries(
        whole.codes[:N],
        whole.names[:N],
        whole.polygons[:N],
        within={k: v[:N] for k, v in whole.within.items()},
        kind="postal",
        title="Most",
        country="US",
    )
    plan = planner.create("Plan", by="ann", areas=1)
    people = plan.dataset.column("population")[:N].sum()
    take_in(planner, most)
    carry_over(planner, most)
    now = planner.open("Plan").dataset
    assert len(now.codes) == N
    assert now.column("population").sum() == pytest.approx(people)


def take_in_without_default(planner: Planner, layer: Boundaries) -> None:
    from tp_geo.store import BoundaryInfo, geoparquet

    info = BoundaryInfo(layer.kind, layer.key, layer.title, "", "", "", "US", False, len(layer), "")
    planner.store.put_boundaries(info, geoparquet.to_geoparquet(layer))


def put_dataset(planner: Planner, dataset: Dataset) -> None:
    info = DatasetInfo(dataset.name, dataset.key, "postal", dataset.layer, "", "", {})
    planner.store.put_dataset(info, dataset)
