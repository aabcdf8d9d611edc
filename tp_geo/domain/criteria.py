"""Criteria of an area: which accounts are its by their fields, written as a planner says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tp_geo.domain.alignment import Area
from tp_geo.errors import Refused

RULE = "rule"
"""The attribute that holds the criteria of an area."""

MAX_CRITERIA = 10
MAX_VALUE = 1_000
"""What an org takes: criteria of a rule, and characters of what one compares with."""

OPERATORS: Mapping[str, str] = {
    "=": "equals",
    "!=": "notEqual",
    "<=": "lessOrEqual",
    ">=": "greaterOrEqual",
    "<": "lessThan",
    ">": "greaterThan",
    "starts with": "startsWith",
    "does not contain": "notContain",
    "contains": "contains",
}
"""The operators as they are written, and what an org calls them; longer ones first."""

_QUOTED = r'"(?:[^"]|"")*"'
_AND = re.compile(rf"((?:[,=<>]|\bwith|\bcontains?)\s*{_QUOTED}(?=\s*(?:,|$)|\s+AND\s))|\s+AND\s+")
"""What joins criteria; a value in quotes is taken whole."""

_VALUE = re.compile(rf"\s*({_QUOTED}(?=\s*(?:,|$))|[^,]*)\s*(?:,|$)")
_ONE = re.compile(
    r"([A-Za-z][A-Za-z0-9_]*)\s*"
    r"(!=|<=|>=|=|<|>|\bstarts with\b|\bdoes not contain\b|\bcontains\b)\s*(.*\S)",
    re.DOTALL,
)
_HOW = 'Write them as in "Industry = Banking, Insurance AND AnnualRevenue >= 1000000".'


@dataclass(frozen=True, slots=True)
class Criterion:
    """A comparison of an account field, by API name, with values of which one has to fit."""

    field: str
    operator: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {', '.join(map(_written, self.values))}"


def read_criteria(text: str) -> tuple[Criterion, ...]:
    """Return the criteria that a text says, all of which have to fit; refuse what is none.

    A value that holds AND stands in quotes; a quote in one is written twice.
    """
    parts = _parts(text.strip()) if text.strip() else []
    if len(parts) > MAX_CRITERIA:
        raise Refused(f"A rule has {MAX_CRITERIA} criteria at most; these are {len(parts)}.")
    return tuple(_read(part) for part in parts)


def to_text(criteria: tuple[Criterion, ...]) -> str:
    """Return criteria as they are written."""
    return " AND ".join(map(str, criteria))


def criteria_of(area: Area) -> tuple[Criterion, ...]:
    """Return the criteria of an area; none where it has none."""
    return read_criteria(str(area.attributes.get(RULE, "")))


def with_criteria(area: Area, text: str) -> Mapping[str, float | str]:
    """Return the attributes of an area with other criteria; a text of nothing takes them away."""
    others = {name: value for name, value in area.attributes.items() if name != RULE}
    criteria = read_criteria(text)
    return {**others, RULE: to_text(criteria)} if criteria else others


def _read(part: str) -> Criterion:
    found = _ONE.fullmatch(part.strip())
    if found is None:
        raise Refused(f"{part.strip()!r} compares no account field with a value. {_HOW}")
    field, operator, said = found.groups()
    values = tuple(value for one in _VALUE.findall(said) if (value := _plain(one.strip())))
    if odd := next((value for value in values if "," in value), None):
        raise Refused(
            f"{field}: an org takes a comma between values for “or”, so {odd!r} can't be one "
            'value. Compare with the part before the comma by "starts with".'
        )
    if not values:
        raise Refused(f"{part.strip()!r} says no value. {_HOW}")
    if len(",".join(values)) > MAX_VALUE:
        raise Refused(f"{field} is compared with more than {MAX_VALUE:,} characters. Shorten it.")
    return Criterion(field, operator, values)


def _parts(text: str) -> list[str]:
    """Return the criteria of a text, between what joins them."""
    ends = [found.span() for found in _AND.finditer(text) if found[1] is None]
    starts = [0, *(end for _, end in ends)]
    return [text[a:b] for a, b in zip(starts, [*(s for s, _ in ends), len(text)], strict=True)]


def _plain(said: str) -> str:
    """Return a value without the quotes it stands in."""
    quoted = re.fullmatch(_QUOTED, said)
    return said[1:-1].replace('""', '"').strip() if quoted else said


def _written(value: str) -> str:
    """Return a value as it is written: in quotes where it would be read otherwise."""
    if '"' not in value and len(_parts(f"x {value} x")) == 1:
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'
