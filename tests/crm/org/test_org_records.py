"""Every check of a record, with the code and the shape the contract has for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.crm.org import ids
from tp_geo.crm.org.problems import RECOLLECTED, ApiError
from tp_geo.crm.org.values import stored
from tp_geo.crm.schema import Field, document, objects

T = "Territory2Type"
TYPE = {"MasterLabel": "Sales", "DeveloperName": "Sales", "Priority": 1}


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"Foo": 1}, "INVALID_FIELD", "Foo"),
        (
            {"SystemModstamp": "2026-01-01T00:00:00Z"},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "SystemModstamp",
        ),
        ({"MasterLabel": None}, "REQUIRED_FIELD_MISSING", "MasterLabel"),
        ({"MasterLabel": "x" * 81}, "STRING_TOO_LONG", "MasterLabel"),
        ({"DeveloperName": "No Spaces"}, "FIELD_INTEGRITY_EXCEPTION", "DeveloperName"),
        ({"DeveloperName": "ends_"}, "FIELD_INTEGRITY_EXCEPTION", "DeveloperName"),
        ({"Priority": 100_000}, "NUMBER_OUTSIDE_VALID_RANGE", "Priority"),
        ({"Priority": "one"}, "JSON_PARSER_ERROR", "Priority"),
        ({"Priority": True}, "JSON_PARSER_ERROR", "Priority"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(org, values, code: str, field: str) -> None:
    answer = org.ask("POST", f"sobjects/{T}", {**TYPE, **values})
    assert answer.status == 400
    (problem,) = answer.body
    assert (problem["errorCode"], problem["fields"]) == (code, [field])
    assert org.count(T) == 0


def test_a_missing_value_that_is_required_is_named(org) -> None:
    answer = org.ask("POST", f"sobjects/{T}", {"MasterLabel": "Sales"})
    assert answer.body[0]["message"] == "Required fields are missing: [Priority]"


def test_a_record_is_created_read_changed_and_deleted(org) -> None:
    made = org.create(T, **TYPE, Description="Old")
    assert len(made) == 18 and made.startswith("0M5")
    org.clock.wait(60)
    org.update(T, made[:15], Description=None, MasterLabel="Sales areas")
    record = org.ask("GET", f"sobjects/{T}/{made}").body
    assert record["attributes"]["type"] == T
    assert (record["MasterLabel"], record["Description"]) == ("Sales areas", None)
    assert record["CreatedDate"] < record["LastModifiedDate"] == "2026-02-01T09:01:00.000+0000"
    assert org.ask("GET", f"sobjects/{T}/{made}", fields="MasterLabel").body.keys() == {
        "attributes",
        "MasterLabel",
    }
    org.delete(T, made)
    assert org.refused("GET", f"sobjects/{T}/{made}") == "NOT_FOUND"
    assert org.refused("DELETE", f"sobjects/{T}/{made}") == "ENTITY_IS_DELETED"


def test_what_has_to_be_unique_is(org) -> None:
    org.create(T, **TYPE)
    again = org.ask("POST", f"sobjects/{T}", {**TYPE, "Priority": 2}).body[0]
    assert again["errorCode"] == "DUPLICATE_VALUE"
    assert again["message"].startswith("duplicate value found: DeveloperName duplicates value on")
    assert org.refuses(T, **{**TYPE, "DeveloperName": "Other"}) == "DUPLICATE_VALUE"


def test_developer_names_of_territories_are_unique_in_their_model(org) -> None:
    one, two = org.model(), org.model()
    org.territory(one, "West")
    org.territory(two, "West")
    values = {"Name": "x", "DeveloperName": "west", "Territory2ModelId": one}
    assert org.refuses("Territory2", Territory2TypeId=org.type(), **values) == "DUPLICATE_VALUE"


def test_by_switch_developer_names_are_unique_in_the_org_and_the_code_another(start) -> None:
    org = start("developer_name_scope=org", "duplicate_code=DUPLICATE_DEVELOPER_NAME")
    one, two = org.model(), org.model()
    org.territory(one, "West")
    values = {"Name": "West", "DeveloperName": "West", "Territory2ModelId": two}
    said = org.refuses("Territory2", Territory2TypeId=org.type(), **values)
    assert said == "DUPLICATE_DEVELOPER_NAME"


def test_references_lead_to_records_of_the_right_object(org) -> None:
    model = org.model()
    values = {"Name": "A", "DeveloperName": "A", "Territory2ModelId": model}
    assert org.refuses("Territory2", **values, Territory2TypeId="nonsense") == "MALFORMED_ID"
    assert org.refuses("Territory2", **values, Territory2TypeId=model) == "MALFORMED_ID"
    gone = org.create(T, **TYPE)
    org.delete(T, gone)
    assert (
        org.refuses("Territory2", **values, Territory2TypeId=gone) == "INVALID_CROSS_REFERENCE_KEY"
    )


def test_access_levels_take_the_values_of_the_api_and_not_the_labels(org) -> None:
    values = {"Name": "A", "DeveloperName": "A", "Territory2ModelId": org.model()}
    values["Territory2TypeId"] = org.type()
    said = org.refuses("Territory2", **values, AccountAccessLevel="Read Only")
    assert said == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    org.create("Territory2", **values, AccountAccessLevel="Read")


def test_a_developer_name_left_out_is_made_from_the_name(org) -> None:
    made = org.create("Territory2Model", Name="FY 27 – Plan!")
    assert org.ask("GET", f"sobjects/Territory2Model/{made}").body["DeveloperName"] == "FY_27_Plan"


def test_an_unknown_object_and_a_wrong_method_are_told_apart(org) -> None:
    assert org.ask("POST", "sobjects/Foo", {}).status == 404
    assert org.ask("PUT", "sobjects/Territory2", {}).status == 405
    assert org.refused("GET", "nothing/here") == "NOT_FOUND"
    assert org.ask("GET", "/services/data/v31.0/limits").status == 404
    assert org.refused("POST", "sobjects/Territory2", [1]) == "JSON_PARSER_ERROR"


def test_what_is_no_json_is_refused(org) -> None:
    assert org.refused("POST", f"sobjects/{T}", b"{") == "JSON_PARSER_ERROR"


def test_every_code_is_one_of_the_contract_or_listed_as_recollected() -> None:
    import re
    from pathlib import Path

    import tp_geo.crm.org as package

    known = {*document("error-codes")["codes"], *RECOLLECTED}
    said = set()
    for file in Path(package.__file__).parent.glob("*.py"):
        text = file.read_text("utf-8")
        said |= set(re.findall(r'(?:ApiError\(|_code: str = )\s*"([A-Z_]+)"', text))
        said |= set(re.findall(r'self\.query\.text,\s*[\w.]+,\s*"([A-Z_]+)"', text))
    assert len(said) > 30
    assert said <= known


def test_all_that_the_contract_lets_be_set_can_be_set_and_nothing_else(org) -> None:
    closed = {
        (s.name, f.name) for s in objects().values() for f in s.fields.values() if not f.createable
    }
    assert ("Territory2", "ForecastUserId") in closed
    assert ("Territory2", "ContactAccessLevel") in closed
    assert ("Territory2Model", "State") in closed
    model, kind = org.model(), org.type()
    values = {
        "Name": "A",
        "DeveloperName": "A",
        "Territory2ModelId": model,
        "Territory2TypeId": kind,
    }
    said = org.refuses("Territory2", **values, ForecastUserId=org.user())
    assert said == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert (
        org.refuses("Territory2Model", Name="x", State="Active")
        == "INVALID_FIELD_FOR_INSERT_UPDATE"
    )


@given(st.integers(min_value=0, max_value=62**6))
def test_ids_are_well_formed_and_lead_back_to_their_number(number: int) -> None:
    made = ids.id_of("0MI", number)
    assert ids.well_formed(made)
    assert ids.full(made[:15]) == made


def test_the_check_of_an_id_is_that_of_a_known_one() -> None:
    assert ids.full("001D000000IRFma") == "001D000000IRFmaIAH"


@given(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.none()))
)
def test_any_value_is_stored_or_refused_in_the_shape_of_the_api(value: object) -> None:
    kinds = (
        "string",
        "boolean",
        "int",
        "double",
        "date",
        "datetime",
        "reference",
        "picklist",
        "email",
    )
    for kind in kinds:
        try:
            kept = stored(Field("X__c", kind, "X", length=40, digits=9), value)
        except ApiError as error:
            assert error.item()["statusCode"]
        else:
            assert kept is None or isinstance(kept, str | int | float)
