"""The colors of areas can be told apart, and stay when areas come and go."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cells import board

import tp_geo
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.vision import EYES, difference, lab, rgb

OKABE_ITO = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#000000")
TOL_MUTED = (
    "#332288", "#88CCEE", "#44AA99", "#117733", "#999933", "#DDCC77", "#CC6677", "#882255",
    "#AA4499",
)  # fmt: skip
TOL_LIGHT = (
    "#77AADD", "#EE8866", "#EEDD88", "#FFAABB", "#99DDFF", "#44BB99", "#BBCC33", "#AAAA00",
)  # fmt: skip
GROUND = {"light": ("#dce0e5", 1.0), "dark": ("#343b45", palette.DARK)}
"""What is unassigned on the map, and how much of a color is drawn."""

VIEWS = [*itertools.product(EYES, GROUND)]

NOBODY = Adjacency(np.zeros((0, 2), np.int32), np.zeros(0), np.zeros(0, np.bool_))


@pytest.mark.parametrize(("eye", "page"), VIEWS)
def test_any_two_colors_differ_to_every_eye_on_every_page(eye: str, page: str) -> None:
    seen = lab(rgb(palette.COLORS) * GROUND[page][1], eye)
    assert least(difference(seen[:, None], seen[None])) >= palette.LEAST


@pytest.mark.parametrize(("eye", "page"), VIEWS)
def test_no_color_is_taken_for_unassigned(eye: str, page: str) -> None:
    gray, drawn = GROUND[page]
    found = difference(lab(rgb(palette.COLORS) * drawn, eye), lab(rgb([gray]), eye))
    assert found.min() >= palette.LEAST


@pytest.mark.parametrize("peer", [OKABE_ITO, TOL_MUTED, TOL_LIGHT])
def test_more_colors_differ_more_than_those_of_known_palettes(peer: tuple[str, ...]) -> None:
    assert len(palette.COLORS) > len(peer)
    ours, theirs = rgb(palette.COLORS), rgb(peer)
    assert least(palette.least_apart(ours, ours)) > least(palette.least_apart(theirs, theirs))


def test_colors_are_light_enough_to_write_on_and_dark_enough_to_be_seen() -> None:
    lightness = lab(rgb(palette.COLORS))[:, 0]
    assert lightness.min() > 50
    assert lightness.max() < 92


def test_dark_pages_draw_as_deep_as_was_tested() -> None:
    theme = Path(tp_geo.__file__).parent / "ui/territory_map/render/theme.js"
    (drawn,) = re.findall(r"theme\.dark \? color\.map\(\(v\) => v \* ([\d.]+)\)", theme.read_text())
    assert float(drawn) == palette.DARK


def test_the_first_variants_differ_and_are_no_color_of_the_palette() -> None:
    found = [palette.variant(i) for i in range(30 * len(palette.COLORS))]
    assert len({*found, *palette.COLORS}) == len(found) + len(palette.COLORS)


def test_the_first_areas_differ_as_far_as_there_are_colors() -> None:
    found = palette.colors(plan(*[None] * len(palette.COLORS)), NOBODY)
    assert set(found.values()) == set(palette.COLORS)


def test_few_areas_below_one_parent_differ_whatever_their_numbers() -> None:
    """Each of nine areas has ten below it, made before the next of the nine."""
    parents = [p for top in range(1, 100, 11) for p in (None, *[top] * 10)]
    found = palette.colors(plan(*parents), NOBODY)
    for parent in (None, 1, 12, 89):
        below = [k for k, p in enumerate(parents, start=1) if p == parent]
        assert len({found[AreaId(k)] for k in below}) == len(below)


def test_an_area_added_last_recolors_no_other() -> None:
    before = palette.colors(plan(None, None, 1), NOBODY)
    after = palette.colors(plan(None, None, 1, None), NOBODY)
    assert {k: after[k] for k in before} == before


def test_a_chosen_color_wins_and_is_kept_by_the_first_area_below() -> None:
    found = palette.colors(plan(None, None, 1, 1, chosen={1: "#123456"}), NOBODY)
    assert found[AreaId(1)] == found[AreaId(3)] == "#123456"
    assert found[AreaId(4)] != "#123456"


def test_neighbors_of_a_chosen_color_avoid_what_looks_like_it() -> None:
    """A B: B is given almost the color that A has by itself."""
    area_of, adjacency = board("AB")
    almost = f"#{int(palette.COLORS[0][1:], 16) + 1:06x}"
    found = palette.colors(plan(None, None, area_of=area_of, chosen={2: almost}), adjacency)
    assert found[AreaId(2)] == almost
    apart = palette.least_apart(rgb([found[AreaId(1)]]), rgb([almost]))
    assert apart[0, 0] >= palette.ALIKE


def test_two_neighbors_given_the_same_color_keep_it() -> None:
    area_of, adjacency = board("ABC")
    same = {1: "#aa0000", 2: "#aa0000"}
    found = palette.colors(plan(None, None, None, area_of=area_of, chosen=same), adjacency)
    assert found[AreaId(1)] == found[AreaId(2)] == "#aa0000"
    assert found[AreaId(3)] in palette.COLORS


def test_a_chosen_color_in_other_words_stands() -> None:
    """Plan files may hold any text."""
    assert palette.colors(plan(None, chosen={1: "tomato"}), NOBODY)[AreaId(1)] == "tomato"


def plan(
    *parents: int | None,
    area_of: np.ndarray | None = None,
    chosen: dict[int, str] | None = None,
) -> Alignment:
    """An alignment with an area for each parent given: 1, 2, 3, …"""
    areas = {
        AreaId(i): Area(
            AreaId(i), f"A{i}", None if p is None else AreaId(p), color=(chosen or {}).get(i)
        )
        for i, p in enumerate(parents, start=1)
    }
    entries = np.zeros(4, dtype=np.int32) if area_of is None else area_of
    empty = Alignment.empty(Items.only_containers(len(entries)))
    return replace(empty, areas=areas, area_of=entries)


def least(differences: np.ndarray) -> float:
    return float(differences[np.triu_indices(len(differences), 1)].min())
