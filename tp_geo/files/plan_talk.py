"""What people say and ask of a plan, in a plan file: comments and challenges, a JSON list each."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.domain.challenges import MAX_REASON, MOST_ITEMS, Verdict, Wish
from tp_geo.domain.comments import MAX_TEXT
from tp_geo.errors import BadData
from tp_geo.files.plan_json import Json, found, parsed, unparsed
from tp_geo.files.plan_log import LogLine

MAX_NAME = 255
"""Characters of a person, a time and a code."""

K = TypeVar("K", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Said:
    """A comment: of an area by its id, of a container or unit by its code, else of the whole."""

    text: str
    by: str
    at: str
    area: int | None = None
    code: str = ""
    resolved_by: str = ""
    resolved_at: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge; ``held`` has its containers and units, each with the area that held it then.

    ``area`` is ``UNASSIGNED`` for one that is gone, ``to`` the area that gets
    what is given. ``revision`` is the one that did what was asked, 0 for none.
    """

    wish: Wish
    area: int
    held: Mapping[str, int]
    reason: str
    by: str
    at: str
    to: int = UNASSIGNED
    verdict: Verdict = Verdict.OPEN
    answer: str = ""
    decided_by: str = ""
    decided_at: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """All that was said and asked of a plan, oldest first; ``until`` ends the asking, "" never."""

    comments: tuple[Said, ...] = ()
    challenges: tuple[Asked, ...] = ()
    until: str = ""


def areas_ever(areas: Collection[int], log: Sequence[LogLine]) -> frozenset[int]:
    """Return the ids of areas that are there, or were at some revision."""
    edits = (edit for line in log for edit in json.loads(line.payload)["e"])
    return frozenset(areas) | {e[1]["id"] for e in edits if e[0] == "put"}


def comments_to_json(comments: Sequence[Said]) -> bytes:
    """Return comments as a JSON list, numbered from 1; what says nothing is left out."""
    return unparsed([_sparse(n, c) for n, c in enumerate(comments, start=1)])


def challenges_to_json(challenges: Sequence[Asked]) -> bytes:
    """Return challenges as a JSON list, numbered from 1; what says nothing is left out."""
    return unparsed([_sparse(n, c) for n, c in enumerate(challenges, start=1)])


def comments_from_json(data: bytes, part: str, areas: Collection[int]) -> tuple[Said, ...]:
    """Return comments; raise ``BadData`` naming the entry, the field and the value."""
    return tuple(_said(one, where, areas) for one, where in _entries(data, part))


def challenges_from_json(
    data: bytes, part: str, areas: Collection[int], revisions: int
) -> tuple[Asked, ...]:
    """Return challenges; raise ``BadData`` naming the entry, the field and the value."""
    return tuple(_asked(one, where, areas, revisions) for one, where in _entries(data, part))


def _sparse(number: int, one: Said | Asked) -> Json:
    empty = ("", None)
    values = {name: getattr(one, name) for name in type(one).__slots__}
    return {"number": number} | {
        k: dict(v) if isinstance(v, Mapping) else v for k, v in values.items() if v not in empty
    }


def _entries(data: bytes, part: str) -> list[tuple[Json, str]]:
    said = parsed(data, part)
    if not isinstance(said, list):
        raise BadData(f"{part} is no list.")
    entries = [(one, f"{part}, entry {i}") for i, one in enumerate(said, start=1)]
    for expected, (one, where) in enumerate(entries, start=1):
        number = found(one, "number", int, where)
        if number != expected:
            raise BadData(f"{where}: number is {number}, {expected} was expected.")
    return entries


def _said(one: Json, where: str, areas: Collection[int]) -> Said:
    area = None if one.get("area") is None else _area(one, "area", where, areas)
    code = _text(one, "code", where, MAX_NAME, "")
    if code and area is not None:
        raise BadData(f"{where} has both an area and a code. Leave out one of them.")
    return Said(
        text=_text(one, "text", where, MAX_TEXT),
        by=_text(one, "by", where, MAX_NAME),
        at=_text(one, "at", where, MAX_NAME),
        area=area,
        code=code,
        resolved_by=_text(one, "resolved_by", where, MAX_NAME, ""),
        resolved_at=_text(one, "resolved_at", where, MAX_NAME, ""),
    )


def _asked(one: Json, where: str, areas: Collection[int], revisions: int) -> Asked:
    known = {UNASSIGNED, *areas}
    verdict = _one_of(Verdict, one, "verdict", where, Verdict.OPEN)
    decided_by = _text(one, "decided_by", where, MAX_NAME, "")
    if bool(decided_by) == (verdict is Verdict.OPEN):
        raise BadData(
            f"{where}: 'verdict' is {str(verdict)!r} and 'decided_by' {decided_by!r}; "
            "an open one has nobody who decided, any other has somebody."
        )
    revision = found(one, "revision", int, where, 0)
    if not 0 <= revision <= revisions:
        raise BadData(f"{where}: 'revision' is {revision}; the log has {revisions:,}.")
    return Asked(
        wish=_one_of(Wish, one, "wish", where),
        area=_area(one, "area", where, known),
        held=_held(one, where, known),
        reason=_text(one, "reason", where, MAX_REASON),
        by=_text(one, "by", where, MAX_NAME),
        at=_text(one, "at", where, MAX_NAME),
        to=_area(one, "to", where, known) if "to" in one else UNASSIGNED,
        verdict=verdict,
        answer=_text(one, "answer", where, MAX_REASON, ""),
        decided_by=decided_by,
        decided_at=_text(one, "decided_at", where, MAX_NAME, ""),
        revision=revision,
    )


def _held(one: Json, where: str, areas: Collection[int]) -> dict[str, int]:
    held: dict[str, int] = found(one, "held", dict, where)
    if not 0 < len(held) <= MOST_ITEMS:
        raise BadData(
            f"{where}: 'held' has {len(held):,} codes; a challenge has 1 to {MOST_ITEMS:,}."
        )
    if long := next((code for code in held if len(code) > MAX_NAME), ""):
        raise BadData(f"{where}, held: {long[:40]!r}… is longer than {MAX_NAME} characters.")
    at = f"{where}, held"
    return {_clean(code, at): _area(held, code, at, areas) for code in held}


def _area(one: Json, key: str, where: str, areas: Collection[int]) -> int:
    area: int = found(one, key, int, where)
    if area not in areas:
        raise BadData(f"{where}: {key[:40]!r} is {area}, the id of no area of the plan.")
    return area


def _text(one: Json, key: str, where: str, most: int, *default: str) -> str:
    """Return a text of a length; one without a default has to say something."""
    text: str = found(one, key, str, where, *default)
    if len(text) > most or not (text.strip() or default):
        raise BadData(
            f"{where}: {key!r} has {len(text.strip()):,} characters; "
            f"it has {0 if default else 1} to {most:,}."
        )
    return _clean(text, f"{where}: {key!r}")


def _clean(text: str, where: str) -> str:
    """Return a text that a store can keep, which half characters and NUL are not."""
    if wrong := next((c for c in text if c == "\0" or "\ud800" <= c <= "\udfff"), ""):
        raise BadData(
            f"{where} has the character U+{ord(wrong):04X}, which is no text. Take it out."
        )
    return text


def _one_of(kind: type[K], one: Json, key: str, where: str, *default: str) -> K:
    text = found(one, key, str, where, *default)
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(kind)
        raise BadData(f"{where}: {key!r} is {text[:40]!r}, not one of {known}.") from None
