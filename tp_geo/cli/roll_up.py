"""``tp-geo roll-up``: accounts stay where they are, a figure for each container comes over."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import More
from tp_geo.cli.data import RepairFile, beside, reported
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import Progress, session_of

if TYPE_CHECKING:
    from tp_geo.cli.session import Session
    from tp_geo.workflow.importing import Order
    from tp_geo.workflow.rolling_up import Choice

commands = typer.Typer(rich_markup_mode=None)


@commands.command("roll-up", rich_help_panel="Data")
def roll_up(
    ctx: typer.Context,
    files: More = None,
    *,
    dataset: Annotated[str, typer.Option(help="What to call the dataset.")] = "",
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="ADDRESS", help="The warehouse: postgresql://…"),
    ] = None,
    table: Annotated[str, typer.Option(help="Its table or view: sales.accounts.")] = "",
    postal: Annotated[
        str, typer.Option("--postal", metavar="COL", help="Column of postal codes; guessed.")
    ] = "",
    country: Annotated[str, typer.Option(metavar="COL", help="Column of countries.")] = "",
    measure: Annotated[
        list[str] | None, typer.Option(metavar="COL", help="A column to add up; may be repeated.")
    ] = None,
    boundaries: Annotated[str, typer.Option(metavar="KIND", help="What they lie in.")] = "postal",
    statement: Annotated[
        str | None,
        typer.Option(
            metavar="ENGINE",
            help="Only print the statement, to run there: postgresql, redshift, snowflake, "
            "bigquery, databricks, sqlserver, duckdb.",
        ),
    ] = None,
    repair_file: RepairFile = None,
) -> Reply:
    """Roll accounts up where they are, a warehouse or Parquet files; only totals come over."""
    from tp_geo.workflow.rolling_up import (
        ADDRESS,
        Choice,
        roll_up_files,
        roll_up_warehouse,
    )

    session, choice = session_of(ctx), Choice(postal, country, tuple(measure or ()))
    if statement is not None:
        return _statement(session, statement, table, choice, boundaries)
    if not dataset:
        raise typer.BadParameter("say what to call the dataset: --dataset NAME")
    if bool(files) == bool(table):
        raise typer.BadParameter("give Parquet files, or --table with --from ADDRESS")
    address = from_ or os.environ.get(ADDRESS, "")
    if table and not address:
        raise typer.BadParameter(f"--table needs --from ADDRESS, or {ADDRESS} that says it")
    progress = Progress()
    order = _order(session, dataset, repair_file, progress)
    if files:
        paths = [Path(f) for f in files]
        report = roll_up_files(session.store, paths, choice, order, boundaries=boundaries)
    else:
        report = roll_up_warehouse(
            session.store, address, table, choice, order, boundaries=boundaries
        )
    progress.done()
    return reported(report)


def _order(session: Session, dataset: str, repair_file: Path | None, progress: Progress) -> Order:
    from tp_geo.workflow.clock import now
    from tp_geo.workflow.importing import Order

    to = repair_file or beside(Path(re.sub(r"[^\w.-]+", "-", dataset)))
    return Order(dataset, session.user, now(), to, progress)


def _statement(session: Session, engine: str, table: str, choice: Choice, boundaries: str) -> Reply:
    from tp_geo.workflow.rolling_up import statement_for

    if not table:
        raise typer.BadParameter("say what table to roll up: --table NAME")
    text = statement_for(session.store, engine, table, choice, boundaries=boundaries)
    return Reply({"engine": engine, "statement": text}, (text,))
