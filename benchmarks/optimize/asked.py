"""How much of the benchmark is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """All of it; or the quick part of each topic; or only plans of some numbers of areas."""

    quick: bool = False
    areas: tuple[int, ...] = ()

    def sizes(self, full: Sequence[int], quick: Sequence[int]) -> list[int]:
        """Return which numbers of areas are to be measured."""
        return [n for n in (quick if self.quick else full) if self.wants(n)]

    def wants(self, areas: int) -> bool:
        """Return whether plans of so many areas are to be measured."""
        return not self.areas or areas in self.areas
