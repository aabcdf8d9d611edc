"""Repairs sent back after the dataset has got columns, or other containers, since its import."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tp_geo.domain.dataset import Dataset
from tp_geo.files.repairs import read_repairs
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import BoundaryInfo, Store, embedded, geoparquet
from tp_geo.workflow.importing import Order, import_dataset, send_back
from tp_geo.workflow.layers import carry_over
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.supplement import apply_supplement, preview_supplement

ORDER = Order("mine", "jo", "2026-01-01")


@pytest.fixture
def planner(store: Store, tmp_path: Path) -> Planner:
    rows = {"Id": ["a", "b", "c"], "State": ["CA", "CA", "ZZ"], "Revenue": ["1", "2", "4"]}
    pd.DataFrame(rows).to_csv(tmp_path / "rows.csv", index=False)
    made = Planner(store)
    order = Order("mine", "jo", "2026-01-01", tmp_path / "repair.csv")
    import_dataset(
        store, tmp_path / "rows.csv", order, fixed={"postal": "State"}, boundaries="state"
    )
    made.create("P", "mine", by="jo", areas=2)
    return made


def supplement(planner: Planner, **columns: list[str]) -> None:
    plan = planner.open("P")
    preview = preview_supplement(plan.alignment, plan.dataset, pd.DataFrame(columns, dtype=str))
    apply_supplement(planner, plan, preview, by="jo", source="more.csv")


def repair(planner: Planner, folder: Path, **values: str) -> Dataset:
    table = read_repairs(folder / "repair.csv")
    for column, value in values.items():
        table[column] = value
    table.to_csv(folder / "mended.csv", index=False)
    send_back(planner.store, folder / "mended.csv", ORDER)
    return planner.dataset("mine")


def at(dataset: Dataset, code: str, measure: str) -> float:
    position = dataset.find(code)
    assert position is not None
    return float(dataset.column(measure)[position])


def test_repairs_are_taken_after_columns_were_added_and_these_stay(
    planner: Planner, tmp_path: Path
) -> None:
    supplement(planner, id=["a", "c"], visits=["10", "30"], segment=["gold", "tin"])
    supplement(planner, code=["NV"], rating=["7"])
    made = repair(planner, tmp_path, State="NV")
    assert at(made, "NV", "revenue") == 4
    assert [at(made, code, "visits") for code in ("a", "c", "CA", "NV")] == [10, 30, 10, 30]
    assert at(made, "NV", "rating") == 7
    assert made.attributes["segment"][made.units["c"]] == "tin"
    assert at(repair(planner, tmp_path, State="OR"), "OR", "visits") == 30


def test_repairs_of_nothing_leave_a_supplemented_dataset_as_it_is(
    planner: Planner, tmp_path: Path
) -> None:
    supplement(planner, id=["a", "c"], visits=["10", "30"])
    before = planner.dataset("mine")
    after = repair(planner, tmp_path)
    assert after.codes.tolist() == before.codes.tolist()
    np.testing.assert_array_equal(after.column("visits"), before.column("visits"))
    assert after.key == before.key


def test_repairs_are_taken_after_the_containers_were_replaced(
    planner: Planner, tmp_path: Path
) -> None:
    layer = embedded.load_boundaries("state")
    _put(planner, layer)
    assert len(carry_over(planner, layer)) == 1
    made = repair(planner, tmp_path, State="NV")
    assert at(made, "NV", "revenue") == 4
    assert made.layer == layer.key


def _put(planner: Planner, layer: Boundaries) -> None:
    info = BoundaryInfo(layer.kind, layer.key, layer.title, "", "", "", "US", False, len(layer), "")
    planner.store.put_boundaries(info, geoparquet.to_geoparquet(layer))
