"""``tp-geo new``: an alignment from the top, or from a model that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import (
    Count,
    Description,
    Level,
    More,
    Names,
    Note,
    OverlapName,
    PlanName,
    ProfileName,
    all_names,
    overlap_of,
    profile_of,
)
from tp_geo.cli.plans import started
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import Session, existing, session_of
from tp_geo.errors import Refused

if TYPE_CHECKING:
    from tp_geo.domain.alignment import Alignment
    from tp_geo.domain.commands import Command
    from tp_geo.domain.dataset import Dataset

Model: TypeAlias = "tuple[Alignment | None, str]"
"""An alignment to start from, None for none, and where it comes from."""

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
    unassigned: Annotated[
        bool, typer.Option("--unassigned", help="Of a model, take the areas only.")
    ] = False,
    description: Description = None,
    profile: ProfileName = None,
    overlap: OverlapName = "none",
    note: Note = "",
) -> Reply:
    """Start an alignment from the top, all units unassigned, or from a model."""
    from tp_geo.domain.sharing import AllowOverlap

    session = session_of(ctx)
    called = _first_names(level, areas, all_names(names, more))
    words = {"columns": columns, "copy": copy, "sample": sample}
    for option, value in words.items():
        if value is not None and not value.strip(" ,"):
            raise typer.BadParameter(f"--{option} is blank; leave it out or say which")
    if len([m for m in (from_file, *words.values(), called) if m]) > 1:
        raise typer.BadParameter("give areas or one of --from, --columns, --copy, --sample")
    if copy and not dataset and not unassigned:
        made = session.planner.copy(session.plan(copy), name, by=session.user)
        if overlap != "none":
            made.ask(AllowOverlap(overlap_of(overlap)), by=session.user)
        if description is not None or profile:
            shape = profile_of(profile) if profile else None
            session.planner.describe(made, description=description, profile=shape)
        return started(made)
    source = dataset or (session.plan(copy).dataset.name if copy else "default")
    return started(
        session.planner.create(
            name,
            source,
            by=session.user,
            level=level,
            areas=called,
            model=_adopted(session, source, from_file, words, unassigned=unassigned),
            note=note,
            description=description or "",
            profile=profile_of(profile or "contiguous"),
            overlap=overlap_of(overlap),
        )
    )


def _first_names(level: str, areas: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names, and numbered ones up to the number of areas."""
    from tp_geo.domain.naming import new_names

    return new_names(level, areas, names)


def _adopted(
    session: Session,
    dataset: str,
    table: Path | None,
    words: dict[str, str | None],
    *,
    unassigned: bool,
) -> Command | None:
    """Return the command that brings in what the new alignment starts with, if anything."""
    from tp_geo.domain.alignment import Alignment
    from tp_geo.workflow.models import Adopt

    found = session.planner.dataset(dataset)
    model, text = _from_table(session, found, table) if table else _model(session, found, words)
    if model is None:
        return None
    if unassigned:
        model = replace(Alignment.empty(model.items), areas=model.areas)
    return Adopt(model, text)


def _from_table(session: Session, dataset: Dataset, file: Path) -> Model:
    from tp_geo.files.intake import read_table
    from tp_geo.workflow.model_tables import from_table
    from tp_geo.workflow.reference import homes_in

    homes = partial(homes_in, session.planner, dataset)
    measures = [m.name for m in dataset.measures]
    model = from_table(read_table(existing(file)), dataset.items, measures, homes)
    return model, f"took the areas of {file.name}"


def _model(session: Session, dataset: Dataset, words: dict[str, str | None]) -> Model:
    from tp_geo.workflow.models import SAMPLES, from_alignment

    match {k: v for k, v in words.items() if v}:
        case {"columns": columns}:
            levels = all_names([columns], None)
            return _columns(session, dataset, levels), f"took the areas of {', '.join(levels)}"
        case {"copy": other}:
            plan = session.plan(other)
            carried = from_alignment(plan.alignment, plan.dataset, dataset)
            return carried.model, f"took the areas of {plan.info.name}: {carried}"
        case {"sample": sample}:
            if sample not in SAMPLES:
                known = "; ".join(SAMPLES)
                raise Refused(f"There is no sample called {sample!r}. Samples: {known}.")
            return _columns(session, dataset, SAMPLES[sample]), f"took the sample {sample}"
    return None, ""


def _columns(session: Session, dataset: Dataset, columns: Sequence[str]) -> Alignment:
    from tp_geo.workflow.model_columns import from_columns
    from tp_geo.workflow.places import find_places

    places = find_places(session.planner, dataset, columns)
    return from_columns(dataset, columns, within=places.within, labels=places.labels)
