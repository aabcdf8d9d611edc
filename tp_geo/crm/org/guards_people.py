"""What the org fills in for accounts, opportunities and users, and what follows from a change."""

from __future__ import annotations

from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.records import Change, Context


def own(context: Context, change: Change) -> None:
    """Make who creates a record its owner when none is given."""
    if change.kind == "create" and not change.after.get("OwnerId"):
        change.after["OwnerId"] = context.user


def name_user(context: Context, change: Change) -> None:
    """Put a user's full name together; user names are taken once in all of Salesforce."""
    if change.kind == "delete":
        return
    user = change.after
    user["Name"] = " ".join(part for part in (user["FirstName"], user["LastName"]) if part)
    user["UserType"] = user["UserType"] or "Standard"
    for twin in context.state.find("User", "Username = ? collate nocase", user["Username"]):
        if twin["Id"] != change.id:
            raise ApiError(
                "DUPLICATE_VALUE", "Duplicate Username. The username already exists in this or "
                "another Salesforce organization. Usernames must be unique across all Salesforce "
                "organizations.", "Username",
            )  # fmt: skip


def mirror_user(context: Context, change: Change) -> None:
    """Tell on a user's territories whether the user is active."""
    if change.kind == "update" and change.before["IsActive"] != change.after["IsActive"]:
        context.state.run(
            "update UserTerritory2Association set IsActive = ? where UserId = ?",
            change.after["IsActive"],
            change.id,
        )


def note_account(context: Context, change: Change) -> None:
    """Note an account that the rules of the active model have to look at; forget a deleted one."""
    if change.kind == "delete":
        context.state.run("delete from ObjectTerritory2Association where ObjectId = ?", change.id)
        context.state.run("delete from Opportunity where AccountId = ?", change.id)
    elif context.auto_assign and not change.by_org:
        context.touched.append(change.id)


def check_territory_of_opportunity(context: Context, change: Change) -> None:
    """Check that the territory of an opportunity belongs to the active model."""
    if "Territory2Id" not in change.given or not change.after["Territory2Id"]:
        return
    territory = context.state.get("Territory2", change.after["Territory2Id"]) or {}
    model = context.state.get("Territory2Model", territory["Territory2ModelId"]) or {}
    if model["State"] != "Active":
        raise ApiError(
            "FIELD_INTEGRITY_EXCEPTION",
            "Territory: the territory has to belong to the active territory model.",
            "Territory2Id",
        )
