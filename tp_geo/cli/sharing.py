"""Containers shared by several areas: shared, no longer shared, and whether that is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import Note, PlanName, area_in, ask, overlap_of
from tp_geo.cli.items import Codes, find_items
from tp_geo.cli.reply import Reply

if TYPE_CHECKING:
    from tp_geo.domain.commands import Command
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)
_PANEL = "Containers and units"


@commands.command(rich_help_panel=_PANEL)
def share(
    ctx: typer.Context,
    name: PlanName,
    codes: Codes,
    with_area: Annotated[str, typer.Option("--with", help="The area that holds them too.")],
    note: Note = "",
) -> Reply:
    """Have another area hold containers too, beside the one they are in."""
    from tp_geo.domain.sharing import ShareWith

    def make(plan: Plan) -> Command:
        return ShareWith(find_items(plan.dataset, codes), area_in(plan, with_area))

    return ask(ctx, name, make, note)


@commands.command(rich_help_panel=_PANEL)
def unshare(
    ctx: typer.Context,
    name: PlanName,
    codes: Codes,
    with_area: Annotated[
        str | None, typer.Option("--with", help="Only with this area; by default with all.")
    ] = None,
    note: Note = "",
) -> Reply:
    """Have containers be held by the area they are in alone."""
    from tp_geo.domain.sharing import StopSharing

    def make(plan: Plan) -> Command:
        area = None if with_area is None else area_in(plan, with_area)
        return StopSharing(find_items(plan.dataset, codes), area)

    return ask(ctx, name, make, note)


@commands.command(rich_help_panel=_PANEL)
def overlap(
    ctx: typer.Context,
    name: PlanName,
    counts: Annotated[
        str, typer.Argument(metavar="RULE", help="none, full (for each) or even (split).")
    ],
    note: Note = "",
) -> Reply:
    """Say whether areas may share containers, and how what they share counts."""
    from tp_geo.domain.sharing import AllowOverlap

    return ask(ctx, name, lambda _: AllowOverlap(overlap_of(counts)), note)
