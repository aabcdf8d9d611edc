"""The journal beside a store: every commit of the log once more, one JSON line each, synced.

Lines look like ``{"n": 12, "kind": "revision", "crc": 2774923134, "row": {...}}``, ``n``
counting the commits of the store; the first one names the store. It is what
a damaged store is mended from, an export, and a check.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tp_geo.store.connect import OWNER_ONLY, set_aside

STORE: Final = "store"
_TAIL_BYTES: Final = 65_536
_OPEN: Final = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One commit: its number, the sort of record, and the record's fields."""

    n: int
    kind: str
    row: dict[str, Any]


class Journal:
    """A file that only grows. One process and, within it, one thread at a time writes it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; what follows its last whole line (a torn write) is cut off.

        A file without any whole line is set aside.
        """
        self.path = path
        if path.exists() and path.stat().st_size and _last(path)[0] is None:
            set_aside(path)
        self._file = os.open(path, _OPEN, OWNER_ONLY)
        try:
            last, self._end = _last(path)
            os.ftruncate(self._file, self._end)
        except BaseException:
            os.close(self._file)
            raise
        self.last = last.n if last else 0

    @property
    def empty(self) -> bool:
        """Whether there is no line yet."""
        return self._end == 0

    def store(self) -> str | None:
        """Return the id of the store the journal belongs to."""
        first = next(iter(self.lines()), None)
        return str(first.row["id"]) if first and first.kind == STORE else None

    def append(self, lines: list[Line]) -> None:
        """Write lines and sync them; on failure the file is as before and the error is raised."""
        data = "".join(_written(line) for line in lines).encode()
        try:
            _write_all(self._file, data)
            os.fsync(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._end)
            raise
        self._end += len(data)
        self.last = lines[-1].n if lines else self.last

    def lines(self, after: int = -1) -> Iterator[Line]:
        """Yield the whole lines with a number above one, in order; damaged ones are left out."""
        return read(self.path, after)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read(path: Path, after: int = -1) -> Iterator[Line]:
    """Yield the whole lines of a journal with a number above one, in order."""
    with path.open("rb") as file:
        for text in file:
            if (line := _line(text)) and line.n > after:
                yield line


def _written(line: Line) -> str:
    row = _json(line.row)
    return f'{{"n":{line.n},"kind":"{line.kind}","crc":{zlib.crc32(row.encode())},"row":{row}}}\n'


def _line(text: bytes) -> Line | None:
    if not text.endswith(b"\n"):
        return None
    try:
        found = json.loads(text)
        if zlib.crc32(_json(found["row"]).encode()) != found["crc"]:
            return None
        return Line(int(found["n"]), str(found["kind"]), dict(found["row"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _last(path: Path) -> tuple[Line | None, int]:
    """Return the last whole line and where it ends, reading no more of the file than needed."""
    size, tail = path.stat().st_size, _TAIL_BYTES
    with path.open("rb") as file:
        while True:
            start = file.seek(max(size - tail, 0))
            end = size
            for text in reversed(file.read(size - start).splitlines(keepends=True)):
                if found := _line(text):
                    return found, end
                end -= len(text)
            if start == 0:
                return None, 0
            tail *= 4


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
