"""Links from the command line."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import PlanName, area_in
from tp_geo.cli.reply import Cell, Reply, Table
from tp_geo.cli.session import session_of
from tp_geo.cli.team import level_of

if TYPE_CHECKING:
    from tp_geo.workflow.kept_links import Link
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)

_APP = "http://localhost:8501"


class Step(StrEnum):
    """What to do with links."""

    NEW = "new"
    LIST = "list"
    REVOKE = "revoke"


@commands.command(rich_help_panel="Review")
def link(
    ctx: typer.Context,
    name: PlanName,
    step: Annotated[Step, typer.Argument(metavar="new|list|revoke")] = Step.LIST,
    number: Annotated[
        int | None, typer.Argument(min=1, metavar="[NUMBER]", help="Of the link to revoke.")
    ] = None,
    *,
    level: Annotated[
        str,
        typer.Option(
            metavar="view|comment|edit", help="What it gives who signs in; all others only read."
        ),
    ] = "",
    area: Annotated[
        str, typer.Option(metavar="AREA", help="Give this area alone, with all below it.")
    ] = "",
    until: Annotated[
        str, typer.Option(metavar="DAY", help="The last day it is good for, such as 2027-01-31.")
    ] = "",
    app: Annotated[str, typer.Option(help="Where the app is, for the address.")] = _APP,
) -> Reply:
    """Links by which others see an alignment, and have it at a level when they sign in."""
    if (number is not None) != (step is Step.REVOKE):
        raise typer.BadParameter("revoke takes the NUMBER of a link; new and list take none")
    if (until or level or area) and step is not Step.NEW:
        raise typer.BadParameter("--level, --area and --until go with new")
    session = session_of(ctx)
    plan = session.plan(name)
    match step:
        case Step.NEW:
            return _new(plan, session.user, app, level=level, area=area, until=_day(until))
        case Step.REVOKE:
            return _revoke(plan, number or 0, session.user)
        case _:
            return _listed(plan)


def _new(plan: Plan, user: str, app: str, *, level: str, area: str, until: date | None) -> Reply:
    from tp_geo.domain.rights import Level
    from tp_geo.workflow.links import new_link

    part = area_in(plan, area) if area else None
    made = new_link(plan, by=user, until=until, level=level_of(level) or Level.VIEW, area=part)
    address = made.address(app, plan.info.name)
    data = {**_told(plan, made.link), "address": address}
    return Reply(data, (address, "Copy it now: it is not kept and can't be shown again."))


def _revoke(plan: Plan, number: int, user: str) -> Reply:
    from tp_geo.workflow.links import revoke_link

    found = revoke_link(plan, number, by=user)
    return Reply(_told(plan, found), (f"{plan.info.name}: link {number} opens nothing any more",))


def _listed(plan: Plan) -> Reply:
    from tp_geo.workflow.clock import today
    from tp_geo.workflow.links import links

    found = links(plan)
    data = {"alignment": plan.info.name, "links": [_told(plan, each) for each in found]}
    if not found:
        return Reply(data, (f"No links so far. Make one: tp-geo link {plan.info.name!r} new",))
    rows: list[list[Cell]] = [
        [
            each.number,
            each.at[:10],
            each.by,
            each.level,
            _part(plan, each),
            each.until,
            each.ended(today()),
        ]
        for each in found
    ]
    return Reply(data, (Table(("#", "made", "by", "level", "area", "until", ""), rows),))


def _told(plan: Plan, link: Link) -> dict[str, object]:
    """Return what is known of a link, its digest aside."""
    kept = {k: v for k, v in asdict(link).items() if k != "digest"}
    return {"alignment": plan.info.name, **kept, "area": _part(plan, link)}


def _part(plan: Plan, link: Link) -> str:
    """Return the name of the one area a link gives, "" when that is the whole."""
    area = None if link.area is None else plan.alignment.areas.get(link.area)
    return area.name if area else "" if link.area is None else "no longer there"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise typer.BadParameter(f"--until {text!r} is no day, as in 2027-01-31") from wrong
