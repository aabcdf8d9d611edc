"""A look at well-known binary before any library parses it: polygons only, no nesting."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from tp_geo.errors import BadData

_POLYGON, _MULTIPOLYGON = 3, 6
_NAMES = {
    1: "a point",
    2: "a line",
    4: "a set of points",
    5: "a set of lines",
    7: "a collection of mixed shapes",
    10: "a polygon with curves",
    12: "a polygon with curves",
}
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000


def check_polygons(shapes: Iterable[bytes | None]) -> None:
    """Raise ``BadData`` unless every shape is a polygon, a multipolygon or missing.

    A geometry library follows nested collections by recursion and ends the
    process when they are deep; (multi)polygons are flat, so this walk over
    the headers is enough. Rows count from 1.
    """
    for row, shape in enumerate(shapes, 1):
        if shape is not None:
            try:
                _check(shape)
            except (struct.error, IndexError, OverflowError) as broken:
                raise BadData(
                    f"The shape in row {row} is damaged: it ends too early. Export it again."
                ) from broken
            except BadData as other:
                raise BadData(f"The shape in row {row} {other}") from other


def _check(shape: bytes) -> None:
    order, kind, dimensions, at = _header(shape, 0)
    if kind == _POLYGON:
        _after_rings(shape, at, order, dimensions)
    elif kind == _MULTIPOLYGON:
        (parts,) = struct.unpack_from(order + "I", shape, at)
        at += 4
        for _ in range(parts):
            order, kind, dimensions, at = _header(shape, at)
            if kind != _POLYGON:
                raise BadData("is not made of polygons. Export it again as polygons.")
            at = _after_rings(shape, at, order, dimensions)
    else:
        words = _NAMES.get(kind, f"of an unknown kind ({kind})")
        raise BadData(f"is {words}; a boundary must be a polygon. Remove or convert it.")


def _header(shape: bytes, at: int) -> tuple[str, int, int, int]:
    """Return byte order, kind, dimensions and where the body begins."""
    order = "<" if shape[at] else ">"
    (code,) = struct.unpack_from(order + "I", shape, at + 1)
    extra = bool(code & _EWKB_Z) + bool(code & _EWKB_M)
    plain = code & 0x0FFFFFFF
    kind, iso = plain % 1000, plain // 1000
    dimensions = 2 + (extra or (0, 1, 1, 2)[iso] if iso < 4 else 0)
    return order, kind, dimensions, at + 5 + (4 if code & _EWKB_SRID else 0)


def _after_rings(shape: bytes, at: int, order: str, dimensions: int) -> int:
    (rings,) = struct.unpack_from(order + "I", shape, at)
    at += 4
    for _ in range(rings):
        (points,) = struct.unpack_from(order + "I", shape, at)
        at += 4 + points * dimensions * 8
        if at > len(shape):
            raise IndexError
    return at
