"""``tp-geo layers``: what maps show besides plans, taken in and removed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tp_geo.cli.reply import Reply, Table, cell
from tp_geo.cli.session import Progress, existing, session_of

commands = typer.Typer(rich_markup_mode=None)
layers = typer.Typer(rich_markup_mode=None)
commands.add_typer(layers, name="layers", rich_help_panel="Data")

_COLUMNS = ("name", "count", "color", "label", "source", "by", "at")


@layers.callback(invoke_without_command=True)
def list_(ctx: typer.Context) -> Reply | None:
    """List the reference layers; add one; change or remove one."""
    return None if ctx.invoked_subcommand else listed(ctx)


@layers.command("list")
def listed(ctx: typer.Context) -> Reply:
    """List the reference layers."""
    from tp_geo.workflow.reference import layer_list

    found = layer_list(session_of(ctx).planner)
    table = Table(_COLUMNS, [[cell(getattr(i, c)) for c in _COLUMNS] for i in found])
    data = {"layers": [{c: getattr(i, c) for c in _COLUMNS} for i in found]}
    none = "No reference layers so far. Add one: tp-geo layers add FILE"
    return Reply(data, (table if found else none,))


@layers.command()
def add(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            help="GeoJSON, GeoPackage, GeoParquet, a zipped shapefile, KML, or a table "
            "with latitude and longitude."
        ),
    ],
    *,
    name: Annotated[str, typer.Option(help="What to call it; default: the file.")] = "",
    label: Annotated[
        str | None, typer.Option(help="Column of names; guessed; '' for none.")
    ] = None,
    color: Annotated[str, typer.Option(help="As in #c2410c.")] = "",
) -> Reply:
    """Take in points, lines or polygons for maps to show; a layer of that name is replaced."""
    from tp_geo.domain.commands import counted
    from tp_geo.workflow.reference import add_layer, told_of

    session, progress = session_of(ctx), Progress()
    added = add_layer(
        session.planner, existing(file), by=session.user, name=name, label=label, color=color,
        told=progress,
    )  # fmt: skip
    progress.done()
    info = added.info
    data = {c: getattr(info, c) for c in _COLUMNS} | {
        "left_out": added.left_out,
        "moved_m": added.moved_m,
        "on_maps": asdict(added.detail),
    }
    text = [f"{info.name}: {counted(info.count, 'shapes')}, named by {info.label or 'nothing'}"]
    return Reply(data, [*text, *told_of(added)])


@layers.command()
def change(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    *,
    to: Annotated[str, typer.Option("--name", help="What to call it from now on.")] = "",
    color: Annotated[str, typer.Option(help="As in #c2410c.")] = "",
) -> Reply:
    """Give a reference layer another name or color; its shapes stay as they are."""
    from tp_geo.workflow.reference import change_layer

    session = session_of(ctx)
    info = change_layer(session.planner, name, by=session.user, title=to, color=color)
    return Reply({c: getattr(info, c) for c in _COLUMNS}, [f"{info.name} is drawn in {info.color}"])


@layers.command()
def remove(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
) -> Reply:
    """Remove a reference layer."""
    from tp_geo.workflow.reference import remove_layer

    session = session_of(ctx)
    info = remove_layer(session.planner, name, by=session.user)
    return Reply({"removed": info.name}, [f"{info.name} is no longer shown"])
