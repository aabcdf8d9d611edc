"""Publishing back what was imported: only what the plan changed is written."""

from __future__ import annotations

from offices import MODEL, Office, dry, fresh
from writing import ANA, area

from tp_geo.crm.rows import ITEM, RULE, TERRITORY, USER
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.workflow.model_import import ImportRequest, import_model
from tp_geo.workflow.publishing import Method, Request, publish_plan


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
