"""``tp-geo supplement``: a table joined by id brings figures, owners, locks and assignments."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import Note, PlanName
from tp_geo.cli.reply import Reply, Table, count
from tp_geo.cli.session import existing, session_of
from tp_geo.errors import BadData

if TYPE_CHECKING:
    import pandas as pd

commands = typer.Typer(rich_markup_mode=None)

_SHOWN = 20


class Join(StrEnum):
    """What the rows of a table are about."""

    UNIT = "unit"
    CONTAINER = "container"
    AREA = "area"


@commands.command(rich_help_panel="Data")
def supplement(
    ctx: typer.Context,
    name: PlanName,
    file: Annotated[Path, typer.Argument(help="CSV, Parquet or XLSX.")],
    *,
    level: Annotated[Join | None, typer.Option(help="What its rows are; guessed.")] = None,
    id: Annotated[str | None, typer.Option(metavar="COL", help="Column of ids; guessed.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    note: Note = "",
) -> Reply:
    """Join a table by id: it brings measures, owners, locks, targets, assignments in one pass."""
    from tp_geo.files.intake import read_table
    from tp_geo.workflow.reference import homes_in
    from tp_geo.workflow.supplement import apply_supplement, preview_supplement, renamed

    session = session_of(ctx)
    plan = session.plan(name)
    table = _under_id(read_table(existing(file)), id)
    joined = f"{level.value}s" if level else ""
    homes = partial(homes_in, session.planner, plan.dataset)
    preview = preview_supplement(plan.alignment, plan.dataset, table, joined, homes=homes)
    before = plan.dataset
    if not dry_run:
        plan, _ = apply_supplement(
            session.planner, plan, preview, by=session.user, source=file.name, note=note
        )
    data = {
        "alignment": plan.info.name,
        "dataset": plan.dataset.name,
        "revision": plan.seq,
        "dry_run": dry_run,
        **preview.to_json(),
    }
    told: list[str | Table] = [f"{'Would do: ' * dry_run}{preview}"]
    if new := renamed(before, plan.dataset):
        told.append(new)
    if preview.refused:
        told.append(f"The rules do not allow it: {preview.refused}")
    if preview.problems:
        rows = [(p.row, p.field, p.value, p.remedy) for p in preview.problems[:_SHOWN]]
        told.append(Table(("row", "column", "value", "problem"), rows))
    if len(preview.problems) > _SHOWN:
        told.append(f"and {count(len(preview.problems) - _SHOWN, 'more problem')}; --json has all")
    return Reply(data, told)


def _under_id(table: pd.DataFrame, column: str | None) -> pd.DataFrame:
    """Return the table with the given column as its one column of ids."""
    if column is None:
        return table
    if column not in table.columns:
        there = ", ".join(map(str, table.columns[:10])) or "none"
        raise BadData(f"The table has no column {column!r}. Columns: {there}.")
    others = [c for c in table.columns if c not in (column, "id")]
    return table[[column, *others]].rename(columns={column: "id"})
