"""The tree of areas: added, divided, moved, combined, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli import optimize_options as said
from tp_geo.cli.asking import (
    AreaName,
    Count,
    More,
    Names,
    Note,
    PlanName,
    all_names,
    area_in,
    ask,
)
from tp_geo.cli.optimize_fill import remove_by_balance
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.commands import Command
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.planner import Planner

commands = typer.Typer(rich_markup_mode=None)

LevelHere: TypeAlias = Annotated[
    str | None, typer.Option("--level", help="What areas of this level are called.")
]
_PANEL = "Areas"


@commands.command(rich_help_panel=_PANEL)
def branch(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    more: More = None,
    *,
    level: LevelHere = None,
    areas: Count = 0,
    names: Names = None,
    by: Annotated[str | None, typer.Option(help="state, county, division or region.")] = None,
    column: Annotated[str | None, typer.Option(help="A column of the data.")] = None,
    note: Note = "",
) -> Reply:
    """Put areas below one: its units go to the first, or each to its state or column."""
    called = all_names(names, more)
    if sum(map(bool, (areas, called, by, column))) != 1:
        raise typer.BadParameter("give one of --areas, --names, --by, --column")
    if column or by:
        planner = session_of(ctx).planner
        key, within = str(column or by), bool(by)
        return ask(
            ctx, name, lambda plan: _split(planner, plan, area, key, level, within=within), note
        )
    return ask(ctx, name, lambda plan: _branch(plan, area, called or areas, level), note)


@commands.command("add-area", rich_help_panel=_PANEL)
def add_area(
    ctx: typer.Context,
    name: PlanName,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names of new areas.")],
    *,
    under: Annotated[str | None, typer.Option(help="The area above; default: none.")] = None,
    level: LevelHere = None,
    note: Note = "",
) -> Reply:
    """Add areas at the top, or under another one."""
    return ask(ctx, name, lambda plan: _branch(plan, under, tuple(names), level), note)


@commands.command("move-area", rich_help_panel=_PANEL)
def move_area(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    under: Annotated[str | None, typer.Option(help="The area above; default: none.")] = None,
    note: Note = "",
) -> Reply:
    """Put an area, with all below it, under another one or at the top."""
    from tp_geo.domain.commands import Reparent

    def make(plan: Plan) -> Command:
        return Reparent(area_in(plan, area), area_in(plan, under) if under else None)

    return ask(ctx, name, make, note)


@commands.command(rich_help_panel=_PANEL)
def combine(
    ctx: typer.Context,
    name: PlanName,
    kept: Annotated[str, typer.Argument(metavar="KEPT", help="The area that takes all.")],
    others: Annotated[list[str], typer.Argument(metavar="AREA...", help="Those that go into it.")],
    note: Note = "",
) -> Reply:
    """Make areas one: the kept one takes what the others hold."""
    from tp_geo.domain.commands import Combine

    def make(plan: Plan) -> Command:
        return Combine(area_in(plan, kept), frozenset(area_in(plan, o) for o in others))

    return ask(ctx, name, make, note)


@commands.command("remove-area", rich_help_panel=_PANEL)
def remove_area(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    to: Annotated[str | None, typer.Option(help="Who takes what it holds.")] = None,
    *,
    balance: said.Balance = None,
    note: Note = "",
) -> Reply:
    """Remove an area and those below it; what they hold is unassigned, or goes to others."""
    from tp_geo.domain.commands import Remove

    if balance and to:
        raise typer.BadParameter("give --to or --balance, not both")
    if balance:
        return remove_by_balance(ctx, name, area, balance, note)

    def make(plan: Plan) -> Command:
        return Remove(area_in(plan, area), area_in(plan, to) if to else None)

    return ask(ctx, name, make, note)


def _branch(
    plan: Plan, under: str | None, names: tuple[str, ...] | int, level: str | None
) -> Command:
    from tp_geo.domain.commands import Branch
    from tp_geo.domain.naming import level_below, new_names

    at = area_in(plan, under) if under else None
    called = level or level_below(plan.alignment, at)
    if isinstance(names, int):
        names = new_names(called, names, alignment=plan.alignment)
    return Branch(at, names, called)


def _split(
    planner: Planner, plan: Plan, area: str, key: str, level: str | None, *, within: bool
) -> Command:
    """Return the split by what containers lie in, or else by a column of the data."""
    from tp_geo.domain.hierarchy import find_area
    from tp_geo.domain.naming import level_below
    from tp_geo.workflow.models import split_by
    from tp_geo.workflow.places import find_places

    at = find_area(plan.alignment, area) or None
    places = find_places(planner, plan.dataset, (key,))
    called = level or (key.title() if at is None else level_below(plan.alignment, at, key.title()))
    known = places.within if within else {}
    return split_by(
        plan.alignment, plan.dataset, at, key, level=called, within=known, labels=places.labels
    )
