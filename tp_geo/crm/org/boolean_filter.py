"""The filter that joins the items of a rule: ``1 AND (2 OR 3)``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tp_geo.crm.org.problems import ApiError

_TOKEN: Final = re.compile(r"\s*(?:(\d+)|(AND|OR|NOT)\b|([()]))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filter:
    """A number of an item, or an operator over filters."""

    operator: str
    parts: tuple[Filter, ...] = ()
    number: int = 0

    def numbers(self) -> Iterator[int]:
        """Yield every number of an item."""
        if self.operator == "ITEM":
            yield self.number
        for part in self.parts:
            yield from part.numbers()

    def holds(self, fits: Mapping[int, bool]) -> bool:
        """Tell whether the filter holds when the items fit or do not."""
        match self.operator:
            case "ITEM":
                return fits[self.number]
            case "NOT":
                return not self.parts[0].holds(fits)
            case "AND":
                return all(part.holds(fits) for part in self.parts)
            case _:
                return any(part.holds(fits) for part in self.parts)


def parsed(text: str) -> Filter:
    """Return the filter a text spells; raise `ApiError` when it spells none."""
    tokens = _tokens(text)
    found, at = _joined(tokens, 0, text)
    if at != len(tokens):
        raise _wrong(text)
    return found


def checked(text: str, numbers: list[int]) -> Filter:
    """Return the filter of a rule with these items; they have to be numbered from 1 on."""
    found = parsed(text)
    if sorted(numbers) != list(range(1, len(numbers) + 1)) or not set(found.numbers()) <= set(
        numbers
    ):
        raise _wrong(text)
    return found


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if not found:
            raise _wrong(text)
        tokens.append(found[0].strip().upper())
        at = found.end()
    return tokens


def _joined(tokens: list[str], at: int, text: str) -> tuple[Filter, int]:
    first, at = _single(tokens, at, text)
    parts, operator = [first], ""
    while at < len(tokens) and tokens[at] in ("AND", "OR"):
        if operator and tokens[at] != operator:
            raise _wrong(text)
        operator = tokens[at]
        part, at = _single(tokens, at + 1, text)
        parts.append(part)
    return (Filter(operator, tuple(parts)) if operator else first), at


def _single(tokens: list[str], at: int, text: str) -> tuple[Filter, int]:
    word = tokens[at] if at < len(tokens) else ""
    if word.isdigit():
        return Filter("ITEM", number=int(word)), at + 1
    if word == "NOT":
        inner, at = _single(tokens, at + 1, text)
        return Filter("NOT", (inner,)), at
    if word == "(":
        inner, at = _joined(tokens, at + 1, text)
        if at < len(tokens) and tokens[at] == ")":
            return inner, at + 1
    raise _wrong(text)


def _wrong(text: str) -> ApiError:
    return ApiError(
        "FIELD_INTEGRITY_EXCEPTION",
        f"Boolean Filter: {text!r} does not fit the rule's items. Number them from 1 and put "
        "brackets where AND and OR meet.",
        "BooleanFilter",
    )
