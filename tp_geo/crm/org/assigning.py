"""Accounts to territories by the rules of a model: all rules of a territory, the lowest match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tp_geo.crm.org.criteria import Rule, rule_of
from tp_geo.crm.org.records import Context, Records
from tp_geo.crm.org.state import Record
from tp_geo.crm.org.values import timestamp

BY_RULE: Final = "Territory2AssignmentRule"
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Node:
    """A territory with the rules on it and all below it."""

    id: str
    rules: tuple[Rule, ...]
    handed_on: tuple[Rule, ...]
    children: tuple[Node, ...]


def territories(context: Context, model_id: str) -> tuple[Node, ...]:
    """Return the territories of a model that have none above them."""
    rules = _active_rules(context, model_id)
    links: dict[str, list[tuple[Rule, bool]]] = defaultdict(list)
    for link in context.state.find("RuleTerritory2Association"):
        if link["RuleId"] in rules:
            links[link["Territory2Id"]].append((rules[link["RuleId"]], bool(link["IsInherited"])))
    below: dict[str | None, list[str]] = defaultdict(list)
    for territory in context.state.find("Territory2", "Territory2ModelId = ?", model_id):
        below[territory["ParentTerritory2Id"]].append(territory["Id"])
    return tuple(_node(t, below, links) for t in below[None])


def matches(nodes: Iterable[Node], account: Record) -> Iterator[str]:
    """Yield the ids of the territories that take an account by their rules."""
    if account.get("IsExcludedFromRealign"):
        return
    for node in nodes:
        yield from _matches(node, account, any_above=False)


def run_rules(context: Context, records: Records, model_id: str, accounts: list[Record]) -> int:
    """Assign accounts anew by the rules of a model and return how many associations it made."""
    nodes = territories(context, model_id)
    excluded = {
        (row["ObjectId"], row["Territory2Id"])
        for row in context.state.find("Territory2ObjectExclusion")
    }
    made = 0
    for start in range(0, len(accounts), _CHUNK):
        chunk = accounts[start : start + _CHUNK]
        _forget(context, model_id, [a["Id"] for a in chunk])
        for account in chunk:
            found = matches(nodes, account)
            made += _associate(context, records, account["Id"], found, excluded)
    return made


def assign_touched(context: Context, records: Records) -> None:
    """Run the rules of the active model for the accounts that were written in this call."""
    touched, context.touched = context.touched, []
    active = context.state.find("Territory2Model", "State = 'Active'") if touched else []
    for model in active:
        found = (context.state.get("Account", account) for account in dict.fromkeys(touched))
        run_rules(context, records, model["Id"], [a for a in found if a])


def run_model(context: Context, records: Records, model_id: str) -> int:
    """Run the rules of a model for all accounts, as the button Run Rules does."""
    made = run_rules(context, records, model_id, context.state.find("Account"))
    moment = timestamp(context.now())
    context.state.change("Territory2Model", model_id, {"LastRunRulesEndDate": moment})
    log = {
        "Territory2ModelId": model_id,
        "Status": "Completed",
        "StartTime": moment,
        "EndTime": moment,
        "RunAsId": context.user,
    }
    records.create("Territory2AlignmentLog", log, by_org=True)
    return made


def _active_rules(context: Context, model_id: str) -> dict[str, Rule]:
    state = context.state
    types = {f.name: f.type for f in context.sobject("Account").fields.values()}
    items: dict[str, list[Record]] = defaultdict(list)
    of_model = (
        "RuleId in (select Id from ObjectTerritory2AssignmentRule where Territory2ModelId = ?)"
    )
    for item in state.find("ObjectTerritory2AssignmentRuleItem", of_model, model_id):
        items[item["RuleId"]].append(item)
    found = state.find(
        "ObjectTerritory2AssignmentRule", "Territory2ModelId = ? and IsActive = 1", model_id
    )
    apart = context.settings.starts_with_list
    return {r["Id"]: rule_of(r, items[r["Id"]], types, starts_with_list=apart) for r in found}


def _node(
    territory: str,
    below: Mapping[str | None, list[str]],
    links: Mapping[str, list[tuple[Rule, bool]]],
) -> Node:
    linked = links.get(territory, [])
    return Node(
        territory,
        tuple(rule for rule, _ in linked),
        tuple(rule for rule, inherited in linked if inherited),
        tuple(_node(child, below, links) for child in below.get(territory, [])),
    )


def _matches(node: Node, account: Record, *, any_above: bool) -> Iterator[str]:
    if not all(rule.holds(account) for rule in node.handed_on):
        return
    inherits = any_above or bool(node.handed_on)
    lower = [
        found for child in node.children for found in _matches(child, account, any_above=inherits)
    ]
    yield from lower
    has_rules = any_above or bool(node.rules)
    if has_rules and not lower and all(r.holds(account) for r in node.rules):
        yield node.id


def _forget(context: Context, model_id: str, accounts: list[str]) -> None:
    marks = ", ".join("?" * len(accounts))
    context.state.run(
        f"delete from ObjectTerritory2Association where ObjectId in ({marks}) "
        "and AssociationCause = 'Territory2AssignmentRule' "
        "and Territory2Id in (select Id from Territory2 where Territory2ModelId = ?)",
        *accounts,
        model_id,
    )


def _associate(
    context: Context,
    records: Records,
    account: str,
    found: Iterable[str],
    excluded: set[tuple[str, str]],
) -> int:
    held = {
        row["Territory2Id"]
        for row in context.state.find("ObjectTerritory2Association", "ObjectId = ?", account)
    }
    wanted = [t for t in found if t not in held and (account, t) not in excluded]
    for territory in wanted:
        values = {"ObjectId": account, "Territory2Id": territory, "AssociationCause": BY_RULE}
        records.create("ObjectTerritory2Association", values, by_org=True)
    return len(wanted)
