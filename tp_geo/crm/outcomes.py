"""Outcomes: what became of each record that was sent to an org."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record of a call."""

    id: str
    code: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it is done."""
        return not self.code
