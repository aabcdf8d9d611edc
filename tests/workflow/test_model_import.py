"""Importing the demo org: areas, rules, users, accounts, and what can't be had in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from wired import QUICK, URL, Killed, Wire, wired
from writing import ANA, area

from tp_geo import cancelling
from tp_geo.crm.auth import SessionId
from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.org.seed import demo_seed, plant
from tp_geo.crm.org.service import Org
from tp_geo.crm.org.settings import Settings
from tp_geo.crm.rows import ITEM, RULE, TERRITORY, USER, Rows
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.errors import Cancelled, CrmFailure, Refused
from tp_geo.store import open_store
from tp_geo.workflow import model_import_accounts
from tp_geo.workflow.model_import import (
    ImportRequest,
    Start,
    account_fields,
    import_model,
    list_models,
    preview_import,
)
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Method, Preview, Request, preview, publish_plan

MODEL = "FY26 Sales"


@dataclass
class Office:
    """A planner of an empty store, and the demo org."""

    planner: Planner
    org: Org
    crm: Salesforce
    wire: Wire

    def imported(self, name: str, **options: object) -> Plan:
        """The model on the built-in dataset, unless told otherwise."""
        asked = ImportRequest(MODEL, name, **{"dataset": "default", **options})  # type: ignore[arg-type]
        return import_model(self.planner, self.crm, asked, by=ANA).plan

    def add(self, name: str, **fields: object) -> str:
        with self.org.state.step():
            return self.org.records.create(name, fields, by_org=True)

    def rows(self) -> Rows:
        return read_model(self.crm, "FY26_Sales")

    def id_of(self, territory: str) -> str:
        return next(r.id for r in self.rows().of_object(TERRITORY) if r.fields["Name"] == territory)

    def rule(
        self, territory: str, label: str, *items: tuple[str, str, str], **more: object
    ) -> None:
        """Add a rule to a territory; ``handed`` hands it down."""
        model = self.rows().of_object("Territory2Model")[0].id
        rule = self.add(RULE, DeveloperName=label, MasterLabel=label, Territory2ModelId=model,
                        ObjectType="Account", IsActive=False)  # fmt: skip
        for order, (field, operation, value) in enumerate(items, start=1):
            self.add(
                ITEM, RuleId=rule, SortOrder=order, Field=field, Operation=operation, Value=value
            )
        handed = bool(more.pop("handed", False))
        self.add("RuleTerritory2Association", RuleId=rule, Territory2Id=self.id_of(territory),
                 IsInherited=handed)  # fmt: skip
        with self.org.state.step():
            self.org.records.update(RULE, rule, {"IsActive": True, **more})


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return Planner(open_store(str(tmp_path_factory.mktemp("importing") / "store.duckdb")))


@pytest.fixture
def office(planner: Planner) -> Iterator[Office]:
    org = Org()
    plant(org, demo_seed())
    yield Office(planner, org, *wired(org))
    org.close()


def fresh(office: Office) -> str:
    """A name no alignment has."""
    return f"Imported {len(office.planner.plans())}"


def dry(plan: Plan, office: Office, **options: object) -> Preview:
    return preview(plan, office.crm, Request(**options))  # type: ignore[arg-type]


def test_models_are_listed_with_their_states_and_sizes(office: Office) -> None:
    (model,) = list_models(office.crm)
    assert (model.name, model.state, model.territories) == (MODEL, "Active", 9)


def test_a_preview_reads_and_keeps_nothing(office: Office) -> None:
    plans, datasets = office.planner.plans(), office.planner.store.datasets()
    report = preview_import(office.planner, office.crm, ImportRequest(MODEL, fresh(office)))
    assert (report.areas, report.users, report.accounts) == (9, 10, 240)
    assert [(level.name, level.areas) for level in report.levels] == [
        ("Geography 1", 1), ("Geography 2", 2), ("Geography 3", 6)
    ]  # fmt: skip
    assert (office.planner.plans(), office.planner.store.datasets()) == (plans, datasets)
    assert office.wire.writes == 0


def test_a_model_comes_with_its_accounts_and_publishing_it_changes_nothing(office: Office) -> None:
    asked = ImportRequest(MODEL, fresh(office), fields=("Territory_Code__c",))
    done = import_model(office.planner, office.crm, asked, by=ANA)
    report, plan = done.report, done.plan
    assert (report.accounts, report.placed, report.not_placed) == (240, 240, {})
    pacific = plan.alignment.area(area(plan, "Pacific"))
    assert pacific.owner == "ivy@tp-geo.example"
    assert pacific.attributes["other users"] == "Jon Jones (Account Partner)"
    assert pacific.attributes["account access"] == "Edit"
    assert plan.alignment.name(plan.alignment.resolved[plan.dataset.find("94105")]) == "Pacific"
    assert "annual_revenue" in {m.name for m in plan.dataset.measures}
    found = dry(plan, office)
    assert found.changes.empty
    assert found.problems == ()
    assert found.publication.model == "FY26_Sales", "it goes back to where it came from"


def test_one_postal_code_moved_changes_the_two_rules_and_then_nothing_more(office: Office) -> None:
    plan = office.imported(fresh(office))
    plan.ask(Move(plan.dataset.positions(["94105"]), area(plan, "Midwest")), by=ANA)
    found = dry(plan, office).changes
    assert {str(u.before.fields["RuleId"].name): u.fields["Value"] for u in found.update}[  # type: ignore[union-attr]
        "FY26_Midwest_ZIPs"
    ] == "4,5,6,94105"
    assert len(found.update) == 2
    assert not (found.create or found.delete)
    publish_plan(plan, office.crm, Request())
    assert dry(plan, office).changes.empty


def test_what_is_changed_in_the_plan_and_nothing_else_is_written(office: Office) -> None:
    plan = office.imported(fresh(office))
    change = {"name": "Rockies", "owner": "gia@tp-geo.example"}
    plan.ask(Change(area(plan, "Mountain"), change), by=ANA)
    found = dry(plan, office).changes
    assert [dict(u.fields) for u in found.update] == [{"Name": "Rockies"}]
    assert [row.key.object for row in found.create] == [USER]
    assert [row.key.object for row in found.delete] == [USER]


def test_a_new_area_is_made_beside_those_that_came(office: Office) -> None:
    plan = office.imported(fresh(office))
    plan.ask(Branch(area(plan, "West"), ("Islands",), "Geography 3"), by=ANA)
    plan.ask(Move(plan.dataset.positions(["96813"]), area(plan, "Islands")), by=ANA)
    publish_plan(plan, office.crm, Request())
    assert dry(plan, office).changes.empty
    rows = office.rows()
    islands = next(r for r in rows.of_object(TERRITORY) if r.fields["Name"] == "Islands")
    assert islands.fields["ParentTerritory2Id"] == next(
        r.key for r in rows.of_object(TERRITORY) if r.fields["Name"] == "West"
    )
    assert len(rows.of_object("Territory2Type")) == 1, "it has the type of its level"


def test_rules_of_other_fields_stay_word_for_word(office: Office) -> None:
    office.rule("Mountain", "Tech", ("Account.Industry", "equals", "Technology"))
    office.rule("Pacific", "Off", ("Account.BillingPostalCode", "equals", "10001"), IsActive=False)
    plan = office.imported(fresh(office))
    mountain = plan.alignment.area(area(plan, "Mountain"))
    assert mountain.attributes["kept rules"] == "Tech: Account.Industry equals Technology"
    assert dry(plan, office).changes.empty
    plan.ask(Move(plan.dataset.positions(["80202"]), area(plan, "Pacific")), by=ANA)
    before = {r.key: r.fields for r in office.rows() if "Tech" in r.key.name}
    publish_plan(plan, office.crm, Request())
    assert {r.key: r.fields for r in office.rows() if "Tech" in r.key.name} == before


def test_rules_handed_down_and_of_states_are_understood(office: Office) -> None:
    office.rule("West", "States", ("Account.BillingState", "equals", "CA, Nevada"), handed=True)
    plan = office.imported(fresh(office))
    place = plan.dataset.find
    name = plan.alignment.name
    held = plan.alignment.resolved
    assert name(held[place("94105")]) == "Pacific"
    assert name(held[place("89501")]) == "Mountain"
    assert name(held[place("97201")]) == "Unassigned", "Oregon is let in by no rule"
    assert dry(plan, office).changes.empty
    plan.ask(Move(plan.dataset.positions(["97201"]), area(plan, "Pacific")), by=ANA)
    stopped = dry(plan, office).stopped
    assert "handed down to it, keeps" in stopped[0].text


def test_what_a_divided_territory_takes_itself_is_an_area_of_its_own(office: Office) -> None:
    office.rule("United States", "All", ("Account.BillingCountry", "equals", "US"))
    office.rule("Pacific", "Less", ("Account.BillingPostalCode", "notEqual", "94105"))
    plan = office.imported(fresh(office))
    assert plan.alignment.name(plan.alignment.resolved[plan.dataset.find("94105")]) == (
        "United States, rest"
    )
    assert dry(plan, office).changes.empty
    plan.ask(Move(plan.dataset.positions(["94107"]), area(plan, "United States, rest")), by=ANA)
    found = dry(plan, office).changes
    assert {u.before.key.name for u in found.update} == {"FY26_Pacific_ZIPs#2"}


def test_a_territory_that_holds_nothing_any_more_has_its_rule_switched_off(office: Office) -> None:
    plan = office.imported(fresh(office))
    holds = plan.alignment.holds(area(plan, "Mountain"))
    plan.ask(Move(holds, area(plan, "Pacific")), by=ANA)
    publish_plan(plan, office.crm, Request())
    rule = next(r for r in office.rows().of_object(RULE) if r.key.name == "FY26_Mountain_ZIPs")
    assert rule.fields["IsActive"] is False
    assert dry(plan, office).changes.empty


def test_overwriting_all_leaves_what_belongs_to_the_areas(office: Office) -> None:
    office.rule("Mountain", "Tech", ("Account.Industry", "equals", "Technology"))
    plan = office.imported(fresh(office))
    assert dry(plan, office, method=Method.OVERWRITE_ALL).changes.empty


@pytest.mark.parametrize("at", [2, 3])
def test_a_publish_of_what_came_ends_as_one_left_alone_wherever_it_was_killed(
    office: Office, at: int
) -> None:
    plan = office.imported(fresh(office))
    plan.ask(Move(plan.alignment.holds(area(plan, "Mountain")), area(plan, "Pacific")), by=ANA)
    wanted = {row.key: row.fields for row in dry(plan, office).changes.wanted}
    office.wire.kill_at = at
    with pytest.raises(Killed):
        publish_plan(plan, office.crm, Request())
    publish_plan(plan, office.crm, Request())
    assert dry(plan, office).changes.empty
    rules = {row.key: row.fields for row in office.rows().of_object(RULE)}
    assert rules == {key: fields for key, fields in wanted.items() if key in rules}
    assert {fields["IsActive"] for fields in rules.values()} == {True, False}


def test_accounts_assigned_by_hand_are_exceptions(office: Office) -> None:
    account = next(r for r in office.org.state.find("Account") if r["BillingPostalCode"][0] == "9")
    with office.org.state.step():
        for row in list(office.org.state.find("ObjectTerritory2Association")):
            if row["ObjectId"] == account["Id"]:
                office.org.records.delete("ObjectTerritory2Association", row["Id"])
    northeast = office.id_of("Northeast")
    office.add("ObjectTerritory2Association", ObjectId=account["Id"], Territory2Id=northeast,
               AssociationCause="Territory2Manual")  # fmt: skip
    name = fresh(office)
    done = import_model(office.planner, office.crm, ImportRequest(MODEL, name), by=ANA)
    assert done.report.exceptions == 1
    odd = done.plan.alignment.exceptions
    assert done.plan.dataset.codes[odd].tolist() == [account["Id"]]
    assert dry(done.plan, office).changes.empty


def test_a_field_of_accounts_can_say_where_they_are(office: Office) -> None:
    account = office.org.state.find("Account")[0]
    with office.org.state.step():
        office.org.records.update("Account", account["Id"], {"Territory_Name__c": "pacific"})
        other = office.org.state.find("Account")[1]
        office.org.records.update("Account", other["Id"], {"Territory_Name__c": "Atlantis"})
    asked = ImportRequest(MODEL, fresh(office), start=Start.FIELD, start_field="Territory_Name__c")
    done = import_model(office.planner, office.crm, asked, by=ANA)
    at = done.plan.dataset.positions([account["Id"]])
    assert done.plan.alignment.name(done.plan.alignment.area_at(at)[0]) == "Pacific"
    assert any("Atlantis" in note for note in done.report.notes)


def test_many_accounts_are_read_by_one_job(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ImportRequest(MODEL, fresh(office), where="BillingPostalCode LIKE '9%'")
    few = import_model(office.planner, office.crm, asked, by=ANA)
    monkeypatch.setattr(model_import_accounts, "BULK_FROM", 1)
    crm = over(Working(office.org))
    asked = ImportRequest(MODEL, fresh(office), new_dataset=few.plan.dataset.name,
                          where="BillingPostalCode LIKE '9%'")  # fmt: skip
    many = import_model(office.planner, crm, asked, by=ANA)
    assert many.plan.dataset.key == few.plan.dataset.key


def test_fields_of_accounts_that_can_be_read_are_listed(office: Office) -> None:
    names = {field.name: field for field in account_fields(office.crm)}
    assert names["Territory_Code__c"].custom
    assert names["AnnualRevenue"].figure


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (ImportRequest("FY99", "New"), "no model 'FY99'"),
        (ImportRequest(MODEL, "New", fields=("Nope__c",)), "no field 'Nope__c'"),
        (ImportRequest(MODEL, "New", where="Name = 'nobody'"), "no accounts that fit"),
        (ImportRequest(MODEL, "New", start=Start.FIELD), "say which one"),
        (ImportRequest(MODEL, ""), "1 to 255 characters"),
        (ImportRequest(MODEL, "New", new_dataset="default"), "built in"),
    ],
)
def test_what_can_t_be_imported_is_said_and_leaves_nothing(
    office: Office, asked: ImportRequest, words: str
) -> None:
    plans, datasets = office.planner.plans(), office.planner.store.datasets()
    with pytest.raises(Refused, match=words):
        import_model(office.planner, office.crm, asked, by=ANA)
    assert (office.planner.plans(), office.planner.store.datasets()) == (plans, datasets)


class Working(Wire):
    """A line to an org that works its jobs off between calls."""

    def send(
        self, request: requests.PreparedRequest, *more: object, **options: object
    ) -> requests.Response:
        answer = super().send(request, *more, **options)
        while self.org.work():
            pass
        return answer


class Dying(Wire):
    """A line that goes dead at a call and stays so."""

    def __init__(self, org: Org, at: int) -> None:
        super().__init__(org)
        self.at, self.calls = at, 0

    def send(
        self, request: requests.PreparedRequest, *more: object, **options: object
    ) -> requests.Response:
        self.calls += 1
        if self.calls >= self.at:
            raise requests.ConnectionError("the line went dead")
        return super().send(request, *more, **options)


def over(wire: Wire) -> Salesforce:
    session = requests.Session()
    session.mount(URL, wire)
    return Salesforce(SessionId(URL, wire.org.session()), session=session, patience=QUICK)


def test_an_org_that_stops_answering_at_any_call_leaves_nothing(office: Office) -> None:
    plans, datasets = office.planner.plans(), office.planner.store.datasets()
    asked = ImportRequest(MODEL, fresh(office))
    for at in range(1, 40, 3):
        try:
            import_model(office.planner, over(Dying(office.org, at)), asked, by=ANA)
        except CrmFailure as error:
            assert "did not answer in time" in str(error)
            assert (office.planner.plans(), office.planner.store.datasets()) == (plans, datasets)
        else:
            break
    assert at > 8


def test_an_import_that_is_cancelled_leaves_nothing(office: Office) -> None:
    plans, datasets = office.planner.plans(), office.planner.store.datasets()
    work = cancelling.Cancelling()

    def told(what: str, share: float) -> None:
        if share >= 0.2:
            work.cancel()

    asked = ImportRequest(MODEL, fresh(office))
    with cancelling.within(work), pytest.raises(Cancelled):
        import_model(office.planner, office.crm, asked, by=ANA, told=told)
    assert (office.planner.plans(), office.planner.store.datasets()) == (plans, datasets)


def test_a_model_without_territories_is_refused(office: Office) -> None:
    office.add("Territory2Model", Name="Empty", DeveloperName="Empty")
    with pytest.raises(Refused, match="has no territories"):
        preview_import(office.planner, office.crm, ImportRequest("Empty", "New"))


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        ({"territories_on": False}, "Sales Territories is off"),
        ({"manage_territories": False}, "need the permission Manage Territories"),
    ],
)
def test_an_org_that_tells_nothing_of_territories_says_why(
    office: Office, switches: dict[str, bool], words: str
) -> None:
    org = Org(settings=Settings(**switches))  # type: ignore[arg-type]
    crm, _ = wired(org)
    with pytest.raises((Refused, CrmFailure), match=words):
        preview_import(office.planner, crm, ImportRequest(MODEL, "New"))
    org.close()


def test_long_names_twins_deep_trees_and_users_who_left_are_told(office: Office) -> None:
    kind = office.rows().of_object("Territory2Type")[0].id
    model = office.rows().of_object("Territory2Model")[0].id
    access = {"AccountAccessLevel": "Read", "OpportunityAccessLevel": "None",
              "CaseAccessLevel": "None"}  # fmt: skip
    above = office.id_of("Mountain")
    for depth in range(4, 13):
        above = office.add(TERRITORY, Name=f"Deep {depth}", DeveloperName=f"Deep_{depth}",
                           Territory2ModelId=model, Territory2TypeId=kind,
                           ParentTerritory2Id=above, **access)  # fmt: skip
    for name in ("Twin", "Twin", "Unassigned", "N" * 80):
        number = len(office.rows().of_object(TERRITORY))
        west = office.id_of("West")
        office.add(TERRITORY, Name=name, DeveloperName=f"T{number}", Territory2ModelId=model,
                   Territory2TypeId=kind, ParentTerritory2Id=west, **access)  # fmt: skip
    ivy = next(u for u in office.org.state.find("User") if u["Username"].startswith("ivy"))
    with office.org.state.step():
        office.org.records.update("User", ivy["Id"], {"IsActive": False})
    plan = office.imported(fresh(office))
    report = preview_import(
        office.planner, office.crm, ImportRequest(MODEL, fresh(office), dataset="default")
    )
    said = " ".join(report.notes)
    assert "2 territories lie deeper than 10 levels" in said
    assert "Twin is Twin (2)" in said
    assert "Not active in the org" in said
    names = {a.name for a in plan.alignment.areas.values()}
    assert {"Twin", "Twin (2)", "Territory Unassigned", "N" * 80} <= names
    assert plan.alignment.area(area(plan, "Pacific")).owner == "jon@tp-geo.example"
    assert dry(plan, office).changes.empty


def test_an_archived_model_can_be_imported_and_says_what_it_is(office: Office) -> None:
    model = office.rows().of_object("Territory2Model")[0].id
    with office.org.state.step():
        office.org.records.update("Territory2Model", model, {"State": "Archived"}, by_org=True)
    report = preview_import(office.planner, office.crm, ImportRequest(MODEL, "New"))
    assert "not published to any more" in report.notes[0]


def test_criteria_that_a_planner_gives_an_area_that_came_are_published_changed_and_taken_away(
    office: Office,
) -> None:
    plan = office.imported(fresh(office))

    def publish(rule: str) -> list[str]:
        mountain = plan.alignment.area(area(plan, "Mountain"))
        rest = {name: text for name, text in mountain.attributes.items() if name != "rule"}
        attributes = {**rest, "rule": rule} if rule else rest
        plan.ask(Change(mountain.id, {"attributes": attributes}), by=ANA)
        publish_plan(plan, office.crm, Request())
        assert dry(plan, office).changes.empty
        own = [r for r in office.rows().of_object(ITEM) if r.key.name.startswith("TPG_")]
        return [str(row.fields["Value"]) for row in own]

    before = {row.key: row.fields for row in office.rows()}
    assert publish("Industry = Banking") == ["Banking"]
    assert publish("Industry = Retail") == ["Retail"]
    assert publish("") == []
    assert {row.key: row.fields for row in office.rows()} == before
