"""``tp-geo refresh``: a plan put on newer data in place, and what that changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import Note, PlanName
from tp_geo.cli.reply import Reply, Table, cell, count
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    import pandas as pd

    from tp_geo.workflow.refreshing import Refresh

commands = typer.Typer(rich_markup_mode=None)

_SHOWN = 20


@commands.command(rich_help_panel="Data")
def refresh(
    ctx: typer.Context,
    name: PlanName,
    *,
    dataset: Annotated[
        str, typer.Option(help="Another dataset; without it, the newest version of its own.")
    ] = "",
    back: Annotated[
        bool, typer.Option("--back", help="Go back to the data before the last refresh.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    csv: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the report's tables there.")
    ] = None,
    note: Note = "",
) -> Reply:
    """Put a plan on the newest version of its data: accounts new, gone, moved; areas affected."""
    from tp_geo.workflow.refreshing import apply_refresh, data_before, go_back, preview_refresh
    from tp_geo.workflow.refreshing_tables import tables

    session = session_of(ctx)
    planner, plan = session.planner, session.plan(name)
    if back and dataset:
        raise typer.BadParameter("give --back or --dataset, not both")
    found = data_before(planner, plan) if back else preview_refresh(planner, plan, dataset)
    report = tables(found)
    if csv is not None:
        write_tables(report, csv)
    if not dry_run:
        do = go_back if back else apply_refresh
        plan, _ = do(planner, plan, found, by=session.user, note=note)
    data = {
        "alignment": plan.info.name,
        "dataset": found.after.name,
        "key": found.after.key,
        "before": found.before.key,
        "revision": plan.seq,
        "dry_run": dry_run,
        "new": len(found.new),
        "gone": len(found.gone),
        "moved": found.moved.shape[1],
        "to_another_area": found.elsewhere,
        "changed": found.changed,
        "kept": found.kept,
        "lost": found.lost,
        **{name: table.to_dict("records") for name, table in report.items()},
    }
    return Reply(data, _told(found, report, would=dry_run))


def write_tables(report: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write the tables of a report as CSV, each in a file of its name."""
    from tp_geo.files.exports_csv import write_csv

    folder.mkdir(parents=True, exist_ok=True)
    for name, table in report.items():
        write_csv(table, folder / f"{name}.csv")


def shown(report: dict[str, pd.DataFrame]) -> list[str | Table]:
    """Return the beginning of each table, and how many rows there are beyond."""
    told: list[str | Table] = []
    for table in report.values():
        if len(table):
            rows = [[cell(v) for v in row] for row in table.head(_SHOWN).itertuples(index=False)]
            told.append(Table([str(c) for c in table.columns], rows))
        if len(table) > _SHOWN:
            told.append(f"and {count(len(table) - _SHOWN, 'more row')}; --json and --csv have all")
    return told


def _told(found: Refresh, report: dict[str, pd.DataFrame], *, would: bool) -> list[str | Table]:
    told: list[str | Table] = [f"{'Would do: ' * would}{found}"]
    if found.kept:
        told.append(f"Carried along, as the newer data have none: {', '.join(found.kept)}")
    if found.lost:
        told.append(f"Areas have targets by what is no more: {', '.join(found.lost)}")
    return [*told, *shown(report)]
