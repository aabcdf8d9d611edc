"""What stops a publish before anything is written: permissions, limits, what others would lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from wired import Wire, wired
from writing import ANA, area

from tp_geo.crm.client import Salesforce
from tp_geo.crm.org.ids import PROFILE_ID
from tp_geo.crm.org.service import Org
from tp_geo.crm.org.settings import Settings
from tp_geo.domain.commands import Change, Remove, Split
from tp_geo.errors import Refused
from tp_geo.store import open_store
from tp_geo.workflow import publishing_limits
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Request, preview, publish_plan
from tp_geo.workflow.publishing_after import undo_publish
from tp_geo.workflow.publishing_choices import choices

FY27 = Request(model="FY27")


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return Planner(open_store(str(tmp_path_factory.mktemp("checks") / "store.duckdb")))


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """East and West, split by longitude."""
    made = planner.create(f"Plan {len(planner.plans())}", by=ANA)
    west = (made.boundaries.xy[:, 0] < -100).astype("int32")
    made.ask(Split(None, ("East", "West"), west), by=ANA)
    return made


def user(org: Org, name: str, **fields: object) -> str:
    """Make a user who is name@x.example."""
    told = {"Username": f"{name}@x.example", "LastName": name, "Email": f"{name}@x.example",
            "Alias": name, "IsActive": True, "ForecastEnabled": True, "ProfileId": PROFILE_ID,
            **fields}  # fmt: skip
    with org.state.step():
        return org.records.create("User", told, by_org=True)


def territory(org: Org, name: str) -> dict[str, object]:
    """Return a territory of the org by its name."""
    return dict(org.state.find("Territory2", "Name = ?", name)[0])


def changed(org: Org, name: str, fields: dict[str, object]) -> None:
    """Change a territory in the org as an administrator does."""
    with org.state.step():
        org.records.update("Territory2", str(territory(org, name)["Id"]), fields)


@pytest.fixture
def org() -> Iterator[Org]:
    made = Org()
    yield made
    made.close()


def closed(org: Org, name: str, **flags: object) -> None:
    """Take something that may be done to an object from the user who is connected."""
    changed = replace(org.context.schema[name], **flags)  # type: ignore[arg-type]
    org.context.schema = {**org.context.schema, name: changed}


def stopped(plan: Plan, crm: Salesforce, wire: Wire, request: Request = FY27) -> list[str]:
    """Return what the dry run says is in the way; a publish is refused by the first of it."""
    texts = [p.text for p in preview(plan, crm, request).stopped]
    before = wire.writes
    with pytest.raises(Refused) as refused:
        publish_plan(plan, crm, request)
    assert str(refused.value) == texts[0]
    assert wire.writes == before
    return texts


def test_who_may_not_manage_territories_is_told_all_of_it_in_one_sentence(plan: Plan) -> None:
    org = Org(settings=Settings(manage_territories=False))
    crm, wire = wired(org)
    (text,) = stopped(plan, crm, wire)
    assert text.startswith(
        "The user who is connected may not create types, models, territories, rules, conditions, "
        "links; change rules. It takes the permission Manage Territories"
    )
    org.close()


def test_what_may_not_be_deleted_stops_a_publish_that_deletes_alone(plan: Plan, org: Org) -> None:
    closed(org, "Territory2", deletable=False)
    crm, wire = wired(org)
    publish_plan(plan, crm, FY27)
    plan.ask(Remove(area(plan, "East")), by=ANA)
    assert any("may not delete territories. It takes" in t for t in stopped(plan, crm, wire))


def test_links_that_rest_can_t_make_are_told_with_the_way_round(plan: Plan) -> None:
    org = Org(settings=Settings(rule_association_writes=False))
    crm, wire = wired(org)
    (text,) = stopped(plan, crm, wire)
    assert "may not create links. Rules can't be joined to territories by REST: deploy" in text
    org.close()


def test_a_field_that_is_read_only_for_the_user_is_told_by_name(plan: Plan, org: Org) -> None:
    territory = org.context.schema["Territory2"]
    fields = {**territory.fields}
    fields["Description"] = replace(fields["Description"], createable=False)
    closed(org, "Territory2", fields=fields)
    crm, wire = wired(org)
    (text,) = stopped(plan, crm, wire)
    assert "may not create the field 'Description' (Description) of territories" in text
    assert "field-level security" in text


def test_a_publish_that_writes_nothing_needs_no_permission(plan: Plan, org: Org) -> None:
    crm, wire = wired(org)
    publish_plan(plan, crm, FY27)
    closed(org, "Territory2", createable=False, updateable=False, deletable=False)
    reads = wire.reads
    assert preview(plan, crm, FY27).stopped == ()
    assert wire.reads - reads <= 12


def test_more_models_than_the_edition_has_stop_a_new_one(plan: Plan) -> None:
    org = Org(settings=Settings(edition="Enterprise"))
    crm, wire = wired(org)
    with org.state.step():
        for name in ("A", "B"):
            org.records.create("Territory2Model", {"Name": name, "DeveloperName": name})
    (text,) = stopped(plan, crm, wire)
    assert text.startswith(
        "Models of the org (Enterprise Edition): 3 are wanted and 2 is the limit."
    )
    assert "Publish to a model that is there" in text
    assert preview(plan, crm, Request(model="A")).stopped == ()
    org.close()


def test_too_few_calls_left_stop_a_publish(plan: Plan) -> None:
    org = Org(settings=Settings(daily_calls=40))
    crm, wire = wired(org)
    with pytest.raises(Refused, match=r"API calls left in 24 hours: \d+ are wanted.* Wait until"):
        publish_plan(plan, crm, FY27)
    assert wire.writes == 0
    org.close()


@pytest.mark.parametrize(
    ("limit", "name"),
    [
        ("assignment rules per territory", "Rules of one territory (East)"),
        ("items", "Conditions of one rule ("),
    ],
)
def test_too_many_rules_or_conditions_stop_and_are_named(
    plan: Plan, org: Org, monkeypatch: pytest.MonkeyPatch, limit: str, name: str
) -> None:
    known = publishing_limits.limit
    monkeypatch.setattr(
        publishing_limits, "limit", lambda text: 1 if text == limit else known(text)
    )
    if limit == "items":
        monkeypatch.setattr(publishing_limits, "MAX_ITEMS", 1)
    plan.ask(Change(area(plan, "East"), {"attributes": {"rule": "Industry = Banking"}}), by=ANA)
    crm, wire = wired(org)
    (text,) = stopped(plan, crm, wire)
    assert text.startswith(name)
    assert "is the limit" in text


def test_an_owner_who_may_not_forecast_is_told(plan: Plan, org: Org) -> None:
    user(org, "ann", ForecastEnabled=False)
    plan.ask(Change(area(plan, "East"), {"owner": "ann@x.example"}), by=ANA)
    crm, _ = wired(org)
    found = preview(plan, crm, replace(FY27, forecasts=True))
    assert any("East: ann may not forecast in the org" in p.text for p in found.problems)
    assert found.stopped == ()
    assert not any("may not forecast" in p.text for p in preview(plan, crm, FY27).problems)


def test_who_forecasts_is_taken_away_only_where_a_publish_put_it(plan: Plan, org: Org) -> None:
    ann = user(org, "ann")
    for name in ("East", "West"):
        plan.ask(Change(area(plan, name), {"owner": "ann@x.example"}), by=ANA)
    crm, _ = wired(org)
    publish_plan(plan, crm, FY27)
    changed(org, "East", {"ForecastUserId": ann})
    assert preview(plan, crm, FY27).changes.empty, "an administrator put it there"
    publish_plan(plan, crm, replace(FY27, forecasts=True))
    assert territory(org, "West")["ForecastUserId"] == ann
    publish_plan(plan, crm, FY27)
    assert territory(org, "West")["ForecastUserId"] is None
    changed(org, "West", {"ForecastUserId": ann})
    assert preview(plan, crm, FY27).changes.empty


def taken(plan: Plan, org: Org, crm: Salesforce) -> None:
    """Publish, let others put a user and a rule into East, and take East out of the plan."""
    publish_plan(plan, crm, FY27)
    east = territory(org, "East")
    bob = user(org, "bob")
    rule = {"DeveloperName": "VIP", "MasterLabel": "VIP accounts", "ObjectType": "Account",
            "Territory2ModelId": east["Territory2ModelId"]}  # fmt: skip
    with org.state.step():
        at = {"Territory2Id": east["Id"]}
        org.records.create("UserTerritory2Association", {"UserId": bob, **at})
        vip = org.records.create("ObjectTerritory2AssignmentRule", rule)
        org.records.create("RuleTerritory2Association", {"RuleId": vip, **at})
    plan.ask(Remove(area(plan, "East")), by=ANA)


def test_what_others_put_into_a_territory_that_goes_stops_a_publish(plan: Plan, org: Org) -> None:
    crm, wire = wired(org)
    taken(plan, org, crm)
    (text,) = stopped(plan, crm, wire)
    assert text.startswith(
        "East would be deleted, and with it what this plan did not put there: 1 user (bob), "
        "1 rule (VIP accounts). Move that elsewhere in the org first, or let it go"
    )


def test_what_others_put_there_goes_when_it_is_allowed_and_an_undo_brings_it_back(
    plan: Plan, org: Org
) -> None:
    crm, _ = wired(org)
    taken(plan, org, crm)
    request = replace(FY27, with_others=True)
    counts = preview(plan, crm, request).changes.counts()["delete"]
    assert counts["UserTerritory2Association"] == 1
    publish_plan(plan, crm, request)
    assert not org.state.find("Territory2", "Name = ?", "East")
    assert org.state.find("ObjectTerritory2AssignmentRule", "DeveloperName = ?", "VIP")
    undo_publish(plan, crm)
    east = territory(org, "East")["Id"]
    assert len(org.state.find("UserTerritory2Association", "Territory2Id = ?", east)) == 1
    assert len(org.state.find("RuleTerritory2Association", "Territory2Id = ?", east)) == 2


def test_territories_of_others_below_one_that_goes_stop_a_publish_and_an_undo(
    plan: Plan, org: Org
) -> None:
    crm, wire = wired(org)
    publish_plan(plan, crm, FY27)
    east = territory(org, "East")
    fields = {n: east[n] for n in ("Territory2ModelId", "Territory2TypeId")}
    with org.state.step():
        org.records.create("Territory2", {"Name": "Boston", "DeveloperName": "Boston",
                                          "ParentTerritory2Id": east["Id"], **fields})  # fmt: skip
    writes = wire.writes
    with pytest.raises(Refused, match=r"East would be deleted, but 1 territory \(Boston\)"):
        undo_publish(plan, crm)
    assert wire.writes == writes
    plan.ask(Remove(area(plan, "East")), by=ANA)
    (text,) = stopped(plan, crm, wire, replace(FY27, with_others=True))
    assert "Put that below another territory in the org first" in text


def test_models_called_alike_are_told_apart_by_their_ids(plan: Plan, org: Org) -> None:
    with org.state.step():
        one = org.records.create("Territory2Model", {"Name": "Old", "DeveloperName": "FY27"})
        org.records.create("Territory2Model", {"Name": "FY27", "DeveloperName": "Other"})
    crm, _ = wired(org)
    with pytest.raises(Refused, match=rf"Give the id .*: Old \(FY27\) by {one}; FY27 \(Other\)"):
        preview(plan, crm, FY27)
    assert preview(plan, crm, Request(model=one)).publication.model_name == "Old"
    known = choices(crm)
    assert {known.asked(m) for m in known.models} == {one, "Other"}
    assert known.model("FY27") == known.model(one)


def test_names_that_are_cut_are_told_for_levels_and_for_areas_that_become_alike(
    plan: Plan, org: Org
) -> None:
    long = "L" * 100
    for name in ("East", "West"):
        fields = {"level": long, "name": f"{'N' * 90} {name}"}
        plan.ask(Change(area(plan, name), fields), by=ANA)
    crm, _ = wired(org)
    texts = [p.text for p in preview(plan, crm, FY27).problems]
    assert any(t.startswith("Level LLL") and "has 100 characters" in t for t in texts)
    assert any(t.startswith("2 areas in one place are called 'NNN") for t in texts)
    publish_plan(plan, crm, FY27)
    (kind,) = org.state.find("Territory2Type")
    assert kind["MasterLabel"] == "L" * 79 + "…"


def test_levels_that_become_one_type_are_told(plan: Plan, org: Org) -> None:
    for name, level in (("East", "Sales area"), ("West", "Sales-area")):
        plan.ask(Change(area(plan, name), {"level": level}), by=ANA)
    crm, _ = wired(org)
    texts = [p.text for p in preview(plan, crm, FY27).problems]
    assert any("become one territory type (Sales_area)" in t for t in texts)
