"""What may happen to a territory model: how many there are, what follows on which state."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.records import Change, Context
from tp_geo.crm.org.values import timestamp

WRITABLE: Final = ("Planning", "Active")
"""States in which a model's territories, rules and associations may change."""

_ON_THE_WAY: Final = {"Active": "Activating", "Archived": "Archiving"}
_NEXT: Final = {"Planning": "Active", "Active": "Archived"}
_TAKEN: Final = ("Active", "Activating", "Archiving")
_WITH: Final = ("ObjectTerritory2AssignmentRuleItem", "RuleTerritory2Association",
    "UserTerritory2Association", "ObjectTerritory2Association")  # fmt: skip


def check_writable(context: Context, model_id: str) -> None:
    """Raise `ApiError` when the model is in a state that takes no changes."""
    model = context.state.get("Territory2Model", model_id)
    state = model["State"] if model else ""
    if state not in WRITABLE:
        raise ApiError(
            context.settings.archived_code,
            f"The territory model {model['Name'] if model else model_id} is in the state {state}, "
            "which prevents changes to it.",
        )


def check_model(context: Context, change: Change) -> None:
    """Check a model that is created, changed or deleted."""
    if change.by_org:
        change.after.setdefault("State", "Planning")
        change.after["State"] = change.after["State"] or "Planning"
        return
    if change.kind == "create":
        _check_room(context)
        change.after["State"] = "Planning"
    elif change.kind == "update":
        _check_update(context, change)
    elif change.before["State"] not in ("Planning", "Archived", "Deleting"):
        raise ApiError(
            "DELETE_FAILED",
            f"A territory model in the state {change.before['State']} can't be deleted.",
        )


def settle(context: Context) -> None:
    """Finish what Salesforce does by and by: activating, archiving, deleting of models."""
    state = context.state
    due = state.rows(
        "select id, state from due where at <= ? order by at", timestamp(context.now())
    )
    for model_id, to in due:
        state.run("delete from due where id = ?", model_id)
        if to == "Deleted":
            remove_model(context, model_id)
            continue
        stamp = "ActivatedDate" if to == "Active" else "DeactivatedDate"
        state.change("Territory2Model", model_id, {"State": to, stamp: timestamp(context.now())})


def delete_model(context: Context, change: Change) -> None:
    """Delete a model at once when it is empty; else put it into Deleting, to go by and by."""
    if not context.state.count("Territory2", "Territory2ModelId = ?", change.id):
        remove_model(context, change.id)
    elif change.before["State"] != "Deleting":
        context.state.change("Territory2Model", change.id, {"State": "Deleting"})
        _plan(context, change.id, "Deleted")


def remove_model(context: Context, model_id: str) -> None:
    """Delete a model with its territories, rules and associations."""
    state = context.state
    territories = "select Id from Territory2 where Territory2ModelId = ?"
    rules = "select Id from ObjectTerritory2AssignmentRule where Territory2ModelId = ?"
    for name in _WITH:
        by_rule = name == "ObjectTerritory2AssignmentRuleItem"
        column, among = ("RuleId", rules) if by_rule else ("Territory2Id", territories)
        state.run(f'delete from "{name}" where {column} in ({among})', model_id)
    state.run(
        f"update Opportunity set Territory2Id = null where Territory2Id in ({territories})",
        model_id,
    )
    state.run("delete from ObjectTerritory2AssignmentRule where Territory2ModelId = ?", model_id)
    state.run("delete from Territory2 where Territory2ModelId = ?", model_id)
    state.run("delete from Territory2Model where Id = ?", model_id)


def _check_room(context: Context) -> None:
    most = context.settings.models
    if context.state.count("Territory2Model") >= most:
        raise ApiError(
            "LIMIT_EXCEEDED",
            f"You've reached the limit of {most} territory models in {context.settings.edition} "
            "Edition.",
        )


def _check_update(context: Context, change: Change) -> None:
    old, new = change.before["State"], change.after["State"]
    if old not in WRITABLE:
        check_writable(context, change.id)
    if old == new:
        return
    if _NEXT[old] != new or not context.settings.state_by_patch:
        raise _refused(f"A territory model can't go from {old} to {new}.")
    if new == "Active" and _others(context, change.id):
        raise _refused("Another territory model is Active, Activating or Archiving.")
    change.after["State"] = _ON_THE_WAY[new]
    _plan(context, change.id, new)


def _others(context: Context, model_id: str) -> int:
    marks = ", ".join("?" * len(_TAKEN))
    return context.state.count(
        "Territory2Model", f"Id != ? and State in ({marks})", model_id, *_TAKEN
    )


def _plan(context: Context, model_id: str, to: str) -> None:
    at = context.now() + timedelta(seconds=context.settings.activation_s)
    context.state.run(
        "insert into due values (?, 'Territory2Model', ?, ?)", timestamp(at), model_id, to
    )


def _refused(text: str) -> ApiError:
    return ApiError("STATE_TRANSITION_NOT_ALLOWED", text, "State")
