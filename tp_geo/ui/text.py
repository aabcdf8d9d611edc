"""Words and numbers for pages: names that can't be mistaken for markup, figures that line up."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Measure

MINUS = "−"
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_STEPS = (
    (60, "s", 1),
    (3_600, "min", 60),
    (86_400, "h", 3_600),
    (30 * 86_400, "days", 86_400),
    (365 * 86_400, "months", 30 * 86_400),
)
_SMALL = 1.0
_LARGE = 1_000.0


def plain(text: object, limit: int = 120) -> str:
    """Return a text that markdown shows letter by letter, on one line, shortened at ``limit``.

    Names come from users and other systems: markup in them would be followed,
    an image in them fetched.
    """
    line = " ".join(str(text).split())
    return _MARKUP.sub(r"\\\1", shortened(line, limit))


def shortened(text: str, limit: int = 120) -> str:
    """Return a text of at most ``limit`` characters, the cut marked."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def figure(value: float | None) -> str:
    """Return a number with thousands separated; decimals only where it is small."""
    if value is None or math.isnan(value):
        return "–"
    size = abs(value)
    digits = 0 if size >= _LARGE or value == int(value) else 1 if size >= _SMALL else 3
    return f"{value:,.{digits}f}".replace("-", MINUS)


def signed(value: float | None) -> str:
    """Return a difference with its sign; of 0 there is none."""
    return f"+{figure(value)}" if value is not None and value > 0 else figure(value)


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as a percentage."""
    if share is None or math.isnan(share):
        return "–"
    return f"{share * 100:,.{digits}f} %".replace("-", MINUS)


def deviation(share: float | None) -> str:
    """Return a deviation with its sign."""
    if share is None or math.isnan(share):
        return "–"
    return f"{share * 100:+,.1f} %".replace("-", MINUS)


def count(n: int, noun: str) -> str:
    """Return a number of things: ``1 postal code``, ``2 counties``."""
    return counted(n, noun)


def singular(noun: str) -> str:
    """Return a noun for one: ``postal code`` of ``postal codes``."""
    return counted(1, noun).removeprefix("1 ")


def heading(measure: Measure) -> str:
    """Return what to write above a column of a measure."""
    said = not measure.unit or measure.unit.casefold() in measure.label.casefold()
    return measure.label if said else f"{measure.label} ({measure.unit})"


def moment(at: str) -> datetime | None:
    """Return a stored time, ``None`` for a text that is none."""
    try:
        return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        return None


def ago(at: str, now: datetime) -> str:
    """Return how long ago a stored time is, in one unit."""
    then = moment(at)
    if then is None:
        return ""
    passed = max((now - then).total_seconds(), 0.0)
    for below, unit, size in _STEPS:
        if passed < below:
            n = int(passed // size)
            return f"{n} {unit.removesuffix('s') if n == 1 and len(unit) > 1 else unit} ago"
    return f"on {then:%Y-%m-%d}"


def when(at: str) -> str:
    """Return a stored time to the minute, in UTC."""
    then = moment(at)
    return f"{then:%Y-%m-%d %H:%M}" if then else at


def sentence(text: str) -> str:
    """Return a text that begins with a capital and ends with a full stop."""
    text = text.strip()
    return text and f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?' else '.'}"
