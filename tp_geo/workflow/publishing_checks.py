"""What a dry run is checked against: the limits of the org, and the plan's own postal codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tp_geo.crm.criteria import COUNTRY, MAX_ITEMS, POSTAL, Criteria, Item
from tp_geo.crm.evaluating import NotKnown, Places, fitting
from tp_geo.crm.naming import area_of
from tp_geo.crm.rows import ITEM, LINK, RULE, TERRITORY, Key, Row, Rows
from tp_geo.crm.schema import limit
from tp_geo.domain.alignment import AreaId
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing import MAX_TERRITORIES, Preview
from tp_geo.workflow.publishing_rules import Codes

_OF_BOUNDARIES = re.compile(r"_A\d+(?:_P\d+)?$")
"""How rules of boundaries are named; those of an area's own criteria have a number more."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something is used once all is published, and how much there may be."""

    name: str
    used: int
    most: int

    @property
    def share(self) -> float:
        """The share that is used, at most 1."""
        return min(self.used / self.most, 1.0) if self.most else 1.0


@dataclass(frozen=True, slots=True)
class Proof:
    """The rules that go out, read back and held against the plan."""

    codes: int
    rules: int
    equal: int
    other: tuple[AreaId, ...]


def limits(found: Preview, *, left: int, models: tuple[int, int] | None) -> tuple[Limit, ...]:
    """Return what is used of the limits of an org.

    ``left`` are the calls left today; ``models`` how many there are before,
    and how many there may be.
    """
    rows = _after(found)
    linked = Counter(row.fields.get("Territory2Id") for row in rows if row.key.object == LINK)
    items = Counter(row.fields.get("RuleId") for row in rows if row.key.object == ITEM)
    territories = sum(row.key.object == TERRITORY for row in rows)
    told = [
        Limit("Territories of the model", territories, MAX_TERRITORIES),
        Limit(
            "Rules of one territory",
            max(linked.values(), default=0),
            limit("assignment rules per territory"),
        ),
        Limit("Conditions of one rule", max(items.values(), default=0), MAX_ITEMS),
        Limit("Calls, of those left today", found.reads + found.writes, left),
    ]
    if models is not None:
        made = models[0] + found.publication.new_model
        told.insert(0, Limit("Models of the org", made, models[1]))
    return tuple(told)


def proof(plan: Plan, found: Preview) -> Proof | None:
    """Read the rules back as they will be written, and compare their codes with the plan's.

    ``None`` where the plan's containers are no postal codes.
    """
    codes = Codes.of(plan)
    if codes is None:
        return None
    country = (codes.country or ("",))[0]
    places = Places({POSTAL: codes.codes, COUNTRY: [country] * len(codes.codes)})
    owner = plan.alignment.area_of[codes.container]
    rules = _criteria(found.changes.wanted, found.publication.plan)
    equal, other, held = 0, list[AreaId](), 0
    for area, criteria in rules.items():
        own = owner == area
        held += int(own.sum())
        if _taken(criteria, places) == own.tobytes():
            equal += 1
        else:
            other.append(area)
    return Proof(held, sum(map(len, rules.values())), equal, tuple(other))


def _taken(criteria: Sequence[Criteria], places: Places) -> bytes:
    taken = np.zeros(places.count, dtype=np.bool_)
    try:
        for one in criteria:
            taken |= fitting(one, places)
    except NotKnown:
        return b""
    return taken.tobytes()


def _criteria(wanted: Rows, plan: str) -> Mapping[AreaId, list[Criteria]]:
    """Return the rules of boundaries by area, as the rows of an org have them."""
    items: dict[object, list[Row]] = {}
    for row in wanted.of_object(ITEM):
        items.setdefault(row.fields.get("RuleId"), []).append(row)
    found: dict[AreaId, list[Criteria]] = {}
    for rule, area in _areas(wanted, plan):
        ordered = sorted(items.get(rule.key, ()), key=lambda r: int(str(r.fields["SortOrder"])))
        parts = tuple(
            Item(str(r.fields["Field"]), str(r.fields["Operation"]), str(r.fields["Value"]))
            for r in ordered
        )
        if all(part.field != POSTAL for part in parts):
            continue
        joined = rule.fields.get("BooleanFilter")
        found.setdefault(area, []).append(Criteria(parts, str(joined) if joined else None))
    return found


def _areas(wanted: Rows, plan: str) -> Iterator[tuple[Row, AreaId]]:
    """Yield the rules of boundaries with the area whose territory they are linked to."""
    for link in wanted.of_object(LINK):
        rule, territory = link.fields.get("RuleId"), link.fields.get("Territory2Id")
        if not (isinstance(rule, Key) and isinstance(territory, Key)):
            continue
        if rule not in wanted or territory not in wanted or not _OF_BOUNDARIES.search(rule.name):
            continue
        area = area_of(str(wanted[territory].fields.get("Description") or ""), plan)
        if area and rule.object == RULE:
            yield wanted[rule], AreaId(int(area.partition(".")[0]))


def _after(found: Preview) -> list[Row]:
    """Return what the model holds once all is published."""
    changes = found.changes
    gone = {row.key for row in changes.delete}
    kept = {**changes.actual.by_key, **changes.wanted.by_key}
    return [row for key, row in kept.items() if key not in gone]
