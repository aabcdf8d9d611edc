"""Account fields: where a plan puts accounts, written to fields of the org's accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tp_geo.crm.client import Crm, Record
from tp_geo.crm.journal import PUBLISH, UNDO, FileJournal, Written, read_journal
from tp_geo.crm.publish import Receipt, Told, publish
from tp_geo.crm.reconcile import ChangeSet, Update
from tp_geo.crm.rows import ACCOUNTS, Key, Row, Rows
from tp_geo.crm.steps import calls
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing import (
    Preview,
    Request,
    journal_folder,
    noted,
    plan_code,
    preview,
    publish_plan,
)
from tp_geo.workflow.publishing_accounts import accounts_in, code_of, find_accounts
from tp_geo.workflow.publishing_limits import calls_left, exceeded
from tp_geo.workflow.publishing_people import find_people
from tp_geo.workflow.publishing_staff import Problem
from tp_geo.workflow.signoff import publish_gate

OWNER = "OwnerId"
_SHORT = 15
_TEXTS = frozenset({"string", "textarea", "picklist"})


@dataclass(frozen=True, slots=True)
class Fields:
    """The account fields that are written, by API name; "" for none.

    ``territory`` gets the name of the area, ``code`` its code; ``owner`` says
    whether accounts get the owner of their area.
    """

    territory: str = ""
    code: str = ""
    owner: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The fields by API name."""
        return (*(n for n in (self.territory, self.code) if n), *((OWNER,) if self.owner else ()))


@dataclass(frozen=True, slots=True, eq=False)
class FieldsPreview:
    """What writing account fields would change; nothing is written yet.

    ``missing`` are ids of the plan that are no account of the org; ``notes``
    what is left as it is, and why; ``stopped`` what is in the way.
    """

    changes: ChangeSet
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    stopped: tuple[str, ...] = ()


def preview_fields(
    plan: Plan, crm: Crm, fields: Fields, areas: Collection[AreaId] | None = None
) -> FieldsPreview:
    """Return what would change; only reads.

    ``areas`` are the leaf areas whose accounts are written, ``None`` for all.
    Refuses fields that an org's accounts lack or that can't hold the values.
    """
    return _Writing(plan, crm, fields, areas).preview()


def write_fields(
    plan: Plan,
    crm: Crm,
    fields: Fields,
    areas: Collection[AreaId] | None = None,
    *,
    by: str = "",
    told: Told = lambda what, share: None,
) -> tuple[Receipt, FieldsPreview]:
    """Write what differs; rules are not run by it, and the same call goes on after a failure.

    Raises ``Refused`` when something is in the way, before anything is written.
    """
    writing = _Writing(plan, crm, fields, areas)
    first = writing.preview()
    if first.stopped:
        raise Refused(first.stopped[0])
    receipt = publish(
        crm,
        first.changes.wanted,
        read=lambda: writing.read(first.changes.wanted),
        compare=lambda actual: compared(first.changes.wanted, actual),
        journal=FileJournal(
            fields_journal(plan, crm.org), noted(PUBLISH, by, revision=plan.seq, model="")
        ),
        told=told,
    )
    return receipt, first


def preview_with_stamps(
    plan: Plan, crm: Crm, request: Request
) -> tuple[Preview, FieldsPreview | None]:
    """Return what a publish would change, and which accounts it would give a code.

    The codes are those that its rules ask for, ``None`` where none does. What
    is in the way of them is a problem of the publish. Refuses what
    ``preview_fields`` refuses.
    """
    found = preview(plan, crm, request)
    if not found.stamped:
        return found, None
    stamps = preview_fields(plan, crm, _code(request), found.stamped)
    after = calls(stamps.changes)
    left = calls_left(crm, found.reads + found.writes + after) if after else ()
    stopped = (Problem(text, stops=True) for text in stamps.stopped)
    return replace(found, problems=(*found.problems, *stopped, *exceeded(tuple(left)))), stamps


def publish_with_stamps(
    plan: Plan,
    crm: Crm,
    request: Request,
    *,
    by: str = "",
    told: Told = lambda what, share: None,
    stamping: Told = lambda what, share: None,
) -> tuple[Receipt, Preview, tuple[Written, ...]]:
    """Publish a plan and give accounts the codes its rules ask for; the same call goes on.

    ``told`` hears of the first, ``stamping`` of the second. Raises ``Refused``
    when something is in the way of either, before anything is written.
    """
    if request.placing.field:
        whole, _ = preview_with_stamps(plan, crm, request)
        if whole.stopped:
            raise Refused(whole.stopped[0].text)
    receipt, found = publish_plan(plan, crm, request, by=by, told=told)
    if not found.stamped:
        return receipt, found, ()
    stamping(f"Giving accounts their {request.placing.field}", 0.0)
    stamped, _ = write_fields(plan, crm, _code(request), found.stamped, by=by, told=stamping)
    return receipt, found, stamped.written


def _code(request: Request) -> Fields:
    return Fields(code=request.placing.field)


def undo_fields(
    plan: Plan, crm: Crm, *, by: str = "", told: Told = lambda what, share: None
) -> Receipt:
    """Give accounts the values back that they had before the last time, unless changed since.

    One that was interrupted is gone on with.
    """
    plan.actor.require(Action.PUBLISH, plan.info)
    path = fields_journal(plan, crm.org)
    if not path.exists():
        raise Refused(f"No account field was written from {plan.info.name} to this org.")
    last = read_journal(path)
    names = tuple(dict.fromkeys(name for row in last.wanted for name in row.fields))
    now = _read(crm, [row.key.name for row in last.wanted], names)
    given, back = (last.before, last.wanted) if last.undoing else (last.wanted, last.before)
    ours = {row.key for row in (*given, *back) if row.key in now and _same(row, now[row.key])}
    before = Rows.of(row for row in back if row.key in ours)
    return publish(
        crm,
        before,
        read=lambda: _read(crm, [row.key.name for row in before], names),
        compare=lambda actual: compared(before, actual),
        journal=FileJournal(path, noted(UNDO, by, revision=plan.seq, model="")),
        told=told,
    )


def fields_journal(plan: Plan, org: str) -> Path:
    """Return where it is written down which account fields a plan wrote in an org."""
    return journal_folder(plan, org) / f"{plan_code(plan)}.fields.jsonl"


def compared(wanted: Rows, actual: Rows) -> ChangeSet:
    """Return which accounts have other values than are wanted; accounts are never made."""
    update, unchanged = [], []
    for row in wanted:
        now = actual[row.key]
        changed = {k: v for k, v in row.fields.items() if (now.fields.get(k) or "") != (v or "")}
        if changed:
            update.append(Update(now, changed))
        else:
            unchanged.append(now)
    return ChangeSet(wanted, actual, (), tuple(update), (), tuple(unchanged))


class _Writing:
    def __init__(
        self, plan: Plan, crm: Crm, fields: Fields, areas: Collection[AreaId] | None
    ) -> None:
        plan.actor.require(Action.PUBLISH, plan.info)
        self.plan, self.crm, self.fields = plan, crm, fields
        self.areas = plan.alignment.leaves if areas is None else frozenset(areas)
        self.closed = publish_gate(plan, None) if areas is None else ()
        if not fields.names:
            raise Refused("No account field is named. Name one for territory, code or owner.")
        self._check(crm.describe(ACCOUNTS)["fields"])

    def preview(self) -> FieldsPreview:
        held = accounts_in(self.plan, self.areas)
        if not held:
            raise Refused(
                f"{self.plan.info.name} has no unit whose id is that of an account. "
                "Import accounts with the column Id as their id."
            )
        users, notes = self._owners()
        actual = _read(self.crm, list(held), self.fields.names)
        by_short = {row.key.name[:_SHORT]: row for row in actual}
        first: dict[str, AreaId] = {}
        for account, area in held.items():
            first.setdefault(account[:_SHORT], area)
        wanted = [
            Row(by_short[short].key, values, by_short[short].id)
            for short, area in first.items()
            if short in by_short and (values := self._values(area, users))
        ]
        missing = tuple(one for one in held if one[:_SHORT] not in by_short)
        changes = compared(Rows.of(wanted), actual)
        stopped = (*self.closed, *self._twice(held, first))
        return FieldsPreview(changes, missing, tuple(notes), stopped)

    def _twice(self, held: Mapping[str, AreaId], first: Mapping[str, AreaId]) -> Iterator[str]:
        """Yield the accounts that stand in two areas, by the two forms of their id."""
        name = self.plan.alignment.name
        for account, area in held.items():
            if (other := first[account[:_SHORT]]) != area:
                yield (
                    f"Account {account} stands twice in the plan, by its id of 15 and of 18 "
                    f"characters: in {name(other)} and in {name(area)}. Take one of the two "
                    "units from the dataset, or put both into one area."
                )

    def read(self, wanted: Rows) -> Rows:
        return _read(self.crm, [row.key.name for row in wanted], self.fields.names)

    def _values(self, area: AreaId, users: Mapping[AreaId, str]) -> dict[str, str]:
        found = {}
        if self.fields.territory:
            found[self.fields.territory] = self.plan.alignment.name(area)
        if self.fields.code:
            found[self.fields.code] = code_of(self.plan, area, plan_code(self.plan))
        if self.fields.owner and area in users:
            found[OWNER] = users[area]
        return found

    def _owners(self) -> tuple[Mapping[AreaId, str], list[str]]:
        if not self.fields.owner:
            return {}, []
        owners = {k: o for k in sorted(self.areas) if (o := self.plan.alignment.area(k).owner)}
        people = find_people(self.crm, owners.values()) if owners else {}
        users = {k: p.id for k, o in owners.items() if (p := people[o]) and p.active}
        notes = [
            f"{self.plan.alignment.name(k)}: no one active user of the org is its owner, "
            "so its accounts keep theirs."
            for k in sorted(self.areas - users.keys())
        ]
        return users, notes

    def _check(self, described: Sequence[Record]) -> None:
        known = {str(f["name"]): f for f in described}
        longest = (
            {
                self.fields.territory: max(
                    (self.plan.alignment.name(k) for k in self.areas), key=len
                ),
                self.fields.code: max(
                    (code_of(self.plan, k, plan_code(self.plan)) for k in self.areas), key=len
                ),
            }
            if self.areas
            else {}
        )
        for name in self.fields.names:
            field = known.get(name)
            if field is None or not field["updateable"]:
                raise Refused(
                    f"Accounts of the org have no field {name!r} that can be written. "
                    "Give the API name of one, as Territory_Code__c."
                )
            if name == OWNER:
                continue
            text = longest.get(name, "")
            if field["type"] not in _TEXTS or len(text) > int(field["length"]):
                raise Refused(
                    f"{name} takes {field['length']} characters of {field['type']}; {text!r} "
                    "does not fit. Choose a longer text field, or shorten the name or code."
                )


def _read(crm: Crm, ids: Sequence[str], names: Sequence[str]) -> Rows:
    """Return accounts with some of their fields; those that are not in the org are left out."""
    return Rows.of(
        Row(Key(ACCOUNTS, r["Id"]), {name: r[name] or None for name in names}, r["Id"])
        for r in find_accounts(crm, ids, names)
    )


def _same(wanted: Row, actual: Row) -> bool:
    return all((actual.fields.get(k) or "") == (v or "") for k, v in wanted.fields.items())
