"""Much moved in one step: gaps filled, areas swapped or split by a line, a column followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli import optimize_options as said
from tp_geo.cli.asking import AreaName, Note, PlanName, area_in, ask, measure_in, place
from tp_geo.cli.optimize_fill import BALANCE, fill_by_balance
from tp_geo.cli.reply import Reply, Table
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.commands import Command
    from tp_geo.workflow.assigning import AssignBy
    from tp_geo.workflow.filling import Fill
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.splitting import Half, Halves

commands = typer.Typer(rich_markup_mode=None)

Preview: TypeAlias = Annotated[bool, typer.Option("--preview", help="Tell it, don't do it.")]
Inside: TypeAlias = Annotated[
    str | None, typer.Option(help="Only what goes to this area and those below it.")
]
_PANEL = "Containers and units"
_AREAS = "Areas"


@commands.command(rich_help_panel=_PANEL)
def fill(
    ctx: typer.Context,
    name: PlanName,
    *,
    by: Annotated[str, typer.Option(help="neighbors, nearness or balance.")] = "neighbors",
    inside: Inside = None,
    without_units: Annotated[
        bool, typer.Option("--without-units", help="Only containers that hold no unit.")
    ] = False,
    measure: Annotated[
        str | None, typer.Option(help="The load of an area, or what is balanced.")
    ] = None,
    preview: Preview = False,
    note: Note = "",
) -> Reply:
    """Give unassigned containers to the areas next to them or nearest to them."""
    from tp_geo.workflow.filling import Way, fill

    if by == BALANCE and without_units:
        raise typer.BadParameter("--without-units goes with neighbors or nearness")
    if by == BALANCE:
        return fill_by_balance(ctx, name, inside, measure, preview=preview, note=note)
    if by not in {way.value for way in Way}:
        raise typer.BadParameter(f"{by!r} is neither neighbors nor nearness nor balance")

    def make(plan: Plan) -> Fill:
        weighed = measure_in(plan.dataset, measure) if measure else None
        within = (area_in(plan, inside),) if inside else None
        return fill(plan, Way(by), inside=within, without_units=without_units, measure=weighed)

    if not preview:
        return ask(ctx, name, make, note)
    plan = session_of(ctx).plan(name)
    got = make(plan).preview(plan.alignment)
    rows = [(_path(plan, k), n) for k, n in got.items()]
    told = [{"area": area, "containers": n} for area, n in rows]
    return _told(plan, make(plan), {"areas": told}, Table(("area", plan.noun), rows))


@commands.command("assign-by", rich_help_panel=_PANEL)
def assign_by(
    ctx: typer.Context,
    name: PlanName,
    column: Annotated[str, typer.Argument(metavar="COLUMN", help="A column, or state, county, …")],
    *,
    only: Annotated[str, typer.Option(help="both, containers or units.")] = "both",
    unassigned: Annotated[
        bool, typer.Option("--unassigned", help="Only what no area holds.")
    ] = False,
    inside: Inside = None,
    preview: Preview = False,
    note: Note = "",
) -> Reply:
    """Give each row to the area that its value is the name or the owner of."""
    from tp_geo.workflow.assigning import Scope, assign_by
    from tp_geo.workflow.places import find_places

    if only not in {scope.value for scope in Scope}:
        raise typer.BadParameter(f"{only!r} is not one of both, containers, units")
    planner = session_of(ctx).planner

    def make(plan: Plan) -> AssignBy:
        places = find_places(planner, plan.dataset, (column,))
        return assign_by(
            plan.dataset, column, scope=Scope(only), within=places.within, labels=places.labels,
            only_unassigned=unassigned, inside=area_in(plan, inside) if inside else None,
        )  # fmt: skip

    if not preview:
        return ask(ctx, name, make, note)
    plan = session_of(ctx).plan(name)
    command = make(plan)
    outcome = command.outcome(plan.alignment)
    rows = [
        (v.text, v.rows, _path(plan, v.area) if v.area else None, v.reason) for v in outcome.values
    ]
    keys = ("value", "rows", "area", "reason")
    data = {
        "values": [dict(zip(keys, row, strict=True)) for row in rows],
        "moving": outcome.moving,
        "held": outcome.held,
        "locked": outcome.locked,
    }
    return _told(plan, command, data, Table((*keys[:3], ""), rows))


@commands.command(rich_help_panel=_AREAS)
def swap(
    ctx: typer.Context,
    name: PlanName,
    one: AreaName,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The area it changes with.")],
    note: Note = "",
) -> Reply:
    """Give each of two areas what the other one holds."""
    from tp_geo.domain.swapping import Swap

    return ask(ctx, name, lambda plan: Swap(area_in(plan, one), area_in(plan, other)), note)


@commands.command(rich_help_panel=_AREAS)
def split(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    *,
    line: Annotated[
        list[str] | None, typer.Option(help="A place of the line as LON,LAT; give two or more.")
    ] = None,
    balance: said.Balance = None,
    share: Annotated[float, typer.Option(help="What the new part gets by --balance.")] = 0.5,
    called: Annotated[str, typer.Option("--name", help="What the smaller part is called.")],
    rest: Annotated[
        str | None, typer.Option(help="Put both parts below; what the larger one is called.")
    ] = None,
    preview: Preview = False,
    note: Note = "",
) -> Reply:
    """Split an area by a line or by balance: the smaller part becomes an area beside it."""
    from tp_geo.workflow.splitting import below, beside, halves_by_line

    if bool(line) == bool(balance):
        raise typer.BadParameter("give a --line, or --balance")
    places = [place(text) for text in line or ()]

    def halves(plan: Plan) -> Halves:
        at = area_in(plan, area)
        if balance:
            from tp_geo.workflow.optimizing_divide import halves_by_balance

            return halves_by_balance(plan, at, said.measures_of(plan, balance), share=share)
        return halves_by_line(plan.alignment, plan.boundaries, plan.adjacency, at, places)

    def make(plan: Plan) -> Command:
        at, pair = area_in(plan, area), halves(plan)
        if rest is None:
            return beside(at, called, pair[1])
        return below(plan.alignment, at, (rest, called), pair)

    if not preview:
        return ask(ctx, name, make, note)
    plan = session_of(ctx).plan(name)
    pair = halves(plan)
    names = (rest or plan.alignment.name(area_in(plan, area)), called)
    rows = [_half(called, half) for called, half in zip(names, pair, strict=True)]
    keys = ("area", "side", "containers", "parts")
    data = {"areas": [dict(zip(keys, row, strict=True)) for row in rows]}
    return _told(plan, make(plan), data, Table(("area", "side", plan.noun, "parts"), rows))


def _half(called: str, half: Half) -> tuple[str, str, int, int]:
    return called, half.side, half.containers, half.pieces


def _told(plan: Plan, command: Command, data: Mapping[str, object], table: Table) -> Reply:
    """Return the reply to a preview: what would be done, and that nothing was."""
    text = command.says(plan.alignment, plan.noun)
    common = {"alignment": plan.info.name, "revision": plan.seq, "changed": False, "text": text}
    first = f"{plan.info.name}, revision {plan.seq}, preview: {text}"
    return Reply({**common, **data}, (first, table) if table.rows else (first,))


def _path(plan: Plan, area: int) -> str:
    from tp_geo.domain.alignment import AreaId
    from tp_geo.domain.hierarchy import path

    return path(plan.alignment, AreaId(area))
