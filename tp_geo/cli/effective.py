"""From which day on alignments are valid, and which is in force."""

from __future__ import annotations

from typing import Annotated

import typer

from tp_geo.cli.asking import PlanName
from tp_geo.cli.reply import Reply, Table
from tp_geo.cli.session import session_of

commands = typer.Typer(rich_markup_mode=None)


@commands.command(rich_help_panel="Alignments")
def valid(
    ctx: typer.Context,
    name: PlanName,
    *,
    start: Annotated[
        str, typer.Option("--from", metavar="DAY", help="The first day, as 2027-07-01.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="The last day, if there is one.")] = "",
    end_others: Annotated[
        bool,
        typer.Option("--end-others", help="End those of its line before it the day before."),
    ] = False,
    never: Annotated[bool, typer.Option("--never", help="Take the days away.")] = False,
) -> Reply:
    """Say from which day on an alignment is valid, and until when."""
    from tp_geo.domain.periods import period_of
    from tp_geo.workflow import clock
    from tp_geo.workflow.effective import period_text, set_period

    if never == bool(start or until):
        raise typer.BadParameter("give --from DAY, with --until DAY where it ends, or --never")
    session = session_of(ctx)
    period_of(start, until)
    plan, ended = set_period(
        session.planner, session.plan(name), start, until, ending_others=end_others
    )
    info, today = plan.info, clock.today()
    said = [f"{info.name}: {period_text(info, today) or 'valid from no day'}"]
    said += [f"{i.name}: {period_text(i, today)}" for i in ended]
    data = {
        "alignment": info.name,
        "valid_from": info.valid_from or None,
        "valid_until": info.valid_until or None,
        "ended": [{"alignment": i.name, "valid_until": i.valid_until} for i in ended],
    }
    return Reply(data, tuple(said))


@commands.command("in-force", rich_help_panel="Alignments")
def in_force(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="[DAY]", help="As 2027-07-01; else today.")] = "",
    *,
    dataset: Annotated[str, typer.Option(help="Only alignments on this dataset.")] = "",
) -> Reply:
    """Tell which alignment of each line of copies is in force on a day, and which follow."""
    from tp_geo.domain.periods import day_text, parse_day
    from tp_geo.workflow import clock
    from tp_geo.workflow.effective import lines, period_text

    on = parse_day(day) if day else clock.today()
    found = [line for line in lines(session_of(ctx).planner, dataset) if line.dated]
    data = {
        "day": on.isoformat(),
        "lines": [
            {
                "first": line.first.name,
                "in_force": now.name if (now := line.on(on)) else None,
                "alignments": [
                    {
                        "alignment": i.name,
                        "valid_from": i.valid_from,
                        "valid_until": i.valid_until or None,
                    }
                    for i in line.dated
                ],
            }
            for line in found
        ],
    }
    rows = [[line.first.name, i.name, period_text(i, on)] for line in found for i in line.dated]
    none = "No alignment has days. Give one: tp-geo valid A --from 2027-07-01"
    table = Table(("line of", "alignment", f"on {day_text(on)}"), rows)
    return Reply(data, (table if rows else none,))
