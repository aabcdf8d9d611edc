"""Comments from the command line: said, listed, resolved."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import PlanName, area_in
from tp_geo.cli.reply import Reply, Table
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.workflow.comments import Remark
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)
_PANEL = "Review"


@commands.command(rich_help_panel=_PANEL)
def comment(
    ctx: typer.Context,
    name: PlanName,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What there is to say.")],
    *,
    area: Annotated[str | None, typer.Option(help="Of this area.")] = None,
    code: Annotated[str, typer.Option(help="Of this container or unit.")] = "",
) -> Reply:
    """Say something of an alignment, or of an area or a place in it."""
    from tp_geo.workflow.comments import comment

    if area and code:
        raise typer.BadParameter("give --area or --code, not both")
    session = session_of(ctx)
    plan = session.plan(name)
    about = area_in(plan, area) if area else None
    made = comment(plan, text, by=session.user, area=about, code=code)
    return _done(plan, made, f"comment {made.number} on {made.about}")


@commands.command(rich_help_panel=_PANEL)
def comments(
    ctx: typer.Context,
    name: PlanName,
    *,
    still_open: Annotated[bool, typer.Option("--open", help="Only those not resolved.")] = False,
) -> Reply:
    """List the comments, newest first."""
    from tp_geo.workflow.comments import comments

    plan = session_of(ctx).plan(name)
    found = comments(plan, still_open=still_open)
    rows = [(r.number, r.about, r.by, r.at, r.text, r.resolved_by) for r in found]
    data = {"alignment": plan.info.name, "comments": [asdict(r) for r in found]}
    table = Table(("#", "about", "who", "when", "comment", "resolved by"), rows)
    return Reply(data, (table if found else f"{plan.info.name} has no comments so far.",))


@commands.command(rich_help_panel=_PANEL)
def resolve(
    ctx: typer.Context,
    name: PlanName,
    number: Annotated[int, typer.Argument(metavar="N", help="The comment, as comments shows it.")],
    *,
    reopen: Annotated[bool, typer.Option("--reopen", help="It waits after all.")] = False,
) -> Reply:
    """Say that a comment is dealt with."""
    from tp_geo.workflow import comments

    session = session_of(ctx)
    plan = session.plan(name)
    if reopen:
        return _done(plan, comments.reopen(plan, number), f"comment {number} is open again")
    made = comments.resolve(plan, number, by=session.user)
    return _done(plan, made, f"comment {number} is resolved")


def _done(plan: Plan, made: Remark, text: str) -> Reply:
    return Reply({"alignment": plan.info.name, **asdict(made)}, (f"{plan.info.name}: {text}",))
