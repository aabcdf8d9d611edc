"""Targets against totals."""

from __future__ import annotations

import numpy as np
import pytest
from books import dataset
from grids import done, grid

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.balance import deviations
from tp_geo.domain.commands import Change
from tp_geo.domain.measures import totals


@pytest.mark.parametrize(
    ("area", "found"),
    [("A", {"people": 0.25}), ("B", {"people": 0.0}), ("C", {}), ("D", {})],
)
def test_an_area_deviates_in_each_measure_it_has_a_target_above_0_for(
    area: str, found: dict[str, float]
) -> None:
    """
    A A B C D   of 10 people each; targets A 16, B 10, C none, D 0; nobody counts visits
    """
    a = done(grid("AABCD"), Change(AreaId(1), {"targets": {"people": 16.0, "visits": 3.0}}))
    a = done(a, Change(AreaId(2), {"targets": {"people": 10.0}}))
    a = done(a, Change(AreaId(4), {"targets": {"people": 0.0}}))
    figures = totals(dataset(a.items, np.full((5, 3), 10.0)), a)
    assert deviations(a, figures, AreaId("ABCD".index(area) + 1)) == found
