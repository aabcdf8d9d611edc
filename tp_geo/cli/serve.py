"""The app: started on the same store as the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from tp_geo.cli.session import session_of, tell
from tp_geo.errors import Unavailable

commands = typer.Typer(rich_markup_mode=None)

_APP = Path(__file__).parents[2] / "server.py"
_OPTIONS = ("--server.headless=true", "--browser.gatherUsageStats=false")


@commands.command("run", rich_help_panel="App")
@commands.command("serve", hidden=True)
def run(
    ctx: typer.Context,
    port: Annotated[
        int, typer.Option(envvar="PORT", min=1, max=65535, help="Where it answers.")
    ] = 8501,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets others in.")] = "localhost",
) -> None:
    """Start the app and serve it until Ctrl+C (also: serve)."""
    session = session_of(ctx)
    address = session.full_address  # the whole path: the server works in another folder
    session.store.close()  # refuses when another process has it, before the server is up
    app = _app()
    tell(f"TP Geo runs at http://{host}:{port}; stop it with Ctrl+C")
    tell(_reach(host))
    where = (f"--server.port={port}", f"--server.address={host}")
    line = [sys.executable, "-m", "streamlit", "run", str(app), *_OPTIONS, *where]
    _serve(line, app.parent, {**os.environ, "TP_GEO_STORE": address})


def _reach(host: str) -> str:
    """Return who reaches an address."""
    if _only_here(host):
        return "Only this machine reaches it. --host 0.0.0.0 lets others in."
    return (
        f"Who reaches {host} on the network reaches the plans. Let people sign in and put a proxy "
        "with TLS before it, see docs/sign-in.md and docs/operations.md."
    )


def _only_here(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _app() -> Path:
    """Return the app's entry script: in the checkout, else where the command is run."""
    for found in (_APP, Path.cwd() / _APP.name):
        if found.is_file():
            return found
    raise Unavailable(f"There is no {_APP}. Run tp-geo from a checkout of the project.")


def _serve(line: list[str], directory: Path, environment: dict[str, str]) -> None:
    """Become the server, so that whoever stops this process stops it; a child on Windows."""
    if os.name == "nt":
        raise typer.Exit(subprocess.call(line, cwd=directory, env=environment))  # noqa: S603
    os.chdir(directory)
    os.execve(line[0], line, environment)  # noqa: S606 - our own interpreter and script
