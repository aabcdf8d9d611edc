"""Rules of areas from the command line: criteria, what they take, and taking it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import AreaName, Note, PlanName, area_in, ask
from tp_geo.cli.reply import Cell, Reply, Table
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.commands import Command
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)
_PANEL = "Areas"
_HELP = 'As "Industry = Banking, Insurance AND AnnualRevenue >= 1000000"; "-" for none.'


@commands.command(rich_help_panel=_PANEL)
def rule(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    criteria: Annotated[str, typer.Argument(metavar="CRITERIA", help=_HELP)],
    note: Note = "",
) -> Reply:
    """Say which accounts are an area's by their fields; published as a rule of its own."""
    from tp_geo.domain.commands import Change
    from tp_geo.domain.criteria import with_criteria

    said = "" if criteria.strip() == "-" else criteria

    def make(plan: Plan) -> Command:
        at = area_in(plan, area)
        return Change(at, {"attributes": with_criteria(plan.alignment.area(at), said)})

    return ask(ctx, name, make, note)


@commands.command(rich_help_panel=_PANEL)
def rules(ctx: typer.Context, name: PlanName) -> Reply:
    """List the criteria of areas, and how many accounts of the plan they take."""
    from tp_geo.workflow.area_rules import ruled, taken

    plan = session_of(ctx).plan(name)
    found = [taken(plan, k) for k in ruled(plan)]
    data = [
        {
            "area": plan.alignment.name(one.area),
            "criteria": one.text,
            "fit": len(one.fit),
            "taken": len(one.inside),
            "left": len(one.left),
            "unknown": list(one.unknown),
        }
        for one in found
    ]
    rows: list[list[Cell]] = [
        [d["area"], d["criteria"], d["fit"], d["taken"], d["left"], ", ".join(d["unknown"])]  # type: ignore[list-item, arg-type]
        for d in data
    ]
    head = ("area", "criteria", "fit", "taken", "left", "not in the dataset")
    text = Table(head, rows) if rows else f"{plan.info.name} has no rules of areas."
    return Reply({"alignment": plan.info.name, "rules": data}, (text,))


@commands.command("assign-by-rule", rich_help_panel=_PANEL)
def assign_by_rule(ctx: typer.Context, name: PlanName, area: AreaName, note: Note = "") -> Reply:
    """Give an area the accounts that its criteria take."""
    from tp_geo.domain.commands import Move
    from tp_geo.errors import Refused
    from tp_geo.workflow.area_rules import taken

    def make(plan: Plan) -> Command:
        found = taken(plan, area_in(plan, area))
        if found.unknown:
            raise Refused(
                f"The dataset has no column {found.unknown[0]!r}, so it can't be told which "
                "accounts the rule takes. Import it with the accounts."
            )
        if not len(found.inside):
            raise Refused(f"The rule of {plan.alignment.name(found.area)} takes no account.")
        return Move(found.inside, found.area)

    return ask(ctx, name, make, note)
