"""Accounts of a publish: those that are placed by themselves, and areas no rule is enough for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

import numpy as np

from tp_geo.crm.bulk import FROM
from tp_geo.crm.bulk_query import query_job
from tp_geo.crm.client import Crm, Record
from tp_geo.crm.criteria import Criteria, Item
from tp_geo.crm.extract import quoted
from tp_geo.crm.wanted import Staffed
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import counted
from tp_geo.errors import Refused
from tp_geo.workflow.area_rules import ruled, taken
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing_staff import Problem

CODE = "code"
"""The attribute of an area that is its code elsewhere."""

PER_QUERY = 500
"""Ids asked for at once: addresses of queries may not be longer than 16,384 bytes."""

_PREFIX, _SHORT, _LONG, _SOME = "001", 15, 18, 3


class Overflow(StrEnum):
    """Where the postal codes of an area go that do not fit one rule."""

    CHILDREN = "children"
    FIELD = "field"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class Placing:
    """How accounts get into territories beside rules of boundaries.

    ``field`` is the account field that is stamped for ``Overflow.FIELD``.
    ``exceptions`` says whether units that are planned by themselves are
    associated directly.
    """

    overflow: Overflow = Overflow.CHILDREN
    field: str = ""
    exceptions: bool = True


def placed(
    plan: Plan,
    crm: Crm,
    staffed: Mapping[AreaId, Staffed],
    placing: Placing,
    *,
    mark: str,
) -> tuple[Mapping[AreaId, Staffed], tuple[Problem, ...]]:
    """Return what areas have once their accounts are placed as asked, and what is told of it.

    ``mark`` is the plan's in the codes that are stamped.
    """
    over = overflowing(staffed)
    if placing.overflow is Overflow.FIELD and over:
        _check(placing.field, crm)
    found = dict(staffed)
    told = [*_unstamped(plan, over, placing)]
    told += [_explained(plan, k, len(staffed[k].criteria), placing, mark) for k in over]
    if placing.overflow is Overflow.FIELD:
        for k in over:
            found[k] = replace(found[k], criteria=(_stamped(plan, k, placing.field, mark),))
    by_hand = _by_hand(plan, found, over if placing.overflow is Overflow.ACCOUNTS else (), placing)
    there = _there(crm, [one for ids in by_hand.values() for one in ids])
    for k, ids in by_hand.items():
        shorts = dict.fromkeys(one[:_SHORT] for one in ids)
        accounts = tuple(there[short] for short in shorts if short in there)
        direct = placing.overflow is Overflow.ACCOUNTS and k in over
        has = replace(found[k], criteria=(), more=()) if direct else found[k]
        found[k] = replace(has, accounts=accounts)
    return found, (*told, *_notes(by_hand, there, over))


def overflowing(staffed: Mapping[AreaId, Staffed]) -> tuple[AreaId, ...]:
    """Return the areas whose postal codes do not fit one rule."""
    return tuple(k for k, has in staffed.items() if len(has.criteria) > 1)


def code_of(plan: Plan, area: AreaId, mark: str) -> str:
    """Return the code of an area: its own where it has one, else one that stays."""
    return str(plan.alignment.area(area).attributes.get(CODE) or f"{mark}-{area}")


def accounts_in(plan: Plan, areas: Collection[AreaId]) -> Mapping[str, AreaId]:
    """Return the leaf area of each unit that is an account, of those in some areas."""
    n, resolved = plan.alignment.items.containers, plan.alignment.resolved
    inside = n + np.flatnonzero(np.isin(resolved[n:], sorted(areas)))
    return {
        account: AreaId(int(resolved[at]))
        for at in inside.tolist()
        if is_account(account := str(plan.dataset.codes[at]))
    }


def is_account(text: str) -> bool:
    """Whether a unit's id is that of an account in an org."""
    return text.startswith(_PREFIX) and text.isalnum() and len(text) in (_SHORT, _LONG)


def find_accounts(crm: Crm, ids: Sequence[str], fields: Sequence[str] = ()) -> Iterator[Record]:
    """Yield the accounts there are of some ids, with some of their fields; by a job where many."""
    select = f"SELECT {', '.join(('Id', *fields))} FROM Account"
    wanted = {one[:_SHORT] for one in ids}
    found = query_job(crm, select) if len(ids) > FROM else _asked(crm, select, ids)
    return (record for record in found if record["Id"][:_SHORT] in wanted)


def _asked(crm: Crm, select: str, ids: Sequence[str]) -> Iterator[Record]:
    at = iter(ids)
    while some := tuple(islice(at, PER_QUERY)):
        yield from crm.query(f"{select} WHERE Id IN ({', '.join(quoted(one) for one in some)})")


def _by_hand(
    plan: Plan, staffed: Mapping[AreaId, Staffed], direct: Collection[AreaId], placing: Placing
) -> Mapping[AreaId, list[str]]:
    """Return the ids of the accounts that are associated directly, by area."""
    found: dict[AreaId, list[str]] = {}
    for account, k in accounts_in(plan, direct).items():
        found.setdefault(k, []).append(account)
    for account, k in _shared_accounts(plan, direct):
        found.setdefault(k, []).append(account)
    by_rule = {k: frozenset(taken(plan, k).inside.tolist()) for k in ruled(plan)}
    for at in plan.alignment.exceptions.tolist() if placing.exceptions else ():
        k, account = AreaId(int(plan.alignment.resolved[at])), str(plan.dataset.codes[at])
        if at in by_rule.get(k, ()) or k in direct:
            continue
        if k in staffed and is_account(account):
            found.setdefault(k, []).append(account)
    return found


def _shared_accounts(plan: Plan, areas: Collection[AreaId]) -> Iterator[tuple[str, AreaId]]:
    """Yield the accounts in containers that some areas share, with each of these."""
    alignment, n = plan.alignment, plan.alignment.items.containers
    shared = alignment.shared.inside(list(areas))
    following = np.setdiff1d(alignment.items.located, alignment.exceptions)
    home = alignment.items.container_of[following - n]
    for k in np.unique(shared.areas).tolist():
        for at in following[np.isin(home, shared.inside((k,)).items)].tolist():
            if is_account(account := str(plan.dataset.codes[at])):
                yield account, AreaId(k)


def _there(crm: Crm, ids: Sequence[str]) -> Mapping[str, str]:
    """Return the ids that the org has, by their first 15 characters."""
    return {r["Id"][:_SHORT]: r["Id"] for r in find_accounts(crm, ids)} if ids else {}


def _stamped(plan: Plan, area: AreaId, field: str, mark: str) -> Criteria:
    return Criteria((Item(f"Account.{field}", "equals", code_of(plan, area, mark)),))


def _check(field: str, crm: Crm) -> None:
    items = crm.describe("ObjectTerritory2AssignmentRuleItem")["fields"]
    offered = next(f["picklistValues"] for f in items if f["name"] == "Field")
    if f"Account.{field}" not in {v["value"] for v in offered}:
        raise Refused(
            f"Rules of the org can't ask for an account field {field!r}. "
            "Give the API name of a text field of accounts, as Territory_Code__c."
        )


def _explained(plan: Plan, area: AreaId, rules: int, placing: Placing, mark: str) -> Problem:
    name = plan.alignment.name(area)
    start = f"{name}: its postal codes do not fit one rule of ten items, they would take {rules};"
    match placing.overflow:
        case Overflow.CHILDREN:
            what = f"{rules - 1} territories below it hold the rest."
        case Overflow.FIELD:
            code = code_of(plan, area, mark)
            what = f"its rule asks for {placing.field} = {code!r}, which its accounts are given."
        case Overflow.ACCOUNTS:
            what = "it gets no rule, and the plan's accounts there are associated directly."
    return Problem(f"{start} {what}", area=area)


def _unstamped(plan: Plan, over: Collection[AreaId], placing: Placing) -> Iterator[Problem]:
    """Tell of areas that would need a second code in the field of accounts they share."""
    if placing.overflow is not Overflow.FIELD:
        return
    shared = plan.alignment.shared
    for k in over:
        if n := len(shared.inside((k,))):
            name, what = plan.alignment.name(k), counted(n, plan.noun)
            yield Problem(
                f"{name}: accounts in {what} that it shares carry the code of their main area, so "
                "its rule does not take them. Choose direct associations or territories below it.",
                area=k,
            )


def _notes(
    by_hand: Mapping[AreaId, list[str]], there: Mapping[str, str], over: Collection[AreaId]
) -> Iterator[Problem]:
    ids = [one for some in by_hand.values() for one in some]
    if missing := [one for one in ids if one[:_SHORT] not in there]:
        some = ", ".join(missing[:_SOME])
        yield Problem(
            f"{counted(len(missing), 'accounts')} to be associated directly are not in the org, "
            f"such as {some}; they are left out."
        )
    alone = sum(len(some) for k, some in by_hand.items() if k not in over)
    if alone:
        yield Problem(
            f"{counted(alone, 'accounts')} that are planned by themselves are associated "
            "directly. Rules of the area around them take them too."
        )
