"""Which territories take an account: all rules, handed down, the lowest match, text as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.crm.org.assigning import Node, matches
from tp_geo.crm.org.boolean_filter import parsed
from tp_geo.crm.org.criteria import Rule, rule_of

TYPES = {"AnnualRevenue": "currency", "IsExcludedFromRealign": "boolean"}


def met(account: dict[str, object], *items: tuple[str, str, str | None], joined: str = "") -> bool:
    told = [
        {"Field": f"Account.{name}", "Operation": operation, "Value": value, "SortOrder": order}
        for order, (name, operation, value) in enumerate(items, 1)
    ]
    rule = rule_of({"BooleanFilter": joined}, told, TYPES, starts_with_list=True)
    return rule.holds(account)


@pytest.mark.parametrize(
    ("operation", "value", "yes", "no"),
    [
        ("equals", "94105,94404", "94404", "94105-1234"),
        ("equals", "ca", "CA", "CAN"),
        ("equals", "", None, "x"),
        ("notEqual", "94105,94404", "94106", "94105"),
        ("notEqual", "94105", None, "94105"),
        ("startsWith", "941, 950", "94105-1234", "19410"),
        ("contains", "cal", "California", "Nevada"),
        ("notContain", "cal", "Nevada", "California"),
        ("greaterThan", "80000", "9", "10000"),
        ("lessThan", "80000", "10000", "9"),
        ("greaterOrEqual", "94105", "94105", "94104"),
        ("lessOrEqual", "94105", "94105", "94106"),
        ("includes", "red,blue", "green;Blue", "green"),
        ("excludes", "red", "green;blue", "green;red"),
    ],
)
def test_an_operator_says_yes_and_no(operation: str, value: str, yes, no) -> None:
    item = ("BillingPostalCode", operation, value)
    assert met({"BillingPostalCode": yes}, item)
    assert not met({"BillingPostalCode": no}, item)


def test_figures_compare_as_numbers_and_postal_codes_as_text() -> None:
    assert met({"AnnualRevenue": 9.0}, ("AnnualRevenue", "lessThan", "80000"))
    assert not met({"BillingPostalCode": "9"}, ("BillingPostalCode", "lessThan", "80000"))
    assert met({"AnnualRevenue": 5.0}, ("AnnualRevenue", "equals", "5"))


def test_without_a_filter_all_items_have_to_fit() -> None:
    items = (("Name", "equals", "a"), ("Site", "equals", "b"))
    assert met({"Name": "a", "Site": "b"}, *items)
    assert not met({"Name": "a", "Site": "c"}, *items)
    assert met({"Name": "a", "Site": "c"}, *items, joined="1 OR 2")
    assert not met({})


@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_filter_is_the_logic_it_spells(fits: list[bool]) -> None:
    a, b, c, d = fits
    numbered = dict(enumerate(fits, 1))
    assert parsed("1 AND (2 OR 3 OR 4)").holds(numbered) == (a and (b or c or d))
    assert parsed("not (1 and 2) and not 3").holds(numbered) == (not (a and b) and not c)


def rule(prefix: str) -> Rule:
    item = {"Field": "Account.Site", "Operation": "startsWith", "Value": prefix, "SortOrder": 1}
    return rule_of({"BooleanFilter": None}, [item], {}, starts_with_list=True)


def found(*nodes: Node, site: str = "abc") -> set[str]:
    return set(matches(nodes, {"Site": site}))


def node(name: str, *children: Node, local: str = "", handed: str = "") -> Node:
    """A territory with a rule of its own for each letter, and with those it hands on."""
    on = tuple(map(rule, handed))
    return Node(name, (*map(rule, local), *on), on, children)


def test_several_rules_of_a_territory_all_have_to_hold() -> None:
    assert found(Node("t", (rule("a"), rule("ab")), (), ())) == {"t"}
    assert found(Node("t", (rule("a"), rule("b")), (), ())) == set()


def test_a_territory_without_rules_takes_nothing() -> None:
    assert found(node("t")) == set()


def test_the_lowest_of_a_branch_takes_it_and_branches_share() -> None:
    """top(a) - left(a) - low(a); right(a)."""
    left = node("left", node("low", local="a"), local="a")
    assert found(node("top", left, node("right", local="a"), local="a")) == {"low", "right"}


def test_what_is_handed_down_has_to_hold_below_too() -> None:
    """top hands down a; below it one with a rule of its own, one without."""
    top = node("top", node("own", local="b"), node("none"), handed="a")
    assert found(top) == {"none"}
    assert found(top, site="b") == set()


def test_who_misses_a_rule_of_its_own_is_still_looked_at_below() -> None:
    assert found(node("top", node("low"), local="x", handed="a")) == {"low"}


def test_an_account_that_is_left_out_is_in_no_territory() -> None:
    assert set(matches([node("t", local="a")], {"Site": "a", "IsExcludedFromRealign": 1})) == set()


def test_rules_run_when_an_account_is_written_while_the_model_is_active(org) -> None:
    model = org.model()
    top = org.territory(model)
    low = org.territory(model, parent=top)
    org.link(org.rule(model, ("BillingCountry", "equals", "US")), top, inherited=True)
    org.link(org.rule(model, ("BillingPostalCode", "startsWith", "941")), low)
    before = org.create("Account", Name="Early", BillingCountry="US", BillingPostalCode="94105")
    org.activate(model)
    assert org.territories_of(before) == set()
    one = org.create("Account", Name="One", BillingCountry="US", BillingPostalCode="94105-1234")
    assert org.territories_of(one) == {low}
    org.update("Account", one, BillingPostalCode="10001")
    assert org.territories_of(one) == {top}
    org.update("Account", one, BillingCountry="CA")
    assert org.territories_of(one) == set()


def test_rules_do_not_run_for_who_sends_the_header(org) -> None:
    model = org.model()
    area = org.territory(model)
    org.link(org.rule(model, ("Name", "equals", "Acme")), area)
    org.activate(model)
    answer = org.ask(
        "POST", "sobjects/Account", {"Name": "Acme"}, headers={"sforce-auto-assign": "FALSE"}
    )
    assert org.territories_of(answer.body["id"]) == set()


def test_run_rules_is_a_button_and_leaves_what_was_set_by_hand(org) -> None:
    model = org.model()
    area, other = org.territory(model), org.territory(model)
    org.link(org.rule(model, ("Name", "equals", "Acme")), area)
    acme, ajax = (org.create("Account", Name=name) for name in ("Acme", "Ajax"))
    values = {"ObjectId": ajax, "Territory2Id": other, "AssociationCause": "Territory2Manual"}
    org.create("ObjectTerritory2Association", **values)
    for _ in range(2):
        assert org.ask("POST", "/__run-rules", {"model": model}).body == {"associations": 1}
    assert org.territories_of(acme) == {area}
    assert org.territories_of(ajax) == {other}
    log = org.query("SELECT Status, Territory2Id FROM Territory2AlignmentLog")
    assert [(entry["Status"], entry["Territory2Id"]) for entry in log] == [("Completed", None)] * 2


def test_an_inactive_rule_never_runs(org) -> None:
    model = org.model()
    org.link(org.rule(model, ("Name", "equals", "Acme"), active=False), org.territory(model))
    org.create("Account", Name="Acme")
    assert org.ask("POST", "/__run-rules", {"model": model}).body == {"associations": 0}


def test_by_switch_commas_after_starts_with_are_part_of_the_text() -> None:
    item = {"Field": "Account.Site", "Operation": "startsWith", "Value": "94,95", "SortOrder": 1}
    strict = rule_of({"BooleanFilter": None}, [item], {}, starts_with_list=False)
    assert not strict.holds({"Site": "94105"})
    assert strict.holds({"Site": "94,95 and more"})
