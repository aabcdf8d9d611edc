"""What may happen to assignment rules and their items."""

from __future__ import annotations

from typing import Final

from tp_geo.crm.org.boolean_filter import checked
from tp_geo.crm.org.guards_models import check_writable
from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.records import Change, Context
from tp_geo.crm.org.state import Record
from tp_geo.crm.schema import limit

ITEMS_PER_RULE: Final = limit("items per rule")
_ITEM: Final = "ObjectTerritory2AssignmentRuleItem"


def check_rule(context: Context, change: Change) -> None:
    """Check a rule that is created, changed or deleted."""
    now = change.after or change.before
    check_writable(context, now["Territory2ModelId"])
    if change.kind == "create" and now["ObjectType"] != "Account":
        raise ApiError(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"Object: bad value for restricted picklist field: {now['ObjectType']}",
            "ObjectType",
        )
    if "BooleanFilter" in change.given and now["BooleanFilter"]:
        items = context.state.find(_ITEM, "RuleId = ?", change.id)
        checked(now["BooleanFilter"], [item["SortOrder"] for item in items])


def check_item(context: Context, change: Change) -> None:
    """Check an item that is created, changed or deleted."""
    now = change.after or change.before
    rule = context.state.get("ObjectTerritory2AssignmentRule", now["RuleId"]) or {}
    check_writable(context, rule["Territory2ModelId"])
    if change.kind != "update" and rule["BooleanFilter"]:
        raise ApiError(
            context.settings.locked_items_code,
            "Rule items can be created or deleted only while the Boolean Filter of their rule "
            "is null.",
            "RuleId",
        )
    if change.kind == "create":
        _check_room(context, change)
    if change.kind != "delete":
        _check_order(now)


def _check_room(context: Context, change: Change) -> None:
    if context.state.count(_ITEM, "RuleId = ?", change.after["RuleId"]) >= ITEMS_PER_RULE:
        raise ApiError(
            "MAX_TM_RULE_ITEMS_EXCEEDED",
            f"You've reached the limit of {ITEMS_PER_RULE} criteria per assignment rule.",
        )


def _check_order(item: Record) -> None:
    if item["SortOrder"] < 1:
        raise ApiError(
            "NUMBER_OUTSIDE_VALID_RANGE",
            f"Sort Order: value outside of valid range on numeric field: {item['SortOrder']}",
            "SortOrder",
        )
