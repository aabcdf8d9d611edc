"""The strategies make what they say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import alignments, datasets, frames

from tp_geo.domain.alignment import Alignment
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.problems import problems


@given(frames().flatmap(alignments))
def test_alignments_are_sound(alignment: Alignment) -> None:
    assert problems(alignment) == ()


@given(datasets())
def test_datasets_fit_their_frame(dataset: Dataset) -> None:
    count = dataset.items.count
    assert len(dataset.codes) == len(dataset.names) == len(dataset.values) == count
    assert len(dataset.containers) == dataset.items.containers
    assert len(dataset.units) == count - dataset.items.containers


@given(st.data())
def test_a_dataset_can_carry_an_alignment(data: st.DataObject) -> None:
    dataset = data.draw(datasets())
    alignment = data.draw(alignments(dataset.items))
    assert len(alignment.resolved) == len(dataset.values)
    assert np.all(alignment.resolved >= 0)
