"""No two areas of one color side by side; an edit is felt at its border only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from cells import board
from hypothesis import given
from hypothesis import strategies as st
from strategies import alignments

from tp_geo.domain.alignment import FOLLOW, Alignment, Area, AreaId, Items
from tp_geo.domain.hierarchy import depths, shown_at
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.coloring import Beginning, Choice, beside, borders, colored, shown

SIZE = 11
PLAIN = Choice(SIZE, 1 << np.arange(SIZE), 1 << np.arange(SIZE))


@st.composite
def borders_of(draw: st.DrawFn, containers: int) -> Adjacency:
    """Any containers side by side, planar or not."""
    spots = st.integers(0, max(containers - 1, 0))
    some = draw(st.sets(st.tuples(spots, spots).filter(lambda p: p[0] < p[1]), max_size=40))
    pairs = np.array(sorted(some), dtype=np.int32).reshape(-1, 2)
    return Adjacency(pairs, np.ones(len(pairs)), np.zeros(len(pairs), dtype=np.bool_))


@given(st.data())
def test_what_is_seen_side_by_side_differs_on_every_level(data: st.DataObject) -> None:
    items = Items.only_containers(data.draw(st.integers(1, 30)))
    alignment = data.draw(alignments(items, max_areas=20))
    adjacency = data.draw(borders_of(items.containers))
    few = Choice(2, *(2 * [1 << np.arange(2)]))
    for choice in (PLAIN, few):
        found = painted(alignment, adjacency, choice)
        assert found.keys() == alignment.areas.keys()
        assert clashes(alignment, adjacency, found) == []


@given(st.integers(2, 12), st.integers(2, 12), st.integers(1, 40), st.randoms())
def test_a_planar_map_needs_no_variant(height: int, width: int, areas: int, random: object) -> None:
    alignment, adjacency = grown(height, width, areas, random)
    found = painted(alignment, adjacency)
    assert max(found.values()) < SIZE
    assert clashes(alignment, adjacency, found) == []


@given(st.integers(2, 9), st.integers(2, 9), st.integers(1, 30), st.randoms())
def test_the_order_of_areas_and_borders_does_not_matter(
    height: int, width: int, areas: int, random: object
) -> None:
    alignment, adjacency = grown(height, width, areas, random)
    shuffled = list(alignment.areas)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = replace(alignment, areas={k: alignment.areas[k] for k in shuffled})
    turned = replace(adjacency, pairs=adjacency.pairs[::-1])
    assert painted(alignment, adjacency) == painted(other, turned)


def test_an_edit_at_a_border_recolors_few() -> None:
    """A hundred areas on a board; each container at a border goes to the area beside it."""
    alignment, adjacency = squares(10, 4)
    before = painted(alignment, adjacency)
    changed = []
    for i, j in adjacency.pairs.tolist():
        if alignment.area_of[i] != alignment.area_of[j]:
            entries = alignment.area_of.copy()
            entries[i] = entries[j]
            after = painted(replace(alignment, area_of=entries), adjacency)
            changed.append(sum(after[k] != before[k] for k in after))
    assert max(changed) <= 3
    assert np.mean(changed) < 0.25


def test_an_edit_that_makes_no_new_neighbors_recolors_nobody() -> None:
    """
    A A B B     the third of the upper row goes from B to A:
    A A B B     A and B touched before.
    """
    area_of, adjacency = board("AABB AABB")
    alignment = flat(area_of)
    entries = area_of.copy()
    entries[2] = 1
    after = painted(replace(alignment, area_of=entries), adjacency)
    assert after == painted(alignment, adjacency)


def test_dividing_any_area_recolors_nobody_and_the_first_part_keeps_the_color() -> None:
    alignment, adjacency = squares(6, 4)
    before = painted(alignment, adjacency)
    for k in alignment.areas:
        divided = halved(alignment, k, 100, 101)
        after = painted(divided, adjacency)
        assert {a: after[a] for a in before} == before
        assert after[AreaId(100)] == before[k]
        assert after[AreaId(101)] != before[k]


def test_putting_areas_below_a_new_one_recolors_a_quarter_at_most() -> None:
    """A new region above the areas of each row: made later, so with a higher number."""
    alignment, adjacency = squares(6, 4)
    before = painted(alignment, adjacency)
    for row in range(6):
        below = [AreaId(6 * row + i) for i in range(1, 7)]
        areas = {k: replace(alignment.areas[k], parent=AreaId(99)) for k in below}
        new = {**alignment.areas, AreaId(99): Area(AreaId(99), "new"), **areas}
        after = painted(replace(alignment, areas=new), adjacency)
        assert sum(after[k] != before[k] for k in before) <= len(before) // 4


def test_links_count_as_borders() -> None:
    pairs = np.array([[0, 1]], dtype=np.int32)
    link = Adjacency(pairs, np.zeros(1), np.ones(1, dtype=np.bool_))
    alignment = flat(np.array([1, 1 + SIZE], dtype=np.int32), {1, 1 + SIZE})
    found = painted(alignment, link)
    assert found[AreaId(1)] != found[AreaId(1 + SIZE)]


def test_levels_say_who_is_seen_beside_whom() -> None:
    """
    A B     A is divided into C and D, B is not: on the second level C and B lie side by side.
    """
    pairs = np.array([[3, 2]])
    areas = {AreaId(k): Area(AreaId(k), "x", p) for k, p in ((1, None), (2, None), (3, AreaId(1)))}
    alignment = replace(Alignment.empty(Items.only_containers(0)), areas=areas)
    seen, unseen = beside(shown(alignment), pairs)
    assert seen.tolist() == [[1, 2], [2, 3]]
    assert unseen.tolist() == []
    deeper = {**areas, AreaId(4): Area(AreaId(4), "y", AreaId(2))}
    seen, unseen = beside(shown(replace(alignment, areas=deeper)), np.array([[3, 4]]))
    assert seen.tolist() == [[1, 2], [3, 4]]
    assert unseen.tolist() == [[1, 4], [2, 3]]


def test_an_area_with_every_color_around_it_gets_one_that_others_give_up() -> None:
    """The last of twelve areas lies around all others, which lie apart."""
    hub = SIZE + 1
    pairs = np.array([[k, hub] for k in range(1, hub)])
    found = colored(
        Beginning.of(flat(np.zeros(0, np.int32), set(range(1, hub + 1))), PLAIN, {}), pairs
    )
    assert max(found.values()) < SIZE
    assert all(found[AreaId(k)] != found[AreaId(hub)] for k in range(1, hub))


def test_where_all_touch_all_variants_are_given_out() -> None:
    n = SIZE + 4
    pairs = np.array([[i, j] for i in range(1, n + 1) for j in range(i + 1, n + 1)])
    found = colored(
        Beginning.of(flat(np.zeros(0, np.int32), set(range(1, n + 1))), PLAIN, {}), pairs
    )
    assert sorted(found.values()) == list(range(n))


def test_colors_chosen_for_neighbors_stand_and_others_avoid_them() -> None:
    """Areas 1, 2, 3 in a row; number 11 is a chosen color that looks like 2."""
    looks_like_2 = np.append(1 << np.arange(SIZE), 1 << 2)
    choice = Choice(SIZE, looks_like_2, looks_like_2)
    areas = flat(np.zeros(0, np.int32), {1, 2, 3})
    chosen = {AreaId(1): SIZE, AreaId(2): SIZE}
    found = colored(Beginning.of(areas, choice, chosen), np.array([[1, 2], [2, 3]]))
    assert {k: found[k] for k in chosen} == chosen
    assert found[AreaId(3)] not in (2, SIZE)


def painted(
    alignment: Alignment, adjacency: Adjacency, choice: Choice = PLAIN
) -> Mapping[AreaId, int]:
    touching = borders(alignment.area_of[: alignment.items.containers], adjacency)
    return colored(Beginning.of(alignment, choice, {}), touching)


def clashes(
    alignment: Alignment, adjacency: Adjacency, found: Mapping[AreaId, int]
) -> list[tuple[int, int, int]]:
    """Return (level, area, area) where two of one color are seen side by side."""
    leaves = alignment.area_of[: alignment.items.containers]
    assert FOLLOW not in leaves
    bad = []
    for level in {depth for depth, _ in depths(alignment)}:
        shown = shown_at(alignment, level)[leaves]
        for a, b in shown[adjacency.pairs].tolist():
            if a and b and a != b and found[a] == found[b]:
                bad.append((level, a, b))
    return bad


def flat(area_of: np.ndarray, ids: set[int] | None = None) -> Alignment:
    """Areas of one level."""
    some = ids if ids is not None else {*area_of.tolist()} - {0}
    areas = {AreaId(k): Area(AreaId(k), f"A{k}") for k in sorted(some)}
    empty = Alignment.empty(Items.only_containers(len(area_of)))
    return replace(empty, areas=areas, area_of=area_of)


def squares(side: int, cells: int) -> tuple[Alignment, Adjacency]:
    """Square areas in rows of ``side``, numbered as one reads, of ``cells`` by ``cells`` each."""
    y, x = np.divmod(np.arange((side * cells) ** 2), side * cells)
    area_of = (y // cells * side + x // cells + 1).astype(np.int32)
    return flat(area_of), lattice(side * cells, side * cells)


def halved(alignment: Alignment, area: AreaId, *parts: int) -> Alignment:
    held = alignment.holds(area)
    entries = alignment.area_of.copy()
    for part, items in zip(parts, np.array_split(held, len(parts)), strict=True):
        entries[items] = part
    below = {AreaId(k): Area(AreaId(k), f"A{k}", area) for k in parts}
    return replace(alignment, areas={**alignment.areas, **below}, area_of=entries)


def grown(height: int, width: int, areas: int, random: object) -> tuple[Alignment, Adjacency]:
    """Areas in one piece each, grown from random cells of a board: a planar map."""
    n, adjacency = height * width, lattice(height, width)
    area_of = np.zeros(n, dtype=np.int32)
    seeds = random.sample(range(n), min(areas, n))  # type: ignore[attr-defined]
    area_of[seeds] = np.arange(1, len(seeds) + 1)
    pairs = adjacency.pairs.tolist()
    while (area_of == 0).any():
        random.shuffle(pairs)  # type: ignore[attr-defined]
        for i, j in pairs:
            if not area_of[i] or not area_of[j]:
                area_of[i] = area_of[j] = area_of[i] or area_of[j]
    return flat(area_of), adjacency


def lattice(height: int, width: int) -> Adjacency:
    at = np.arange(height * width).reshape(height, width)
    across = np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()])
    down = np.column_stack([at[:-1].ravel(), at[1:].ravel()])
    pairs = np.concatenate([across, down]).astype(np.int32)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return Adjacency(pairs, np.ones(len(pairs)), np.zeros(len(pairs), dtype=np.bool_))
