"""How many areas a capacity needs: found, told, and made in one revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from tp_geo.cli.optimize_options import capacity
from tp_geo.cli.reply import Cell, Reply, Table
from tp_geo.cli.session import Progress, session_of

if TYPE_CHECKING:
    from tp_geo.workflow.optimizing import Request
    from tp_geo.workflow.plan import Plan


def numbered(
    ctx: typer.Context,
    plan: Plan,
    request: Request,
    text: str,
    level: str | None,
    *,
    dry_run: bool,
    note: str,
) -> Reply:
    """Divide the area in focus, or what is unassigned, into the fewest areas of a capacity."""
    from tp_geo.domain.naming import level_below
    from tp_geo.workflow.optimizing_divide import areas_for
    from tp_geo.workflow.optimizing_note import noted

    tops = request.focus.areas or ()
    if len(tops) > 1:
        raise typer.BadParameter("--number divides one area; give one --focus, or none")
    area = tops[0] if tops else None
    measure, most = capacity(plan, text)
    progress = Progress()
    found = areas_for(plan, area, measure, most, request=request, told=progress)
    progress.done()
    command = found.command(plan.alignment, level or level_below(plan.alignment, area))
    said = f"{found.parts} areas of at most {most:,.0f} {measure}, {found.least} at the least"
    why = noted(request, note)
    changed = not dry_run and plan.ask(command, by=session_of(ctx).user, note=why) is not None
    rows: list[list[Cell]] = [
        [name, float(total)] for name, total in zip(command.names, found.totals, strict=True)
    ]
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "changed": changed,
        "text": said,
        "areas": found.parts,
        "least": found.least,
        "capacity": {measure: most},
        "after": [{"name": name, "totals": {measure: total}} for name, total in rows],
    }
    first = f"{plan.info.name}, revision {plan.seq}{', preview' if dry_run else ''}: {said}"
    return Reply(data, (first, Table(("area", measure), rows)))
