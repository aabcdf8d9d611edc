"""Areas are divided within themselves, all at once."""

from __future__ import annotations

import numpy as np
import pytest
from countries import grid

from tp_geo.optimize import BAND, divide
from tp_geo.optimize.graph import Graph


def test_every_area_is_divided_into_equal_ones_within_it():
    """Three strips of a square of 24 x 24, each into four."""
    problem = grid(24, 3)
    strip = (np.arange(576) // 192).astype(np.int32)
    found = divide(problem, strip, 4, objective=BAND, seed=1)
    assert (found.area_of // 4 == strip).all()
    assert np.abs(found.figures.deviation).max() <= 0.05
    assert Graph.of(problem).pieces(found.area_of)[0] == 12
    assert (divide(problem, strip, 4, objective=BAND, seed=1).area_of == found.area_of).all()


def test_areas_of_too_few_items_and_items_in_none_are_refused():
    problem = grid(3, 2)
    some = np.zeros(9, np.int32)
    with pytest.raises(ValueError, match="at least 10 items"):
        divide(problem, some, 10)
    some[4] = -1
    with pytest.raises(ValueError, match="all items in areas"):
        divide(problem, some, 2)
