"""Datasets: listed, imported."""

from __future__ import annotations

import typer

from tp_geo.cli.reply import Reply, Table, cell
from tp_geo.cli.session import session_of

commands = typer.Typer(rich_markup_mode=None)

_PANEL = "Data"


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
