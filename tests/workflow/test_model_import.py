"""Importing the demo org: areas, rules, users, accounts, and what can't be had in words."""

from __future__ import annotations

import pytest
import requests
from offices import MODEL, Office, dry, fresh
from wired import QUICK, URL, Wire, wired
from writing import ANA, area

from tp_geo import cancelling
from tp_geo.crm.auth import SessionId
from tp_geo.crm.client import Salesforce
from tp_geo.crm.org.service import Org
from tp_geo.crm.org.settings import Settings
from tp_geo.crm.rows import TERRITORY
from tp_geo.errors import Cancelled, CrmFailure, Refused
from tp_geo.workflow import model_import_accounts
from tp_geo.workflow.model_import import (
    ImportRequest,
    Start,
    account_fields,
    import_model,
    list_models,
    preview_import,
)


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
