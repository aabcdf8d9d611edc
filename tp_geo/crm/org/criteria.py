"""Whether an account meets a rule, as the org sees it: text as text, commas alternatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tp_geo.crm.org.boolean_filter import Filter, parsed
from tp_geo.crm.org.state import Record

Test: TypeAlias = Callable[[Any], bool]

_NUMERIC: Final = ("int", "double", "currency")
_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "lessThan": lambda value, limit: bool(value < limit),
    "lessOrEqual": lambda value, limit: bool(value <= limit),
    "greaterThan": lambda value, limit: bool(value > limit),
    "greaterOrEqual": lambda value, limit: bool(value >= limit),
}
_PREFIX: Final = "Account."


@dataclass(frozen=True, slots=True)
class Rule:
    """The tests of an active rule by their numbers, and the filter that joins them."""

    tests: Mapping[int, tuple[str, Test]]
    joined: Filter | None

    def holds(self, account: Record) -> bool:
        """Tell whether an account meets the rule; a rule without items is met by none."""
        if self.joined is None:
            return bool(self.tests) and all(test(account.get(f)) for f, test in self.tests.values())
        fits = {number: test(account.get(f)) for number, (f, test) in self.tests.items()}
        return self.joined.holds(fits)


def rule_of(
    rule: Record, items: Sequence[Record], types: Mapping[str, str], *, starts_with_list: bool
) -> Rule:
    """Return a rule ready to be asked; `types` are those of the account's fields."""
    tests = {}
    for item in items:
        name = item["Field"].removeprefix(_PREFIX)
        kind = types.get(name, "string")
        values = _values(item["Value"], apart=starts_with_list or item["Operation"] != "startsWith")
        tests[item["SortOrder"]] = (name, _test(item["Operation"], values, kind))
    return Rule(tests, parsed(rule["BooleanFilter"]) if rule["BooleanFilter"] else None)


def _values(text: str | None, *, apart: bool) -> tuple[str, ...]:
    parts = (text or "").split(",") if apart else [text or ""]
    return tuple(part.strip().casefold() for part in parts)


def _test(operation: str, values: tuple[str, ...], kind: str) -> Test:
    match operation:
        case "equals":
            return _equal(values, kind)
        case "notEqual":
            return _not(_equal(values, kind))
        case "startsWith":
            return lambda value: _text(value, kind).startswith(values)
        case "contains":
            return lambda value: _contains(_text(value, kind), values)
        case "notContain":
            return lambda value: not _contains(_text(value, kind), values)
        case "includes":
            return lambda value: _chosen(value).intersection(values) != set()
        case "excludes":
            return lambda value: not _chosen(value).intersection(values)
        case "within":
            return lambda value: False
        case _:
            return _ordered(operation, values, kind)


def _equal(values: tuple[str, ...], kind: str) -> Test:
    if kind in _NUMERIC:
        numbers = {number for v in values if (number := _number(v)) is not None}
        return lambda value: value in numbers if value is not None else "" in values
    among = frozenset(values)
    return lambda value: _text(value, kind) in among


def _ordered(operation: str, values: tuple[str, ...], kind: str) -> Test:
    compare = _ORDER[operation]
    if kind in _NUMERIC:
        limits = [number for v in values if (number := _number(v)) is not None]
        return lambda value: value is not None and any(compare(value, n) for n in limits)
    return lambda value: value is not None and any(compare(_text(value, kind), v) for v in values)


def _not(test: Test) -> Test:
    return lambda value: not test(value)


def _contains(text: str, values: tuple[str, ...]) -> bool:
    return any(value in text for value in values if value)


def _chosen(value: Any) -> set[str]:
    return {part.strip().casefold() for part in str(value or "").split(";")} - {""}


def _text(value: Any, kind: str) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    return "" if value is None else str(value).casefold()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
