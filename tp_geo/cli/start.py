"""``tp-geo new``: an alignment from the top, or from a model that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import Count, Level, More, Names, Note, PlanName, all_names
from tp_geo.cli.plans import started
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import Session, existing, session_of
from tp_geo.errors import Refused

if TYPE_CHECKING:
    from tp_geo.domain.alignment import Alignment
    from tp_geo.domain.commands import Command
    from tp_geo.domain.dataset import Dataset

commands = typer.Typer(rich_markup_mode=None)


@commands.command(rich_help_panel="Alignments")
def new(
    ctx: typer.Context,
    name: PlanName,
    more: More = None,
    *,
    dataset: Annotated[str | None, typer.Option(help="Default: the embedded one.")] = None,
    level: Level = "Region",
    areas: Count = 0,
    names: Names = None,
    from_file: Annotated[
        Path | None, typer.Option("--from", help="A table of areas: name, parent, …")
    ] = None,
    columns: Annotated[str | None, typer.Option(help="Columns of the data, a level each.")] = None,
    copy: Annotated[str | None, typer.Option(help="Another alignment.")] = None,
    sample: Annotated[str | None, typer.Option(help='A sample: "Census divisions", …')] = None,
    note: Note = "",
) -> Reply:
    """Start an alignment from the top, all units unassigned, or from a model."""
    session = session_of(ctx)
    called = all_names(names, more)
    models = [m for m in (from_file, columns, copy, sample, called or areas or None) if m]
    if len(models) > 1:
        raise typer.BadParameter(
            "give one of --areas, --names, --from, --columns, --copy, --sample"
        )
    if copy and dataset is None:
        return started(session.planner.copy(session.plan(copy), name, by=session.user))
    source = dataset or "default"
    words = {"columns": columns, "copy": copy, "sample": sample}
    return started(
        session.planner.create(
            name,
            source,
            by=session.user,
            level=level,
            areas=called or areas,
            model=_model(session, source, from_file, words),
            note=note,
        )
    )


def _model(
    session: Session, dataset: str, table: Path | None, words: dict[str, str | None]
) -> Command | None:
    """Return the command that brings in what the new alignment starts with, if anything."""
    from tp_geo.workflow import models

    found = session.planner.dataset(dataset)
    if table is not None:
        from tp_geo.files.intake import read_table
        from tp_geo.workflow.model_tables import from_table

        rows = read_table(existing(table))
        model = from_table(rows, found.items, [m.name for m in found.measures])
        return models.Adopt(model, f"took the areas of {table.name}")
    match {k: v for k, v in words.items() if v}:
        case {"columns": columns}:
            levels = all_names([columns], None)
            return models.Adopt(
                _columns(session, found, levels), f"took the areas of {', '.join(levels)}"
            )
        case {"copy": other}:
            plan = session.plan(other)
            carried = models.from_alignment(plan.alignment, plan.dataset, found)
            return models.Adopt(carried.model, f"took the areas of {plan.info.name}: {carried}")
        case {"sample": sample}:
            if sample not in models.SAMPLES:
                known = "; ".join(models.SAMPLES)
                raise Refused(f"There is no sample called {sample!r}. Samples: {known}.")
            return models.Adopt(
                _columns(session, found, models.SAMPLES[sample]), f"took the sample {sample}"
            )
    return None


def _columns(session: Session, dataset: Dataset, columns: Sequence[str]) -> Alignment:
    from tp_geo.workflow.model_columns import from_columns
    from tp_geo.workflow.places import find_places

    places = find_places(session.planner, dataset, columns)
    return from_columns(dataset, columns, within=places.within, labels=places.labels)
