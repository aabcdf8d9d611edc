"""JSON in a plan file: written so that it always reads back, read with the place of a fault."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from tp_geo.errors import BadData

Json: TypeAlias = Any

_NAMES = {str: "a text", int: "a whole number", dict: "an object", list: "a list", bool: "a yes/no"}
_COMPACT = (",", ":")


def unparsed(value: Json, indent: int | None = None) -> bytes:
    """Return a value as JSON in UTF-8; a broken surrogate becomes its JSON escape."""
    separators = None if indent else _COMPACT
    try:
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators
        )
    except ValueError as error:
        raise BadData(
            "A figure of the plan is infinite or not a number, which files can't hold. "
            "Look for such targets and attributes of areas."
        ) from error
    return text.encode("utf-8", errors="backslashreplace")


def text_of(value: Json) -> str:
    """Return a value as compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=_COMPACT)


def parsed(data: bytes, where: str) -> Json:
    """Return the value of JSON text, or raise ``BadData`` naming the place."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refused)
    except UnicodeDecodeError as error:
        raise BadData(f"{where} is not UTF-8 text at byte {error.start}.") from error
    except (ValueError, RecursionError) as error:
        raise BadData(f"{where} is no JSON that can be read: {str(error)[:120]}.") from error


def found(said: Json, key: str, kind: type, where: str, *default: Json) -> Json:
    """Return a value of a JSON object that has to be of a kind; without it, the default."""
    if not isinstance(said, dict):
        raise BadData(f"{where} is {_called(said)}, not an object.")
    if key not in said:
        if default:
            return default[0]
        raise BadData(f"{where} has no {key!r}. Write it again with {_NAMES[kind]} there.")
    value = said[key]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadData(f"{where}: {key!r} is {_called(value)}, not {_NAMES[kind]}.")
    return value


def _called(value: Json) -> str:
    return f"{str(value)[:40]!r}"


def _refused(constant: str) -> Json:
    raise ValueError(f"{constant} is no number of JSON")
