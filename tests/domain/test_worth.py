"""What items are worth by themselves adds up to what areas hold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import states
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import alignments, datasets

from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.domain.dataset import Measure
from tp_geo.domain.measures import totals
from tp_geo.domain.worth import owner_of, worth


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_sums_over_the_items_of_leaf_areas_are_their_totals(data) -> None:
    drawn = data.draw(datasets())
    amounts = st.one_of(st.just(math.nan), st.floats(-1e6, 1e6))
    values = data.draw(hnp.arrays(np.float64, (drawn.items.count, 1), elements=amounts))
    dataset = replace(drawn, measures=(Measure("value", "Value"),), values=values)
    alignment = data.draw(alignments(dataset.items))
    figures, own = totals(dataset, alignment), worth(dataset, "value")
    for k in (UNASSIGNED, *alignment.leaves):
        held = own[alignment.resolved == k].sum()
        assert held == pytest.approx(figures.of(k, "value"), rel=1e-9, abs=1e-3)
        assert worth(dataset, "")[alignment.resolved == k].sum() == figures.containers[k]


def test_a_mean_does_not_add_up() -> None:
    with pytest.raises(ValueError, match="is a mean"):
        worth(states.dataset(), "income")


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_an_owner_is_the_own_one_or_the_nearest_above(data) -> None:
    alignment = data.draw(alignments(data.draw(datasets()).items))
    found = owner_of(alignment)
    bare = replace(alignment, areas={k: replace(a, owner=None) for k, a in alignment.areas.items()})
    assert not np.any(owner_of(bare))
    for k, area in alignment.areas.items():
        if area.owner:
            assert found[k] == k
        else:
            above = area.parent
            assert found[k] == (0 if above is None else found[above])
