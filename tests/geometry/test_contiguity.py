from __future__ import annotations

import numpy as np
from cells import board, objects
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.adjacency import Adjacency, bridged
from tp_geo.geometry.contiguity import components, cut_off, enclaves, parts

pictures = st.lists(st.text("ABC.", min_size=6, max_size=6), min_size=2, max_size=6).map(" ".join)


def test_cells_that_touch_at_a_corner_are_apart():
    """
    A A A
    A B A     A is one part; B is two, joined only at a corner.
    B A A
    """
    assert parts(*board("AAA ABA BAA")) == {1: 1, 2: 2}


@given(pictures)
def test_parts_are_those_a_walk_finds(picture: str):
    rows = picture.split()
    assert parts(*board(picture)) == walked(rows)


@given(pictures)
def test_what_is_cut_off_leaves_one_part_behind(picture: str):
    area_of, adjacency = board(picture)
    astray = cut_off(area_of, adjacency)
    left = area_of.copy()
    left[astray] = 0
    assert set(parts(left, adjacency).values()) <= {1}
    assert set(parts(left, adjacency)) == set(parts(area_of, adjacency))


def test_the_part_with_fewer_containers_is_cut_off():
    """A A B A"""
    assert cut_off(*board("AABA")).tolist() == [3]


def test_the_part_with_less_weight_is_cut_off():
    """A A B A, and the last one is heavy."""
    area_of, adjacency = board("AABA")
    assert cut_off(area_of, adjacency, np.array([1.0, 1.0, 1.0, 5.0])).tolist() == [0, 1]


def test_of_equal_parts_the_first_stays():
    assert cut_off(*board("ABA")).tolist() == [2]


def test_the_unassigned_have_no_parts_and_are_not_cut_off():
    """. A ."""
    assert parts(*board(".A.")) == {1: 1}
    assert cut_off(*board(".A.")).tolist() == []


def test_a_link_joins():
    """A and A over the sea, with and without a link."""
    sea = Adjacency(np.zeros((0, 2), np.int32), np.zeros(0), np.zeros(0, np.bool_))
    area_of = np.array([1, 1], np.int32)
    assert parts(area_of, sea) == {1: 2}
    assert parts(area_of, bridged(sea, np.array([[0.0, 0.0], [1.0, 0.0]]))) == {1: 1}


def test_an_area_inside_another_is_an_enclave():
    """
    A A A A
    A B C A     B and C touch one another, so neither is one;
    A A A A     in the second picture B alone is.
    """
    assert enclaves(*board("AAAA ABCA AAAA")) == ()
    (found,) = enclaves(*board("AAAA ABBA AAAA"))
    assert (found.area, found.inside, found.items.tolist()) == (2, 1, [5, 6])


def test_a_part_of_an_area_can_be_an_enclave():
    """
    B A A
    C A B     the second B lies in A alone, the first touches C.
    C A A
    """
    found = enclaves(*board("BAA CAB CAA"))
    assert [(e.area, e.inside, e.items.tolist()) for e in found] == [(2, 1, [5])]


def test_nothing_lies_in_the_unassigned():
    assert enclaves(*board("... .B. ...")) == ()


def test_labels_number_parts_from_zero():
    area_of, adjacency = board("AAB BAA")
    labels = components(area_of, adjacency)
    assert sorted(set(labels.tolist())) == list(range(len(set(labels.tolist()))))
    assert len(set(labels.tolist())) == sum(parts(area_of, adjacency).values())


def test_no_containers_have_no_parts():
    area_of = np.zeros(0, np.int32)
    empty = Adjacency(np.zeros((0, 2), np.int32), np.zeros(0), np.zeros(0, np.bool_))
    assert parts(area_of, empty) == {}
    assert cut_off(area_of, empty).tolist() == []
    assert enclaves(area_of, empty) == ()


def walked(rows: list[str]) -> dict[int, int]:
    """Return the parts of each letter, found by walking from cell to cell."""
    cells = {(x, y): c for y, row in enumerate(rows) for x, c in enumerate(row) if c != "."}
    found: dict[int, int] = {}
    while cells:
        start, letter = cells.popitem()
        found[ord(letter) - 64] = found.get(ord(letter) - 64, 0) + 1
        edge = [start]
        while edge:
            x, y = edge.pop()
            for at in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if cells.get(at) == letter:
                    del cells[at]
                    edge.append(at)
    return found


def test_areas_far_apart_in_number_are_kept_apart():
    """Area 65,535 around area 1."""
    area_of, adjacency = board("AAA ABA AAA")
    many = np.where(area_of == 1, 65_535, 1).astype(np.int32)
    (found,) = enclaves(many, adjacency)
    assert (found.area, found.inside) == (1, 65_535)
    assert objects([found]).size == 1
