"""What a command answers: one JSON object for programs, texts and tables for people."""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, TypeAlias

DASH = "–"
_WIDE = 100_000
"""Columns of a table that nobody looks at: it goes to a file or to another program."""

Cell: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers; numbers stand on the right."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Reply:
    """The data that ``--json`` prints, and what is printed otherwise."""

    data: Mapping[str, object]
    text: Sequence[str | Table] = ()


def write(reply: Reply, *, as_json: bool) -> None:
    """Print a reply on standard output."""
    if as_json:
        sys.stdout.write(json.dumps(plain(reply.data), allow_nan=False) + "\n")
    else:
        _write_text(reply.text)
    sys.stdout.flush()


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: NaN and infinity as null, whole numbers without ``.0``."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, bool | str | int) or value is None:
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, Iterable):
        return [plain(v) for v in value]
    return str(value)


def one_line(text: object) -> str:
    """Return a text on one line that does nothing to a terminal but show."""
    return " ".join("".join(map(_shown, str(text))).split())


def amount(value: float | None) -> str:
    """Return a figure for people: thousands separated, a dash where it is not known."""
    if value is None or not math.isfinite(value):
        return DASH
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.2f}"


def share(value: float | None) -> str:
    """Return a deviation in percent with its sign, a dash where there is none."""
    return DASH if value is None or not math.isfinite(value) else f"{value:+.1%}".replace("%", " %")


def count(n: int, noun: str) -> str:
    """Return a number with its noun: ``1 area``, ``2,000 areas``."""
    return f"{n:,} {noun if n == 1 else noun + 's'}"


def cell(value: object) -> Cell:
    """Return a value as a cell; lists as their members behind commas."""
    if value is None or isinstance(value, str | int | float):
        return value
    return ", ".join(map(str, value)) if isinstance(value, Iterable) else str(value)


def _write_text(parts: Iterable[str | Table]) -> None:
    from rich.console import Console

    width = None if sys.stdout.isatty() else _WIDE
    console = Console(
        file=sys.stdout, width=width, markup=False, highlight=False, emoji=False, soft_wrap=True
    )
    for part in parts:
        if isinstance(part, Table):
            _write_table(console, part)
        else:
            console.print("\n".join(map(one_line, part.split("\n"))))


def _write_table(console: Any, table: Table) -> None:
    from rich import box
    from rich.table import Table as Rich
    from rich.text import Text

    rich = Rich(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for at, name in enumerate(table.columns):
        figures = any(_is_figure(row[at]) for row in table.rows)
        rich.add_column(Text(one_line(name)), justify="right" if figures else "left")
    for row in table.rows:
        rich.add_row(*(Text(_shown_cell(value)) for value in row))
    console.print(rich, soft_wrap=False)


def _is_figure(value: Cell) -> bool:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return numeric or (isinstance(value, str) and value[:1] in ("+", "-") and value.endswith("%"))


def _shown_cell(value: Cell) -> str:
    match value:
        case None:
            return DASH
        case bool():
            return "yes" if value else ""
        case int() | float():
            return amount(value)
        case _:
            return " " * (len(value) - len(value.lstrip(" "))) + one_line(value)


def _shown(character: str) -> str:
    """Return a character, or its escape when it moves the cursor or turns the text around."""
    if character in "\n\r\t":
        return " "
    kind = unicodedata.category(character)
    harmless = kind not in ("Cc", "Cs", "Cf") or character in "\u200c\u200d\u00ad"
    return character if harmless else f"\\u{ord(character):04x}"
