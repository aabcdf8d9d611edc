"""All scenarios of an alignment optimized at once, from the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from tp_geo.cli import optimize_options as said
from tp_geo.cli.asking import Note, PlanName, level_in, measure_in
from tp_geo.cli.reply import Reply, Table, count
from tp_geo.cli.session import Progress, session_of

commands = typer.Typer(rich_markup_mode=None)


@commands.command("optimize")
def optimize_all(
    ctx: typer.Context,
    name: PlanName,
    *,
    measure: Annotated[str, typer.Option("--measure", help="A measure that adds up.")] = "",
    level: Annotated[str, typer.Option(help="The level of areas, by name or number.")] = "1",
    preset: said.Preset = None,
    max_runtime_s: Annotated[float, typer.Option(min=0.1, help="Seconds at most for each.")] = 10.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same answer.")] = 0,
    note: Note = "",
) -> Reply:
    """Optimize each scenario of an alignment with the same options, as one revision each."""
    from tp_geo.workflow.scenario_optimize import Options
    from tp_geo.workflow.scenario_optimize import optimize_all as designed
    from tp_geo.workflow.scenarios import base_id
    from tp_geo.workflow.targets import summed_measures

    session = session_of(ctx)
    plan = session.plan(name)
    if plan.info.scenario:
        plan = session.plan(base_id(plan.info))
    sums = summed_measures(plan)
    by = measure_in(plan.dataset, measure) if measure or not sums else sums[0].name
    priorities = said.Priorities(preset, None, None, None, None)
    options = Options(
        by, level_in(plan.alignment, level), priorities.objective(), max_runtime_s, seed
    )
    progress = Progress()
    found = designed(session.planner, plan, options, by=session.user, note=note, told=progress)
    progress.done()
    changed = sum(d.changed for d in found)
    first = f"{count(changed, 'scenario')} of {len(found):,} optimized by {by}"
    rows = [[d.name, str(d.revision or ""), d.text] for d in found]
    data = {"alignment": plan.info.name, "measure": by, "scenarios": found}
    return Reply(data, (first, Table(("scenario", "revision", "what"), rows)))
