"""Every parser of what people and browsers send, and bad inputs for it.

A parser takes any bytes. It has to take them for what they are or raise an error
of ours in words; `run` raises for anything else. The tests give it inputs made by
hypothesis, ``python -m benchmarks fuzz`` those that a fuzzer finds by itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import frames
import hostile
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from hypothesis import strategies as st
from made_up_json import keys_in, misplace, values
from made_up_plans import Reader, as_parts, misplaced
from sitting import Sitting

from tp_geo import settings
from tp_geo.errors import TpGeoError
from tp_geo.files import plan_file, polygons, tables
from tp_geo.files.doctor import diagnose
from tp_geo.files.formats import BOUNDARIES, TABLES, find_format
from tp_geo.files.mapping import guess
from tp_geo.store import journal

LONGEST = 2_000
"""So much of a message a page shows."""

_NO_WORDS = re.compile(
    r"Traceback|object at 0x|NoneType|unhashable|list index|KeyError|has no attribute"
)


@dataclass(frozen=True)
class Parser:
    """What reads some bytes, examples of what it takes, and words that mean something to it."""

    read: Callable[[bytes], object]
    samples: tuple[bytes, ...]
    words: tuple[bytes, ...]
    made: st.SearchStrategy[bytes] | None = None
    """What is nearer to what it takes than changed bytes are."""


def run(parser: Parser, data: bytes) -> str:
    """Return "" when a parser takes some bytes, else what it says; raise what it should not."""
    try:
        parser.read(data)
    except TpGeoError as told:
        said = str(told)
        assert 0 < len(said) <= LONGEST, f"{len(said)} characters: {said[:300]}"
        assert not _NO_WORDS.search(said), said
        assert str(room()) not in said, said
        return said
    return ""


@cache
def room() -> Path:
    """A folder for what has to be a file, in memory where there is such a thing."""
    memory = Path("/dev/shm")  # noqa: S108
    made = tempfile.mkdtemp(prefix="tp-geo-made-up-", dir=memory if memory.is_dir() else None)
    return Path(made)


@cache
def _sitting() -> Sitting:
    return Sitting(room())


@cache
def _reader() -> Reader:
    return Reader(room())


def leave() -> None:
    """Give everything up that was opened."""
    if _reader.cache_info().currsize:
        _reader().close()
        _reader.cache_clear()
    if _sitting.cache_info().currsize:
        _sitting().close()
        _sitting.cache_clear()
    shutil.rmtree(room(), ignore_errors=True)
    room.cache_clear()


def _file(name: str, data: bytes) -> Path:
    path = room() / name
    path.write_bytes(data)
    return path


def _table(data: bytes) -> None:
    """Read CSV, guess its columns, and find a place for each row."""
    path = _file("a.csv", data)
    table, _ = tables.read(path, path.name, find_format(path, TABLES), None)
    found = table.to_pandas().fillna("")
    diagnose(found, guess(found), _frame())


@cache
def _frame() -> frames.Frame:
    return frames.frame()


def _geojson(data: bytes) -> None:
    path = _file("a.geojson", data)
    with contextlib.chdir(room()):
        polygons.read(path, path.name, find_format(path, BOUNDARIES))


def _wkb(data: bytes) -> None:
    path = room() / "a.parquet"
    table = pa.table({"code": ["A"], "geometry": pa.array([data], pa.binary())})
    about = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {}}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), path)
    polygons.read(path, path.name, find_format(path, BOUNDARIES))


def _packed_plan(data: bytes) -> None:
    plan_file.loads(data)


def _plan_parts(data: bytes) -> None:
    _reader().parts(data)


def _settings(data: bytes) -> None:
    path = _file("tp-geo.toml", data)
    with mock.patch.dict(os.environ, {settings.PLACE: str(path)}, clear=True):
        try:
            settings.load(os.environ)
        except TpGeoError as told:  # it names the file, as it should
            raise type(told)(str(told).replace(str(path), path.name)) from told


def _journal(data: bytes) -> None:
    for line in journal.read(_file("a.jsonl", data)):
        json.dumps(line.row)


def _events(data: bytes) -> None:
    """Let the map say something, as JSON: the name of an event and what comes with it."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(said, dict):
        _sitting().hears(said)


# Examples


_RING = [[-100, 40], [-99, 40], [-99, 41], [-100, 41], [-100, 40]]
_SHAPES = (
    shapely.box(-100, 40, -99, 41),
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]),
    shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
    shapely.GeometryCollection([shapely.Point(1, 2), shapely.box(0, 0, 1, 1)]),
    shapely.LineString([(0, 0), (1, 1)]),
)
_TABLE = (
    b"Id,Name,Billing Zip/Postal Code,Latitude,Longitude,Country,Annual Revenue\n"
    b"1,Acme,02139,42.5,-71.5,US,$1000.50\n2,Beta,94110,,,USA,\n3,,10001,40.1,-73.1,,7\n"
)
_EVENTS: tuple[dict[str, Any], ...] = (
    {
        "edit": {
            "client": "c1",
            "alignment": "Plan",
            "have": 1,
            "ops": [{"seq": 1, "kind": "assign", "to": 1, "items": [0, 2]}, {"kind": "undo"}],
        }
    },
    {"edit": {"client": "c2", "ops": [{"seq": 2, "kind": "hold", "held": True, "items": [1]}]}},
    {"need": {"keys": ["a", "b"]}},
    {"resync": {"now": 1}},
    {"selection": {"items": [0, 1, 3]}},
    {"focus": {"areas": [1, 2], "level": 2, "unassigned": True}},
    {"act": {"acts": [{"kind": "lock", "area": 1, "at": 5.0}, {"kind": "put", "parent": 2}]}},
    {"act": {"acts": [{"kind": "cut", "area": 1, "line": [[0, 0], [9e6, 5e6]], "at": 6}]}},
    {"act": {"acts": [{"kind": "measure", "measure": "people", "at": 7}]}},
    {"act": {"acts": [{"kind": "base", "id": "@1", "at": 8}]}},
    {"act": {"acts": [{"kind": "edit", "area": 1, "at": 9}]}},
    {"choose": {"area": 1}},
    {"find": {"text": "Cali"}},
)


MAP, PARTS = "what the map says", "parts of a plan file"
NAMES = (
    "CSV and its columns",
    "GeoJSON",
    "WKB",
    "plan file",
    PARTS,
    MAP,
    "settings",
    "journal of the store",
)


@cache
def parsers() -> Mapping[str, Parser]:
    """Every parser, by what it reads."""
    plan = _reader().example()
    return {
        "CSV and its columns": Parser(
            _table,
            (_TABLE, _TABLE.replace(b",", b";"), "Id\tPLZ\n1\tÄ\n".encode("utf-16")),
            (b'"', b"\r\n", b";", b"\t", b"\x00", b"\xff\xfe", b"1e999", b"postal", b"lat", b"lon"),
        ),
        "GeoJSON": Parser(
            _geojson,
            (
                *(hostile.feature_collection(shape).encode() for shape in _SHAPES),
                json.dumps({"type": "Polygon", "coordinates": [_RING]}).encode(),
            ),
            (
                b"[",
                b"]",
                b"{",
                b"null",
                b"1e999",
                b"NaN",
                b'"crs":',
                b'"Feature"',
                b"-",
                b'"type":',
            ),
        ),
        "WKB": Parser(
            _wkb,
            tuple(map(shapely.to_wkb, _SHAPES)),
            (
                b"\x00\x00\x00\x07",
                b"\xff\xff\xff\xff",
                b"\x01\x03\x00\x00\x00",
                bytes(8),
                b"\x7f\xf0",
            ),
        ),
        "plan file": Parser(_packed_plan, (plan,), (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")),
        PARTS: Parser(
            _plan_parts,
            (as_parts(plan),),
            (b"null", b"1e999", b"-1", b"[", b"{", b'"', b"\n=== log.jsonl\n", b"9" * 30, b"true"),
            misplaced(plan),
        ),
        MAP: Parser(
            _events,
            tuple(json.dumps(e).encode() for e in _EVENTS),
            (b"null", b"[1]", b"{}", b"1e999", b"-1", b"9" * 400, b"true", b'"\\ud800"', b"0.5"),
            events(),
        ),
        "settings": Parser(
            _settings,
            (b'store = "plans.duckdb"\nuser = "ann"\nintake_seconds = 20\n', b"user = 1.5\n"),
            (b"[", b"{", b'"', b"\\u0000", b"0x" + b"f" * 5_000, b"store", b"=", b"'''", b"1e999"),
        ),
        "journal of the store": Parser(
            _journal,
            (b'{"n":1,"kind":"store","crc":2745614147,"row":{"id":"a"}}\n',),
            (b"null", b"1e999", b"[", b"{", b"\n", b"9" * 400, b'"row":'),
        ),
    }


# Generated inputs


@st.composite
def inputs(draw: st.DrawFn, parser: Parser) -> bytes:
    """An example with a few bytes cut, changed, doubled, or words put in; rarely any bytes."""
    data = draw(st.sampled_from(parser.samples) | st.binary(max_size=200))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.sampled_from([0, 0, 1, 4, 20, 10_000])))
        word = draw(st.sampled_from(parser.words) | st.binary(max_size=4))
        times = draw(st.sampled_from([1, 1, 1, 2, 3_000]))
        data = data[:at] + word * times + data[end:]
    return data


@st.composite
def events(draw: st.DrawFn) -> bytes:
    """What a map could say, with anything in any place of it."""
    said = json.loads(json.dumps(draw(st.sampled_from(_EVENTS))))
    for _ in range(draw(st.integers(1, 3))):
        misplace(draw, said, _SAID)
    return json.dumps(said).encode()


_SAID = values(
    {key for event in _EVENTS for key in keys_in(event)},
    ("assign", "hold", "undo", "lock", "cut", "base", "optimize", "West", "people"),
)
