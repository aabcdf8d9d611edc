"""Alignments and stores as files: exported, opened, backed up, recovered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import level_in
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import Progress, existing, session_of
from tp_geo.errors import Refused

if TYPE_CHECKING:
    from tp_geo.report.atlas import Changes
    from tp_geo.workflow.differences import Side
    from tp_geo.workflow.planner import Planner

commands = typer.Typer(rich_markup_mode=None)

_PANEL = "Files"
_SHAPEFILE = ".zip"
_LEVELED = (".png", ".svg", ".pdf", ".html")
_SHAPES = (".geojson", ".parquet", ".gpkg", _SHAPEFILE, *_LEVELED)
_REMEDY = "Get the official ones: tp-geo boundaries get zcta2020"
_FORMS = {
    "--what": (".csv", ".geojson", ".parquet", _SHAPEFILE),
    "--level": _LEVELED,
    "--figures": (".tpgeo",),
    "--since": (".pdf",),
}
"""Which files an option says something about."""


@commands.command(rich_help_panel=_PANEL)
def export(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="A", help="A, A@REVISION or A@SNAPSHOT.")],
    *,
    to: Annotated[Path, typer.Option(metavar="FILE", help="Its suffix says in which form.")],
    what: Annotated[
        str,
        typer.Option(
            help=".csv: items, areas, containers, units, history; shapes: areas, containers."
        ),
    ] = "",
    level: Annotated[str | None, typer.Option(help="The level that is shown.")] = None,
    figures: Annotated[
        bool, typer.Option("--figures", help="A plan file that carries the data, too.")
    ] = False,
    since: Annotated[
        str, typer.Option(metavar="B", help="What areas gained and lost since B, B@REVISION ...")
    ] = "",
) -> Reply:
    """Write an alignment as a table, shapes, a picture, a map book or a plan file.

    .csv .xlsx .geojson .parquet .gpkg .zip .png .svg, .pdf (a page for each area),
    .html (a map for any browser), .tpgeo.
    """
    from tp_geo.workflow.differences import find_side
    from tp_geo.workflow.exporting import export as write

    given = {"--what": what, "--level": level, "--figures": figures, "--since": since}
    _check_form(to.suffix.lower(), given)
    session, progress = session_of(ctx), Progress()
    side = find_side(session.planner, name)
    depth = None if level is None else level_in(side.alignment, level)
    path = write(
        side.plan,
        to,
        what=what,
        depth=depth,
        seq=side.revision,
        by=session.user,
        figures=figures,
        changes=_changes(session.planner, since, side, depth) if since else None,
        told=progress,
    )
    progress.done()
    data: dict[str, object] = {
        "alignment": side.plan.info.name,
        "revision": side.revision,
        "file": str(path),
        "bytes": path.stat().st_size,
        "approximate": side.plan.boundaries.approximate,
    }
    told = [f"{side.plan.info.name}, revision {side.revision}, is in {path}"]
    if side.plan.boundaries.approximate and to.suffix.lower() in _SHAPES:
        told.append(f"Shapes are approximate: {side.plan.boundaries.title}. {_REMEDY}")
    if to.suffix.lower() == _SHAPEFILE:
        from tp_geo.files.exports_shapefile import NOTES, notes_of

        if notes := notes_of(path):
            told += [f"A shapefile's names and texts are short, see {NOTES} in it:", *notes]
            data["shortened"] = notes
    return Reply(data, told)


@commands.command("open", rich_help_panel=_PANEL)
def open_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .tpgeo file.")],
    called: Annotated[str, typer.Option("--as", help="Its name here; default: its own.")] = "",
    dataset: Annotated[str, typer.Option(help="The dataset it goes onto.")] = "",
) -> Reply:
    """Take a plan file in as a new alignment, with its history."""
    from tp_geo.workflow.plan_import import import_plan

    session = session_of(ctx)
    opened = import_plan(
        session.planner, existing(file), by=session.user, name=called, dataset=dataset
    )
    data = {
        "alignment": opened.plan.info.name,
        "id": opened.plan.info.id,
        "dataset": opened.plan.dataset.name,
        "revision": opened.plan.seq,
        "areas": len(opened.plan.alignment.areas),
        "same_dataset": opened.same_dataset,
        "lost": opened.lost,
        "log_left": opened.unlogged,
        "measures_missing": opened.measures,
    }
    return Reply(data, (str(opened),))


@commands.command(rich_help_panel=_PANEL)
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
) -> Reply:
    """Write the whole store to a new file, as it is at this moment."""
    session = session_of(ctx)
    if file.exists():
        raise Refused(f"{file} is there already. Give the name of a new file.")
    session.store.backup(file)
    data = {"backup": str(file), "store": session.store.address, "bytes": file.stat().st_size}
    return Reply(data, (f"The store {session.store.address} is saved as {file}",))


@commands.command(rich_help_panel=_PANEL)
def recover(ctx: typer.Context) -> Reply:
    """Rebuild the alignments of a damaged store from the journal beside it."""
    from tp_geo.store import recover as rebuild

    notes = rebuild(session_of(ctx).address)
    return Reply({"notes": notes}, notes)


def _changes(planner: Planner, since: str, side: Side, depth: int | None) -> Changes:
    """Return what areas gained and lost since another alignment, revision or snapshot."""
    from tp_geo.domain.hierarchy import levels
    from tp_geo.workflow.compare import changes_since
    from tp_geo.workflow.differences import find_side

    before, lowest = find_side(planner, since), len(levels(side.alignment))
    return changes_since(planner, before, side, depth or max(lowest, 1), since)


def _check_form(suffix: str, given: Mapping[str, object]) -> None:
    """Refuse an option that says nothing about a file of this form."""
    from tp_geo.workflow.exporting import SUFFIXES

    for option, value in given.items():
        if value and suffix not in _FORMS[option] and suffix in SUFFIXES:
            raise typer.BadParameter(f"{option} is for {', '.join(_FORMS[option])}, not {suffix}")
