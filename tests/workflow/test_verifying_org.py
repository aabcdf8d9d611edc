"""Verifying an org: what is otherwise than the contract says is told with what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from wired import wired

from tp_geo.crm.org.service import Org
from tp_geo.crm.org.settings import Settings
from tp_geo.crm.schema import Field, SObject
from tp_geo.crm.verifying import Difference, Weight
from tp_geo.errors import CrmFailure
from tp_geo.workflow.verifying_org import verify_org


@pytest.fixture
def org() -> Iterator[Org]:
    made = Org()
    yield made
    made.close()


def found(org: Org) -> tuple[Difference, ...]:
    return verify_org(wired(org)[0])


def with_field(org: Org, name: str, field: str, **changes: object) -> None:
    sobject = org.context.schema[name]
    changed = replace(sobject.fields[field], **changes)  # type: ignore[arg-type]
    put(org, sobject, {**sobject.fields, field: changed})


def put(org: Org, sobject: SObject, fields: dict[str, Field]) -> None:
    org.context.schema = {
        **org.context.schema,
        sobject.name: replace(
            sobject, fields=fields, _by_lower={n.lower(): f for n, f in fields.items()}
        ),
    }


def test_an_org_as_the_contract_says_has_no_differences(org: Org) -> None:
    assert found(org) == ()


def test_an_org_without_sales_territories_is_told_by_its_switch() -> None:
    org = Org(settings=Settings(territories_on=False))
    told = found(org)
    assert {d.weight for d in told} == {Weight.STOPS}
    model = next(d for d in told if d.object == "Territory2Model")
    assert "Sales Territories is off" in model.means
    org.close()


def test_a_field_that_is_gone_stops_what_reads_it(org: Org) -> None:
    territory = org.context.schema["Territory2"]
    fields = dict(territory.fields)
    del fields["CaseAccessLevel"]
    put(org, territory, fields)
    (told,) = found(org)
    assert (told.weight, told.field, told.found) == (
        Weight.STOPS, "CaseAccessLevel", "is not there"
    )  # fmt: skip
    assert "refuse the query" in told.means


@pytest.mark.parametrize(
    ("name", "field", "changes", "weight", "said"),
    [
        ("Territory2", "Description", {"updateable": False}, Weight.STOPS, "is not updateable"),
        ("Territory2", "Name", {"createable": False}, Weight.STOPS, "is not createable"),
        ("Territory2", "Name", {"length": 40}, Weight.LESS, "takes 40 characters, not 80"),
        ("Territory2", "Description", {"type": "textarea"}, Weight.LESS, "is of type textarea"),
        ("UserTerritory2Association", "RoleInTerritory2", {"updateable": False}, Weight.LESS,
         "is not updateable"),
        ("Territory2", "AccountAccessLevel", {"picklist": ("Edit", "All")}, Weight.LESS,
         "has no value Read"),
        ("Territory2", "AccountAccessLevel", {"picklist": ("Read", "Edit", "All", "Own")},
         Weight.NOTE, "has more values: Own"),
        ("ObjectTerritory2AssignmentRuleItem", "Field", {"picklist": ("Account.Industry",)},
         Weight.STOPS, "does not offer Account.BillingPostalCode"),
    ],
)  # fmt: skip
def test_a_field_that_is_otherwise_is_told(
    org: Org, name: str, field: str, changes: dict[str, object], weight: Weight, said: str
) -> None:
    with_field(org, name, field, **changes)
    assert (weight, name, field, said) in [
        (d.weight, d.object, d.field, d.found[: len(said)]) for d in found(org)
    ]


def test_a_field_that_has_to_be_filled_in_stops_a_publish(org: Org) -> None:
    with_field(org, "Territory2", "Name")
    territory = org.context.schema["Territory2"]
    own = Field("Cost_Center__c", nillable=False)
    put(org, territory, {**territory.fields, own.name: own})
    (told,) = found(org)
    assert (told.weight, told.field, told.found) == (Weight.STOPS, "Cost_Center__c", "is required")


def test_rules_that_rest_can_t_join_to_territories_are_told_with_the_way_round() -> None:
    org = Org(settings=Settings(rule_association_writes=False))
    (told,) = [d for d in found(org) if d.found == "is not createable"]
    assert told.object == "RuleTerritory2Association"
    assert "Metadata package" in told.means
    org.close()


def test_an_org_short_of_calls_or_models_is_told() -> None:
    org = Org(settings=Settings(edition="Enterprise", daily_calls=120))
    crm, _ = wired(org)
    with org.state.step():
        for name in ("A", "B"):
            org.records.create("Territory2Model", {"Name": name, "DeveloperName": name})
    said = [d.found for d in verify_org(crm)]
    assert any("API calls are left today" in text for text in said)
    assert "2 of 2 models are there" in said
    org.close()


def test_credentials_that_are_wrong_are_no_difference_but_a_failure(org: Org) -> None:
    crm, _ = wired(org)
    org.faults.add(["expire:at=1"])
    with pytest.raises(CrmFailure, match="Connect again"):
        verify_org(crm)
