"""Alignments and stores as files: exported, opened, backed up, recovered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tp_geo.cli.reply import Reply
from tp_geo.cli.session import session_of
from tp_geo.errors import Refused

commands = typer.Typer(rich_markup_mode=None)

_PANEL = "Files"


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
