"""Targets against totals: how far each area is from what it should hold."""

from __future__ import annotations

from collections.abc import Mapping

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.measures import Totals

TOLERANCE = 0.05
"""Areas within this share of their target count as on target, unless told otherwise."""


def deviations(alignment: Alignment, figures: Totals, area: AreaId) -> Mapping[str, float]:
    """Return the deviation of an area for each measure it has a target above 0 for.

    (total - target) / target.
    """
    found = {}
    for measure, target in alignment.area(area).targets.items():
        if measure in figures.names and target:
            found[measure] = (figures.of(area, measure) - target) / target
    return found
