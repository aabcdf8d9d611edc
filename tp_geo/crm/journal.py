"""Journal: what a publish found and wrote, a line a step, kept before and after every call.

It is what an interrupted publish is told from, what an undo goes back to, and
the record of which users and accounts we assigned.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Protocol

from tp_geo.crm.rows import Key, Row, Rows, Value, Verb
from tp_geo.errors import BadData

PUBLISH, UNDO = "publish", "undo"
"""What a journal notes as the kind of a publish."""

_BEGIN = b'{"what":"begin"'
"""How a line begins that has all rows; who lists publishes does not need it."""

_END = b'{"what":"end"}\n'


@dataclass(frozen=True, slots=True)
class Written:
    """One record that an org took, and the id it has there."""

    verb: Verb
    key: Key
    id: str


class Journal(Protocol):
    """Where a publish writes down what it does."""

    def begin(self, before: Rows, wanted: Rows) -> None:
        """Note what the org held and what it is to hold."""

    def sending(self, verb: Verb, keys: Sequence[Key]) -> None:
        """Note what is about to be written."""

    def done(self, written: Sequence[Written]) -> None:
        """Note what was written."""

    def end(self) -> None:
        """Note that the org is as it should be, unless no publish is open."""


class FileJournal:
    """A journal in a file of JSON lines; every line is on the disk before the next call.

    ``about`` is noted of every publish that begins: who, when, and what for.
    """

    def __init__(self, path: Path, about: Mapping[str, str] = MappingProxyType({})) -> None:
        self.path, self.about = path, about
        path.parent.mkdir(parents=True, exist_ok=True)

    def begin(self, before: Rows, wanted: Rows) -> None:
        """Note what the org held and what it is to hold."""
        self._line({"what": "about", **self.about})
        self._line({"what": "begin", "before": _rows(before), "wanted": _rows(wanted)})

    def sending(self, verb: Verb, keys: Sequence[Key]) -> None:
        """Note what is about to be written."""
        self._line({"what": "sending", "verb": verb, "keys": [_key(k) for k in keys]})

    def done(self, written: Sequence[Written]) -> None:
        """Note what was written."""
        lines = [{"verb": w.verb, "key": _key(w.key), "id": w.id} for w in written]
        self._line({"what": "done", "written": lines})

    def end(self) -> None:
        """Note that the org is as it should be, unless no publish is open."""
        if self._open:
            self._line({"what": "end"})

    @property
    def _open(self) -> bool:
        if not self.path.exists():
            return False
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - len(_END)))
            return size > 0 and file.read() != _END

    def _line(self, entry: Mapping[str, Any]) -> None:
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        with self.path.open("a+b") as file:
            _cut_torn(file)
            file.write(text.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """What a journal says of the last publish: the rows before it, those wanted, what was written.

    ``before`` is what the org held when it began, however often it was gone on
    with. ``written`` is all that was ever written; what was sent and never
    answered counts too, since it may be done. ``about`` is what was noted of it.
    """

    before: Rows
    wanted: Rows
    written: tuple[Written, ...]
    ended: bool
    about: Mapping[str, str]

    @property
    def undoing(self) -> bool:
        """Whether it is an undo that was interrupted."""
        return self.about.get("kind") == UNDO and not self.ended


def read_journal(path: Path) -> Published:
    """Return what a journal says; a line that was cut off by a crash is left out."""
    before, wanted, written, ended = Rows(), Rows(), list[Written](), True
    sent: dict[Key, Verb] = {}
    about: Mapping[str, str] = {}
    for entry in _entries(path):
        match entry["what"]:
            case "about":
                about = _about(entry)
            case "begin":
                if ended:
                    before = _to_rows(entry["before"])
                wanted, ended = _to_rows(entry["wanted"]), False
            case "sending":
                sent |= dict.fromkeys((Key(*key) for key in entry["keys"]), Verb(entry["verb"]))
            case "done":
                written += _written(entry)
            case "end":
                ended = True
    open_ = sent.keys() - {w.key for w in written}
    written += [Written(sent[key], key, "") for key in sorted(open_)]
    return Published(before, wanted, tuple(written), ended, about)


@dataclass(frozen=True, slots=True)
class Past:
    """One publish as the list of all tells it: what was noted of it, what it wrote."""

    about: Mapping[str, str]
    written: tuple[Written, ...]
    ended: bool


def past(path: Path) -> tuple[Past, ...]:
    """Return the publishes of a journal, the first one first."""
    found: list[Past] = []
    for entry in _entries(path, without=_BEGIN):
        match entry["what"]:
            case "about":
                found.append(Past(_about(entry), (), ended=False))
            case "done" if found:
                found[-1] = replace(found[-1], written=found[-1].written + _written(entry))
            case "end" if found:
                found[-1] = replace(found[-1], ended=True)
    return tuple(found)


def _entries(path: Path, *, without: bytes | None = None) -> Iterator[dict[str, Any]]:
    """Yield what the lines say; names may hold what other readers take for the end of a line."""
    lines = path.read_bytes().split(b"\n")[:-1]
    for number, line in enumerate(lines, start=1):
        if without is not None and line.startswith(without):
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            if number == len(lines):
                return
            raise BadData(f"Line {number} of {path.name} can't be read: {error}.") from error
        yield entry


def _cut_torn(file: BinaryIO) -> None:
    """Take away the end of a file that a crash left without the end of its line."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 1))
    if file.read() in (b"", b"\n"):
        return
    file.seek(0)
    file.truncate(file.read().rfind(b"\n") + 1)


def _about(entry: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: str(text) for name, text in entry.items() if name != "what"}


def _written(entry: Mapping[str, Any]) -> tuple[Written, ...]:
    return tuple(Written(Verb(w["verb"]), Key(*w["key"]), w["id"]) for w in entry["written"])


def _key(key: Key) -> list[str]:
    return [key.object, key.name]


def _rows(rows: Rows) -> list[dict[str, Any]]:
    return [
        {"key": _key(row.key), "id": row.id, "fields": {k: _told(v) for k, v in row.fields.items()}}
        for row in rows
    ]


def _told(value: Value) -> object:
    return {"ref": _key(value)} if isinstance(value, Key) else value


def _to_rows(told: Sequence[Mapping[str, Any]]) -> Rows:
    return Rows.of(
        Row(Key(*row["key"]), {k: _meant(v) for k, v in row["fields"].items()}, row["id"])
        for row in told
    )


def _meant(value: Any) -> Value:
    found: Value = Key(*value["ref"]) if isinstance(value, dict) else value
    return found
