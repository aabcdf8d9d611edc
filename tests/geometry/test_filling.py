"""Fill: gaps go to the areas next to them or nearest to them, and nothing else moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from cells import board
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tp_geo.geometry.adjacency import Adjacency, bridged, components
from tp_geo.geometry.filling import fill_by_nearness, fill_by_neighbors

Filled = NDArray[np.int32]
pictures = st.lists(st.text("ABC...", min_size=6, max_size=6), min_size=2, max_size=6).map(" ".join)
shares = st.binary(min_size=36, max_size=36)


def points(picture: str) -> NDArray[np.float64]:
    rows = picture.split()
    return np.array([(x * 0.1, -y * 0.1) for y, row in enumerate(rows) for x in range(len(row))])


def by_neighbors(picture: str, *, closed: bytes = b"", takers: str = "ABC") -> Filled:
    area_of, adjacency = board(picture)
    return fill_by_neighbors(
        area_of, gaps(area_of, closed), taking(takers), adjacency, np.ones(len(area_of))
    )


def by_nearness(picture: str, *, closed: bytes = b"", takers: str = "ABC") -> Filled:
    area_of, _ = board(picture)
    return fill_by_nearness(area_of, gaps(area_of, closed), taking(takers), points(picture))


def gaps(area_of: NDArray[np.int32], closed: bytes) -> NDArray[np.bool_]:
    fillable = area_of == 0
    fillable &= ~(np.frombuffer(closed.ljust(len(area_of), b"\1"), np.uint8)[: len(area_of)] == 0)
    return fillable


def taking(letters: str) -> NDArray[np.bool_]:
    return np.array([False, *(c in letters for c in "ABC")])


def drawn(picture: str, goes: Filled) -> str:
    """The picture with what is filled in lower case."""
    filled = iter(goes.tolist())
    return "".join(c if c == " " else _cell(c, next(filled)) for c in picture)


def _cell(cell: str, goes: int) -> str:
    return cell if not goes else chr(96 + goes)


WAYS = pytest.mark.parametrize("fill", [by_neighbors, by_nearness])


@WAYS
@given(picture=pictures, closed=shares)
def test_only_what_is_to_be_filled_goes_anywhere(
    fill: Callable[..., Filled], picture: str, closed: bytes
) -> None:
    area_of, _ = board(picture)
    goes = fill(picture, closed=closed)
    assert not goes[~gaps(area_of, closed)].any()


@WAYS
@given(picture=pictures, takers=st.sampled_from(["A", "BC", ""]))
def test_only_areas_that_take_are_given_anything(
    fill: Callable[..., Filled], picture: str, takers: str
) -> None:
    goes = fill(picture, takers=takers)
    assert taking(takers)[goes[goes > 0]].all()


@given(pictures, shares)
def test_everything_joined_to_an_area_is_filled(picture: str, closed: bytes) -> None:
    area_of, adjacency = board(picture)
    fillable = gaps(area_of, closed)
    goes = by_neighbors(picture, closed=closed)
    i, j = adjacency.pairs.T
    open_ = fillable | (area_of > 0)
    labels = components(adjacency.pairs[open_[i] & open_[j]], len(area_of))
    joined = np.isin(labels, labels[area_of > 0])
    assert np.array_equal(goes > 0, fillable & joined)


@given(pictures)
def test_what_is_filled_by_neighbors_adds_no_part(picture: str) -> None:
    from tp_geo.geometry.contiguity import parts

    area_of, adjacency = board(picture)
    goes = by_neighbors(picture)
    after = parts(np.where(goes > 0, goes, area_of).astype(np.int32), adjacency)
    assert all(n <= parts(area_of, adjacency)[k] for k, n in after.items())


@given(pictures)
def test_each_gap_goes_to_an_area_none_is_nearer_than(picture: str) -> None:
    area_of, _ = board(picture)
    goes, xy = by_nearness(picture), points(picture)
    for at in np.flatnonzero(goes):
        away = np.hypot(*(xy - xy[at]).T)
        own, others = away[area_of == goes[at]].min(), away[area_of > 0].min()
        assert own == pytest.approx(others, rel=1e-6)


def test_rings_grow_from_every_area_at_once() -> None:
    assert drawn("A....B", by_neighbors("A....B")) == "AaabbB"


def test_the_longer_border_wins() -> None:
    """The gap touches A on two sides and B on one."""
    assert drawn(".A A. BB", by_neighbors("AA A. BB")) == ".A Aa BB"


def test_of_equal_borders_the_smaller_load_wins() -> None:
    assert drawn("AA.B", by_neighbors("AA.B")) == "AAbB"


def test_a_load_counts_what_was_given_in_earlier_rings() -> None:
    """A weighs 1 at first and 3 after the first ring: the middle goes to B, which weighs 2."""
    area_of, adjacency = board("A...B")
    load = np.array([1.0, 2.0, 1.0, 0.0, 2.0])
    goes = fill_by_neighbors(area_of, area_of == 0, taking("AB"), adjacency, load)
    assert drawn("A...B", goes) == "AabbB"


def test_an_island_goes_where_its_link_leads() -> None:
    sea = Adjacency(np.zeros((0, 2), np.int32), np.zeros(0), np.zeros(0, np.bool_))
    xy = np.array([[0.0, 0.0], [5.0, 0.0], [6.0, 0.0]])
    area_of = np.array([1, 0, 2], np.int32)
    linked = bridged(sea, xy)
    goes = fill_by_neighbors(area_of, area_of == 0, taking("AB"), linked, np.array([1.0, 1.0, 9.0]))
    assert goes.tolist() == [0, 1, 0]  # links have no border: the smaller load decides
    assert fill_by_nearness(area_of, area_of == 0, taking("AB"), xy).tolist() == [0, 2, 0]


def test_nothing_is_filled_where_no_area_takes() -> None:
    assert not by_neighbors("A..", takers="").any()
    assert not by_nearness("A..", takers="").any()
