"""Accounts of an org: which fields can be read, the accounts themselves, and who has them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from tp_geo import cancelling
from tp_geo.crm.bulk_query import query_job
from tp_geo.crm.client import Record, Salesforce
from tp_geo.crm.extract import quoted
from tp_geo.errors import Refused
from tp_geo.files.mapping import Columns

BULK_FROM = 20_000
"""Accounts from which on one job takes fewer calls than pages of 2,000."""

STANDARD = (
    "Id", "Name", "BillingPostalCode", "BillingCity", "BillingState", "BillingCountry",
    "BillingLatitude", "BillingLongitude", "Type", "Industry", "AnnualRevenue",
    "NumberOfEmployees",
)  # fmt: skip
"""Fields that are read of every account, as far as the user who is connected may see them."""

OWNER = "Owner.Name"
MANUAL = "Territory2Manual"
_FIGURES = frozenset({"double", "currency", "int", "percent", "long"})
_PLACE = frozenset({"BillingLatitude", "BillingLongitude"})
_NO_FIELDS = frozenset({"address", "location", "base64", "complexvalue", "anyType"})

Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class AccountField:
    """A field of accounts that can be read beside the standard ones."""

    name: str
    label: str
    type: str
    custom: bool

    @property
    def figure(self) -> bool:
        """Whether its values can be added up."""
        return self.type in _FIGURES and self.name not in _PLACE


def fields_of(crm: Salesforce) -> Mapping[str, AccountField]:
    """Return the fields of accounts by name, as far as the user may see them."""
    told = crm.describe("Account")["fields"]
    found = (AccountField(f["name"], f["label"], f["type"], bool(f.get("custom"))) for f in told)
    return {field.name: field for field in found if field.type not in _NO_FIELDS}


def count_accounts(crm: Salesforce, where: str = "") -> int:
    """Return how many accounts there are that fit a condition."""
    return int(crm.ask("query/", params={"q": _soql(["COUNT()"], where)})["totalSize"])


def read_accounts(
    crm: Salesforce, more: Sequence[str], where: str, *, told: Told = lambda what, share: None
) -> tuple[pd.DataFrame, Columns]:
    """Return the accounts that fit a condition as a table of texts, and which column is what.

    Refuses chosen fields that accounts do not have.
    """
    known = fields_of(crm)
    if unknown := [name for name in more if name not in known]:
        raise Refused(
            f"Accounts of the org have no field {unknown[0]!r} that you may see. Give its API "
            "name, such as Segment__c."
        )
    standard = [name for name in STANDARD if name in known]
    names = list(dict.fromkeys([*standard, *more, *([OWNER] if "OwnerId" in known else [])]))
    count = count_accounts(crm, where)
    rows: dict[str, list[str]] = {name: [] for name in names}
    for number, record in enumerate(_records(crm, names, where, count)):
        if number % 2_000 == 0:
            cancelling.check()
            told(f"Reading {count:,} accounts", min(number / max(count, 1), 1.0))
        for name in names:
            rows[name].append(_text(record, name))
    if not rows["Id"]:
        raise Refused(
            "The org has no accounts that fit. Import on a dataset that is here, or change "
            "the condition."
        )
    return pd.DataFrame(rows, dtype=str), _columns(names, more, known)


def _records(crm: Salesforce, names: Sequence[str], where: str, count: int) -> Iterator[Record]:
    soql = _soql(names, where)
    return crm.query(soql) if count < BULK_FROM else query_job(crm, soql)


def _soql(names: Sequence[str], where: str) -> str:
    soql = f"SELECT {', '.join(names)} FROM Account"
    return f"{soql} WHERE {where.strip()}" if where.strip() else soql


def _columns(
    names: Sequence[str], more: Sequence[str], known: Mapping[str, AccountField]
) -> Columns:
    there = set(names)
    placed = there >= _PLACE
    found = Columns(
        id="Id",
        name="Name" if "Name" in there else None,
        postal="BillingPostalCode" if "BillingPostalCode" in there else None,
        country="BillingCountry" if "BillingCountry" in there else None,
        owner=OWNER if OWNER in there else None,
        lat="BillingLatitude" if placed else None,
        lon="BillingLongitude" if placed else None,
    )
    left = [name for name in names if name not in found.chosen.values()]
    figures = tuple(name for name in left if known[name].figure)
    texts = tuple(name for name in left if name not in figures and name not in _PLACE)
    return replace(found, measures=figures, attributes=texts)


def _text(record: Record, name: str) -> str:
    """Return a field as a text, of a row of a job or of a record with records in it."""
    value = record.get(name)
    if value is None and "." in name:
        above, _, rest = name.partition(".")
        return _text(record.get(above) or {}, rest)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Held:
    """The territory each account is in now, both by id: by hand, and by a rule that ran.

    ``several`` are in more than one.
    """

    by_hand: Mapping[str, str] = field(default_factory=dict)
    by_rule: Mapping[str, str] = field(default_factory=dict)
    several: int = 0


def read_associations(crm: Salesforce, model: str, territories: Mapping[str, int]) -> Held:
    """Return the territories that accounts are in; of several, the first of ``territories``."""
    where = f"Territory2.Territory2ModelId = {quoted(model)}"
    fields = "ObjectId, Territory2Id, AssociationCause"
    count = f"SELECT COUNT() FROM ObjectTerritory2Association WHERE {where}"
    soql = f"SELECT {fields} FROM ObjectTerritory2Association WHERE {where}"
    many = int(crm.ask("query/", params={"q": count})["totalSize"]) >= BULK_FROM
    found: dict[bool, dict[str, tuple[int, str]]] = {True: {}, False: {}}
    times: Counter[str] = Counter()
    for record in query_job(crm, soql) if many else crm.query(soql):
        territory, account = record["Territory2Id"], record["ObjectId"]
        times[account] += 1
        rank = (territories.get(territory, len(territories)), territory)
        mine = found[record["AssociationCause"] == MANUAL]
        mine[account] = min(mine.get(account, rank), rank)
    hand, rule = (
        {account: rank[1] for account, rank in found[manual].items()} for manual in (True, False)
    )
    return Held(hand, rule, sum(count > 1 for count in times.values()))
