"""Colors stay when areas come and go."""

from __future__ import annotations

from dataclasses import replace

from tp_geo.domain.alignment import Alignment, Area, AreaId, Items
from tp_geo.ui import palette


def plan(*parents: int | None) -> Alignment:
    """An alignment with an area for each parent given: 1, 2, 3, …"""
    areas = {
        AreaId(i): Area(AreaId(i), f"A{i}", None if p is None else AreaId(p))
        for i, p in enumerate(parents, start=1)
    }
    return replace(Alignment.empty(Items.only_containers(4)), areas=areas)


def test_siblings_differ_as_far_as_there_are_colors() -> None:
    found = palette.colors(plan(*[None] * len(palette.COLORS)))
    assert len(set(found.values())) == len(palette.COLORS)


def test_the_first_area_below_keeps_the_color_of_the_divided_one() -> None:
    before = palette.colors(plan(None, None))
    after = palette.colors(plan(None, None, 2, 2))
    assert after[AreaId(3)] == before[AreaId(2)]
    assert after[AreaId(4)] != after[AreaId(3)]
    assert after[AreaId(1)] == before[AreaId(1)]


def test_an_area_added_last_recolors_no_other() -> None:
    before, after = palette.colors(plan(None, None, 1)), palette.colors(plan(None, None, 1, None))
    assert {k: after[k] for k in before} == before


def test_a_chosen_color_wins() -> None:
    made = plan(None, None)
    chosen = replace(made.areas[AreaId(1)], color="#123456")
    found = palette.colors(replace(made, areas={**made.areas, AreaId(1): chosen}))
    assert found[AreaId(1)] == "#123456"
