"""Targets against totals: how far each area is from what it should hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.measures import Totals

TOLERANCE = 0.05
"""Areas within this share of their target count as on target, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Balance:
    """One area and measure: what it holds, what it should hold, and the difference as a share."""

    area: AreaId
    measure: str
    total: float
    target: float | None

    @property
    def deviation(self) -> float | None:
        """(total - target) / target; ``None`` without a target above 0."""
        return (self.total - self.target) / self.target if self.target else None

    def on_target(self, tolerance: float = TOLERANCE) -> bool | None:
        """Whether the deviation is within the tolerance; ``None`` without a target."""
        return None if self.deviation is None else abs(self.deviation) <= tolerance


def balance(alignment: Alignment, figures: Totals, measure: str) -> tuple[Balance, ...]:
    """Return the balance of every area in one measure, in order of id."""
    return tuple(
        Balance(k, measure, figures.of(k, measure), a.targets.get(measure))
        for k, a in sorted(alignment.areas.items())
    )


def deviations(alignment: Alignment, figures: Totals, area: AreaId) -> Mapping[str, float]:
    """Return the deviation of an area for each measure it has a target for."""
    found = {}
    for measure, target in alignment.area(area).targets.items():
        if measure in figures.names and target:
            found[measure] = (figures.of(area, measure) - target) / target
    return found
