"""Names an org takes: developer names, and the mark by which we know our own territories."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

MAX_NAME = 80
MAX_DESCRIPTION = 1_000

_MARK = re.compile(r"\[tp-geo ([0-9a-z]+)#([0-9]+(?:\.[0-9]+)?)\]")
_SOUND = re.compile(r"[A-Za-z](?!.*__)(?:[A-Za-z0-9_]*[A-Za-z0-9])?")


def sound(name: str) -> bool:
    """Whether an org takes a text as a developer name.

    Letters, digits, underscores; begins with a letter; no underscore at the
    end, no two in a row; at most 80 characters.
    """
    return len(name) <= MAX_NAME and _SOUND.fullmatch(name) is not None


def developer_name(text: str, *, prefix: str = "", free: Callable[[str], bool]) -> str:
    """Return a developer name for a text that is still free, as near to the text as can be.

    ``prefix`` is put before it. Where the name is taken, a number follows.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "_", f"{prefix}_{plain}").strip("_")
    stem = words if words[:1].isalpha() else f"T_{words}".rstrip("_")
    name, number = _cut(stem, ""), 1
    while not free(name):
        number += 1
        name = _cut(stem, f"_{number}")
    return name


def shortened(name: str, end: str = "") -> str:
    """Return a name as long as an org takes it, with an end that stays whole."""
    room = MAX_NAME - len(end)
    return (name if len(name) <= room else name[: room - 1].rstrip() + "…") + end


def mark(plan: str, area: str) -> str:
    """Return what is put into a description so that the area of a plan is found again."""
    return f"[tp-geo {plan}#{area}]"


def marked(description: str, plan: str, area: str) -> str:
    """Return a description with the mark of an area, as long as an org takes it."""
    sign = mark(plan, area)
    text = unmarked(description)[: MAX_DESCRIPTION - len(sign) - 1].rstrip()
    return f"{text} {sign}" if text else sign


def unmarked(description: str) -> str:
    """Return a description without our marks."""
    return _MARK.sub("", description).strip()


def area_of(description: str | None, plan: str) -> str | None:
    """Return the area of a plan that a description is marked with, ``None`` without one."""
    found = (m for m in _MARK.finditer(description or "") if m[1] == plan)
    return next((m[2] for m in found), None)


def part_of(description: str | None) -> bool:
    """Whether a description is marked as a part of an area that did not fit one rule."""
    return any("." in m[2] for m in _MARK.finditer(description or ""))


def described(text: str, before: str | None) -> str:
    """Return another description with the marks of the one before, as long as an org takes it."""
    signs = " ".join(m[0] for m in _MARK.finditer(before or ""))
    room = MAX_DESCRIPTION - len(signs) - bool(signs)
    return f"{unmarked(text)[:room].rstrip()} {signs}".strip()


def plan_of(description: str | None) -> str | None:
    """Return the code of the plan a description is marked with, ``None`` without one."""
    found = _MARK.search(description or "")
    return found[1] if found else None


def _cut(stem: str, end: str) -> str:
    return stem[: MAX_NAME - len(end)].rstrip("_") + end
