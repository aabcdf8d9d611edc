"""Challenges from the command line: asked, listed, decided."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tp_geo.cli.asking import AreaName, PlanName, area_in
from tp_geo.cli.items import Codes, find_items
from tp_geo.cli.reply import Reply, Table, amount
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.workflow.challenging import Challenge
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)
_PANEL = "Review"


@commands.command(rich_help_panel=_PANEL)
def challenge(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    wish: Annotated[Literal["keep", "give", "take"], typer.Argument(metavar="keep|give|take")],
    codes: Codes,
    *,
    why: Annotated[str, typer.Option(help="The reason; whoever decides reads it.")],
    to: Annotated[str | None, typer.Option(help="The area that gets what is given.")] = None,
) -> Reply:
    """Ask that an area keep, give away or take containers or units; others decide."""
    from tp_geo.domain.alignment import UNASSIGNED
    from tp_geo.domain.challenges import Wish
    from tp_geo.workflow.challenging import challenge

    if to is not None and wish != "give":
        raise typer.BadParameter("--to goes with give")
    session = session_of(ctx)
    plan = session.plan(name)
    items = find_items(plan.dataset, codes)
    made = challenge(
        plan, Wish(wish), area_in(plan, area), plan.dataset.codes[items].tolist(),
        by=session.user, reason=why, to=area_in(plan, to) if to else UNASSIGNED,
    )  # fmt: skip
    return _done(plan, made, f"challenge {made.number}: {made.text}; {_who(made)}")


@commands.command(rich_help_panel=_PANEL)
def challenges(
    ctx: typer.Context,
    name: PlanName,
    *,
    still_open: Annotated[bool, typer.Option("--open", help="Only those not decided.")] = False,
    until: Annotated[
        str | None,
        typer.Option(metavar="DAY", help='Hear challenges until this day; "" without end.'),
    ] = None,
) -> Reply:
    """List the challenges, open ones first; --until says how long they are heard."""
    from tp_geo.domain.periods import day_text, parse_day
    from tp_geo.workflow.challenging import challenges, last_day, put_last_day

    plan = session_of(ctx).plan(name)
    if until is not None:
        put_last_day(plan, parse_day(until, "The last day") if until else None)
    found, ends = challenges(plan, still_open=still_open), last_day(plan)
    rows = [(c.number, c.text, c.by, c.reason, c.verdict.value, c.decided_by) for c in found]
    table = Table(("#", "asked", "by", "why", "verdict", "decided by"), rows)
    heard = f"until {day_text(ends)}" if ends else "without end"
    heard = f"{plan.info.name}: challenges are heard {heard}"
    data = {
        "alignment": plan.info.name,
        "until": ends.isoformat() if ends else "",
        "challenges": [asdict(c) for c in found],
    }
    return Reply(data, (heard, *((table,) if found else ("There are none so far.",))))


@commands.command(rich_help_panel=_PANEL)
def decide(
    ctx: typer.Context,
    name: PlanName,
    number: Annotated[int, typer.Argument(metavar="N", help="The challenge.")],
    verdict: Annotated[
        Literal["accept", "decline", "withdraw", "show"],
        typer.Argument(metavar="accept|decline|withdraw|show"),
    ],
    *,
    why: Annotated[str, typer.Option(help="The reason; a refusal needs one.")] = "",
    measure: Annotated[
        str | None, typer.Option(help="What show counts; default: the first.")
    ] = None,
) -> Reply:
    """Accept a challenge, which changes the plan, decline it, withdraw it, or show its effect."""
    from tp_geo.workflow import challenging

    session = session_of(ctx)
    plan = session.plan(name)
    match verdict:
        case "accept":
            made = challenging.accept(plan, number, by=session.user, reason=why)
        case "decline":
            made = challenging.decline(plan, number, by=session.user, reason=why)
        case "withdraw":
            made = challenging.withdraw(plan, number, by=session.user, reason=why)
        case _:
            return _effect(plan, number, measure or plan.dataset.measures[0].name)
    did = f", revision {made.revision}" if made.revision else ""
    return _done(plan, made, f"challenge {number} is {made.verdict}{did}")


def _effect(plan: Plan, number: int, measure: str) -> Reply:
    from tp_geo.workflow.challenging import effects

    found = effects(plan, number, measure)
    rows = [
        (e.name, amount(e.before), amount(e.after), "" if e.target is None else amount(e.target))
        for e in found
    ]
    data = {"alignment": plan.info.name, "effects": [asdict(e) for e in found]}
    return Reply(data, (Table(("area", f"{measure} now", "then", "target"), rows),))


def _who(made: Challenge) -> str:
    return f"{' or '.join(made.decides)} decides" if made.decides else "anybody else decides"


def _done(plan: Plan, made: Challenge, text: str) -> Reply:
    return Reply({"alignment": plan.info.name, **asdict(made)}, (f"{plan.info.name}: {text}",))
