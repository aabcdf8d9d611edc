"""Criteria of an assignment rule: its items and the filter that joins them, as the API has them."""

from __future__ import annotations

from dataclasses import dataclass

MAX_ITEMS = 10
"""Items of one rule (``MAX_TM_RULE_ITEMS_EXCEEDED``)."""

MAX_VALUE = 1_000
"""Characters of an item's value."""

MAX_FILTER = 255
"""Characters of a filter."""

POSTAL = "Account.BillingPostalCode"
COUNTRY = "Account.BillingCountry"


@dataclass(frozen=True, slots=True)
class Item:
    """One comparison; a comma in the value separates alternatives."""

    field: str
    operation: str
    value: str

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The values, one of which has to fit."""
        return tuple(text for part in self.value.split(",") if (text := part.strip()))


@dataclass(frozen=True, slots=True)
class Criteria:
    """The items of a rule in their order, numbered from 1; without a filter, all have to fit."""

    items: tuple[Item, ...]
    boolean_filter: str | None = None
