"""The simulated org: served for tests and for who wants to see a publish without an org."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.reply import Cell, Reply, Table, write
from tp_geo.cli.session import existing, session_of, tell

if TYPE_CHECKING:
    from tp_geo.crm.org.server import Listener
    from tp_geo.crm.org.service import Org

commands = typer.Typer(rich_markup_mode=None)
org = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="A simulated Salesforce org.")
commands.add_typer(org, name="org", rich_help_panel="Sales Territories")


@org.command("serve")
def serve(
    ctx: typer.Context,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where it answers; 0: a free one.")],
    https_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Where it answers by https as well.")
    ] = None,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets others in.")] = "127.0.0.1",
    edition: Annotated[str, typer.Option(help="Developer, Enterprise, Unlimited.")] = "Developer",
    seed: Annotated[Path | None, typer.Option(help="Records it begins with, else a demo.")] = None,
    fault: Annotated[list[str] | None, typer.Option(help="A fault, as drop:at=3.")] = None,
    switch: Annotated[list[str] | None, typer.Option(help="A switch, as name=value.")] = None,
    jwt_certificate: Annotated[
        Path | None, typer.Option(help="Certificate (PEM) of clients that sign assertions.")
    ] = None,
) -> None:
    """Serve a simulated org until Ctrl+C; --store FILE keeps its records."""
    from tp_geo.crm.org.seed import demo_seed, plant, read_seed
    from tp_geo.crm.org.server import listen
    from tp_geo.crm.org.service import Org
    from tp_geo.crm.org.settings import Settings, switched

    start = demo_seed() if seed is None else read_seed(existing(seed))
    certificate = existing(jwt_certificate).read_bytes() if jwt_certificate else None
    served = Org(
        _own_store(ctx),
        settings=switched(Settings(edition=edition), switch or ()),
        faults=fault or (),
        certificate=certificate,
    )
    try:
        plant(served, start, beside=seed.parent if seed else None)
        with tempfile.TemporaryDirectory(prefix="tp-geo-org-") as folder:
            listeners = [listen(host, port)]
            if https_port is not None:
                listeners.append(listen(host, https_port, _certificate(Path(folder), host)))
            _run(served, listeners)
    finally:
        served.close()


@org.command("verify")
def verify(ctx: typer.Context) -> None:
    """Compare an org with what publish and import rely on; exit code 1 if something stops them."""
    from tp_geo.cli.publish import org_of_environment
    from tp_geo.crm.verifying import Weight
    from tp_geo.workflow.verifying_org import verify_org

    crm = org_of_environment()
    found = verify_org(crm)
    stopped = any(d.weight is Weight.STOPS for d in found)
    data = {"org": crm.org, "stops": stopped, "differences": [asdict(d) for d in found]}
    rows: list[list[Cell]] = [[d.weight, d.object, d.field, d.found, d.means] for d in found]
    texts: tuple[str | Table, ...] = (
        (Table(("weight", "object", "field", "found", "what it means"), rows),)
        if rows
        else ("The org is as publish and import expect it.",)
    )
    write(Reply(data, texts), as_json=bool(ctx.find_root().params["json"]))
    raise typer.Exit(int(stopped))


def _run(served: Org, listeners: list[Listener]) -> None:
    from tp_geo.crm.org.server import serve as serve_org

    def ready() -> None:
        told = {
            "instance_url": listeners[0].url,
            "access_token": served.session(),
            "client_id": served.auth.client_id,
            "client_secret": served.auth.client_secret,
        }
        for listener in listeners:
            if listener.certificate:
                told |= {"https_url": listener.url, "certificate": str(listener.certificate[0])}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        tell(f"The org answers at {listeners[0].url}; stop it with Ctrl+C")

    serve_org(served, listeners, ready)


def _own_store(ctx: typer.Context) -> str | None:
    """Return the file of ``--store``; that of the environment is the plans' and not the org's."""
    source = ctx.find_root().get_parameter_source("store")
    return session_of(ctx).address if source and source.name == "COMMANDLINE" else None


def _certificate(folder: Path, host: str) -> tuple[Path, Path]:
    from tp_geo.crm.org.certificate import write_certificate

    return write_certificate(folder, host)
