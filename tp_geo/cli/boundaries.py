"""``tp-geo boundaries``: which sets there are, one's own, the official ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.reply import Reply, Table, cell, count
from tp_geo.cli.session import Progress, Session, existing, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tp_geo.geometry.boundaries import Boundaries
    from tp_geo.geometry.mending import Mending

commands = typer.Typer(rich_markup_mode=None)
boundaries = typer.Typer(rich_markup_mode=None)
commands.add_typer(boundaries, name="boundaries", rich_help_panel="Data")

_COLUMNS = ("kind", "title", "count", "vintage", "country", "approximate", "active", "source")
_MEGABYTE = 1_000_000


@boundaries.callback(invoke_without_command=True)
def list_(ctx: typer.Context) -> Reply | None:
    """List the boundary sets; add your own; get the official ones."""
    if ctx.invoked_subcommand:
        return None
    from tp_geo.workflow.boundary_list import boundary_sets

    found = boundary_sets(session_of(ctx).planner)
    table = Table(_COLUMNS, [[cell(getattr(i, c)) for c in _COLUMNS] for i in found])
    return Reply({"boundaries": found}, (table,))


@boundaries.command()
def add(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="GeoParquet, GeoJSON, GeoPackage or a zipped shapefile."),
    ],
    *,
    kind: Annotated[str, typer.Option(help="postal, county, state, or a kind of your own.")],
    code: Annotated[str | None, typer.Option(help="Column of codes; guessed.")] = None,
    name: Annotated[str | None, typer.Option(help="Column of names; guessed.")] = None,
    title: Annotated[str, typer.Option(help="What to call the set.")] = "",
    vintage: Annotated[str, typer.Option(help="When the borders were so.")] = "",
    source: Annotated[str, typer.Option(help="Who says so; default: the file.")] = "",
    licence: Annotated[str, typer.Option(help="On what terms.")] = "",
    country: Annotated[str, typer.Option(help="Two letters, as in US, or its name.")] = "",
    leave_plans: Annotated[
        bool, typer.Option("--leave-plans", help="Plans stay where they are, to be migrated.")
    ] = False,
) -> Reply:
    """Take in polygons of your own; they are the active set of their kind from then on."""
    from tp_geo.workflow.boundaries import own_boundaries

    session, progress = session_of(ctx), Progress()
    made, mendings = own_boundaries(
        existing(file),
        code=code,
        name=name,
        told=progress,
        kind=kind,
        title=title or file.stem,
        vintage=vintage,
        source=source or file.name,
        licence=licence,
        country=country,
    )
    return _taken(session, made, mendings, progress, carry=not leave_plans)


@boundaries.command()
def combine(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it; also its kind.")],
    *,
    of: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COUNTRY=SET", help="A country and the kind, title or key of its set; repeat."
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="COUNTRY", help="A country the combination loses; repeat."),
    ] = None,
) -> Reply:
    """Combine sets of several countries to one; what was in it before stays unless given anew."""
    from tp_geo.workflow.countries import combine

    session, progress = session_of(ctx), Progress()
    chosen = dict(map(_chosen, of or ()))
    made, mendings = combine(session.planner, name, chosen, without=without or (), told=progress)
    return _taken(session, made, mendings, progress)


def _chosen(text: str) -> tuple[str, str]:
    country, found, what = text.partition("=")
    if not (found and country.strip() and what.strip()):
        raise typer.BadParameter(f"{text!r} is not COUNTRY=SET, such as CA=fsa")
    return country.strip(), what.strip()


@boundaries.command()
def get(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="SET", help="zcta2020.")] = "zcta2020",
    url: Annotated[
        str | None, typer.Option(envvar="TP_GEO_CENSUS_URL", help="Another place to fetch from.")
    ] = None,
) -> Reply:
    """Get official boundaries; a download that broke off goes on where it was."""
    from platformdirs import user_cache_path

    from tp_geo.workflow.boundaries import get_official, official_boundaries

    session, progress = session_of(ctx), Progress()
    session.open()  # refuses before the download when another process has the store

    def have(got: int, total: int | None) -> None:
        of = f" of {total / _MEGABYTE:,.0f}" if total else ""
        progress(f"Fetching {got / _MEGABYTE:,.0f}{of} MB", got / total if total else 0.0)

    cache = user_cache_path("tp-geo", appauthor=False)
    file = get_official(what, url=url, cache_dir=cache, progress=have)
    made, mendings = official_boundaries(file, what, told=progress)
    return _taken(session, made, mendings, progress)


def _taken(
    session: Session,
    made: Boundaries,
    mendings: Sequence[Mending],
    progress: Progress,
    *,
    carry: bool = True,
) -> Reply:
    """Keep a set, carry the plans of its kind over to it, and say what was done."""
    from tp_geo.workflow.layers import carry_over, take_in

    planner = session.planner
    info = take_in(planner, made, progress=progress)
    progress("Carrying plans over", 1.0)
    carried = carry_over(planner, made) if carry else ()
    progress.done()
    data = {
        "kind": info.kind,
        "key": info.key,
        "title": info.title,
        "count": info.count,
        "mended": mendings,
        "carried_over": carried,
    }
    text = [f"{info.title}: {count(info.count, 'shape')} of kind {info.kind}"]
    return Reply(data, [*text, *map(str, mendings), *map(str, carried)])
