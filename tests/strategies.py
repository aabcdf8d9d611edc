"""Hypothesis strategies for datasets, alignments and edits, shared by all tests.

texts()             any text a person or a file may bring
names()             what an area may be called
frames(...)         containers, and units in them and outside
datasets(...)       codes with leading zeros, measures with gaps, on such a frame
areas()             one area, as free as its type allows
alignments(items)   a sound alignment on a frame: `problems` finds nothing
positions(items)    some of its items
signoffs()          where anything may stand in review
edits(items)        any edit the codec must carry, sound or not
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tp_geo.domain.alignment import (
    FOLLOW,
    MAX_AREA_ID,
    MAX_LEVELS,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    Items,
    Positions,
    Profile,
    frozen,
)
from tp_geo.domain.dataset import Aggregate, Dataset, Measure, Texts
from tp_geo.domain.edits import Ask, Assign, DropArea, Edit, Hold, PutArea, Sign
from tp_geo.domain.signoff import Asks, SignOff, Status

AWKWARD = (
    "O'Brien",
    'a "quoted" name',
    "Ærø & Åland",
    "עִבְרִית",
    "العربية ١٢٣",
    "日本語",
    "\u202eflipped\u202c",
    "🇺🇸 west 🧭",
    "=HYPERLINK(1)",
    "<script>alert(1)</script>",
    "'); drop table revision; --",
    "$1 %s {} \\ \n\t",
    "e\u0301 and é",
    "0",
    "x" * 500,
)

Draw = Callable[[st.SearchStrategy[Any]], Any]


@cache
def texts(min_size: int = 0) -> st.SearchStrategy[str]:
    """Text that a database can keep: Unicode without NUL."""
    free = st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        min_size=min_size,
        max_size=12,
    )
    return st.one_of(st.sampled_from(AWKWARD), free)


@cache
def names() -> st.SearchStrategy[str]:
    """What an area may be called: not blank, at most 255 characters, not what means no area."""
    shown = texts(min_size=1).map(lambda t: t.strip()[:255].strip() or "x")
    return shown.map(lambda t: f"x{t}" if t == "-" or t.startswith("#") else t)


@cache
def finite() -> st.SearchStrategy[float]:
    """A number of 0 or more that adds up without overflow."""
    return st.floats(0, 1e12, allow_subnormal=False)


@st.composite
def frames(draw: Draw, max_containers: int = 8, max_units: int = 6) -> Items:
    """A frame of containers, and units of which some lie in none."""
    n = draw(st.integers(0, max_containers))
    m = draw(st.integers(0, max_units))
    inside = draw(hnp.arrays(np.int32, m, elements=st.integers(-1, n - 1)))
    return Items(n, frozen(inside))


@st.composite
def datasets(
    draw: Draw, max_containers: int = 8, max_units: int = 6, values: Any = None
) -> Dataset:
    """A dataset; unit ids may equal container codes, values may be missing (NaN)."""
    items = draw(frames(max_containers, max_units))
    measures = draw(_measures())
    codes = [*draw(_codes(items.containers)), *draw(_codes(len(items.container_of)))]
    elements = values or st.one_of(st.just(float("nan")), st.floats(-1e12, 1e12))
    attributes = draw(st.dictionaries(texts(1), st.just(None), max_size=3))
    return Dataset(
        name=draw(names()),
        key=draw(st.text("0123456789abcdef", min_size=16, max_size=16)),
        boundaries=draw(st.sampled_from(["postal", "county", "state", "meshblock"])),
        items=items,
        codes=_column(codes),
        names=draw(_text_column(items.count)),
        measures=measures,
        values=frozen(
            draw(hnp.arrays(np.float64, (items.count, len(measures)), elements=elements))
        ),
        attributes={k: draw(_text_column(items.count)) for k in attributes},
        source=draw(texts()),
        made=draw(texts()),
        layer=draw(st.sampled_from(["", "0123456789abcdef"])),
    )


@cache
def areas() -> st.SearchStrategy[Area]:
    """Any area; its parent need not exist."""
    some = st.integers(1, MAX_AREA_ID).map(AreaId)
    limits = st.floats(1e-3, 1e9)
    return st.builds(
        Area,
        id=some,
        name=names(),
        parent=st.none() | some,
        level=st.sampled_from(["Area", "Region", "District", "Bezirk"]),
        owner=st.none() | texts(1),
        targets=st.dictionaries(texts(1), finite(), max_size=2),
        minimums=st.dictionaries(st.just("least"), limits, max_size=1),
        maximums=st.dictionaries(st.just("most"), limits, max_size=1),
        locked=st.booleans(),
        profile=st.sampled_from(Profile),
        color=st.none() | st.just("#1f77b4"),
        attributes=st.dictionaries(texts(1), finite() | texts(), max_size=2),
    )


@st.composite
def alignments(draw: Draw, items: Items, max_areas: int = 7, locked: bool = True) -> Alignment:
    """A sound alignment: a forest of areas, items entered under its leaves, units by themselves."""
    found: dict[AreaId, Area] = {}
    for k in range(1, draw(st.integers(0, max_areas)) + 1):
        depth = {i: _depth(found, i) for i in found}
        parents = [None, *(i for i in found if depth[i] < MAX_LEVELS)]
        area = draw(areas())
        parent = draw(st.sampled_from(parents))
        name = area.name if _free(found, area.name, parent) else f"{area.name[:250]} {k}"
        found[AreaId(k)] = replace(
            area, id=AreaId(k), name=name, parent=parent, locked=locked and area.locked
        )
    leaves = sorted(set(found) - {a.parent for a in found.values()})
    entries = [
        *draw(_entries(items.containers, [UNASSIGNED, *leaves])),
        *draw(_entries(len(items.container_of), [FOLLOW, UNASSIGNED, *leaves])),
    ]
    area_of = np.array(entries, dtype=np.int32)
    held = draw(hnp.arrays(np.bool_, items.count)) & (area_of != FOLLOW)
    return Alignment(items, found, frozen(area_of), frozen(held))


def positions(items: Items) -> st.SearchStrategy[Positions]:
    """Some items, ascending."""
    if not items.count:
        return st.just(np.zeros(0, dtype=np.intp))
    some = st.sets(st.integers(0, items.count - 1))
    return some.map(lambda found: np.array(sorted(found), dtype=np.intp))


def edits(items: Items) -> st.SearchStrategy[Edit]:
    """Any edit on a frame, sound or not."""
    ids = st.integers(1, MAX_AREA_ID).map(AreaId)
    return st.one_of(
        st.builds(PutArea, areas()),
        st.builds(DropArea, ids),
        st.builds(Assign, positions(items), ids | st.sampled_from([UNASSIGNED, FOLLOW])),
        st.builds(Hold, positions(items), st.booleans()),
        st.builds(Sign, st.none() | ids, signoffs()),
        st.builds(Ask, st.sampled_from(Asks)),
    )


@cache
def signoffs() -> st.SearchStrategy[SignOff]:
    """Where anything may stand in review."""
    return st.builds(
        SignOff,
        status=st.sampled_from(Status),
        round=st.integers(0, 3),
        submitted_by=texts(),
        by=texts(),
        reason=texts(),
        dataset=st.sampled_from(["", "0123456789abcdef"]),
    )


@cache
def _measures() -> st.SearchStrategy[tuple[Measure, ...]]:
    one = st.builds(
        Measure,
        name=texts(1),
        label=texts(),
        unit=texts(),
        aggregate=st.sampled_from(Aggregate),
        weight=st.none() | texts(1),
        note=texts(),
    )
    return st.lists(one, max_size=3, unique_by=lambda m: m.name).map(tuple)


@cache
def _codes(n: int) -> st.SearchStrategy[list[str]]:
    zips = st.integers(0, 99_999).map(lambda k: f"{k:05d}")
    some = st.one_of(zips, zips, st.sampled_from(AWKWARD))
    return st.lists(some, min_size=n, max_size=n, unique=True).map(sorted)


@cache
def _text_column(n: int) -> st.SearchStrategy[Texts]:
    few = st.lists(texts(), min_size=1, max_size=3)
    chosen = few.flatmap(lambda t: st.lists(st.sampled_from(t), min_size=n, max_size=n))
    return chosen.map(_column)


def _column(found: list[str]) -> Texts:
    out = np.empty(len(found), dtype=np.object_)
    out[:] = found
    return frozen(out)


def _entries(n: int, choices: list[AreaId]) -> st.SearchStrategy[list[AreaId]]:
    return st.lists(st.sampled_from(choices), min_size=n, max_size=n)


def _depth(found: Mapping[AreaId, Area], area: AreaId) -> int:
    parent = found[area].parent
    return 1 if parent is None else 1 + _depth(found, parent)


def _free(found: Mapping[AreaId, Area], name: str, parent: AreaId | None) -> bool:
    return all(a.name != name for a in found.values() if a.parent == parent)
