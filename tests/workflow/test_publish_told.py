"""What the pages tell of a publish: the tree of changes, limits, the proof, what is past."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from wired import wired
from writing import ANA, area

from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import UNDO, past
from tp_geo.crm.org.service import Org
from tp_geo.crm.rows import TERRITORY, Verb
from tp_geo.domain.commands import Branch, Change, Split
from tp_geo.store import open_store
from tp_geo.workflow import publishing_tree
from tp_geo.workflow.demo_people import complete
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Request, journals, preview, publish_plan
from tp_geo.workflow.publishing_after import drift, undo_publish
from tp_geo.workflow.publishing_checks import proof
from tp_geo.workflow.publishing_choices import choices, places
from tp_geo.workflow.publishing_people import find_people
from tp_geo.workflow.publishing_tree import Node, find_names, settled, titles, tree, users

FY27 = Request(model="FY27")


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return Planner(open_store(str(tmp_path_factory.mktemp("told") / "store.duckdb")))


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West with Reno and Elko, and East; West is Ana's."""
    made = planner.create(f"Plan {len(planner.plans())}", by=ANA)
    west = (made.boundaries.xy[:, 0] < -100).astype("int32")
    made.ask(Split(None, ("East", "West"), west), by=ANA)
    made.ask(Branch(area(made, "West"), ("Reno", "Elko"), "District"), by=ANA)
    made.ask(Change(area(made, "West"), {"owner": "Ana Ruiz"}), by=ANA)
    return made


@pytest.fixture
def crm(plan: Plan) -> Iterator[Salesforce]:
    """An org that has been given the people of the plan."""
    org = Org()
    found, _ = wired(org)
    complete(found, plan)
    yield found
    org.close()


def dry_run(plan: Plan, crm: Salesforce) -> tuple[Node, ...]:
    found = preview(plan, crm, FY27)
    names = find_names(crm, users(found.changes))
    return tree(found.changes, names, found.publication.plan, model="FY27")


def outline(nodes: tuple[Node, ...]) -> list[str]:
    return [f"{'  ' * node.depth}{node.name}: {node.change}" for node in nodes]


def test_an_owner_becomes_a_user_of_the_demo_org_once(plan: Plan, crm: Salesforce) -> None:
    complete(crm, plan)
    person = find_people(crm, ["Ana Ruiz"])["Ana Ruiz"]
    assert person is not None
    assert (person.name, person.active) == ("Ana Ruiz", True)


def test_the_tree_has_the_model_and_territories_below_one_another(
    plan: Plan, crm: Salesforce
) -> None:
    nodes = dry_run(plan, crm)
    assert outline(nodes) == [
        "FY27: create",
        "  East: create",
        "  West: create",
        "    Elko: create",
        "    Reno: create",
    ]
    assert [node.area for node in nodes[1:]] == [
        area(plan, name) for name in ("East", "West", "Elko", "Reno")
    ]
    west = nodes[2]
    assert [(e.thing, e.name) for e in west.entries] == [
        ("Territory", "West"),
        ("Person", "Ana Ruiz"),
    ]
    reno = {cell.label: cell.after for e in nodes[4].entries for cell in e.cells}
    assert reno["Below"] == "West"
    assert reno["Condition 1"].startswith("Billing country is ")


def test_the_tree_opens_field_by_field_once_published(plan: Plan, crm: Salesforce) -> None:
    publish_plan(plan, crm, FY27)
    assert {node.change for node in dry_run(plan, crm)} == {publishing_tree.Change.UNCHANGED}
    plan.ask(Change(area(plan, "East"), {"name": "Atlantic"}), by=ANA)
    plan.ask(Change(area(plan, "West"), {"owner": None}), by=ANA)
    changed = [n for n in dry_run(plan, crm) if n.change != "unchanged"]
    assert [(n.name, n.change) for n in changed] == [("Atlantic", "update"), ("West", "update")]
    (own,) = (e for e in changed[0].entries if e.thing == "Territory")
    assert [(c.label, c.before, c.after) for c in own.cells] == [("Name", "East", "Atlantic")]
    (person,) = (e for e in changed[1].entries if e.thing == "Person")
    assert (person.name, person.change) == ("Ana Ruiz", "delete")


def test_the_rules_are_proved_from_the_rows_that_go_out(plan: Plan, crm: Salesforce) -> None:
    found = preview(plan, crm, FY27)
    told = proof(plan, found)
    assert told is not None
    assert (told.equal, told.other) == (2, ())
    assert told.codes > 33_000


def test_a_rule_that_takes_other_codes_is_found(plan: Plan, crm: Salesforce) -> None:
    found = preview(plan, crm, FY27)
    plan.ask(Split(area(plan, "East"), ("A", "B"), _halves(plan)), by=ANA)
    told = proof(plan, found)
    assert told is not None
    assert told.other


def test_an_area_whose_own_criteria_ask_for_codes_is_no_fault_of_the_proof(
    plan: Plan, crm: Salesforce
) -> None:
    elko = area(plan, "Elko")
    plan.ask(Change(elko, {"attributes": {"rule": "BillingPostalCode starts with 898"}}), by=ANA)
    told = proof(plan, preview(plan, crm, FY27))
    assert told is not None
    assert (told.equal, told.rules, told.other, told.by_fields) == (2, 2, (), (elko,))


def test_limits_tell_what_is_used_once_all_is_written(plan: Plan, crm: Salesforce) -> None:
    used = {x.name: x.used for x in preview(plan, crm, FY27).limits}
    assert used["Models of the org (Developer Edition)"] == 1
    assert used["Territories of the model"] == 4
    assert used["Rules of one territory"] == 1
    assert used["API calls left in 24 hours"] > 0
    publish_plan(plan, crm, FY27)
    again = {x.name: x.used for x in preview(plan, crm, FY27).limits}
    assert again["Models of the org (Developer Edition)"] == 1
    assert again["Territories of the model"] == 4
    assert again["API calls left in 24 hours"] == 0, "nothing is to be written"


def test_publishes_are_listed_for_each_org_with_who_and_what(plan: Plan, crm: Salesforce) -> None:
    publish_plan(plan, crm, FY27, by="ben")
    undo_publish(plan, crm, "FY27", by="kim")
    (path,) = journals(plan, crm.org).values()
    first, second = past(path)
    assert (first.about["by"], first.about["model"], first.ended) == ("ben", "FY27", True)
    assert (second.about["by"], second.about["kind"]) == ("kim", UNDO)
    assert journals(plan, "00D000000000002") == {}
    made = settled(first.written)
    assert len(made) == len({w.key for w in first.written})
    assert {w.verb for w in made} == {Verb.CREATE}


def test_records_are_called_by_their_names(plan: Plan, crm: Salesforce, tmp_path: Path) -> None:
    receipt, found = publish_plan(plan, crm, FY27)
    names = find_names(crm, users(found.changes))
    title = titles((found.changes.wanted, found.changes.actual), names)
    called = {title(w.key) for w in receipt.written}
    assert {"FY27", "Reno", "Ana Ruiz in West", "Reno, condition 1"} <= called


def test_drift_is_told_as_a_tree_too(plan: Plan, crm: Salesforce) -> None:
    publish_plan(plan, crm, FY27)
    east = next(
        row for row in read_model(crm, "FY27").of_object(TERRITORY) if row.fields["Name"] == "East"
    )
    crm.write(Verb.UPDATE, TERRITORY, [{"Id": east.id, "Name": "Levant"}])
    nodes = tree(drift(plan, crm, "FY27"), {}, "", model="FY27")
    (changed,) = (n for n in nodes if n.change != "unchanged")
    (cell,) = changed.entries[0].cells
    assert (cell.before, cell.after) == ("Levant", "East")


def test_models_roles_and_places_can_be_chosen(plan: Plan, crm: Salesforce) -> None:
    publish_plan(plan, crm, FY27)
    found = choices(crm).model("FY27")
    assert found is not None
    assert found.open
    assert [p.path for p in places(crm, "FY27")] == ["East", "West", "West / Elko", "West / Reno"]


def _halves(plan: Plan):
    return (plan.boundaries.xy[:, 1] < 38).astype("int32")
