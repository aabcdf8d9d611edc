"""Bottom-up: areas that are there are put under districts and regions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import Level, Names, Note, PlanName, all_names, ask
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import existing

if TYPE_CHECKING:
    from tp_geo.domain.commands import Command
    from tp_geo.workflow.grouping import Group
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)


@commands.command(rich_help_panel="Areas")
def group(
    ctx: typer.Context,
    name: PlanName,
    *,
    by: Annotated[
        Path | None, typer.Option(help="A table: an area, then a column for each level above.")
    ] = None,
    column: Annotated[str | None, typer.Option(help="An attribute of areas, or owner.")] = None,
    nearness: Annotated[
        int | None, typer.Option(min=1, help="How many groups of near areas.")
    ] = None,
    level: Level = "Region",
    names: Names = None,
    note: Note = "",
) -> Reply:
    """Put the areas at the top under new ones: by a table, by a column, or by nearness."""
    if sum(way is not None for way in (by, column, nearness)) != 1:
        raise typer.BadParameter("give one of --by FILE, --column COL, --nearness N")
    called = all_names(names, None)
    if called and nearness is None:
        raise typer.BadParameter("--names are for --nearness; a table or a column has its own")

    def make(plan: Plan) -> Command:
        if by is not None:
            return _by_table(plan, by, level)
        if column is not None:
            return _by_column(plan, column, level)
        return _by_nearness(plan, nearness or 0, called, level)

    return ask(ctx, name, make, note)


def _by_table(plan: Plan, file: Path, level: str) -> Group:
    """Return the grouping of a table; its one level is called as asked, several by columns."""
    from tp_geo.files.intake import read_table
    from tp_geo.workflow.grouping import group_by_table

    found = group_by_table(plan.alignment, read_table(existing(file)))
    return replace(found, levels=(level,)) if len(found.levels) == 1 else found


def _by_column(plan: Plan, column: str, level: str) -> Group:
    from tp_geo.workflow.grouping import group_by_column

    known = {name for area in plan.alignment.areas.values() for name in area.attributes}
    alike = (name for name in sorted(known) if name.casefold() == column.casefold())
    meant = column if column in known else next(alike, column.casefold())
    return group_by_column(plan.alignment, meant, level)


def _by_nearness(plan: Plan, count: int, names: tuple[str, ...], level: str) -> Group:
    from tp_geo.domain.naming import new_names
    from tp_geo.workflow.grouping import group_by_nearness

    called = new_names(level, count, names[:count], plan.alignment)
    return group_by_nearness(plan.alignment, plan.boundaries.xy, called, level)
