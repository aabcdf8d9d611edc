"""Evaluating: which of the places that are known fit the criteria of a rule.

Written apart from the packing it checks: items are read one by one, as an
org would read them. Texts are compared without regard to case, codes as texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.crm.criteria import Criteria, Item
from tp_geo.errors import BadData

Flags: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.str_]

_TOKEN = re.compile(r"\s*(?:(\d+)|(AND|OR|NOT)\b|([()]))", re.IGNORECASE)


class NotKnown(BadData):
    """Criteria that can't be told from what is known of places; kept as they are."""


class Places:
    """What is known of places, by field (``Account.BillingPostalCode``): a text for each."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        self.fields = {name: _Field(column) for name, column in texts.items()}
        self.count = max((len(f.texts) for f in self.fields.values()), default=0)

    def field(self, name: str) -> _Field:
        """Return what is known of a field, or raise ``NotKnown``."""
        if name not in self.fields:
            raise NotKnown(f"Nothing is known of {name}, which an item asks for.")
        return self.fields[name]


class _Field:
    """The texts of a field, and their order."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts: Texts = np.array([text.casefold() for text in texts], dtype=np.str_)
        self.order = np.argsort(self.texts, kind="stable")
        self.ascending = self.texts[self.order]

    def between(self, values: Sequence[str], ends: Sequence[str]) -> Flags:
        """Return which texts lie from a value to before the end that goes with it."""
        low = np.searchsorted(self.ascending, np.array(values, dtype=np.str_))
        high = np.searchsorted(self.ascending, np.array(ends, dtype=np.str_))
        found = np.zeros(len(self.texts), dtype=np.bool_)
        for start, end in zip(low.tolist(), high.tolist(), strict=True):
            found[self.order[start:end]] = True
        return found


def fitting(criteria: Criteria, places: Places) -> Flags:
    """Return which places fit.

    Raises ``NotKnown`` when an item asks for a field nothing is known of or
    compares in a way that has no meaning for texts, or the filter is none.
    """
    each = [_fits(item, places) for item in criteria.items]
    if criteria.boolean_filter:
        return _Filter(criteria.boolean_filter, each).value()
    return np.logical_and.reduce(each) if each else np.ones(places.count, dtype=np.bool_)


def _fits(item: Item, places: Places) -> Flags:
    field = places.field(item.field)
    if item.operation not in _COMPARE:
        raise NotKnown(f"{item.operation} on {item.field} can't be told from texts.")
    return _COMPARE[item.operation](field, [text.casefold() for text in item.alternatives])


def _equals(field: _Field, values: Sequence[str]) -> Flags:
    return field.between(values, [value + "\x01" for value in values])


def _starts(field: _Field, values: Sequence[str]) -> Flags:
    return field.between(values, [value + chr(0x10FFFF) for value in values])


def _contains(field: _Field, values: Sequence[str]) -> Flags:
    found = np.zeros(len(field.texts), dtype=np.bool_)
    for value in values:
        found |= np.char.find(field.texts, value) >= 0
    return found


def _ordered(compare: Callable[[Texts, str], Flags]) -> Callable[[_Field, Sequence[str]], Flags]:
    def fits(field: _Field, values: Sequence[str]) -> Flags:
        found = np.zeros(len(field.texts), dtype=np.bool_)
        for value in values:
            found |= compare(field.texts, value)
        return found

    return fits


_COMPARE: Mapping[str, Callable[[_Field, Sequence[str]], Flags]] = {
    "equals": _equals,
    "notEqual": lambda field, values: ~_equals(field, values),
    "startsWith": _starts,
    "contains": _contains,
    "notContain": lambda field, values: ~_contains(field, values),
    "lessThan": _ordered(lambda texts, value: texts < value),
    "greaterThan": _ordered(lambda texts, value: texts > value),
    "lessOrEqual": _ordered(lambda texts, value: texts <= value),
    "greaterOrEqual": _ordered(lambda texts, value: texts >= value),
}


class _Filter:
    """A filter such as ``1 AND (2 OR NOT 3)``; AND binds closer than OR."""

    def __init__(self, text: str, each: Sequence[Flags]) -> None:
        self.text, self.each = text, each
        self.tokens = self._tokens()
        self.at = 0

    def value(self) -> Flags:
        """Return which places fit the whole; refuse what is no filter."""
        found = self._either()
        if self.at < len(self.tokens):
            raise self._wrong()
        return found

    def _tokens(self) -> list[str]:
        tokens, at, text = [], 0, self.text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._wrong()
            tokens.append(found.group().strip().upper())
            at = found.end()
        return tokens

    def _either(self) -> Flags:
        found = self._all()
        while self._took("OR"):
            found = found | self._all()
        return found

    def _all(self) -> Flags:
        found = self._one()
        while self._took("AND"):
            found = found & self._one()
        return found

    def _one(self) -> Flags:
        if self._took("NOT"):
            return ~self._one()
        if self._took("("):
            found = self._either()
            if not self._took(")"):
                raise self._wrong()
            return found
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if not token.isdecimal() or not 1 <= int(token) <= len(self.each):
            raise self._wrong()
        self.at += 1
        return self.each[int(token) - 1]

    def _took(self, token: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def _wrong(self) -> NotKnown:
        return NotKnown(f"{self.text!r} is no filter of {len(self.each)} items.")
