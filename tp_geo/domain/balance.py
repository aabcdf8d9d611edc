"""Targets against totals: how far each area is from what it should hold."""

from __future__ import annotations

from collections.abc import Mapping

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.measures import Totals
from tp_geo.domain.targets import aim_of, aimed_at

TOLERANCE = 0.05
"""Areas within this share of their target count as on target, unless told otherwise."""


def deviations(alignment: Alignment, figures: Totals, area: AreaId) -> Mapping[str, float]:
    """Return the deviation of an area for each measure it has a target above 0 or a range for.

    (total - target) / target; beyond a limit of a range, from that limit; 0 within the range.
    """
    at, found = alignment.area(area), {}
    for measure in aimed_at(at):
        if measure in figures.names:
            deviation = aim_of(at, measure).deviation(figures.of(area, measure))
            if deviation is not None:
                found[measure] = deviation
    return found


def off_target(
    alignment: Alignment, figures: Totals, area: AreaId, tolerance: float = TOLERANCE
) -> Mapping[str, float]:
    """Return the deviations that count: any beyond a range, others above the tolerance."""
    at = alignment.area(area)
    return {
        measure: deviation
        for measure, deviation in deviations(alignment, figures, area).items()
        if abs(deviation) > tolerance or aim_of(at, measure).beyond(figures.of(area, measure))
    }
