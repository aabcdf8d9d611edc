"""What may happen to territories and to what is associated with them."""

from __future__ import annotations

from typing import Final

from tp_geo.crm.org.guards_models import check_writable
from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.records import Change, Context, in_use
from tp_geo.crm.org.state import Record
from tp_geo.crm.schema import limit

RULES_PER_TERRITORY: Final = limit("assignment rules per territory")
_PORTAL: Final = ("CspLitePortal", "CustomerSuccess", "SelfService")


def check_territory(context: Context, change: Change) -> None:
    """Check a territory that is created, changed or deleted."""
    now = change.after or change.before
    check_writable(context, now["Territory2ModelId"])
    if change.kind == "delete":
        _check_children(context, change)
        return
    if change.kind == "create":
        _check_room(context, now["Territory2ModelId"])
    if "ParentTerritory2Id" in change.given:
        _check_parent(context, change)
    if now["ForecastUserId"] and "ForecastUserId" in change.given:
        _check_forecast_user(context, change)


def check_user_association(context: Context, change: Change) -> None:
    """Check that a user can be assigned to a territory, or leave it."""
    now = change.after or change.before
    _check_territory_open(context, now["Territory2Id"])
    if change.kind == "update" and not context.settings.role_by_patch:
        raise ApiError(
            "INSUFFICIENT_ACCESS_OR_READONLY", f"entity type {change.name} does not support update"
        )
    if change.kind == "create":
        user = context.state.get("User", now["UserId"]) or {}
        _check_user(user)
        change.after["IsActive"] = user["IsActive"]
    if change.kind == "delete":
        context.state.run(
            "update Territory2 set ForecastUserId = null where Id = ? and ForecastUserId = ?",
            now["Territory2Id"],
            now["UserId"],
        )


def check_rule_association(context: Context, change: Change) -> None:
    """Check that a rule can be linked to a territory, or taken from it."""
    if not context.settings.rule_association_writes and not change.by_org:
        raise ApiError(
            "INSUFFICIENT_ACCESS_OR_READONLY",
            f"entity type {change.name} does not support {change.kind}",
        )
    now = change.after or change.before
    model = _check_territory_open(context, now["Territory2Id"])
    if not context.settings.planning_associations and model["State"] == "Planning":
        raise ApiError(
            "INVALID_OPERATION", "Rules can be assigned to territories of the Active model only."
        )
    if change.kind == "create":
        _check_same_model(context, now, model["Id"])
        if (
            context.state.count(change.name, "Territory2Id = ?", now["Territory2Id"])
            >= RULES_PER_TERRITORY
        ):
            raise ApiError(
                "MAX_TM_RULES_EXCEEDED",
                f"You've reached the limit of {RULES_PER_TERRITORY} assignment rules per "
                "territory.",
            )


def check_account_association(context: Context, change: Change) -> None:
    """Check that an account can be associated with a territory, or taken from it."""
    now = change.after or change.before
    _check_territory_open(context, now["Territory2Id"])
    if change.kind == "create":
        change.after["SobjectType"] = "Account"
        if now["AssociationCause"] != "Territory2Manual" and not change.by_org:
            raise ApiError(
                "FIELD_INTEGRITY_EXCEPTION",
                "Association Cause: only Territory2Manual can be set; Territory2AssignmentRule is "
                "for the rules.",
                "AssociationCause",
            )


def _check_territory_open(context: Context, territory_id: str) -> Record:
    territory = context.state.get("Territory2", territory_id) or {}
    check_writable(context, territory["Territory2ModelId"])
    return context.state.get("Territory2Model", territory["Territory2ModelId"]) or {}


def _check_room(context: Context, model_id: str) -> None:
    most = context.settings.territories
    if context.state.count("Territory2", "Territory2ModelId = ?", model_id) >= most:
        raise ApiError(
            "LIMIT_EXCEEDED",
            f"You've reached the limit of {most:,} territories per territory model.",
        )


def _check_parent(context: Context, change: Change) -> None:
    above = change.after["ParentTerritory2Id"]
    while above is not None:
        parent = context.state.get("Territory2", above) or {}
        if parent["Territory2ModelId"] != change.after["Territory2ModelId"]:
            raise ApiError(
                "FIELD_INTEGRITY_EXCEPTION",
                "Parent Territory: the parent has to be a territory of the same model.",
                "ParentTerritory2Id",
            )
        if above == change.id:
            raise ApiError(
                "CIRCULAR_DEPENDENCY",
                "Parent Territory: a territory can't be below itself.",
                "ParentTerritory2Id",
            )
        above = parent["ParentTerritory2Id"]


def _check_forecast_user(context: Context, change: Change) -> None:
    assigned = context.state.count(
        "UserTerritory2Association",
        "Territory2Id = ? and UserId = ?",
        change.id,
        change.after["ForecastUserId"],
    )
    if not assigned:
        raise ApiError(
            "FIELD_INTEGRITY_EXCEPTION",
            "Forecast Manager: the user has to be assigned to the territory.",
            "ForecastUserId",
        )


def _check_children(context: Context, change: Change) -> None:
    children = context.state.find("Territory2", "ParentTerritory2Id = ?", change.id)
    match context.settings.parents:
        case "refuse" if children:
            raise in_use(change, change.sobject, children[0]["Id"])
        case "orphan":
            for child in children:
                context.state.change("Territory2", child["Id"], {"ParentTerritory2Id": None})
        case "cascade":
            for child in children:
                remove_branch(context, child["Id"])


def remove_branch(context: Context, territory_id: str) -> None:
    """Delete a territory with all below it and their associations."""
    for child in context.state.find("Territory2", "ParentTerritory2Id = ?", territory_id):
        remove_branch(context, child["Id"])
    for name in (
        "RuleTerritory2Association",
        "UserTerritory2Association",
        "ObjectTerritory2Association",
    ):
        context.state.run(f'delete from "{name}" where Territory2Id = ?', territory_id)
    context.state.remove("Territory2", territory_id)


def _check_user(user: Record) -> None:
    if not user["IsActive"]:
        raise ApiError(
            "INACTIVE_OWNER_OR_USER",
            "operation performed with inactive user [" + user["Id"] + "]",
            "UserId",
        )
    if user["UserType"] in _PORTAL:
        raise ApiError(
            "CANT_ADD_STANDARD_PORTAL_USER_TO_TERRITORY",
            "A user with a standard portal license can't be added to a territory.",
            "UserId",
        )


def _check_same_model(context: Context, link: Record, model_id: str) -> None:
    rule = context.state.get("ObjectTerritory2AssignmentRule", link["RuleId"]) or {}
    if rule["Territory2ModelId"] != model_id:
        raise ApiError(
            "FIELD_INTEGRITY_EXCEPTION",
            "Rule ID: the rule has to belong to the model of the territory.",
            "RuleId",
        )
