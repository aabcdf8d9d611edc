"""What a dry run is checked against: the plan's own postal codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tp_geo.crm.criteria import COUNTRY, POSTAL, Criteria, Item
from tp_geo.crm.evaluating import NotKnown, Places, fitting
from tp_geo.crm.naming import area_of
from tp_geo.crm.rows import ITEM, LINK, RULE, Key, Row, Rows
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.criteria import criteria_of
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing import Preview
from tp_geo.workflow.publishing_rules import Codes, shared_codes

_OF_BOUNDARIES = re.compile(r"_A\d+(?:_P\d+)?$")
"""How rules of boundaries are named; those of an area's own criteria have a number more."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The rules that go out, read back and held against the plan.

    ``by_fields`` are areas without postal codes whose own criteria ask for
    some: there is nothing in the plan to compare these with.
    """

    codes: int
    rules: int
    equal: int
    other: tuple[AreaId, ...]
    by_fields: tuple[AreaId, ...] = ()


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
    more = shared_codes(plan, codes)
    rules = _criteria(found.changes.wanted, found.publication.plan)
    by_fields = tuple(
        k for k in rules if not (owner == k).any() and k not in more and _ruled(plan, k)
    )
    equal, other, held = 0, list[AreaId](), 0
    for area, criteria in rules.items():
        if area in by_fields:
            continue
        own = (owner == area) | more.get(area, False)
        held += int(own.sum())
        if _taken(criteria, places) == own.tobytes():
            equal += 1
        else:
            other.append(area)
    count = sum(len(criteria) for k, criteria in rules.items() if k not in by_fields)
    return Proof(held, count, equal, tuple(other), by_fields)


def _ruled(plan: Plan, area: AreaId) -> bool:
    """Whether an area of a plan has criteria of its own."""
    return area in plan.alignment.areas and bool(criteria_of(plan.alignment.area(area)))


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
