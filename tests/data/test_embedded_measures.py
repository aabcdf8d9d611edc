"""The figures that data/build.py committed: complete, and shared out without loss."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tp_geo.store.embedded import (
    MEASURED,
    data_dir,
    describe_measures,
    load_boundaries,
    load_lookup,
    load_measures,
)

TOTALS = {
    "population": 331_093_495,
    "households": 125_735_598,
    "housing_units": 140_937_157,
    "establishments": 11_003_263,
    "employment": 150_090_408,
}
"""Sums over the sources' rows for the states and DC; see SOURCES.md."""

codes_of = cache(lambda kind: load_boundaries(kind).codes.tolist())
lookup = cache(load_lookup)
kinds = pytest.mark.parametrize("kind", MEASURED)


@kinds
def test_every_container_has_its_row(kind: str):
    assert load_measures(kind)["code"].tolist() == codes_of(kind)


@kinds
def test_no_figure_is_lost_or_counted_twice(kind: str):
    assert load_measures(kind)[list(TOTALS)].sum().to_dict() == pytest.approx(TOTALS, abs=60)


@kinds
def test_only_incomes_are_missing(kind: str):
    missing = load_measures(kind).isna().sum()
    assert missing.drop("income").sum() == 0
    assert (load_measures(kind).drop(columns=["code", "income"]) >= 0).all(axis=None)


def test_a_missing_income_is_not_zero():
    income = load_measures("postal")["income"]
    assert income.isna().sum() == 3_145
    assert income.min() > 2_000


def test_the_income_of_a_county_lies_among_those_of_its_postal_codes():
    shares = load_boundaries("postal").shares
    assert shares is not None
    parts = pd.Series(load_measures("postal")["income"].to_numpy()[shares.container])
    among = parts.groupby(shares.county)
    county = load_measures("county").set_index("code")["income"].dropna()
    assert len(county) > 3_100
    assert (county >= among.min()[county.index] - 0.5).all()
    assert (county <= among.max()[county.index] + 0.5).all()


@kinds
def test_columns_are_described_with_their_source(kind: str):
    told = describe_measures(kind)
    assert [m.name for m in told] == load_measures(kind).columns[1:].tolist()
    assert all(m.label and m.unit and m.note for m in told)


def test_jobs_of_a_county_are_at_least_those_of_the_codes_that_lie_in_it_alone():
    shares = load_boundaries("postal").shares
    assert shares is not None
    alone = np.bincount(shares.container)[shares.container] == 1
    jobs = pd.Series(load_measures("postal")["employment"].to_numpy()[shares.container[alone]])
    inside = jobs.groupby(shares.county[alone]).sum()
    county = load_measures("county").set_index("code")["employment"]
    assert (inside <= county[inside.index] + 0.01).all()
    assert inside.sum() > 0.3 * county.sum()


def test_every_postal_code_is_known_once():
    table = lookup()
    assert len(table) == 41_994
    assert table["code"].is_monotonic_increasing
    assert table["code"].str.fullmatch(r"\d{5}").all()
    assert set(table["kind"]) == {"standard", "po_box", "unique", "military"}


def test_a_container_is_a_postal_area():
    assert set(lookup()["container"]) - {""} == set(codes_of("postal"))


def test_a_postal_area_contains_itself():
    table = lookup().set_index("code")
    assert table.loc[codes_of("postal"), "container"].tolist() == codes_of("postal")


def test_only_codes_overseas_or_without_a_point_have_no_container():
    """Left are an army post in Okinawa and Wake Island, which have neither state nor neighbor."""
    table = lookup()
    territories = {"PR", "GU", "VI", "AS", "MP", "MH", "PW", "FM", "AA", "AE", "AP"}
    nowhere = table[(table["container"] == "") & table["lon"].notna()]
    assert nowhere[~nowhere["state"].isin(territories)]["code"].tolist() == ["96365", "96898"]


@pytest.mark.parametrize(
    ("code", "container"), [("10154", "10171"), ("99830", "99927"), ("99836", "99927")]
)
def test_codes_whose_area_is_hidden_are_attached_to_the_nearest(code: str, container: str):
    assert lookup().set_index("code").loc[code, "container"] == container


def test_a_box_at_a_post_office_belongs_to_an_area_of_its_state():
    table = lookup()
    state = dict(zip(codes_of("postal"), load_boundaries("postal").within["state"], strict=True))
    boxes = table[(table["kind"] == "po_box") & (table["container"] != "") & (table["state"] != "")]
    boxes = boxes[boxes["container"] != boxes["code"]]
    assert (boxes["container"].map(state) == boxes["state"]).all()


def test_every_file_is_named_in_the_sources():
    told = (data_dir() / "SOURCES.md").read_text(encoding="utf-8")
    for path in [*data_dir().rglob("*.parquet"), *data_dir().rglob("*.tpg")]:
        assert path.relative_to(data_dir()).as_posix() in told
