"""One compressed file of a JSON head and named arrays: what travels to the browser.

Layout before compression (zlib), little endian: four letters of magic, u32
length of the head, the head (JSON, UTF-8), the arrays one after another. The
head's ``arrays`` names each with its kind, its count and its length in bytes.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.errors import BadData

Integers: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[np.int64] | NDArray[np.float32]

LEVEL = 9


def pack(magic: bytes, head: Mapping[str, object], arrays: Mapping[str, Array]) -> bytes:
    """Return head and arrays as compressed bytes; whole numbers as varints, others as float32."""
    bodies = {name: _body(values) for name, values in arrays.items()}
    listed = [
        [name, "varint" if values.dtype.kind == "i" else "float32", len(values), len(bodies[name])]
        for name, values in arrays.items()
    ]
    text = json.dumps({**head, "arrays": listed}, separators=(",", ":"), ensure_ascii=False)
    encoded = text.encode()
    raw = b"".join([magic, struct.pack("<I", len(encoded)), encoded, *bodies.values()])
    return zlib.compress(raw, LEVEL)


def unpack(magic: bytes, blob: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return head and arrays again, or raise ``BadData`` when the bytes are something else."""
    head, raw = _opened(magic, blob)
    at, arrays = 0, {}
    for name, kind, count, size in head["arrays"]:
        arrays[name] = _array(raw[at : at + size], kind, count)
        at += size
    return head, arrays


def unpack_head(magic: bytes, blob: bytes) -> dict[str, Any]:
    """Return the head alone, which is quicker."""
    return _opened(magic, blob)[0]


def _opened(magic: bytes, blob: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the head and what stands behind it."""
    try:
        raw = zlib.decompress(blob)
    except zlib.error as fault:
        raise BadData(f"This is no {magic.decode()} file: {fault}.") from fault
    if raw[:4] != magic:
        raise BadData(f"This is no {magic.decode()} file: it begins with {raw[:4]!r}.")
    (length,) = struct.unpack_from("<I", raw, 4)
    return json.loads(raw[8 : 8 + length]), raw[8 + length :]


def varints(values: Integers) -> bytes:
    """Return signed integers as zig-zag LEB128: small ones take one byte."""
    zigzag = ((values << 1) ^ (values >> 63)).astype(np.uint64)
    width = np.ones(len(zigzag), dtype=np.int64)
    for k in range(1, 10):
        width += zigzag >= np.uint64(1 << (7 * k))
    start = np.concatenate([[0], np.cumsum(width)])
    out = np.zeros(start[-1], dtype=np.uint8)
    for k in range(int(width.max(initial=0))):
        long = width > k
        group = ((zigzag[long] >> np.uint64(7 * k)) & np.uint64(0x7F)).astype(np.uint8)
        out[start[:-1][long] + k] = group | np.where(width[long] > k + 1, 0x80, 0).astype(np.uint8)
    return out.tobytes()


def from_varints(data: bytes, count: int) -> Integers:
    """Return the integers that ``varints`` wrote."""
    octets = np.frombuffer(data, dtype=np.uint8).astype(np.uint64)
    last = octets < 0x80
    start = np.concatenate([[0], np.flatnonzero(last)[:-1] + 1])[:count]
    place = np.arange(len(octets)) - np.repeat(start, np.diff(start, append=len(octets)))
    groups = (octets & np.uint64(0x7F)) << (np.uint64(7) * place.astype(np.uint64))
    zigzag = np.add.reduceat(groups, start) if count else groups
    half = (zigzag >> np.uint64(1)).astype(np.int64)
    return half ^ -(zigzag & np.uint64(1)).astype(np.int64)


def _body(values: Array) -> bytes:
    if values.dtype.kind == "i":
        return varints(values.astype(np.int64))
    return _planes(values.astype("<f4"))


def _array(data: bytes, kind: str, count: int) -> Array:
    if kind == "varint":
        return from_varints(data, count)
    return np.frombuffer(data, dtype=np.uint8).reshape(4, count).T.copy().view("<f4")[:, 0]


def _planes(values: NDArray[np.float32]) -> bytes:
    """Return all first bytes, then all second ones, and so on: they compress better so."""
    return values.view(np.uint8).reshape(-1, 4).T.tobytes()
