"""What a map shows of a user's points, lines and polygons: flat, simplified, small enough to send.

On a composite each piece shows its own box, the first also what lies round
it, as the ground does, but nothing within the frames of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from tp_geo.geometry.boundaries import Texts
from tp_geo.geometry.earth import Floats
from tp_geo.geometry.ground import INSET_MARGIN, MARGIN
from tp_geo.geometry.packed import pack, unpack_head
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

_LIGHTEST = 1.0
"""Bytes that a corner or a mark takes at least."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How exact a map shows a layer.

    Borders and lines are off by up to ``metres``, 0 where there are none; of
    the ``points`` there are on the map ``shown`` are marked, one a place.
    ``thinned``: as it is, it was too large to send.
    """

    metres: float
    points: int
    shown: int
    thinned: bool


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
    tolerance, weight = FINEST, _LIGHTEST
    while True:
        drawn = _Drawn.of(flat, names, tolerance)
        last = tolerance >= GRID
        if last or weight * drawn.size <= most:
            blob = drawn.packed(sheet.step)
            if last or len(blob) <= most:
                return blob
            weight = len(blob) / drawn.size
        tolerance *= 2


def detail_of(blob: bytes) -> Detail:
    """Return how exact a packed layer is."""
    return Detail(**unpack_head(MAGIC, blob)["detail"])


@dataclass(frozen=True, slots=True)
class _Window:
    """What a piece of the map shows: a box in degrees without others, then one in steps."""

    box: Box
    less: tuple[Box, ...]
    draw: Callable[[Floats], Floats]
    """From degrees to steps."""
    frame: Box
    behind: tuple[Box, ...]


def _windows(projection: Projection, sheet: Sheet, frames: Mapping[int, Box]) -> list[_Window]:
    views, insets = projection.views(), {k: _inset(box, sheet) for k, box in frames.items()}
    round_it = (-MARGIN * GRID, -MARGIN * GRID, (1 + MARGIN) * GRID, (1 + MARGIN) * GRID)
    found: list[_Window] = []
    for k, (boxes, draw) in enumerate(views):
        later = tuple(box for others, _ in views[k + 1 :] for box in others)
        frame, behind = (insets.get(k), ()) if k else (round_it, tuple(insets.values()))
        if frame is not None:
            less = (*projection.hides(), *later)
            steps = partial(_steps, draw, sheet)
            found += [_Window(box, less, steps, frame, behind) for box in boxes]
    return found


def _steps(draw: Callable[[Floats], Floats], sheet: Sheet, lonlat: Floats) -> Floats:
    return sheet.exact(draw(lonlat))


def _flattened(
    shapes: Shapes, projection: Projection, sheet: Sheet, frames: Mapping[int, Box]
) -> _Parts:
    """Return features in steps of the grid, cut where pieces of the map end."""
    windows = _windows(projection, sheet, frames)
    given = _Parts(*_single(shapes))
    lone = shapely.get_type_id(given.shapes) == GeometryType.POINT
    wide = given.only(~lone)
    wide = wide.cut(shapely.segmentize(shapely.make_valid(wide.shapes), STRAIGHT))
    return _joined(
        [_placed(given.only(lone), w) for w in windows] + [_cut(wide, w) for w in windows]
    )


def _placed(points: _Parts, window: _Window) -> _Parts:
    """Return points as a piece of the map shows them."""
    lonlat = shapely.get_coordinates(points.shapes)
    seen = np.flatnonzero(_inside(lonlat, window.box, window.less))
    at = window.draw(lonlat[seen])
    kept = _inside(at, window.frame, window.behind)
    return _Parts(shapely.points(at[kept]), points.of[seen[kept]])


def _inside(xy: Floats, box: Box, less: Iterable[Box]) -> NDArray[np.bool_]:
    """Tell which points lie in a box, but in none of others."""
    found = ((np.array(box[:2]) <= xy) & (xy <= np.array(box[2:]))).all(axis=1)
    for other in less:
        found &= ~_inside(xy, other, ())
    return np.asarray(found)


def _cut(wide: _Parts, window: _Window) -> _Parts:
    """Return lines and polygons as a piece of the map shows them."""
    seen = _without(_within(wide, window.box), window.less)
    plane = _Parts(shapely.transform(seen.shapes, window.draw), seen.of)
    return _without(_within(plane, window.frame), window.behind)


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


def _inset(box: Box, sheet: Sheet) -> Box:
    """Return the frame of a piece in steps of the grid, with some room in it."""
    corners = sheet.exact(np.array(box).reshape(2, 2))
    left, top = (corners.min(axis=0) - INSET_MARGIN * GRID).tolist()
    right, bottom = (corners.max(axis=0) + INSET_MARGIN * GRID).tolist()
    return left, top, right, bottom


def _within(parts: _Parts, box: Box) -> _Parts:
    """Return what of parts lies in a box."""
    touching = parts.only(shapely.intersects(shapely.envelope(parts.shapes), shapely.box(*box)))
    return touching.cut(shapely.clip_by_rect(touching.shapes, *box))


def _without(parts: _Parts, boxes: Iterable[Box]) -> _Parts:
    """Return what of parts lies outside some boxes."""
    area = shapely.union_all([shapely.box(*box) for box in boxes])
    inside = shapely.intersects(shapely.envelope(parts.shapes), area)
    if not inside.any():
        return parts
    found = parts.shapes.copy()
    found[inside] = shapely.difference(shapely.make_valid(found[inside]), area)
    return parts.cut(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What is sent of a layer at a tolerance in steps."""

    marks: _Parts
    labels: _Parts
    room: Integers
    wide: _Parts
    names: Texts
    detail: Detail

    @classmethod
    def of(cls, flat: _Parts, names: Texts, tolerance: float) -> _Drawn:
        lone = shapely.get_type_id(flat.shapes) == GeometryType.POINT
        points, wide = flat.only(lone), _simplified(flat.only(~lone), tolerance)
        vanished = flat.only(~np.isin(flat.of, np.concatenate([points.of, wide.of])))
        marks = _marks(points, vanished, max(1.0, tolerance / FINEST))
        labels, room = _labels(wide, names)
        shown = int(np.isin(marks.of, points.of).sum())
        metres = 0.0 if lone.all() else tolerance
        detail = Detail(metres, len(points.of), shown, tolerance > FINEST)
        return cls(marks, labels, room, wide, names, detail)

    @property
    def size(self) -> int:
        """Corners and marks, what bytes are needed for."""
        corners = int(shapely.get_num_coordinates(self.wide.shapes).sum())
        return corners + len(self.marks.of) + len(self.labels.of)

    def packed(self, step: float) -> bytes:
        """Return the bytes of it; ``step`` is the metres of one."""
        solid = shapely.get_type_id(self.wide.shapes) == GeometryType.POLYGON
        rings, of = shapely.get_rings(self.wide.shapes[solid], return_index=True)
        runs = np.concatenate([rings, self.wide.shapes[~solid]])
        corners, run = shapely.get_coordinates(runs, return_index=True)
        at = np.rint(shapely.get_coordinates(_joined((self.marks, self.labels)).shapes))
        named = np.append(self.marks.of, self.labels.of)
        xy, marked = np.rint(corners).astype(np.int64), at.astype(np.int64)
        detail = replace(self.detail, metres=round(self.detail.metres * step, 1))
        return pack(
            MAGIC,
            {"names": self.names[named].tolist(), "detail": asdict(detail)},
            {
                "x": _changes(xy[:, 0]),
                "y": _changes(xy[:, 1]),
                "length": np.bincount(run, minlength=len(runs)).astype(np.int64),
                "hole": np.append(0, of[1:] == of[:-1]).astype(np.int64)[: len(of)],
                "mark.x": _changes(marked[:, 0]),
                "mark.y": _changes(marked[:, 1]),
                "mark.room": np.append(np.zeros(len(self.marks.of), dtype=np.int64), self.room),
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
