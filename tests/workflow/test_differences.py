"""What differs between two alignments, by laws over any two on one dataset."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import alignments, datasets

from tp_geo.domain.alignment import Alignment
from tp_geo.domain.dataset import Dataset
from tp_geo.workflow.differences import Side, differences
from tp_geo.workflow.plan import Plan

ALL = np.iinfo(np.int32).max


def side(dataset: Dataset, alignment: Alignment) -> Side:
    plan = SimpleNamespace(dataset=dataset, at=lambda _seq: alignment)
    return Side(cast(Plan, plan), 1)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Dataset, Alignment, Alignment]:
    dataset = draw(datasets())
    some = alignments(dataset.items)
    return dataset, draw(some), draw(some)


@given(pairs())
def test_an_alignment_does_not_differ_from_itself(
    given_: tuple[Dataset, Alignment, Alignment],
) -> None:
    dataset, one, _ = given_
    same = side(dataset, one)
    assert differences(same, same, ALL).none
    assert differences(same, same, 0).none


@given(pairs())
def test_every_item_that_is_elsewhere_is_told_once(
    given_: tuple[Dataset, Alignment, Alignment],
) -> None:
    dataset, one, other = given_
    told = differences(side(dataset, one), side(dataset, other), ALL)
    moved = np.flatnonzero(one.resolved != other.resolved)
    n = dataset.items.containers
    containers = [c for m in told.moved for c in m.containers]
    units = [u for m in told.moved for u in m.units]
    assert sorted(containers) == sorted(dataset.codes[moved[moved < n]])
    assert sorted(units) == sorted(dataset.codes[moved[moved >= n]])
    assert told.items == len(moved)
    assert len(told.added) == len(other.areas.keys() - one.areas.keys())
    assert len(told.removed) == len(one.areas.keys() - other.areas.keys())
    changed = [k for k in one.areas.keys() & other.areas.keys() if one.areas[k] != other.areas[k]]
    assert len(told.changed) == len(changed)
    assert len(told.held) == int((other.held & ~one.held).sum())


@given(pairs())
def test_the_other_way_round_is_the_opposite(
    given_: tuple[Dataset, Alignment, Alignment],
) -> None:
    dataset, one, other = given_
    for shared in (ALL, 0):
        there = differences(side(dataset, one), side(dataset, other), shared)
        back = differences(side(dataset, other), side(dataset, one), shared)
        assert sorted(there.added) == sorted(back.removed)
        assert (there.held, there.released) == (back.released, back.held)
        assert there.items == back.items
        assert sorted((m.source, m.target) for m in there.moved) == sorted(
            (m.target, m.source) for m in back.moved
        )
