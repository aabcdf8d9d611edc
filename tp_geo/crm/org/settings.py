"""How an org behaves: its edition, and one switch for each point the contract leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, get_args, get_type_hints

from tp_geo.crm.schema import limit, models_of
from tp_geo.errors import BadData

Scope = Literal["model", "org"]
Parents = Literal["refuse", "orphan", "cascade"]
Duplicate = Literal["DUPLICATE_VALUE", "DUPLICATE_DEVELOPER_NAME"]

DAILY_CALLS: Final = {"Developer": 15_000, "Enterprise": 100_000}
_DAILY_CALLS_OF_OTHERS: Final = 100_000
_YES: Final = ("true", "yes", "1")
_NO: Final = ("false", "no", "0")


@dataclass(frozen=True, slots=True)
class Settings:
    """An org's switches; what each one settles stands in docs/org.md."""

    edition: str = "Developer"
    territories_on: bool = True
    manage_territories: bool = True
    territories: int = limit("territories per model")
    rule_association_writes: bool = True
    planning_associations: bool = True
    role_by_patch: bool = True
    state_by_patch: bool = True
    starts_with_list: bool = True
    territory_graph: bool = True
    one_setup_type_per_transaction: bool = True
    developer_name_scope: Scope = "model"
    duplicate_code: Duplicate = "DUPLICATE_VALUE"
    locked_items_code: str = "FIELD_INTEGRITY_EXCEPTION"
    archived_code: str = "FIELD_INTEGRITY_EXCEPTION"
    parents: Parents = "refuse"
    activation_s: float = 2.0
    session_s: float = 7_200.0
    daily_calls: int = 0

    def __post_init__(self) -> None:
        models_of(self.edition)

    @property
    def models(self) -> int:
        """How many models the org may have."""
        return models_of(self.edition)

    @property
    def calls_a_day(self) -> int:
        """How many calls the org answers in a day."""
        return self.daily_calls or DAILY_CALLS.get(self.edition, _DAILY_CALLS_OF_OTHERS)


def switched(settings: Settings, told: Iterable[str]) -> Settings:
    """Return settings with switches set, each told as ``name=value``."""
    known = get_type_hints(Settings)
    for text in told:
        name, sign, value = text.partition("=")
        if name not in known or not sign:
            names = ", ".join(f.name for f in fields(Settings))
            raise BadData(f"There is no switch {text!r}. Write name=value with one of {names}.")
        change: dict[str, Any] = {name: _value(name, value, known[name])}
        settings = replace(settings, **change)
    return settings


def _value(name: str, text: str, kind: Any) -> Any:
    if kind is bool:
        if text.lower() in (*_YES, *_NO):
            return text.lower() in _YES
        raise BadData(f"The switch {name} is true or false, not {text!r}.")
    if choices := get_args(kind):
        if text in choices:
            return text
        raise BadData(f"The switch {name} is one of {', '.join(choices)}, not {text!r}.")
    try:
        return kind(text)
    except ValueError as error:
        raise BadData(f"The switch {name} takes a number, not {text!r}.") from error
