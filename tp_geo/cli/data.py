"""Datasets: listed, imported, repaired."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from itertools import count as numbers
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import More
from tp_geo.cli.reply import Reply, Table, cell, count
from tp_geo.cli.session import Progress, existing, session_of

if TYPE_CHECKING:
    from tp_geo.workflow.importing import ImportReport

commands = typer.Typer(rich_markup_mode=None)

Column: TypeAlias = Annotated[str | None, typer.Option(metavar="COL", help="Column; guessed.")]
RepairFile: TypeAlias = Annotated[
    Path | None, typer.Option(help="Where to write the rows to mend; default: beside FILE.")
]
_PANEL = "Data"


@commands.command("import", rich_help_panel=_PANEL)
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE ...", help="CSV, Parquet or XLSX.")],
    more: More = None,
    *,
    dataset: Annotated[str, typer.Option(help="What to call the dataset.")],
    id: Column = None,
    name: Column = None,
    postal: Column = None,
    lat: Column = None,
    lon: Column = None,
    country: Column = None,
    owner: Column = None,
    territory: Column = None,
    measure: Annotated[
        list[str] | None, typer.Option(metavar="COL ...", help="Columns of figures; guessed.")
    ] = None,
    boundaries: Annotated[str, typer.Option(metavar="KIND", help="What they lie in.")] = "postal",
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    repair_file: RepairFile = None,
) -> Reply:
    """Take accounts in, of several files as one; rows that match nothing go to a repair file."""
    from tp_geo.workflow.clock import now
    from tp_geo.workflow.importing import Order, import_dataset

    files, figures = _apart(more or (), measures=bool(measure))
    session, progress = session_of(ctx), Progress()
    columns = {
        "id": id, "name": name, "postal": postal, "lat": lat, "lon": lon,
        "country": country, "owner": owner, "territory": territory,
    }  # fmt: skip
    report = import_dataset(
        session.store,
        existing(file),
        Order(dataset, session.user, now(), repair_file or beside(file), progress),
        more=files,
        fixed={k: v for k, v in columns.items() if v},
        measures=[*(measure or ()), *figures],
        boundaries=boundaries,
        sheet=sheet,
    )
    progress.done()
    return reported(report)


@commands.command(rich_help_panel=_PANEL)
def repair(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The repair file, mended.")],
    *,
    dataset: Annotated[str, typer.Option(help="The dataset its rows belong to.")],
    repair_file: RepairFile = None,
) -> Reply:
    """Send a repair file back: its rows are put into the dataset, which is made anew."""
    from tp_geo.workflow.clock import now
    from tp_geo.workflow.importing import Order, send_back

    session, progress = session_of(ctx), Progress()
    report = send_back(
        session.store,
        existing(file),
        Order(dataset, session.user, now(), repair_file or beside(file), progress),
    )
    progress.done()
    return reported(report)


@commands.command(rich_help_panel=_PANEL)
def datasets(ctx: typer.Context) -> Reply:
    """List the datasets; default is built in."""
    planner = session_of(ctx).planner
    found = {i.name: i for i in planner.store.datasets()}
    rows = []
    for name in sorted({"default", *found}):
        dataset = planner.dataset(name)
        info = found.get(name)
        rows.append(
            {
                "dataset": name,
                "key": dataset.key,
                "boundaries": dataset.boundaries,
                "containers": dataset.items.containers,
                "units": len(dataset.items.container_of),
                "measures": [m.name for m in dataset.measures],
                "columns": sorted(dataset.attributes),
                "made": info.made if info else "",
                "source": dataset.source,
            }
        )
    columns = ("dataset", "boundaries", "containers", "units", "measures", "columns", "made")
    table = Table(columns, [[cell(row[c]) for c in columns] for row in rows])
    return Reply({"datasets": rows}, (table,))


def _apart(more: Sequence[str], *, measures: bool) -> tuple[list[Path], list[str]]:
    """Return which words after the first file are files, too, and which are measures."""
    files = [Path(word) for word in more if Path(word).is_file()]
    others = [word for word in more if not Path(word).is_file()]
    if others and not measures:
        raise typer.BadParameter(f"{others[0]!r} is no file. Check its name.")
    return files, others


def beside(file: Path) -> Path:
    """Return a path for a repair file where no file is: an older one may be half mended."""
    stem = file.stem.removesuffix(".repair")
    names = (f"{stem}.repair{'' if n == 1 else f'-{n}'}.csv" for n in numbers(1))
    folder = file.parent if os.access(file.parent, os.W_OK) else Path.cwd()
    return next(path for name in names if not (path := folder / name).exists())


def reported(report: ImportReport) -> Reply:
    """Return the reply to an import."""
    noun = "account" if report.codes else "row"
    rows = f"{report.matched:,} of {count(report.rows, noun)} matched"
    told: list[str | Table] = [f"{report.dataset}: {rows}, {report.repaired:,} of them repaired"]
    if report.codes:
        told.append(f"They came over as {count(report.codes, 'row')}, one for each code.")
    if report.unchanged:
        told.append("The store had this very dataset already.")
    told += report.notes
    if report.by_reason:
        told.append(Table(("reason", "rows"), list(report.by_reason.items())))
    if report.totals:
        told.append(Table(("measure", "total"), list(report.totals.items())))
    if report.columns:
        pairs = ", ".join(f"{field}: {column}" for field, column in report.columns.items())
        told.append(f"Columns: {pairs}")
    if report.repair_file:
        words = shlex.join(["tp-geo", "repair", report.repair_file, "--dataset", report.dataset])
        told.append(f"Mend the rows in {report.repair_file}, then: {words}")
    return Reply(report.to_json(), told)
