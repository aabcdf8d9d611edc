"""The form's fields as the browser has them: a first value each, and a name that goes with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from tp_geo.ui.optimize_fields import PRIORITIES, preset_of, request_of, sliders_of, values_of
from tp_geo.workflow.optimizing import PRESETS, Request

PRESET = "preset"
DIALS = (*PRIORITIES, "tolerance")
"""What a preset sets."""


@dataclass(slots=True)
class Mounted:
    """Fields that were given their values when they came to be.

    A field takes another value from here under another name only: one that is
    told it while it is coming to be shows what it likes.
    """

    first: Request
    number: int
    preset: str | None = None
    presets: int = 0
    dials: int = 0

    @classmethod
    def of(cls, request: Request, number: int) -> Mounted:
        """Return fields that say a request."""
        return cls(request, number, preset_of(request.objective))

    @property
    def there(self) -> bool:
        """Whether the browser has these fields still."""
        return self.key("measures") in st.session_state

    def key(self, field: str) -> str:
        """Return the name of a field."""
        edition = self.presets if field == PRESET else self.dials if field in DIALS else 0
        return f"optimize_of_{self.number}_{edition}_{field}"

    def value(self, field: str) -> Any:
        """Return what a field says at first."""
        return self.preset if field == PRESET else values_of(self.first).get(field)

    def at(self, field: str) -> Any:
        """Return what a field says now."""
        return st.session_state.get(self.key(field), self.value(field))

    def asked(self, before: Request) -> Request:
        """Return what the fields ask for; those that are not shown as before."""
        found = values_of(before)
        names = [*found, *(f"weight_{m}" for m in self.at("measures"))]
        names += [f"{end}_{m}" for end in ("least", "most") for m in self.at("caps")]
        found |= {f"weight_{m}": 1.0 for m in self.at("measures")} | found
        shown = {n: st.session_state[k] for n in names if (k := self.key(n)) in st.session_state}
        return request_of(found | shown, before)

    def press(self) -> None:
        """Set what the chosen preset sets."""
        if (name := self.at(PRESET)) is not None:
            self.first = replace(self.first, objective=PRESETS[name])
            self.dials += 1

    def turn(self) -> None:
        """Choose the preset that has what was set, or none."""
        at = {field: self.at(field) for field in DIALS}
        same = (name for name, of in PRESETS.items() if sliders_of(of) == at)
        found = next(same, None)
        if found != self.at(PRESET):
            self.preset = found
            self.presets += 1
