"""Targets down the tree: shown level by level, carried down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import Note, PlanName, area_in, done, level_in, measure_in
from tp_geo.cli.reply import Cell, Reply, Table, amount, count, share
from tp_geo.cli.session import session_of
from tp_geo.errors import BadData, Refused

if TYPE_CHECKING:
    from tp_geo.domain.alignment import AreaId
    from tp_geo.domain.targets import Aim, SetTargets
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.targets import TargetRow, TargetTable

commands = typer.Typer(rich_markup_mode=None)

_PANEL = "Areas"
HELD = "held"
_COLUMNS = ("#", "area", "level", "minimum", "target", "maximum", "below", "planned", "gap",
            "deviation", "")  # fmt: skip


@commands.command(rich_help_panel=_PANEL)
def targets(
    ctx: typer.Context,
    name: PlanName,
    *,
    measure: Annotated[
        str | None, typer.Option(help="The measure; default: the first with a target.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="Only this area and those below it.")] = None,
    level: Annotated[str | None, typer.Option(help="Down to this level; default: all.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table to a file.")] = None,
) -> Reply:
    """Show target, planned, deviation and gap of every area, and splits that do not add up."""
    from tp_geo.workflow.targets import target_table

    plan = session_of(ctx).plan(name)
    table = target_table(plan, _measure(plan, measure))
    rows = _rows(plan, table, area, level)
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "measure": table.measure.name,
        "areas": rows,
        "target": table.target,
        "planned": table.planned,
        "unassigned": table.unassigned,
        "not_adding_up": sum(bool(row.misfit) for row in rows),
    }
    if csv is not None:
        _write(csv, rows)
        return Reply({**data, "file": str(csv)}, (f"{csv}: {count(len(rows), 'area')}",))
    first = f"{plan.info.name}, revision {plan.seq}: targets of {table.measure.label}"
    last: list[Cell] = ["", "All at the top", "", None, table.target, None, None, table.planned]
    shown = [*map(_row, rows), [*last, None, "", ""]]
    rest = f"{amount(table.unassigned)} unassigned"
    return Reply(data, (first, Table(_COLUMNS, shown), rest))


@commands.command("carry-down", rich_help_panel=_PANEL)
def carry_down(
    ctx: typer.Context,
    name: PlanName,
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="What the target is of.")],
    *,
    area: Annotated[
        str | None, typer.Option(help="Whose target; default: that of each area at the top.")
    ] = None,
    total: Annotated[
        str | None, typer.Option(help="How much to split; default: the target there is.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help='A measure that parts follow, "held" for the same; '
                                      "default: evenly.")
    ] = None,
    give: Annotated[
        list[str] | None, typer.Option(metavar="AREA=VALUE", help="What an area gets by hand.")
    ] = None,
    levels: Annotated[int, typer.Option(min=1, help="How many levels down.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the figures.")] = False,
    note: Note = "",
) -> Reply:  # fmt: skip
    """Split a target over the areas below, evenly, by potential or by hand, in one change."""
    from tp_geo.workflow import targets as work

    session = session_of(ctx)
    plan = session.plan(name)
    of = measure_in(plan.dataset, measure)
    potential = of if by == HELD else measure_in(plan.dataset, by) if by else ""
    asked = work.CarryDown(
        measure=of,
        area=None if area is None else area_in(plan, area),
        total=None if total is None else _figure(total, f"--total, {of}"),
        potential=potential,
        said=dict(_given(plan, text) for text in give or ()),
        levels=levels,
    )
    command = work.carry_down(plan, asked)
    changes = work.changed(plan, command)
    if dry_run:
        return _preview(plan, command, changes)
    reply = done(plan, plan.ask(command, by=session.user, note=note))
    return Reply(
        {**reply.data, "targets": _told(plan, changes)}, (*reply.text, _table(plan, changes))
    )


def _measure(plan: Plan, text: str | None) -> str:
    from tp_geo.domain.targets import aimed_at
    from tp_geo.workflow.targets import summed_measures

    if text is not None:
        return measure_in(plan.dataset, text)
    sums = [m.name for m in summed_measures(plan)]
    aimed = {m for area in plan.alignment.areas.values() for m in aimed_at(area)}
    found = next((m for m in sums if m in aimed), sums[0] if sums else None)
    if found is None:
        raise Refused("No measure of this dataset adds up, so there is nothing to split.")
    return found


def _rows(
    plan: Plan, table: TargetTable, area: str | None, level: str | None
) -> tuple[TargetRow, ...]:
    inside = None if area is None else {*plan.alignment.subtree(area_in(plan, area))}
    deepest = None if level is None else level_in(plan.alignment, level)
    return tuple(
        row
        for row in table.rows
        if (inside is None or row.id in inside) and (deepest is None or row.depth <= deepest)
    )


def _row(row: TargetRow) -> list[Cell]:
    goal = amount(row.target)
    return [
        row.id,
        "  " * (row.depth - 1) + row.name,
        row.level,
        row.minimum,
        f"Σ {goal}" if row.summed else goal,
        row.maximum,
        row.below,
        row.planned,
        amount(row.gap),
        share(row.deviation),
        row.misfit or ("off target" if row.off else ""),
    ]


def _write(path: Path, rows: tuple[TargetRow, ...]) -> None:
    from dataclasses import asdict, fields

    import pandas as pd

    from tp_geo.files.exports_csv import write_csv
    from tp_geo.workflow.targets import TargetRow

    if not path.parent.is_dir():
        raise BadData(f"There is no directory {path.parent}. Make it, or give another path.")
    names = [f.name for f in fields(TargetRow)]
    table = pd.DataFrame([asdict(row) for row in rows], columns=names)
    write_csv(table.astype(object).where(table.notna(), None), path)


def _given(plan: Plan, text: str) -> tuple[AreaId, float]:
    area, equals, value = text.rpartition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not AREA=VALUE, as in West=250000")
    at = area_in(plan, area)
    return at, _figure(value, f"--give, {plan.alignment.name(at)}")


def _figure(text: str, where: str) -> float:
    from tp_geo.workflow.cells import number

    figure = number(text)
    if figure is None or figure < 0:
        raise BadData(f"{where}: {text!r} is no target. Give a number of 0 or more.")
    return figure


def _preview(
    plan: Plan, command: SetTargets, changes: tuple[tuple[AreaId, Aim, Aim], ...]
) -> Reply:
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "changed": False,
        "measure": command.measure,
        "targets": _told(plan, changes),
    }
    first = f"{plan.info.name}: {count(len(changes), 'target')} would change; nothing is saved"
    return Reply(data, (first, _table(plan, changes)))


def _told(plan: Plan, changes: tuple[tuple[AreaId, Aim, Aim], ...]) -> list[dict[str, object]]:
    from tp_geo.domain.hierarchy import path

    return [{"area": path(plan.alignment, k), "was": was, "target": now} for k, was, now in changes]


def _table(plan: Plan, changes: tuple[tuple[AreaId, Aim, Aim], ...]) -> Table:
    rows = [
        ["  " * (plan.alignment.depth(k) - 1) + plan.alignment.name(k), was.ideal, now.ideal,
         now.minimum, now.maximum]
        for k, was, now in changes
    ]  # fmt: skip
    return Table(("area", "target", "new target", "minimum", "maximum"), rows)
