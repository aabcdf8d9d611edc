from __future__ import annotations

import numpy as np
import pandas as pd
from frames import CODES, frame, rows
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.dataset import Dataset, Measure
from tp_geo.files.build import Beside, content_key, dataset_from
from tp_geo.files.doctor import diagnose
from tp_geo.files.mapping import Columns

COLUMNS = Columns(
    id="Id",
    name="Name",
    postal="Zip",
    owner="Rep",
    territory="Patch",
    measures=("AnnualRevenue",),
    attributes=("Industry",),
)
GIVEN = rows(
    {"Id": "a", "Zip": "94110", "Name": "A", "Rep": "Jo", "Patch": "W", "AnnualRevenue": "10"},
    {"Id": "b", "Zip": "94110", "Name": "", "Rep": "Jo", "AnnualRevenue": "x", "Industry": "Oil"},
    {"Id": "c", "Zip": "nowhere", "Name": "C", "AnnualRevenue": "5"},
)


def made(table: pd.DataFrame = GIVEN, columns: Columns = COLUMNS, **options: object) -> Dataset:
    diagnosis = diagnose(table, columns, frame())
    return dataset_from(diagnosis, name="accounts", **options)  # type: ignore[arg-type]


def test_containers_come_first_and_units_after_them() -> None:
    dataset = made()
    assert list(dataset.codes) == [*CODES, "a", "b", "c"]
    assert list(dataset.names[4:]) == ["A", "b", "C"]
    assert list(dataset.items.container_of) == [2, 2, -1]
    assert dataset.boundaries == "postal"


def test_a_containers_value_is_the_sum_of_its_units() -> None:
    dataset = made()
    assert [m.name for m in dataset.measures] == ["accounts", "annual_revenue"]
    assert dataset.measure("annual_revenue").label == "Annual Revenue"
    assert list(dataset.column("accounts")) == [0, 0, 2, 0, 1, 1, 1]
    np.testing.assert_array_equal(dataset.column("annual_revenue"), [0, 0, 10, 0, 10, np.nan, 5])


def test_the_present_assignment_is_kept_under_names_that_are_always_the_same() -> None:
    dataset = made()
    assert dataset.attributes["owner"].tolist() == ["", "", "", "", "Jo", "Jo", ""]
    assert dataset.attributes["territory"].tolist()[4:] == ["W", "", ""]
    assert dataset.attributes["Industry"].tolist()[4:] == ["", "Oil", ""]


def test_figures_of_containers_stand_beside() -> None:
    people = Measure("population", "Population")
    beside = Beside((people,), np.array([[1.0], [2.0], [np.nan], [4.0]]))
    dataset = made(beside=beside)
    np.testing.assert_array_equal(
        dataset.column("population"), [1, 2, np.nan, 4, np.nan, np.nan, np.nan]
    )


def test_the_users_own_measure_goes_before_one_beside_it() -> None:
    table = GIVEN.rename(columns={"AnnualRevenue": "Households"})
    columns = Columns(id="Id", postal="Zip", measures=("Households",))
    beside = Beside(
        (Measure("households", "Households"), Measure("income", "Income", weight="households")),
        np.ones((4, 2)),
    )
    dataset = made(table, columns, beside=beside)
    assert [m.name for m in dataset.measures] == ["accounts", "households"]
    assert dataset.column("households")[2] == 10


def test_measures_of_one_plain_name_are_told_apart() -> None:
    table = rows({"Zip": "94110", "Net Sales": "1", "net_sales": "2", "Accounts": "3", "€": "4"})
    columns = Columns(postal="Zip", measures=("Net Sales", "net_sales", "Accounts", "€"))
    assert [m.name for m in made(table, columns).measures] == [
        "accounts",
        "net_sales",
        "net_sales_2",
        "accounts_2",
        "measure",
    ]


def test_the_key_is_that_of_the_content() -> None:
    assert made().key == made(source="other.csv", made="2030-01-01").key
    changed = GIVEN.copy()
    changed.loc[0, "AnnualRevenue"] = "11"
    assert made(changed).key != made().key
    assert made(GIVEN.iloc[::-1].reset_index(drop=True)).key != made().key
    assert content_key(made()) == made().key


@given(st.sampled_from(["Name", "Rep", "Patch", "Industry", "Zip", "Id"]), st.integers(0, 2))
def test_any_text_changes_the_key(column: str, row: int) -> None:
    changed = GIVEN.copy()
    changed.loc[row, column] = "something else"
    assert made(changed).key != made().key


numbers = st.integers(-1000, 1000).map(str) | st.sampled_from(["", "x", "$5"])


@given(st.lists(st.tuples(st.sampled_from([*CODES, "", "?"]), numbers), max_size=20))
def test_no_value_is_lost_between_rows_and_containers(given: list[tuple[str, str]]) -> None:
    table = pd.DataFrame(given, columns=["Zip", "Sum"], dtype=str)
    diagnosis = diagnose(table, Columns(postal="Zip", measures=("Sum",)), frame())
    dataset = dataset_from(diagnosis, name="d")
    n = dataset.items.containers
    lost = dataset.values[n:][dataset.items.container_of < 0]
    np.testing.assert_allclose(
        np.nansum(dataset.values[:n], axis=0) + np.nansum(lost, axis=0),
        [len(table), diagnosis.totals()["Sum"]],
    )


def test_an_attribute_named_like_a_field_is_told_apart() -> None:
    columns = Columns(postal="Zip", owner="Rep", attributes=("owner",))
    table = rows({"Zip": "94110", "Rep": "Jo", "owner": "005"})
    dataset = made(table, columns)
    assert dataset.attributes["owner"][-1] == "Jo"
    assert dataset.attributes["owner (column)"][-1] == "005"
