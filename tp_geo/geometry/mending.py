"""From polygons as people have them to boundaries, with a list of what had to be mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from tp_geo.errors import BadData
from tp_geo.geometry.antimeridian import beyond, crossing, folded
from tp_geo.geometry.boundaries import About, Boundaries, Texts, build_boundaries, rounded
from tp_geo.geometry.earth import Polygons, area_km2
from tp_geo.geometry.fitting import Fitted, fitted, grouped
from tp_geo.geometry.outline import dissolved
from tp_geo.geometry.tangles import crossings, surfaces, untangled

NOTABLE_CHANGE = 0.01
DEGREES = "EPSG:4326"

MOST_CROSSINGS = 2_000
DEEPEST, PROBES = 3, 500
"""So many shapes over one another, in the mean of the probes, can't be meant as borders."""


@dataclass(frozen=True, slots=True)
class Mending:
    """One thing that was done, to how many shapes, and the code of the first."""

    what: str
    count: int
    example: str

    def __str__(self) -> str:
        return f"{self.what}: {self.count}; the first is {self.example}."


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """Shapes under repair; ``row`` counts from 1 as the reader of the file would."""

    row: NDArray[np.intp]
    codes: Texts
    names: Texts
    shapes: Polygons

    def only(self, keep: NDArray[np.bool_]) -> _Draft:
        return _Draft(self.row[keep], self.codes[keep], self.names[keep], self.shapes[keep])

    def redrawn(self, shapes: Polygons) -> _Draft:
        return _Draft(self.row, self.codes, self.names, shapes)


_Step = tuple[_Draft, list[Mending]]


def mended(
    geometries: NDArray[np.object_],
    codes: Texts,
    names: Texts,
    *,
    crs: str = DEGREES,
    **about: Unpack[About],
) -> tuple[Boundaries, tuple[Mending, ...]]:
    """Return boundaries that are a clean coverage, and what was done to get there.

    Parameters
    ----------
    geometries
        Shapes of any kind, also None or empty ones, one a row.
    codes, names
        Text, one a row. A row without a code is refused; without a name it
        is called by its code.
    crs
        What the coordinates are in, as pyproj understands it.
    about
        What the boundaries are; at least ``kind``.
    """
    draft = _coded(geometries, codes, names)
    draft = draft.redrawn(_in_degrees(draft, crs))
    steps: tuple[Callable[[_Draft], _Step], ...] = (
        _with_shape,
        _on_one_globe,
        _valid,
        _one_row_a_code,
        _fitting,
    )
    done: list[Mending] = []
    for step in steps:
        draft, mendings = step(draft)
        done += mendings
    built = build_boundaries(draft.codes, draft.names, draft.shapes, **about)
    return built, tuple(done)


def _coded(geometries: NDArray[np.object_], codes: Texts, names: Texts) -> _Draft:
    text = np.array([_text(code) for code in codes], dtype=object)
    blank = np.flatnonzero(text == "")
    if len(blank):
        raise BadData(
            f"{len(blank)} of {len(text)} shapes have no code; the first is row {blank[0] + 1}. "
            "Fill it in, or choose another column with --code."
        )
    called = np.array([_text(name) for name in names], dtype=object)
    called = np.where(called == "", text, called)
    return _Draft(np.arange(1, len(text) + 1), text, called, np.asarray(geometries, object))


def _text(value: object) -> str:
    missing = value is None or (isinstance(value, float) and np.isnan(value))
    return "" if missing else str(value).strip()


def _in_degrees(draft: _Draft, crs: str) -> Polygons:
    flat = shapely.force_2d(draft.shapes)
    if CRS.from_user_input(crs).equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return np.asarray(flat, dtype=object)
    to_degrees = Transformer.from_crs(crs, DEGREES, always_xy=True)
    return np.asarray(shapely.transform(flat, to_degrees.transform, interleaved=False), object)


def _with_shape(draft: _Draft) -> _Step:
    """Leave out what has no surface, and keep the surfaces of mixed collections."""
    flat = shapely.get_dimensions(draft.shapes) < 2
    empty = shapely.is_missing(draft.shapes) | shapely.is_empty(draft.shapes)
    if np.all(flat | empty):
        raise BadData("There are no polygons in the file; boundaries need surfaces.")
    _refuse_not_degrees(draft)
    told = _told("No shape, left out", draft, empty)
    told += _told("Points or lines, left out", draft, flat & ~empty)
    kept = draft.only(~(flat | empty))
    return kept.redrawn(surfaces(kept.shapes)), told


def _refuse_not_degrees(draft: _Draft) -> None:
    corners, of = shapely.get_coordinates(draft.shapes, return_index=True)
    usable = (np.abs(corners[:, 0]) <= 540) & (np.abs(corners[:, 1]) <= 90)
    if usable.all():
        return
    bad = int(np.flatnonzero(~usable)[0])
    x, y = corners[bad]
    where = f"Row {draft.row[of[bad]]} (code {draft.codes[of[bad]]}) has a corner at {x:g}, {y:g}"
    if not np.isfinite([x, y]).all():
        raise BadData(f"{where}, which is no number. Mend the shape, or leave the row out.")
    raise BadData(
        f"{where}, which is no place in degrees. The file does not say its coordinate reference "
        "system, or says a wrong one; save it with the right one."
    )


def _on_one_globe(draft: _Draft) -> _Step:
    """Cut shapes that cross the 180th meridian there, and fold in those beyond it."""
    across = crossing(draft.shapes) | beyond(draft.shapes)
    if not across.any():
        return draft, []
    shapes = draft.shapes.copy()
    _refuse_tangles(draft, shapes, across & ~shapely.is_valid(shapes))
    shapes[across] = folded(shapes[across])
    return draft.redrawn(shapes), _told("Cut at the 180th meridian", draft, across)


def _valid(draft: _Draft) -> _Step:
    shapes = rounded(draft.shapes)
    wrong = ~shapely.is_valid(shapes)
    _refuse_tangles(draft, shapes, wrong)
    shapes[wrong] = untangled(shapes[wrong])
    gone = shapely.is_empty(shapes)
    if gone.all():
        raise BadData("The polygons in the file are all too small to draw (under a metre).")
    told = _told("Crossed themselves, made valid", draft, wrong & ~gone)
    told += _told("Too small to draw, left out", draft, gone)
    return draft.redrawn(shapes).only(~gone), told


def _refuse_tangles(draft: _Draft, shapes: Polygons, where: NDArray[np.bool_]) -> None:
    for k in np.flatnonzero(where):
        if (often := crossings(shapes[k])) > MOST_CROSSINGS:
            raise BadData(
                f"The shape of row {draft.row[k]} (code {draft.codes[k]}) crosses itself some "
                f"{often:,} times; that is no border. Draw it again, or leave the row out."
            )


def _one_row_a_code(draft: _Draft) -> _Step:
    codes, first, group = np.unique(draft.codes.astype(str), return_index=True, return_inverse=True)
    if len(codes) == len(draft.codes):
        return draft, []
    other = draft.names != draft.names[first][group]
    if other.any():
        k = int(np.flatnonzero(other)[0])
        raise BadData(
            f"Code {draft.codes[k]!r} is {draft.names[first[group[k]]]!r} in row "
            f"{draft.row[first[group[k]]]} and {draft.names[k]!r} in row {draft.row[k]}. "
            "Choose a column with --code that tells them apart."
        )
    _, members = grouped(group, np.arange(len(group)))
    shapes = np.array([_joined(draft.shapes[m]) for m in members], dtype=object)
    again = np.ones(len(draft.codes), np.bool_)
    again[first] = False
    told = _told("Repeated code, joined to one shape", draft, again)
    kept = _Draft(draft.row[first], draft.codes[first], draft.names[first], shapes)
    return kept, told


def _joined(shapes: Polygons) -> shapely.Geometry:
    return shapes[0] if len(shapes) == 1 else dissolved(shapes)


def _fitting(draft: _Draft) -> _Step:
    """Match borders that don't fit, share out overlaps, close narrow gaps."""
    _refuse_heap(draft)
    found = fitted(draft.shapes)
    if not len(found.touched):
        return draft, []
    return _kept(draft.redrawn(found.shapes), draft.shapes, found)


def _refuse_heap(draft: _Draft) -> None:
    """Refuse shapes that never were borders, such as circles around shops."""
    some = np.unique(np.linspace(0, len(draft.shapes) - 1, PROBES).astype(np.intp))
    points = shapely.point_on_surface(draft.shapes[some])
    probe, over = shapely.STRtree(draft.shapes).query(points, predicate="intersects")
    if len(probe) <= DEEPEST * len(some):
        return
    deep = np.sort(over[probe == np.bincount(probe).argmax()])
    raise BadData(
        f"The shapes lie {len(probe) / len(some):.0f} deep on one another, for example those of "
        f"{draft.codes[deep[0]]} and {draft.codes[deep[1]]}. Boundaries must not overlap: use a "
        "file with one layer of areas."
    )


def _kept(draft: _Draft, before: Polygons, found: Fitted) -> _Step:
    """Leave out what vanished in matching, and tell what changed by it."""
    touched, loose = found.touched, found.loose
    gone, moved, much = np.zeros((3, len(before)), np.bool_)
    old, new = shapely.normalize(before[touched]), shapely.normalize(draft.shapes[touched])
    gone[touched] = shapely.is_empty(new)
    moved[touched] = ~shapely.equals_exact(old, new) & ~gone[touched]
    change = np.abs(area_km2(new) - area_km2(old))
    much[touched] = moved[touched] & (change > NOTABLE_CHANGE * area_km2(old))
    still = np.isin(np.arange(len(before)), loose) & ~gone
    told = _told("Did not fit their neighbors, matched", draft, moved)
    told += _told("Area changed by over 1 % in matching", draft, much)
    told += _told("Wholly under others, left out", draft, gone)
    told += _told("Still do not fit, neighbors may be missed", draft, still)
    return draft.only(~gone), told


def _told(what: str, draft: _Draft, where: NDArray[np.bool_]) -> list[Mending]:
    at = np.flatnonzero(where)
    return [Mending(what, len(at), str(draft.codes[at[0]]))] if len(at) else []
