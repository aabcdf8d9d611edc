"""What a map shows of a user's points, lines and polygons: flat, simplified, small enough to send.

On a composite each piece shows its own box, the first also what lies round
it, as the ground does, but nothing within the frames of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from tp_geo.geometry.boundaries import Texts
from tp_geo.geometry.earth import Floats
from tp_geo.geometry.ground import INSET_MARGIN, MARGIN
from tp_geo.geometry.packed import pack
from tp_geo.geometry.projection import Box, Projection
from tp_geo.geometry.topology import GRID, Sheet

Shapes: TypeAlias = NDArray[np.object_]
Integers: TypeAlias = NDArray[np.int64]

MAGIC = b"TPR1"

MOST_BYTES = 2_000_000
"""What is larger on the wire is thinned."""

FINEST = 8.0
"""Steps of the grid by which a border or line may change at least: some 300 m in the USA."""

STRAIGHT = 0.5
"""Degrees after which a line gets a corner, so that it bends as the map does."""

SAMPLE = 4_000
"""The marks that come first are an even sample of all: from afar a map draws no more."""

_ROUND = 0.56
"""The radius of a circle over the square root of its area."""


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Points, lines and polygons, none of several parts, and which feature each is of."""

    shapes: Shapes
    of: Integers

    def only(self, which: NDArray[np.bool_]) -> _Parts:
        return _Parts(self.shapes[which], self.of[which])

    def cut(self, shapes: Shapes) -> _Parts:
        """Return what is left of each, without scraps such as the corner of a polygon."""
        parts, at = _single(shapes)
        same = shapely.get_dimensions(parts) == shapely.get_dimensions(self.shapes[at])
        return _Parts(parts[same], self.of[at[same]])


def frames_of(polygons: Shapes, xy: Floats, projection: Projection) -> Mapping[int, Box]:
    """Return for each piece but the first the box on the plane of what it shows of items.

    ``xy`` is a point inside each item, (n, 2) degrees.
    """
    found: dict[int, Box] = {}
    piece = projection.piece_of(xy)
    for k, (boxes, draw) in enumerate(projection.views()):
        if k and (piece == k).any():
            here = polygons[piece == k]
            shown = np.concatenate([shapely.clip_by_rect(here, *box) for box in boxes])
            corners = draw(shapely.get_coordinates(shown))
            (left, bottom), (right, top) = corners.min(axis=0), corners.max(axis=0)
            found[k] = (float(left), float(bottom), float(right), float(top))
    return found


def build_reference(
    shapes: Shapes,
    names: Texts,
    projection: Projection,
    sheet: Sheet,
    frames: Mapping[int, Box],
    *,
    most: int = MOST_BYTES,
) -> bytes:
    """Return features packed for the browser; the same input gives the same bytes.

    Parameters
    ----------
    shapes, names
        Points, lines, polygons and collections in degrees, and what each is called.
    sheet
        That of the map they are shown on.
    frames
        See ``frames_of``.
    most
        Bytes above which they are simplified further.
    """
    flat = _flattened(shapes, projection, sheet, frames)
    tolerance = FINEST
    while len(blob := _packed(flat, names, tolerance)) > most and tolerance < GRID:
        tolerance *= 2
    return blob


def _flattened(
    shapes: Shapes, projection: Projection, sheet: Sheet, frames: Mapping[int, Box]
) -> _Parts:
    """Return features in steps of the grid, cut where pieces of the map end."""
    given = _Parts(*_single(shapely.make_valid(shapes)))
    given = _Parts(shapely.segmentize(given.shapes, STRAIGHT), given.of)
    views, hidden = projection.views(), [shapely.box(*box) for box in projection.hides()]
    insets = {k: _inset(box, sheet) for k, box in frames.items()}
    round_it = shapely.box(0, 0, GRID, GRID).buffer(MARGIN * GRID, join_style="mitre")
    found: list[_Parts] = []
    for k, (boxes, draw) in enumerate(views):
        if k and k not in insets:
            continue
        later = [shapely.box(*box) for others, _ in views[k + 1 :] for box in others]
        elsewhere = shapely.union_all([*hidden, *later])
        for box in boxes:
            seen = _without(_within(given, shapely.box(*box)), elsewhere)
            plane = shapely.transform(seen.shapes, lambda xy, draw=draw: sheet.exact(draw(xy)))
            part = _within(_Parts(plane, seen.of), insets[k] if k else round_it)
            found.append(part if k else _without(part, shapely.union_all([*insets.values()])))
    return _joined(found)


def _single(shapes: Shapes) -> tuple[Shapes, Integers]:
    """Return the points, lines and polygons in shapes, and the place of that each is from."""
    parts, at = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) >= GeometryType.MULTIPOINT).any():
        parts, again = shapely.get_parts(parts, return_index=True)
        at = at[again]
    there = ~shapely.is_empty(parts)
    return np.asarray(parts[there], dtype=object), at[there].astype(np.int64)


def _joined(parts: Iterable[_Parts]) -> _Parts:
    shapes, of = zip(*((p.shapes, p.of) for p in parts), strict=True)
    return _Parts(np.concatenate(shapes), np.concatenate(of))


def _inset(box: Box, sheet: Sheet) -> shapely.Polygon:
    """Return the frame of a piece in steps of the grid, with some room in it."""
    corners = sheet.exact(np.array(box).reshape(2, 2))
    low, high = corners.min(axis=0), corners.max(axis=0)
    return shapely.box(*(low - INSET_MARGIN * GRID), *(high + INSET_MARGIN * GRID))


def _within(parts: _Parts, window: shapely.Polygon) -> _Parts:
    """Return what of parts lies in a box."""
    touching = parts.only(shapely.intersects(shapely.envelope(parts.shapes), window))
    return touching.cut(shapely.clip_by_rect(touching.shapes, *window.bounds))


def _without(parts: _Parts, area: shapely.Geometry) -> _Parts:
    """Return what of parts lies outside an area."""
    inside = shapely.intersects(shapely.envelope(parts.shapes), area)
    if not inside.any():
        return parts
    found = parts.shapes.copy()
    found[inside] = shapely.difference(shapely.make_valid(found[inside]), area)
    return parts.cut(found)


def _packed(flat: _Parts, names: Texts, tolerance: float) -> bytes:
    lone = shapely.get_type_id(flat.shapes) == GeometryType.POINT
    points, drawn = flat.only(lone), _simplified(flat.only(~lone), tolerance)
    vanished = flat.only(~np.isin(flat.of, np.concatenate([points.of, drawn.of])))
    marks = _marks(points, vanished, max(1.0, tolerance / FINEST))
    labels, room = _labels(drawn, names)
    solid = shapely.get_type_id(drawn.shapes) == GeometryType.POLYGON
    rings, of = shapely.get_rings(drawn.shapes[solid], return_index=True)
    runs = np.concatenate([rings, drawn.shapes[~solid]])
    corners, run = shapely.get_coordinates(runs, return_index=True)
    at = np.rint(shapely.get_coordinates(_joined((marks, labels)).shapes)).astype(np.int64)
    named = np.append(marks.of, labels.of)
    xy = np.rint(corners).astype(np.int64)
    return pack(
        MAGIC,
        {"names": names[named].tolist()},
        {
            "x": _changes(xy[:, 0]),
            "y": _changes(xy[:, 1]),
            "length": np.bincount(run, minlength=len(runs)).astype(np.int64),
            "hole": np.append(0, of[1:] == of[:-1]).astype(np.int64)[: len(of)],
            "mark.x": _changes(at[:, 0]),
            "mark.y": _changes(at[:, 1]),
            "mark.room": np.append(np.zeros(len(marks.of), dtype=np.int64), room),
        },
    )


def _simplified(drawn: _Parts, tolerance: float) -> _Parts:
    """Return lines and polygons with fewer corners, without those that are too small to see."""
    shapes = np.asarray(shapely.simplify(drawn.shapes, tolerance), dtype=object)
    area = shapely.area(shapes)
    large = np.where(area > 0, area >= tolerance**2, shapely.length(shapes) >= tolerance)
    return _Parts(shapes, drawn.of).only(large & ~shapely.is_empty(shapes))


def _marks(points: _Parts, vanished: _Parts, cell: float) -> _Parts:
    """Return a point for each point and for what is too small, one a cell, a sample first."""
    _, first = np.unique(vanished.of, return_index=True)
    small = _Parts(shapely.point_on_surface(vanished.shapes[first]), vanished.of[first])
    every = _joined((points, small))
    right, down = np.rint(shapely.get_coordinates(every.shapes) / cell).astype(np.int64).T
    _, kept = np.unique(right * 4 * GRID + down, return_index=True)
    stride = max(1, -(-len(kept) // SAMPLE))
    order = np.concatenate([kept[k::stride] for k in range(stride)])
    return _Parts(every.shapes[order], every.of[order])


def _labels(drawn: _Parts, names: Texts) -> tuple[_Parts, Integers]:
    """Return where named lines and polygons are named, and the room there in steps.

    That is within the largest part of each; the one with the most room comes first.
    """
    area, length = shapely.area(drawn.shapes), shapely.length(drawn.shapes)
    room = np.rint(np.where(area > 0, _ROUND * np.sqrt(area), length / 4)).astype(np.int64)
    order = np.lexsort((-room, drawn.of))
    _, first = np.unique(drawn.of[order], return_index=True)
    best = order[first]
    best = best[(names[drawn.of[best]] != "") & (room[best] > 0)]
    best = best[np.argsort(-room[best], kind="stable")]
    shapes = drawn.shapes[best]
    middle = shapes.copy()
    solid = shapely.get_type_id(shapes) == GeometryType.POLYGON
    middle[solid] = shapely.point_on_surface(shapes[solid])
    middle[~solid] = shapely.line_interpolate_point(shapes[~solid], 0.5, normalized=True)
    return _Parts(middle, drawn.of[best]), room[best]


def _changes(values: Integers) -> Integers:
    steps: Integers = np.diff(values, prepend=0)
    return steps
