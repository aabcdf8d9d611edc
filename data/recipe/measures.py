"""Measures of postal codes and counties: census figures, and county figures shared out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recipe.layers import Pieces

BUSINESS = ["establishments", "employment"]
COUNTED = {
    "population": "population",
    "households": "households",
    "total_housing_units": "housing_units",
}
ACS = "American Community Survey 2018-2022, by ZIP Code Tabulation Area"
QCEW = "Quarterly Census of Employment and Wages, mean of 2025, by county; divided by population"
DESCRIBED = [
    {"name": "population", "label": "Population", "unit": "people", "note": ACS},
    {"name": "households", "label": "Households", "unit": "households", "note": ACS},
    {
        "name": "income",
        "label": "Median household income",
        "unit": "USD",
        "aggregate": "mean",
        "weight": "households",
        "note": f"{ACS}; of an area, the mean of the medians weighted by households",
    },
    {"name": "housing_units", "label": "Housing units", "unit": "units", "note": ACS},
    {"name": "establishments", "label": "Business establishments", "unit": "places", "note": QCEW},
    {"name": "employment", "label": "Jobs", "unit": "jobs", "note": QCEW},
]
CONNECTICUT = "09"
JOINED = {"02063": "02261", "02066": "02261", "15009": "15005+15009"}
"""Newer or wider county codes of the business figures, and what they are here."""


def county_shares(pieces: Pieces, relation: pd.DataFrame, km2: np.ndarray) -> pd.DataFrame:
    """Return code, county, share (by area) and people (by population) of each piece."""
    shares = pieces.table[["zip", "fips"]].assign(km2=km2)
    shares = shares.merge(relation, on=["zip", "fips"], how="left")
    of = shares.groupby("zip")
    shares["share"] = shares["km2"] / of["km2"].transform("sum")
    known = shares["weight"].fillna(0.0)
    total = known.groupby(shares["zip"]).transform("sum")
    shares["people"] = np.where(total > 0, known / total.where(total > 0, 1.0), shares["share"])
    return shares.rename(columns={"zip": "code", "fips": "county"})[
        ["code", "county", "share", "people"]
    ]


def main_county(shares: pd.DataFrame) -> pd.Series:
    """Return the county most people of each postal code live in, or else most land lies in."""
    order = shares.sort_values(["code", "people", "share", "county"])
    return order.groupby("code")["county"].last()


def postal_measures(
    places: pd.DataFrame, container: pd.Series, shares: pd.DataFrame, business: pd.DataFrame
) -> pd.DataFrame:
    """Return the measures of each postal area, by code.

    Census figures of a code without an area go to its container; the median
    income is the area's own, missing where the source has none.
    """
    counted = places.set_index("zip")[list(COUNTED)].rename(columns=COUNTED).astype(np.float64)
    at = container[container != ""]
    table = counted.loc[at.index].groupby(at).sum().sort_index()
    income = places.set_index("zip")["median_household_income"].astype("Float64")
    table.insert(2, "income", income.reindex(table.index).to_numpy(np.float64, na_value=np.nan))
    return table.join(_shared_out(table["population"], shares, business)).rename_axis("code")


def county_measures(postal: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of each county: postal figures by where their people live."""
    pieces = shares.join(postal, on="code")
    counted = [*COUNTED.values()]
    table = pieces[counted].mul(pieces["people"], axis=0).groupby(pieces["county"]).sum()
    told = pieces[pieces["income"].notna()]
    weight = told["people"] * told["households"]
    sums = (told["income"] * weight).groupby(told["county"]).sum()
    weights = weight.groupby(told["county"]).sum()
    table.insert(2, "income", (sums / weights.where(weights > 0)).round(0))
    return table.rename_axis("code")


def business_by_county(county: pd.DataFrame, business: pd.DataFrame) -> pd.DataFrame:
    """Return business figures of each county; joined ones divided by population."""
    group = pd.Series([_group(c) for c in county.index], county.index)
    figures = _business_groups(business)
    part = county["population"] / county["population"].groupby(group).transform("sum")
    return figures.reindex(group).fillna(0.0).set_axis(county.index).mul(part, axis=0)


def _shared_out(
    population: pd.Series, shares: pd.DataFrame, business: pd.DataFrame
) -> pd.DataFrame:
    """Return county business figures, divided over postal codes by people."""
    people = shares["people"] * shares["code"].map(population)
    group = shares["county"].map(_group)
    total = people.groupby(group).transform("sum")
    part = np.where(total > 0, people / total.where(total > 0, 1.0), np.nan)
    alike = 1.0 / group.groupby(group).transform("count")
    figures = _business_groups(business).reindex(group).fillna(0.0).to_numpy()
    spread = figures * np.where(np.isnan(part), alike, part)[:, None]
    return pd.DataFrame(spread, columns=BUSINESS).groupby(shares["code"].to_numpy()).sum()


def _business_groups(business: pd.DataFrame) -> pd.DataFrame:
    group = [_group(JOINED.get(code, code)) for code in business.index]
    return business.groupby(group)[BUSINESS].sum()


def _group(county: str) -> str:
    """Return the code under which the figures of a county can be compared.

    Connecticut's are by planning region, which don't fit its counties, so the
    state counts as one; Kalawao is inside Maui.
    """
    if county.startswith(CONNECTICUT):
        return CONNECTICUT
    return "15005+15009" if county in ("15005", "15009") else county
