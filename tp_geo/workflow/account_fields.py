"""Account fields: where a plan puts accounts, written to fields of the org's accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tp_geo.crm.client import Crm, Record
from tp_geo.crm.journal import PUBLISH, UNDO, FileJournal, Written, read_journal
from tp_geo.crm.publish import Receipt, Told, publish
from tp_geo.crm.reconcile import ChangeSet, Update
from tp_geo.crm.rows import ACCOUNTS, Key, Row, Rows
from tp_geo.domain.alignment import AreaId
from tp_geo.errors import Refused
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing import Preview, Request, journal_folder, noted, plan_code
from tp_geo.workflow.publishing_accounts import accounts_in, code_of, find_accounts
from tp_geo.workflow.publishing_people import find_people

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
    what is left as it is, and why.
    """

    changes: ChangeSet
    missing: tuple[str, ...]
    notes: tuple[str, ...]


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
    """Write what differs; rules are not run by it, and the same call goes on after a failure."""
    writing = _Writing(plan, crm, fields, areas)
    first = writing.preview()
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


def preview_stamps(plan: Plan, crm: Crm, request: Request, found: Preview) -> FieldsPreview | None:
    """Return which accounts would be given the code that a rule of a publish asks for.

    ``None`` where none of its rules asks for one. Refuses what
    ``preview_fields`` refuses.
    """
    if not found.stamped:
        return None
    return preview_fields(plan, crm, Fields(code=request.placing.field), found.stamped)


def write_stamps(
    plan: Plan,
    crm: Crm,
    request: Request,
    found: Preview,
    *,
    by: str = "",
    told: Told = lambda what, share: None,
) -> tuple[Written, ...]:
    """Give accounts the code that a rule of a publish asks for; return what was written."""
    if not found.stamped:
        return ()
    told(f"Giving accounts their {request.placing.field}", 0.0)
    code = Fields(code=request.placing.field)
    return write_fields(plan, crm, code, found.stamped, by=by, told=told)[0].written


def undo_fields(
    plan: Plan, crm: Crm, *, by: str = "", told: Told = lambda what, share: None
) -> Receipt:
    """Give accounts the values back that they had before the last time, unless changed since.

    One that was interrupted is gone on with.
    """
    path = fields_journal(plan, crm.org)
    if not path.exists():
        raise Refused(f"No account field was written from {plan.info.name} to this org.")
    last = read_journal(path)
    names = tuple(dict.fromkeys(name for row in last.wanted for name in row.fields))
    now = _read(crm, [row.key.name for row in last.wanted], names)
    given, back = (last.before, last.wanted) if last.undoing else (last.wanted, last.before)
    ours = {row.key for row in given if row.key in now and _same(row, now[row.key])}
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
        self.plan, self.crm, self.fields = plan, crm, fields
        self.areas = plan.alignment.leaves if areas is None else frozenset(areas)
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
        wanted, missing = [], []
        for account, area in held.items():
            row = by_short.get(account[:_SHORT])
            if row is None:
                missing.append(account)
            elif values := self._values(area, users):
                wanted.append(Row(row.key, values, row.id))
        changes = compared(Rows.of(wanted), actual)
        return FieldsPreview(changes, tuple(missing), tuple(notes))

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
