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
        offered = quick if self.quick else full
        return [n for n in offered if not self.areas or n in self.areas]
