"""Publishing plans to a simulated org: previews tell, publishes do, and scope is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from wired import Wire, wired
from writing import ANA, area

from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.org.ids import PROFILE_ID
from tp_geo.crm.org.service import Org
from tp_geo.crm.org.settings import Settings
from tp_geo.crm.rows import RULE, TERRITORY, USER, Key, Rows, Verb
from tp_geo.domain.commands import Branch, Change, Split
from tp_geo.errors import Refused, TpGeoError
from tp_geo.store import open_store
from tp_geo.workflow import publishing_limits
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Method, Request, preview, publish_plan
from tp_geo.workflow.publishing_after import drift, undo_publish
from tp_geo.workflow.publishing_people import find_people


@dataclass
class Company:
    """A plan of postal codes, and the org it goes to."""

    plan: Plan
    org: Org
    crm: Salesforce
    wire: Wire

    def user(self, name: str, *, active: bool = True) -> str:
        fields = {"Username": f"{name}@x.example", "LastName": name, "Email": f"{name}@x.example",
                  "Alias": name, "IsActive": active, "ForecastEnabled": True,
                  "ProfileId": PROFILE_ID}  # fmt: skip
        with self.org.state.step():
            return self.org.records.create("User", fields, by_org=True)

    def holds(self, model: str = "FY27") -> Rows:
        return read_model(self.crm, model)

    def names(self, model: str = "FY27") -> set[str]:
        return {str(r.fields["Name"]) for r in self.holds(model).of_object(TERRITORY)}


FY27 = Request(model="FY27")


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return Planner(open_store(str(tmp_path_factory.mktemp("publishing") / "store.duckdb")))


@pytest.fixture
def company(planner: Planner, tmp_path: Path) -> Iterator[Company]:
    """West (with Reno and Elko) and East, split by longitude; an org without a model."""
    plan = planner.create(f"Plan {len(planner.plans())}", by=ANA)
    west = (plan.boundaries.xy[:, 0] < -100).astype(int)
    plan.ask(Split(None, ("East", "West"), west.astype("int32")), by=ANA)
    plan.ask(Branch(area(plan, "West"), ("Reno", "Elko"), "District"), by=ANA)
    org = Org()
    crm, wire = wired(org)
    yield Company(plan, org, crm, wire)
    org.close()


def test_a_preview_tells_what_would_be_made_and_writes_nothing(company: Company) -> None:
    found = preview(company.plan, company.crm, FY27)
    counts = found.changes.counts()
    assert counts["create"][TERRITORY] == 4
    assert counts["create"]["Territory2Model"] == 1
    assert found.stopped == ()
    assert company.wire.writes == 0
    assert found.writes == 8
    assert company.wire.reads <= found.reads


def test_a_published_plan_is_in_the_org_and_publishing_again_writes_nothing(
    company: Company,
) -> None:
    company.plan.ask(Change(area(company.plan, "East"), {"owner": "ann@x.example"}), by=ANA)
    ann = company.user("ann")
    receipt, _ = publish_plan(company.plan, company.crm, FY27)
    assert receipt.written
    assert company.names() == {"West", "East", "Reno", "Elko"}
    assert [r.fields["UserId"] for r in company.holds().of_object(USER)] == [ann]
    assert len(company.holds().of_object(RULE)) == 2, "Elko holds nothing and needs no rule"
    before = company.wire.writes
    again, second = publish_plan(company.plan, company.crm, FY27)
    assert not again.written
    assert second.changes.empty
    assert company.wire.writes == before


def test_accounts_go_where_their_postal_codes_are(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    model = company.holds().of_object("Territory2Model")[0].id
    with company.org.state.step():
        for code, country in (("94105-1234", "USA"), ("10001", "us"), ("94105", "Mexico")):
            fields = {"Name": code, "BillingPostalCode": code, "BillingCountry": country}
            company.org.records.create("Account", fields, by_org=True)
    company.org._run_rules(model)
    held = list(
        company.crm.query("SELECT ObjectId, Territory2.Name FROM ObjectTerritory2Association")
    )
    assert sorted(r["Territory2"]["Name"] for r in held) == ["East", "Reno"]


def test_an_area_that_is_gone_takes_its_territory_with_it_and_a_renamed_one_stays_itself(
    company: Company,
) -> None:
    publish_plan(company.plan, company.crm, FY27)
    ids = {r.fields["Name"]: r.id for r in company.holds().of_object(TERRITORY)}
    company.plan.ask(Change(area(company.plan, "East"), {"name": "Atlantic"}), by=ANA)
    publish_plan(company.plan, company.crm, FY27)
    after = {r.fields["Name"]: r.id for r in company.holds().of_object(TERRITORY)}
    assert after["Atlantic"] == ids["East"]
    assert company.names() == {"West", "Atlantic", "Reno", "Elko"}


def test_a_focus_leaves_the_territories_of_other_areas_alone(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    company.plan.ask(Change(area(company.plan, "East"), {"name": "Atlantic"}), by=ANA)
    company.plan.ask(Change(area(company.plan, "Reno"), {"name": "Silver"}), by=ANA)
    focus = Request(model="FY27", focus=area(company.plan, "West"))
    publish_plan(company.plan, company.crm, focus)
    assert company.names() == {"West", "East", "Silver", "Elko"}


def test_new_territories_stand_beside_those_that_are_there(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    publish_plan(company.plan, company.crm, Request(Method.NEW, model="FY27"))
    assert len(company.holds().of_object(TERRITORY)) == 8


def test_matching_takes_over_a_territory_of_the_same_name_and_place(company: Company) -> None:
    publish_plan(company.plan, company.crm, Request(model="FY27", level=2))
    assert company.names() == {"East", "Reno", "Elko"}, "East is not divided and goes out as it is"
    unmark(company)
    ids = {r.id for r in company.holds().of_object(TERRITORY)}
    publish_plan(company.plan, company.crm, Request(model="FY27", level=2))
    assert {r.id for r in company.holds().of_object(TERRITORY)} == ids


def test_overwriting_all_removes_what_is_below_the_parent_and_not_wanted(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    unmark(company)
    company.plan.ask(Change(area(company.plan, "Elko"), {"name": "Ely"}), by=ANA)
    publish_plan(company.plan, company.crm, Request(Method.OVERWRITE_ALL, model="FY27"))
    assert company.names() == {"West", "East", "Reno", "Ely"}


def unmark(company: Company) -> None:
    """Make the territories of the org anybody's."""
    with company.org.state.step():
        for row in company.holds().of_object(TERRITORY):
            company.org.records.update("Territory2", row.id, {"Description": "theirs"})


def territory_of_others(company: Company) -> str:
    """Make a territory in the org that no plan knows; return its id."""
    kind = company.holds().of_object("Territory2Type")[0]
    fields = {"Name": "Theirs", "DeveloperName": "Theirs", "Territory2TypeId": kind.id,
              "Territory2ModelId": company.holds().of_object("Territory2Model")[0].id,
              "AccountAccessLevel": "Read", "OpportunityAccessLevel": "None",
              "CaseAccessLevel": "None"}  # fmt: skip
    (made,) = company.crm.write(Verb.CREATE, TERRITORY, [fields])
    return made.id


def settled(company: Company) -> None:
    """Wait until the org has done what it does by and by."""
    before = company.org.context.now
    company.org.context.now = lambda: before() + timedelta(minutes=1)
    company.org.work()


def test_problems_are_said_before_anything_is_written(company: Company) -> None:
    company.user("ben", active=False)
    company.plan.ask(Change(area(company.plan, "East"), {"owner": "ben@x.example"}), by=ANA)
    company.plan.ask(Change(area(company.plan, "West"), {"owner": "nobody"}), by=ANA)
    found = preview(company.plan, company.crm, FY27)
    assert [p.text for p in found.stopped] == [
        "East: ben is not active in the org. Activate the user, or give the area another owner."
    ]
    assert any("no one user of the org is 'nobody'" in p.text for p in found.problems)
    with pytest.raises(Refused, match="not active"):
        publish_plan(company.plan, company.crm, FY27)
    assert company.wire.writes == 0


def test_a_plan_over_the_limit_of_a_model_is_stopped(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing_limits, "MAX_TERRITORIES", 3)
    with pytest.raises(Refused, match="Territories of the model: 4 are wanted and 3 is the limit"):
        publish_plan(company.plan, company.crm, FY27)
    assert company.wire.writes == 0


@pytest.mark.parametrize(
    ("switch", "words"),
    [("territories_on", "Sales Territories is off"), ("manage_territories", "Manage Territories")],
)
def test_an_org_that_can_not_be_published_to_says_why_and_holds_nothing(
    company: Company, switch: str, words: str
) -> None:
    org = Org(settings=Settings(**{switch: False}))  # type: ignore[arg-type]
    crm, wire = wired(org)
    with pytest.raises(TpGeoError, match=words):
        publish_plan(company.plan, crm, FY27)
    assert wire.writes == 0
    for name in ("Territory2Type", "Territory2Model"):
        assert not org.state.rows(f"select Id from {name}")
    org.close()


def test_names_an_org_cuts_are_told_and_a_territory_of_the_cut_name_is_taken_over(
    company: Company,
) -> None:
    company.plan.ask(Change(area(company.plan, "East"), {"name": "E" * 200}), by=ANA)
    found = preview(company.plan, company.crm, FY27)
    assert any("has 200 characters and an org takes 80" in p.text for p in found.problems)
    assert found.stopped == ()
    publish_plan(company.plan, company.crm, FY27)
    ids = {r.id for r in company.holds().of_object(TERRITORY)}
    unmark(company)
    publish_plan(company.plan, company.crm, FY27)
    assert {r.id for r in company.holds().of_object(TERRITORY)} == ids


def test_owners_of_long_names_are_asked_for_in_more_queries(company: Company) -> None:
    names = [f"{'n' * 100}{i}@x.example" for i in range(60)]
    assert find_people(company.crm, names) == dict.fromkeys(sorted(names))
    assert company.wire.reads == 2


def test_a_model_meant_by_its_id_is_called_by_its_name(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    model = company.holds().of_object("Territory2Model")[0].id
    found = preview(company.plan, company.crm, Request(model=model))
    assert found.publication.model_name == "FY27"


def test_an_archived_model_takes_no_changes(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    model = company.holds().of_object("Territory2Model")[0]
    for state in ("Active", "Archived"):
        company.crm.write(Verb.UPDATE, "Territory2Model", [{"Id": model.id, "State": state}])
        settled(company)
    found = preview(company.plan, company.crm, FY27)
    assert "Archived and takes no changes" in found.stopped[0].text


def test_an_unknown_parent_is_refused(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    with pytest.raises(Refused, match="no territory 'Nation'"):
        preview(company.plan, company.crm, Request(model="FY27", parent="Nation"))


def test_a_plan_without_areas_is_refused(planner: Planner, company: Company) -> None:
    plan = planner.create("Nothing", by=ANA)
    with pytest.raises(Refused, match="no area to publish"):
        preview(plan, company.crm, FY27)


def test_what_somebody_changed_in_the_org_is_drift_and_what_they_added_is_not(
    company: Company,
) -> None:
    publish_plan(company.plan, company.crm, FY27)
    assert drift(company.plan, company.crm).empty
    east = next(r for r in company.holds().of_object(TERRITORY) if r.fields["Name"] == "East")
    company.crm.write(Verb.UPDATE, TERRITORY, [{"Id": east.id, "Name": "Orient"}])
    territory_of_others(company)
    found = drift(company.plan, company.crm)
    assert [dict(u.fields) for u in found.update] == [{"Name": "East"}]
    assert not (found.create or found.delete)


def test_a_publish_is_undone_and_what_was_there_before_is_back(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    before = contents(company)
    company.plan.ask(Change(area(company.plan, "East"), {"name": "Atlantic"}), by=ANA)
    company.plan.ask(Branch(area(company.plan, "Atlantic"), ("North", "South"), "District"), by=ANA)
    publish_plan(company.plan, company.crm, FY27)
    assert "Atlantic" in company.names()
    undo_publish(company.plan, company.crm)
    assert contents(company) == before
    undo_publish(company.plan, company.crm, "FY27")
    assert "Atlantic" in company.names(), "undone twice is done again"


def test_what_others_change_between_two_undos_is_left_alone(company: Company) -> None:
    publish_plan(company.plan, company.crm, FY27)
    theirs = territory_of_others(company)
    company.plan.ask(Change(area(company.plan, "East"), {"name": "Atlantic"}), by=ANA)
    publish_plan(company.plan, company.crm, FY27)
    undo_publish(company.plan, company.crm)
    company.crm.write(Verb.UPDATE, TERRITORY, [{"Id": theirs, "Name": "Renamed"}])
    assert drift(company.plan, company.crm).empty
    undo_publish(company.plan, company.crm)
    assert {"Atlantic", "Renamed"} < company.names()


def test_the_latest_publish_to_a_model_is_undone_where_territories_stand_twice(
    company: Company,
) -> None:
    publish_plan(company.plan, company.crm, FY27)
    publish_plan(company.plan, company.crm, Request(Method.NEW, model="FY27"))
    before = contents(company)
    company.plan.ask(Change(area(company.plan, "East"), {"name": "Atlantic"}), by=ANA)
    publish_plan(company.plan, company.crm, FY27)
    undo_publish(company.plan, company.crm)
    assert contents(company) == before


def contents(company: Company) -> dict[Key, dict[str, object]]:
    return {r.key: {k: v for k, v in r.fields.items() if v is not None} for r in company.holds()}


def test_a_plan_that_was_never_published_has_no_way_back(company: Company) -> None:
    for back in (drift, undo_publish):
        with pytest.raises(Refused, match="was not published to one model"):
            back(company.plan, company.crm)
