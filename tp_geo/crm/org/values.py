"""One field's value: what the API takes for it, as it is stored, as it is told."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from typing import Any, Final

from tp_geo.crm.org.ids import full, well_formed
from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.schema import Field

_TRUE: Final = ("true", "1")
_FALSE: Final = ("false", "0")
_INT32: Final = 2**31
_OFFSET: Final = re.compile(r"(?:Z|([+-]\d\d):?(\d\d))$", re.IGNORECASE)


def stored(field: Field, value: Any) -> Any:
    """Return a value as it is stored; raise `ApiError` when the field does not take it."""
    if value is None or (value == "" and field.type != "boolean"):
        return _nothing(field)
    match field.type:
        case "boolean":
            return _yes_or_no(field, value)
        case "int":
            return _whole(field, value)
        case "double" | "currency":
            return _number(field, value)
        case "date":
            return _date(field, value)
        case "datetime":
            return _datetime(field, value)
        case "id" | "reference":
            return _reference(field, value)
        case _:
            return _text(field, value)


def told(field: Field, value: Any) -> Any:
    """Return a stored value as JSON has it."""
    return bool(value) if field.type == "boolean" else value


def timestamp(moment: datetime) -> str:
    """Return a moment as the API writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{moment.microsecond // 1000:03d}+0000"
    )


def moment_of(text: str) -> datetime | None:
    """Return the moment a text of ISO 8601 with an offset names; None when it names none."""
    found = _OFFSET.search(text)
    if not found or "T" not in text:
        return None
    offset = f"{found[1]}:{found[2]}" if found[1] else "+00:00"
    try:
        return datetime.fromisoformat(text[: found.start()] + offset)
    except ValueError:
        return None


def _nothing(field: Field) -> None:
    if field.type == "boolean":
        raise _unreadable(field, "boolean", None)
    if not field.nillable:
        raise ApiError(
            "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{field.name}]", field.name
        )


def _yes_or_no(field: Field, value: Any) -> int:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.lower() in (*_TRUE, *_FALSE):
        return int(value.lower() in _TRUE)
    raise _unreadable(field, "boolean", value)


def _whole(field: Field, value: Any) -> int:
    number = _number_in(field, "int", value)
    if number != int(number):
        raise _unreadable(field, "int", value)
    digits = len(str(abs(int(number))))
    if digits > (field.digits or 10) or abs(number) >= _INT32:
        raise ApiError(
            "NUMBER_OUTSIDE_VALID_RANGE",
            f"{field.label}: value outside of valid range on numeric field: {value}",
            field.name,
        )
    return int(number)


def _number(field: Field, value: Any) -> float:
    return _number_in(field, field.type, value)


def _number_in(field: Field, kind: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _unreadable(field, kind, value)
    try:
        number = float(value)
    except ValueError as error:
        raise _unreadable(field, kind, value) from error
    if not math.isfinite(number):
        raise _unreadable(field, kind, value)
    return number


def _date(field: Field, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        raise _unreadable(field, "date", value) from error


def _datetime(field: Field, value: Any) -> str:
    moment = moment_of(str(value))
    if moment is None:
        raise _unreadable(field, "datetime", value)
    return timestamp(moment)


def _reference(field: Field, value: Any) -> str:
    if not well_formed(value) or full(value[:15])[15:].lower() != full(value)[15:].lower():
        raise ApiError(
            "MALFORMED_ID", f"{field.label}: id value of incorrect type: {value}", field.name
        )
    return full(value[:15])


def _text(field: Field, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _unreadable(field, field.type, value)
    text = str(value).strip() if field.type == "string" else str(value)
    if field.restricted and field.picklist and text not in field.picklist:
        raise ApiError(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {text}",
            field.name,
        )
    if field.length and len(text) > field.length:
        raise ApiError(
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {text} (max length={field.length})",
            field.name,
        )
    if field.pattern and not re.match(field.pattern, text):
        raise ApiError(
            "FIELD_INTEGRITY_EXCEPTION",
            f"{field.label}: {text!r} can only contain underscores and alphanumeric characters. "
            "It must be unique, begin with a letter, not include spaces, not end with an "
            "underscore, and not contain two consecutive underscores.",
            field.name,
        )
    return text


def _unreadable(field: Field, kind: str, value: Any) -> ApiError:
    return ApiError(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {kind} from {value!r} or request may be missing a "
        f"required field at {field.name}",
        field.name,
    )
