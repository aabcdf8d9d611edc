"""The whole store from the command line: copied to the other engine, backed up, put back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tp_geo.cli.reply import Reply
from tp_geo.cli.session import Session, existing, session_of
from tp_geo.errors import Refused

commands = typer.Typer(rich_markup_mode=None)
group = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

_PLACE = "A DuckDB file or postgresql://…"


@group.command()
def copy(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help=_PLACE)],
    target: Annotated[str, typer.Argument(metavar="TO", help=f"{_PLACE}; new or empty.")],
) -> Reply:
    """Copy all that a store holds into a new file or an empty database."""
    from tp_geo.store import copy_store

    _check_may(source, session_of(ctx).user)
    where = copy_store(source, target)
    return Reply({"store": where}, (f"All of it is in {where} now",))


@group.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
) -> Reply:
    """Write the whole store to a new DuckDB file, as it is at this moment."""
    if file.exists():
        raise Refused(f"{file} is there already. Give the name of a new file.")
    store = session_of(ctx).store
    store.backup(file)
    data = {"backup": str(file), "store": store.address, "bytes": file.stat().st_size}
    return Reply(data, (f"The store {store.address} is saved as {file}",))


@group.command()
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What backup wrote.")],
) -> Reply:
    """Put a backup into the store, which must be a new file or an empty database."""
    from tp_geo.store import copy_store

    where = copy_store(str(existing(file)), session_of(ctx).address)
    return Reply({"store": where}, (f"The backup {file} is in {where} now",))


def _check_may(address: str, user: str) -> None:
    """Refuse to copy a store to who is no administrator of it; a store that isn't there is not."""
    from tp_geo.domain.rights import Action
    from tp_geo.store.opening import is_postgres

    if is_postgres(address) or Path(address).expanduser().exists():
        session = Session(address, user)
        try:
            session.planner.actor.require(Action.STORE)
        finally:
            session.close()


commands.add_typer(
    group, name="store", help="Copy, back up and restore the store.", rich_help_panel="Files"
)
