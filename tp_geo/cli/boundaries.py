"""``tp-geo boundaries``: which sets there are, one's own, the official ones."""

from __future__ import annotations

import typer

from tp_geo.cli.reply import Reply, Table
from tp_geo.cli.session import session_of

commands = typer.Typer(rich_markup_mode=None)
boundaries = typer.Typer(rich_markup_mode=None)
commands.add_typer(boundaries, name="boundaries", rich_help_panel="Data")

_COLUMNS = ("kind", "title", "count", "vintage", "country", "approximate", "active", "source")


@boundaries.callback(invoke_without_command=True)
def list_(ctx: typer.Context) -> Reply | None:
    """List the boundary sets; add your own; get the official ones."""
    if ctx.invoked_subcommand:
        return None
    from tp_geo.workflow.boundary_list import boundary_sets

    rows = [
        {**{c: getattr(i, c) for c in i.__slots__}} for i in boundary_sets(session_of(ctx).planner)
    ]
    table = Table(_COLUMNS, [[row[c] for c in _COLUMNS] for row in rows])
    return Reply({"boundaries": rows}, (table,))
