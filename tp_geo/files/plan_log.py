"""The log of a plan file: a line of JSON for each revision, and the names of some."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tp_geo.domain.alignment import FOLLOW, MAX_AREA_ID
from tp_geo.domain.shares import Overlap
from tp_geo.domain.signoff import Asks, Status
from tp_geo.errors import BadData
from tp_geo.files.plan_areas import area_from_json, one_of
from tp_geo.files.plan_json import Json, found, parsed, text_of, unparsed


@dataclass(frozen=True, slots=True)
class LogLine:
    """One revision. ``payload`` is JSON: its edits, by code, as the plan's store has them."""

    seq: int
    by: str
    at: str
    kind: str
    text: str
    payload: str
    note: str = ""
    reverts: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A revision with a name."""

    name: str
    seq: int
    by: str
    at: str


def log_to_json(log: Sequence[LogLine]) -> bytes:
    """Return revisions as JSON, a line each."""
    return b"".join(unparsed(_line_to(line)) + b"\n" for line in log)


def log_from_json(data: bytes, part: str) -> tuple[LogLine, ...]:
    """Return the revisions of a log; raise ``BadData`` naming the line and the field."""
    lines: list[LogLine] = []
    for number, raw in enumerate(data.splitlines(), start=1):
        if raw.strip():
            where = f"{part}, line {number}"
            lines.append(_line_from(parsed(raw, where), where, len(lines) + 1))
    return tuple(lines)


def marks_to_json(marks: Sequence[Mark]) -> bytes:
    """Return the names of revisions as a JSON list."""
    return unparsed([{"name": m.name, "seq": m.seq, "by": m.by, "at": m.at} for m in marks])


def marks_from_json(data: bytes, part: str) -> tuple[Mark, ...]:
    """Return the names of revisions; raise ``BadData`` naming the entry and the field."""
    said = parsed(data, part)
    if not isinstance(said, list):
        raise BadData(f"{part} is no list.")
    marks: list[Mark] = []
    for i, one in enumerate(said, start=1):
        where = f"{part}, entry {i}"
        texts = {k: found(one, k, str, where) for k in ("name", "by", "at")}
        if any(mark.name == texts["name"] for mark in marks):
            raise BadData(f"{where}: there is another snapshot called {texts['name']!r}.")
        marks.append(Mark(**texts, seq=found(one, "seq", int, where)))
    return tuple(marks)


def _line_to(line: LogLine) -> Json:
    return {
        "seq": line.seq,
        "by": line.by,
        "at": line.at,
        "kind": line.kind,
        "text": line.text,
        "note": line.note,
        "reverts": line.reverts,
        "edits": json.loads(line.payload),
    }


def _line_from(said: Json, where: str, expected: int) -> LogLine:
    seq = found(said, "seq", int, where)
    if seq != expected:
        raise BadData(f"{where}: seq is {seq}, {expected} was expected; one is missing.")
    texts = {k: found(said, k, str, where) for k in ("by", "at", "kind", "text")}
    edits = found(said, "edits", dict, where)
    for i, edit in enumerate(found(edits, "e", list, where), start=1):
        _check(edit, f"{where}, edit {i}")
    reverts = found(said, "reverts", int, where, 0)
    if not 0 <= reverts < seq:
        raise BadData(f"{where}: reverts is {reverts}; it must be an earlier revision, or 0.")
    note = found(said, "note", str, where, "")
    return LogLine(seq, **texts, payload=text_of(edits), note=note, reverts=reverts)


def _check(edit: Json, where: str) -> None:
    """Raise ``BadData`` unless an edit is of a known form with values of the right kinds."""
    match edit:
        case ["put", dict(area)]:
            area_from_json(area, where)
        case ["drop", int(area)] if 0 < area <= MAX_AREA_ID:
            pass
        case ["assign", int(area), dict(items)] if FOLLOW <= area <= MAX_AREA_ID:
            _check_items(items, where)
        case ["hold", bool(), dict(items)]:
            _check_items(items, where)
        case ["sign", None, dict(signoff)]:
            _check_signoff(signoff, where)
        case ["sign", int(area), dict(signoff)] if 0 < area <= MAX_AREA_ID:
            _check_signoff(signoff, where)
        case ["ask", str(asks)] if asks in set(Asks):
            pass
        case ["share", int(area), bool(), dict(items)] if 0 < area <= MAX_AREA_ID:
            _check_items(items, where)
        case ["overlap", str(overlap)] if overlap in set(Overlap):
            pass
        case _:
            raise BadData(f"{where} is {str(edit)[:60]!r}, which is no edit of this format.")


def _check_signoff(said: Json, where: str) -> None:
    one_of(Status, said, "status", where, Status.DRAFT)
    found(said, "round", int, where, 0)
    for key in ("submitted_by", "by", "reason", "dataset"):
        found(said, key, str, where, "")


def _check_items(items: Json, where: str) -> None:
    codes = [c for key in ("c", "u") for c in found(items, key, list, where, [])]
    if wrong := [c for c in codes if not isinstance(c, str)]:
        raise BadData(f"{where}: {str(wrong[0])[:40]!r} is no code; codes are texts.")
