"""Models, territories, rules, associations: limits, states, locks, cascades."""

from __future__ import annotations

import pytest

ITEM = ("BillingPostalCode", "startsWith", "9")
RULE = "ObjectTerritory2AssignmentRule"
ITEMS = "ObjectTerritory2AssignmentRuleItem"
USERS = "UserTerritory2Association"


@pytest.mark.parametrize(("edition", "models"), [("Enterprise", 2), ("Developer", 4)])
def test_an_edition_has_so_many_models(start, edition: str, models: int) -> None:
    org = start(f"edition={edition}")
    for _ in range(models):
        org.model()
    assert org.refuses("Territory2Model", Name="More", DeveloperName="More") == "LIMIT_EXCEEDED"


def test_a_model_is_activated_by_and_by_and_only_one_is_active(org) -> None:
    one, two = org.model(), org.model()
    org.update("Territory2Model", one, State="Active")
    assert org.state(one) == "Activating"
    assert org.refused("PATCH", f"sobjects/Territory2Model/{one}", {"Name": "x"}) != ""
    said = org.refused("PATCH", f"sobjects/Territory2Model/{two}", {"State": "Active"})
    assert said == "STATE_TRANSITION_NOT_ALLOWED"
    org.clock.wait(10)
    assert org.state(one) == "Active"
    assert org.ask("GET", f"sobjects/Territory2Model/{one}").body["ActivatedDate"]


def test_an_archived_model_never_returns_and_takes_no_changes(org) -> None:
    model = org.model()
    area = org.territory(model)
    org.activate(model)
    org.update("Territory2Model", model, State="Archived")
    org.clock.wait(10)
    assert org.state(model) == "Archived"
    for state in ("Active", "Planning"):
        org.refused("PATCH", f"sobjects/Territory2Model/{model}", {"State": state})
    assert org.state(model) == "Archived"
    said = org.refused("PATCH", f"sobjects/Territory2/{area}", {"Name": "x"})
    assert said == "FIELD_INTEGRITY_EXCEPTION"


def test_an_active_model_never_returns_to_planning(org) -> None:
    model = org.model()
    org.activate(model)
    said = org.refused("PATCH", f"sobjects/Territory2Model/{model}", {"State": "Planning"})
    assert said == "STATE_TRANSITION_NOT_ALLOWED"


def test_by_switch_states_are_not_for_the_api(start) -> None:
    org = start("state_by_patch=false")
    model = org.model()
    said = org.refused("PATCH", f"sobjects/Territory2Model/{model}", {"State": "Active"})
    assert said == "STATE_TRANSITION_NOT_ALLOWED"


def test_a_model_goes_with_all_that_is_in_it(org) -> None:
    model = org.model()
    area = org.territory(model, parent=org.territory(model))
    org.link(org.rule(model, ITEM), area)
    org.create(USERS, UserId=org.user(), Territory2Id=area)
    org.delete("Territory2Model", model)
    assert org.state(model) == "Deleting"
    org.clock.wait(10)
    names = ("Territory2Model", "Territory2", RULE, ITEMS, "RuleTerritory2Association", USERS)
    assert {name: org.count(name) for name in names} == dict.fromkeys(names, 0)


def test_an_active_model_can_not_be_deleted(org) -> None:
    model = org.model()
    org.activate(model)
    assert org.refused("DELETE", f"sobjects/Territory2Model/{model}") == "DELETE_FAILED"


def test_a_model_has_so_many_territories(start) -> None:
    org = start("territories=2")
    model = org.model()
    org.territory(model)
    org.territory(model)
    values = {"Territory2ModelId": model, "Territory2TypeId": org.type()}
    assert org.refuses("Territory2", Name="C", DeveloperName="C", **values) == "LIMIT_EXCEEDED"


def test_a_territory_is_below_one_of_its_model_and_never_below_itself(org) -> None:
    one, two = org.model(), org.model()
    top = org.territory(one)
    low = org.territory(one, parent=org.territory(one, parent=top))
    other = org.territory(two)
    move = {"ParentTerritory2Id": other}
    assert org.refused("PATCH", f"sobjects/Territory2/{low}", move) == "FIELD_INTEGRITY_EXCEPTION"
    for below in (low, top):
        move = {"ParentTerritory2Id": below}
        assert org.refused("PATCH", f"sobjects/Territory2/{top}", move) == "CIRCULAR_DEPENDENCY"


def test_a_territory_keeps_its_model(org) -> None:
    one, two = org.model(), org.model()
    said = org.refused(
        "PATCH", f"sobjects/Territory2/{org.territory(one)}", {"Territory2ModelId": two}
    )
    assert said == "INVALID_FIELD_FOR_INSERT_UPDATE"


@pytest.mark.parametrize(("parents", "left"), [("refuse", 2), ("orphan", 1), ("cascade", 0)])
def test_what_becomes_of_children_is_a_switch(start, parents: str, left: int) -> None:
    org = start(f"parents={parents}")
    model = org.model()
    top = org.territory(model)
    org.territory(model, parent=top)
    assert org.ask("DELETE", f"sobjects/Territory2/{top}").status == (400 if left == 2 else 204)
    assert org.count("Territory2") == left


def test_a_territory_takes_its_associations_along(org) -> None:
    model = org.model()
    area = org.territory(model)
    org.link(org.rule(model, ITEM), area)
    org.create(USERS, UserId=org.user(), Territory2Id=area)
    account = org.create("Account", Name="Acme")
    values = {"ObjectId": account, "AssociationCause": "Territory2Manual"}
    org.create("ObjectTerritory2Association", Territory2Id=area, **values)
    org.delete("Territory2", area)
    assert org.count("RuleTerritory2Association") == org.count(USERS) == 0
    assert org.count("ObjectTerritory2Association") == 0
    assert org.count(RULE) == 1


def test_a_type_in_use_stays(org) -> None:
    org.territory(org.model())
    assert org.refused("DELETE", f"sobjects/Territory2Type/{org.type()}") == "DELETE_FAILED"


def test_items_come_and_go_only_while_the_filter_is_empty(org) -> None:
    rule = org.rule(org.model(), ITEM, ITEM)
    org.update(RULE, rule, BooleanFilter="1 OR 2")
    (one, two) = (r["Id"] for r in org.query(f"SELECT Id FROM {ITEMS} ORDER BY SortOrder"))
    assert org.refused("DELETE", f"sobjects/{ITEMS}/{two}") == "FIELD_INTEGRITY_EXCEPTION"
    values = {"RuleId": rule, "Field": "Account.Name", "Operation": "equals", "SortOrder": 3}
    assert org.refuses(ITEMS, **values) == "FIELD_INTEGRITY_EXCEPTION"
    org.update(ITEMS, one, Value="8")
    org.update(RULE, rule, BooleanFilter=None)
    org.delete(ITEMS, two)


@pytest.mark.parametrize("wrong", ["1 AND 3", "1 AND 2 OR 1", "(1", "1 XOR 2", "AND", "1 2"])
def test_a_filter_has_to_fit_the_items(org, wrong: str) -> None:
    rule = org.rule(org.model(), ITEM, ITEM)
    said = org.refused("PATCH", f"sobjects/{RULE}/{rule}", {"BooleanFilter": wrong})
    assert said == "FIELD_INTEGRITY_EXCEPTION"
    org.update(RULE, rule, BooleanFilter="1 AND (2 OR NOT 1)")


def test_a_rule_has_ten_items_of_a_thousand_characters(org) -> None:
    rule = org.rule(org.model(), *[("BillingPostalCode", "equals", "9" * 1000)] * 10)
    values = {"RuleId": rule, "Field": "Account.BillingPostalCode", "Operation": "equals"}
    said = org.refuses(ITEMS, SortOrder=11, Value="9", **values)
    assert said == "MAX_TM_RULE_ITEMS_EXCEEDED"
    other = org.rule(org.model())
    said = org.refuses(ITEMS, **{**values, "RuleId": other}, SortOrder=1, Value="9" * 1001)
    assert said == "STRING_TOO_LONG"


def test_criteria_are_the_fields_that_salesforce_offers_and_custom_ones(org) -> None:
    values = {"RuleId": org.rule(org.model()), "Operation": "equals", "SortOrder": 1}
    for name in ("BillingPostalCode", "Account.BillingStateCode", "Account.Nothing__c"):
        said = org.refuses(ITEMS, Field=name, **values)
        assert said == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_a_territory_has_fifteen_rules_of_its_model(org) -> None:
    model = org.model()
    area = org.territory(model)
    for _ in range(15):
        org.link(org.rule(model, ITEM), area)
    values = {"RuleId": org.rule(model, ITEM), "Territory2Id": area, "IsInherited": False}
    assert org.refuses("RuleTerritory2Association", **values) == "MAX_TM_RULES_EXCEEDED"
    values["RuleId"] = org.rule(org.model(), ITEM)
    values["Territory2Id"] = org.territory(model)
    assert org.refuses("RuleTerritory2Association", **values) == "FIELD_INTEGRITY_EXCEPTION"


def test_a_rule_that_is_linked_stays_and_takes_its_items_along_later(org) -> None:
    model = org.model()
    rule = org.rule(model, ITEM)
    link = org.link(rule, org.territory(model))
    assert org.refused("DELETE", f"sobjects/{RULE}/{rule}") == "DELETE_FAILED"
    org.delete("RuleTerritory2Association", link)
    org.delete(RULE, rule)
    assert org.count(ITEMS) == 0


def test_by_switch_rules_are_linked_elsewhere_and_describe_says_so(start) -> None:
    org = start("rule_association_writes=false")
    model = org.model()
    values = {"RuleId": org.rule(model), "Territory2Id": org.territory(model)}
    said = org.refuses("RuleTerritory2Association", **values, IsInherited=True)
    assert said == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert not org.ask("GET", "sobjects/RuleTerritory2Association/describe").body["createable"]


def test_by_switch_rules_are_linked_in_the_active_model_only(start) -> None:
    org = start("planning_associations=false")
    model = org.model()
    rule, area = org.rule(model, ITEM), org.territory(model)
    values = {"RuleId": rule, "Territory2Id": area, "IsInherited": False}
    assert org.refuses("RuleTerritory2Association", **values) == "INVALID_OPERATION"
    org.activate(model)
    org.link(rule, area)


def test_users_are_active_assigned_once_and_then_may_forecast(org) -> None:
    area = org.territory(org.model())
    ann, gone = org.user(), org.user(IsActive=False)
    forecast = {"ForecastUserId": ann}
    said = org.refused("PATCH", f"sobjects/Territory2/{area}", forecast)
    assert said == "FIELD_INTEGRITY_EXCEPTION"
    link = org.create(USERS, UserId=ann, Territory2Id=area, RoleInTerritory2="Owner")
    org.update("Territory2", area, **forecast)
    assert org.refuses(USERS, UserId=ann, Territory2Id=area) == "DUPLICATE_VALUE"
    assert org.refuses(USERS, UserId=gone, Territory2Id=area) == "INACTIVE_OWNER_OR_USER"
    org.update(USERS, link, RoleInTerritory2="Sales Rep")
    org.update("User", ann, IsActive=False)
    assert org.ask("GET", f"sobjects/{USERS}/{link}").body["IsActive"] is False
    org.delete(USERS, link)
    assert org.ask("GET", f"sobjects/Territory2/{area}").body["ForecastUserId"] is None


def test_by_switch_roles_need_delete_and_insert(start) -> None:
    org = start("role_by_patch=false")
    link = org.create(USERS, UserId=org.user(), Territory2Id=org.territory(org.model()))
    said = org.refused("PATCH", f"sobjects/{USERS}/{link}", {"RoleInTerritory2": "Owner"})
    assert said == "INSUFFICIENT_ACCESS_OR_READONLY"


def test_accounts_are_associated_by_hand_and_never_changed(org) -> None:
    area, account = org.territory(org.model()), org.create("Account", Name="Acme")
    values = {"ObjectId": account, "Territory2Id": area}
    name = "ObjectTerritory2Association"
    said = org.refuses(name, **values, AssociationCause="Territory2AssignmentRule")
    assert said == "FIELD_INTEGRITY_EXCEPTION"
    made = org.create(name, **values, AssociationCause="Territory2Manual")
    said = org.refused("PATCH", f"sobjects/{name}/{made}", {"Territory2Id": area})
    assert said == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert org.refuses(name, **values, AssociationCause="Territory2Manual") == "DUPLICATE_VALUE"
    org.delete("Account", account)
    assert org.count(name) == 0


def test_who_may_not_manage_territories_sees_the_active_model_only(start, tmp_path) -> None:
    org = start(path=tmp_path / "org.db")
    active, planned = org.model("Active1"), org.model("Planned1")
    org.territory(active)
    org.territory(planned)
    org.activate(active)
    other = start("manage_territories=false", path=tmp_path / "org.db")
    assert [r["Name"] for r in other.query("SELECT Name FROM Territory2Model")] == ["Active1"]
    assert other.count("Territory2") == 1
    said = other.refuses("Territory2Model", Name="x", DeveloperName="x")
    assert said == "INSUFFICIENT_ACCESS_OR_READONLY"


def test_where_sales_territories_is_off_its_objects_are_unknown(start) -> None:
    org = start("territories_on=false")
    assert org.refused("GET", "query", q="SELECT Id FROM Territory2") == "INVALID_TYPE"
    assert org.ask("GET", "sobjects/Territory2/describe").status == 404
    assert org.count("Account") == 0
