from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.errors import BadData
from tp_geo.files.mapping import Columns, check, guess

IDS = [f"001A{i:05d}" for i in range(30)]
ZIPS = [f"{501 + i:05d}" for i in range(30)]


def table(**columns: str | list[str]) -> pd.DataFrame:
    """A table of 30 rows; a single text stands in all of them."""
    return pd.DataFrame({k: [v] * 30 if isinstance(v, str) else v for k, v in columns.items()})


def test_a_column_that_is_called_at_length_is_told_by_its_beginning() -> None:
    table = pd.DataFrame({"x" * 3_000: ["a"]})
    with pytest.raises(BadData, match="No column holds postal codes") as refused:
        check(guess(table), table)
    assert len(str(refused.value)) < 400


def test_a_salesforce_report_is_understood() -> None:
    found = guess(
        table(
            **{
                "Account ID": IDS,
                "Account Name": "Acme Corp",
                "Billing Zip/Postal Code": ZIPS,
                "Billing Country": "USA",
                "Account Owner": "Jo Planner",
                "Annual Revenue": "$1,000.50",
                "Employees": "12",
                "Phone": "555",
                "Industry": "Energy",
            }
        )
    )
    assert found == Columns(
        id="Account ID",
        name="Account Name",
        postal="Billing Zip/Postal Code",
        country="Billing Country",
        owner="Account Owner",
        measures=("Annual Revenue", "Employees"),
        attributes=("Phone", "Industry"),
    )


@pytest.mark.parametrize("name", ["postal", "Postal", "zip", "ZIP Code", "plz"])
def test_short_names_of_postal_codes_are_understood(name: str) -> None:
    assert guess(table(**{"id": IDS, name: ZIPS, "revenue": "12.5"})).postal == name


def test_api_names_and_custom_fields_are_understood() -> None:
    found = guess(
        table(
            Id=IDS,
            Name="Acme",
            BillingPostalCode=ZIPS,
            BillingLatitude="41.5",
            BillingLongitude="-72.5",
            OwnerId="005",
            Territory__c="West",
            AnnualRevenue="5",
            NumberOfEmployees="3",
        )
    )
    assert found.chosen == {
        "id": "Id",
        "name": "Name",
        "postal": "BillingPostalCode",
        "lat": "BillingLatitude",
        "lon": "BillingLongitude",
        "owner": "OwnerId",
        "territory": "Territory__c",
    }
    assert found.measures == ("AnnualRevenue", "NumberOfEmployees")


def test_a_german_export_is_understood() -> None:
    found = guess(
        table(Kundennummer=IDS, Firma="Muster AG", PLZ="01067", Gebiet="Ost", Umsatz="1.234,5")
    )
    assert found.chosen == {
        "id": "Kundennummer",
        "name": "Firma",
        "postal": "PLZ",
        "territory": "Gebiet",
    }
    assert found.measures == ("Umsatz",)


def test_coordinates_are_taken_as_a_pair() -> None:
    found = guess(
        table(
            MailingLongitude="-72.5",
            BillingLongitude="-73.5",
            MailingLatitude="41.5",
        )
    )
    assert (found.lat, found.lon) == ("MailingLatitude", "MailingLongitude")


def test_one_coordinate_alone_is_none() -> None:
    found = guess(table(Zip=ZIPS, Latitude="41.5"))
    assert found.lat is None
    assert found.reasons["lat"] == "not 'Latitude': the other coordinate is missing"


def test_contents_have_a_veto_over_the_header() -> None:
    found = guess(table(Latitude="see notes", Longitude="-72.5", Zip=ZIPS))
    assert found.lat is None
    assert "see" not in found.reasons["postal"]


def test_without_known_headers_contents_decide() -> None:
    found = guess(table(a=IDS, b=ZIPS, c="40.71280", d="-100.00600", e="5"))
    assert found.chosen == {"id": "a", "postal": "b", "lat": "c", "lon": "d"}
    assert found.measures == ("e",)
    assert "leading zero" in found.reasons["postal"]


def test_five_digit_revenue_is_no_postal_code() -> None:
    found = guess(table(Id=IDS, Revenue=[str(12_345 + i) for i in range(30)]))
    assert found.postal is None
    assert found.measures == ("Revenue",)


def test_chosen_columns_are_taken_as_they_are() -> None:
    found = guess(table(Id=IDS, Zip=ZIPS, Code=ZIPS, A="1", B="2"), {"postal": "Code"}, ("B",))
    assert found.postal == "Code"
    assert found.reasons["postal"] == "as chosen"
    assert found.measures == ("B",)
    assert found.attributes == ("Zip", "A")


@given(st.permutations(["Id", "Zip", "Name", "Latitude", "Longitude", "Revenue"]))
def test_the_order_of_columns_does_not_matter(order: list[str]) -> None:
    whole = table(Id=IDS, Zip=ZIPS, Name="A", Latitude="41.5", Longitude="-72.5", Revenue="3")
    assert guess(whole[order]) == guess(whole)


@given(st.lists(st.lists(st.text(max_size=5), min_size=3, max_size=3), min_size=1, max_size=5))
def test_any_text_gets_a_guess(rows: list[list[str]]) -> None:
    found = guess(pd.DataFrame(rows, columns=["Zip", "Latitude", "x"], dtype=str))
    assert set(found.measures) | set(found.attributes) <= {"Zip", "Latitude", "x"}


def test_an_unknown_column_is_named_with_those_there_are() -> None:
    with pytest.raises(BadData, match=r"no column 'Zap' to take as postal. The file has: Id, Zip"):
        check(Columns(postal="Zap"), table(Id=IDS, Zip=ZIPS))
    with pytest.raises(BadData, match="no column 'Sum' to take as measure"):
        check(Columns(postal="Zip", measures=("Sum",)), table(Zip=ZIPS))


def test_without_a_place_nothing_can_be_matched() -> None:
    with pytest.raises(BadData, match="No column holds postal codes"):
        check(Columns(id="Id", lat="Id"), table(Id=IDS))


def test_a_chosen_column_that_is_not_there_is_found_by_the_check() -> None:
    known = table(Id=IDS, Zip=ZIPS)
    for found in (guess(known, measures=("Nope",)), guess(known, {"lat": "Nope", "lon": "Id"})):
        with pytest.raises(BadData, match="no column 'Nope'"):
            check(found, known)
