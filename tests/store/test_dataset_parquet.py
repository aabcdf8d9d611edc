"""A dataset comes back from its Parquet bytes as it was."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from strategies import datasets

from tp_geo.domain.alignment import Items, frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.errors import BadData, StoreDamaged
from tp_geo.store import dataset_parquet
from tp_geo.store.dataset_parquet import from_parquet, to_parquet

ARRAYS = {"items", "codes", "names", "values", "attributes"}
EXAMPLE = Dataset(
    name="accounts",
    key="0123456789abcdef",
    boundaries="postal",
    items=Items(2, frozen(np.array([0, -1], dtype=np.int32))),
    codes=np.array(["00501", "10001", "00501", "0"], dtype=object),
    names=np.array(["Holtsville", "", "Acme", "עִבְרִית"], dtype=object),
    measures=(Measure("revenue", "Revenue", "USD"), Measure("age", "Age", "", Aggregate.MEAN)),
    values=np.array([[1.5, np.nan], [-0.0, 2.0], [np.inf, 3.0], [0.1, 4.0]]),
    attributes={"state": np.array(["NY", "NY", "", "ÅL"], dtype=object)},
    source="accounts.csv",
    made="2026-11-22",
    layer="fedcba9876543210",
)


def same(one: Dataset, other: Dataset) -> bool:
    """Whether two datasets are equal to the bit, NaN like NaN."""
    plain = [f.name for f in fields(Dataset) if f.name not in ARRAYS]
    return (
        all(getattr(one, name) == getattr(other, name) for name in plain)
        and one.items.containers == other.items.containers
        and one.items.container_of.tolist() == other.items.container_of.tolist()
        and one.codes.tolist() == other.codes.tolist()
        and one.names.tolist() == other.names.tolist()
        and one.values.shape == other.values.shape
        and one.values.tobytes() == other.values.tobytes()
        and {k: v.tolist() for k, v in one.attributes.items()}
        == {k: v.tolist() for k, v in other.attributes.items()}
        and list(one.attributes) == list(other.attributes)
    )


@given(datasets())
def test_a_dataset_comes_back_identical(dataset: Dataset) -> None:
    assert same(from_parquet(to_parquet(dataset)), dataset)


def test_accounts_that_were_once_counted_as_rows_are_accounts() -> None:
    counted = (Measure("accounts", "Accounts", "rows"), Measure("visits", "Visits", "rows"))
    back = from_parquet(to_parquet(replace(EXAMPLE, measures=counted)))
    assert [m.unit for m in back.measures] == ["accounts", "rows"]


def test_types_come_back_too() -> None:
    back = from_parquet(to_parquet(EXAMPLE))
    assert same(back, EXAMPLE)
    assert back.measures[1].aggregate is Aggregate.MEAN
    assert (back.values.dtype, back.items.container_of.dtype) == (np.float64, np.int32)
    assert {type(v) for v in [*back.codes, *back.names, *back.attributes["state"]]} == {str}


def test_what_comes_back_is_read_only() -> None:
    back = from_parquet(to_parquet(EXAMPLE))
    arrays = [back.codes, back.names, back.values, back.items.container_of]
    assert not any(array.flags.writeable for array in [*arrays, *back.attributes.values()])


def test_an_empty_dataset_is_a_dataset() -> None:
    none = np.array([], dtype=object)
    empty = Dataset("e", "k", "postal", Items.only_containers(0), none, none, (), np.zeros((0, 0)))
    assert same(from_parquet(to_parquet(empty)), empty)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no parquet at all", to_parquet(EXAMPLE)[:-9]])
def test_bytes_that_are_no_dataset_are_named_damaged(data: bytes) -> None:
    with pytest.raises(StoreDamaged, match="Import its file again"):
        from_parquet(data)


def test_text_that_is_no_unicode_is_bad_data_that_names_the_column() -> None:
    names = np.array(["half \ud800", "", "", ""], dtype=object)
    with pytest.raises(BadData, match="'name'"):
        to_parquet(replace(EXAMPLE, names=names))


def test_a_dataset_of_a_newer_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = to_parquet(EXAMPLE)
    monkeypatch.setattr(dataset_parquet, "VERSION", 0)
    with pytest.raises(StoreDamaged, match="newer TP Geo"):
        from_parquet(data)
