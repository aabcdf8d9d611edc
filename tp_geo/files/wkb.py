"""A look at well-known binary before any library parses it: nothing nested deep, all there."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from tp_geo.errors import BadData

MAX_DEPTH = 3
"""How deep collections may lie in collections."""

_POINT, _LINE, _POLYGON, _COLLECTION = 1, 2, 3, 7
_PARTS_OF = {4: _POINT, 5: _LINE, 6: _POLYGON}
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_AGAIN = "Export it again as plain shapes."


def check_shapes(shapes: Iterable[bytes | None]) -> None:
    """Raise ``BadData`` for a shape that is cut off, of an unknown kind or nested deep.

    A geometry library follows nested collections by recursion and ends the
    process when they are deep. Rows count from 1.
    """
    for row, shape in enumerate(shapes, 1):
        if shape is not None:
            try:
                _after(shape, 0, MAX_DEPTH)
            except (struct.error, IndexError) as broken:
                raise BadData(
                    f"The shape in row {row} is damaged: it ends too early. Export it again."
                ) from broken
            except BadData as other:
                raise BadData(f"The shape in row {row} {other} {_AGAIN}") from other


def _after(shape: bytes, at: int, depth: int, only: int = 0) -> int:
    """Return where a shape ends; ``only`` is the one kind it may be, 0 for any."""
    order = "<" if shape[at] else ">"
    (code,) = struct.unpack_from(order + "I", shape, at + 1)
    kind, dimensions = _kind(code)
    if only and kind != only:
        raise BadData("has parts of another kind than itself.")
    at += 5 + (4 if code & _EWKB_SRID else 0)
    if kind == _POINT:
        return _within(shape, at + 8 * dimensions)
    (count,) = struct.unpack_from(order + "I", shape, at)
    at += 4
    if kind == _LINE:
        return _within(shape, at + 8 * dimensions * count)
    if kind == _POLYGON:
        return _after_rings(shape, at, count, order, dimensions)
    if kind not in _PARTS_OF and kind != _COLLECTION:
        raise BadData(f"is of a kind that cannot be read ({kind}), such as a curve.")
    if depth == 0:
        raise BadData("is a collection in a collection, nested too deep.")
    for _ in range(count):
        at = _after(shape, at, depth - 1, _PARTS_OF.get(kind, 0))
    return at


def _kind(code: int) -> tuple[int, int]:
    """Return kind and number of dimensions, of ISO and of extended codes."""
    plain = code & 0x0FFFFFFF
    kind, iso = plain % 1000, plain // 1000
    extra = bool(code & _EWKB_Z) + bool(code & _EWKB_M)
    return kind, 2 + (extra or {1: 1, 2: 1, 3: 2}.get(iso, 0))


def _after_rings(shape: bytes, at: int, rings: int, order: str, dimensions: int) -> int:
    for _ in range(rings):
        (points,) = struct.unpack_from(order + "I", shape, at)
        at = _within(shape, at + 4 + points * dimensions * 8)
    return at


def _within(shape: bytes, at: int) -> int:
    if at > len(shape):
        raise IndexError
    return at
