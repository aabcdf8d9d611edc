"""Containers and units: assigned, given back, held, released."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import Note, PlanName, area_in, ask
from tp_geo.cli.reply import Reply
from tp_geo.errors import BadData

if TYPE_CHECKING:
    import pandas as pd

    from tp_geo.domain.alignment import Positions
    from tp_geo.domain.commands import Command
    from tp_geo.domain.dataset import Dataset
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)

Codes: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE|CODES...",
        help="Codes, ids of units, or files of them (column code, else the first); - is stdin.",
    ),
]
SomeCodes: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE|CODES...", help="Codes, ids of units, or files of them."),
]
OfArea: TypeAlias = Annotated[str | None, typer.Option("--area", help="All that an area holds.")]
Every: TypeAlias = Annotated[bool, typer.Option("--all", help="All there are.")]
_PANEL = "Containers and units"
_LARGEST_LIST = 50_000_000
_LISTS = (".txt", ".lst", ".list")


@commands.command(rich_help_panel=_PANEL)
def assign(
    ctx: typer.Context,
    name: PlanName,
    codes: Codes,
    to: Annotated[str, typer.Option(help='The area that gets them; "unassigned" takes away.')],
    note: Note = "",
) -> Reply:
    """Give containers or units to an area; a divided one passes them to its first leaf."""
    from tp_geo.domain.commands import Move
    from tp_geo.domain.hierarchy import find_area

    def make(plan: Plan) -> Command:
        return Move(find_items(plan.dataset, codes), find_area(plan.alignment, to))

    return ask(ctx, name, make, note)


@commands.command(rich_help_panel=_PANEL)
def follow(ctx: typer.Context, name: PlanName, codes: Codes, note: Note = "") -> Reply:
    """Give units back to their containers: they go where these go."""
    from tp_geo.domain.commands import Follow

    return ask(ctx, name, lambda plan: Follow(find_items(plan.dataset, codes)), note)


@commands.command(rich_help_panel=_PANEL)
def hold(
    ctx: typer.Context,
    name: PlanName,
    codes: SomeCodes = None,
    *,
    area: OfArea = None,
    every: Every = False,
    note: Note = "",
) -> Reply:
    """Hold containers or units where they are."""
    return _hold(ctx, name, (codes, area, every), note, held=True)


@commands.command(rich_help_panel=_PANEL)
def release(
    ctx: typer.Context,
    name: PlanName,
    codes: SomeCodes = None,
    *,
    area: OfArea = None,
    every: Every = False,
    note: Note = "",
) -> Reply:
    """Let go of what is held."""
    return _hold(ctx, name, (codes, area, every), note, held=False)


def find_items(dataset: Dataset, words: list[str]) -> Positions:
    """Return the positions of codes, and of the codes in files; all of them, or ``BadData``."""
    found: list[str] = []
    for word in words:
        found += _read(word, dataset) if dataset.find(word) is None else [word]
    if not found:
        raise BadData(f"There are no codes in {', '.join(words)}. Give one a line.")
    return dataset.positions(found)


def _hold(
    ctx: typer.Context,
    name: str,
    which: tuple[list[str] | None, str | None, bool],
    note: str,
    *,
    held: bool,
) -> Reply:
    import numpy as np

    from tp_geo.domain.commands import HoldItems

    codes, area, every = which
    if sum(map(bool, which)) != 1:
        raise typer.BadParameter("give codes, or --area AREA, or --all")

    def make(plan: Plan) -> Command:
        if codes:
            return HoldItems(find_items(plan.dataset, codes), held)
        if every:
            return HoldItems(np.flatnonzero(plan.alignment.held != held), held)
        inside = [*plan.alignment.subtree(area_in(plan, str(area)))]
        return HoldItems(np.flatnonzero(np.isin(plan.alignment.resolved, inside)), held)

    return ask(ctx, name, make, note)


def _read(word: str, dataset: Dataset) -> list[str]:
    """Return the codes of a file, or the word itself where there is none."""
    if word == "-":
        return _lines(sys.stdin.read())
    path = Path(word)
    if path.is_dir():
        raise BadData(f"{word} is a directory and no code of dataset {dataset.name}.")
    if not path.is_file():
        if path.suffix or len(path.parts) > 1:
            raise BadData(f"{word} is neither a file nor a code of dataset {dataset.name}.")
        return [word]
    if path.suffix.lower() in _LISTS:
        return _lines(_text(path))
    if path.suffix.lower() == ".csv" and (listed := _one_column(path)):
        return listed if dataset.find(listed[0]) is not None else _headless(listed)
    from tp_geo.files.intake import read_table

    return _column(read_table(path), dataset)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _one_column(path: Path) -> list[str]:
    """Return the lines of a table that has one column, header included; none of any other."""
    if path.stat().st_size > _LARGEST_LIST:
        return []
    lines = _lines(path.read_text(encoding="utf-8-sig", errors="replace"))
    simple = all(c.isalnum() or c in " _-" for line in lines for c in line)
    return lines if simple else []


def _headless(lines: list[str]) -> list[str]:
    """Return lines without the first when that is the name of a column, not a mistyped code."""
    return lines if any(c.isdigit() for c in lines[0]) and " " not in lines[0] else lines[1:]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData(f"{path} is not UTF-8 text. Save it as UTF-8, one code a line.") from error


def _column(table: pd.DataFrame, dataset: Dataset) -> list[str]:
    """Return the ``code`` column, else the first one, with its header where that is a code."""
    named = next((c for c in table.columns if str(c).strip().lower() == "code"), None)
    column = str(table.columns[0]) if named is None else named
    head = [column] if named is None and dataset.find(column) is not None else []
    return [*head, *(text for v in table[column].tolist() if (text := str(v).strip()))]
