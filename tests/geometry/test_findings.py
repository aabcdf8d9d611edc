"""Findings: what is wrong with a plan is found where it is, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cells import board
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tp_geo.domain.alignment import UNASSIGNED, Alignment, Area, AreaId, Items, Profile, frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.measures import totals
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.contiguity import parts
from tp_geo.geometry.findings import Finding, Kind, findings

A, B, C = AreaId(1), AreaId(2), AreaId(3)
pictures = st.lists(st.text("ABC.", min_size=5, max_size=5), min_size=2, max_size=5).map(" ".join)


def plan(picture: str) -> tuple[Alignment, Adjacency]:
    """Areas A, B and C over a picture; each has an owner."""
    area_of, adjacency = board(picture)
    areas = {k: Area(k, "ABC"[k - 1], owner="kim") for k in (A, B, C)}
    items = Items.only_containers(len(area_of))
    none = np.zeros(len(area_of), dtype=np.bool_)
    return Alignment(items, areas, frozen(area_of), frozen(none)), adjacency


def people(alignment: Alignment) -> Dataset:
    """Container i has i people, who earn 10 each."""
    n = alignment.items.count
    codes: NDArray[np.object_] = np.array([f"{i:02d}" for i in range(n)], dtype=object)
    values = np.column_stack([np.arange(float(n)), np.full(n, 10.0)])
    measures = (Measure("people", "People"), Measure("pay", "Pay", "", Aggregate.MEAN, "people"))
    return Dataset("d", "k", "postal", alignment.items, codes, codes, measures, values)


def found(alignment: Alignment, adjacency: Adjacency, **options: object) -> tuple[Finding, ...]:
    dataset = people(alignment)
    figures = totals(dataset, alignment)
    return findings(dataset, alignment, figures, adjacency, **options)  # type: ignore[arg-type]


def of(kind: Kind, every: tuple[Finding, ...]) -> list[tuple[int, list[int]]]:
    return [(f.area, f.containers.tolist()) for f in every if f.kind is kind]


def changed(alignment: Alignment, area: AreaId, **fields: object) -> Alignment:
    areas = {**alignment.areas, area: replace(alignment.areas[area], **fields)}  # type: ignore[arg-type]
    return replace(alignment, areas=areas)


@given(pictures)
def test_the_unassigned_are_told_once_each_in_connected_clumps(picture: str) -> None:
    alignment, adjacency = plan(picture)
    clumps = [f for f in found(alignment, adjacency) if f.kind is Kind.UNASSIGNED]
    told = np.concatenate([f.containers for f in clumps]) if clumps else np.zeros(0)
    assert sorted(told.tolist()) == np.flatnonzero(alignment.area_of == UNASSIGNED).tolist()
    for clump in clumps:
        one = np.zeros(len(alignment.area_of), dtype=np.int32)
        one[clump.containers] = 1
        assert parts(one, adjacency) == {1: 1}


@given(pictures)
def test_without_what_is_cut_off_every_area_is_in_one_part(picture: str) -> None:
    alignment, adjacency = plan(picture)
    left = alignment.area_of.copy()
    every = found(alignment, adjacency)
    for finding in every:
        if finding.kind is Kind.CUT_OFF:
            left[finding.containers] = UNASSIGNED
    assert set(parts(left, adjacency).values()) <= {1}
    broken = {f.area: f.parts for f in every if f.kind is Kind.PARTS}
    assert broken == {k: n for k, n in parts(alignment.area_of, adjacency).items() if n > 1}


@given(pictures)
def test_findings_come_kind_by_kind_the_largest_first(picture: str) -> None:
    every = found(*plan(picture))
    order = list(Kind)
    keys = [(order.index(f.kind), -len(f.containers)) for f in every]
    assert keys == sorted(keys)


def test_each_kind_is_found_where_it_is() -> None:
    """
    A A A . B
    A C A B B     C lies in A; one cell of B is cut off; 3 and 14 are unassigned.
    A A A B .
    B A A B B
    """
    alignment, adjacency = plan("AAA.B ACABB AAAB. BAABB")
    every = found(alignment, adjacency, measure="people")
    assert of(Kind.UNASSIGNED, every) == [(0, [3]), (0, [14])]
    assert of(Kind.CUT_OFF, every) == [(2, [15])]
    assert of(Kind.ENCLAVE, every) == [(2, [15]), (3, [6])]
    assert [f.parts for f in every if f.kind is Kind.PARTS] == [2]
    assert [f.amount for f in every if f.kind is Kind.UNASSIGNED] == [3.0, 14.0]
    assert next(f for f in every if f.area == C).inside == A


def test_a_mean_is_weighted() -> None:
    every = found(*plan("AB. AB. AB."), measure="pay")
    assert [f.amount for f in every if f.kind is Kind.UNASSIGNED] == [10.0]


def test_an_area_that_need_not_be_in_one_piece_is_no_finding() -> None:
    alignment, adjacency = plan("ABA CCC")
    every = found(changed(alignment, A, profile=Profile.NON_CONTIGUOUS), adjacency)
    assert of(Kind.CUT_OFF, every) == of(Kind.PARTS, every) == []


def test_areas_off_target_without_owner_and_empty_are_told() -> None:
    alignment, adjacency = plan("AABB")
    alignment = changed(alignment, A, targets={"people": 2.0})
    alignment = changed(alignment, B, owner=None, targets={"people": 5.1})
    every = found(alignment, adjacency)
    assert [(f.kind, f.area) for f in every] == [
        (Kind.OFF_TARGET, A),
        (Kind.NO_OWNER, B),
        (Kind.EMPTY, C),
    ]
    assert every[0].deviation == pytest.approx(-0.5)
    assert (every[0].measure, every[0].amount) == ("people", 1.0)
    wide = found(alignment, adjacency, tolerance=0.6)
    assert Kind.OFF_TARGET not in {f.kind for f in wide}


def test_a_focus_tells_what_is_in_it() -> None:
    """C lies below A, and B is none of its business."""
    alignment, adjacency = plan("CC.. BBC. BBBB")
    alignment = changed(alignment, C, parent=A)
    top = found(alignment, adjacency)
    assert {f.area for f in top if f.kind is Kind.PARTS} == {A}
    inside = found(alignment, adjacency, focus=Focus((A,), 2, unassigned=False))
    assert {(f.kind, f.area) for f in inside} == {
        (Kind.CUT_OFF, C),
        (Kind.PARTS, C),
    }


def test_a_part_at_the_coast_is_no_enclave_where_borders_are_known() -> None:
    """
    A A A A
    C A B A     C lies at the coast, B in the middle.
    A A A A
    """
    alignment, adjacency = plan("AAAA CABA AAAA")
    border = np.full(12, float(adjacency.length_m.mean()) * 4)
    assert of(Kind.ENCLAVE, found(alignment, adjacency)) == [(2, [6]), (3, [4])]
    assert of(Kind.ENCLAVE, found(alignment, adjacency, border_m=border)) == [(2, [6])]


def test_no_containers_give_no_findings_but_empty_areas() -> None:
    none = np.zeros(0, np.int32)
    alignment = Alignment(Items.only_containers(0), {A: Area(A, "A", owner="kim")}, none, none > 0)
    sea = Adjacency(np.zeros((0, 2), np.int32), np.zeros(0), np.zeros(0, np.bool_))
    assert [f.kind for f in found(alignment, sea)] == [Kind.EMPTY]
