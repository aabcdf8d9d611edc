"""The root of the command line: options of every command, exit codes, errors on one line."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tp_geo import settings
from tp_geo.cli import (
    areas,
    boundaries,
    challenge,
    check,
    comments,
    compare,
    coverage,
    data,
    describe,
    draft,
    effective,
    exchange,
    formulas,
    grouping,
    history,
    import_model,
    items,
    layers,
    links,
    migrate,
    optimize,
    org,
    plans,
    publish,
    publish_fields,
    rearrange,
    refresh,
    roll_up,
    rules,
    scenario,
    serve,
    sharing,
    signoff,
    start,
    store,
    supplement,
    targets,
    team,
)
from tp_geo.cli.log import record
from tp_geo.cli.reply import Reply, one_line, write
from tp_geo.cli.session import Session, tell
from tp_geo.errors import TpGeoError

DONE, FAILED, USAGE, STOPPED = 0, 1, 2, 130

_FLAGS = ("--json",)
_WITH_VALUE = ("--store", "--user")


class Root(TyperGroup):
    """A group whose own options may stand anywhere, also behind the command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse with the group's options put first."""
        return super().parse_args(ctx, hoisted(args))


def hoisted(args: Sequence[str]) -> list[str]:
    """Return arguments with the options of every command in front, those after ``--`` left."""
    ahead: list[str] = []
    rest: list[str] = []
    waiting = list(args)
    while waiting:
        arg = waiting.pop(0)
        if arg == "--":
            rest += [arg, *waiting]
            break
        if arg in _FLAGS or arg.startswith(tuple(f"{name}=" for name in _WITH_VALUE)):
            ahead.append(arg)
        elif arg in _WITH_VALUE:
            ahead += [arg, *waiting[:1]]
            waiting = waiting[1:]
        else:
            rest.append(arg)
    return [*ahead, *rest]


def _reply(value: object, json: bool = False, **_: object) -> None:
    if isinstance(value, Reply):
        write(value, as_json=json)


app = typer.Typer(
    cls=Root,
    name="tp-geo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    result_callback=_reply,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root(
    ctx: typer.Context,
    store: Annotated[
        str | None,
        typer.Option(envvar="TP_GEO_STORE", help="The store: a DuckDB file or postgresql://…"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    user: Annotated[str | None, typer.Option(help="Who does this; default: who is here.")] = None,
) -> None:
    """Plan sales territories from the top down. --store, --json, --user work in any place."""
    session = Session(store, user)
    ctx.obj = session
    ctx.call_on_close(session.close)


boundaries.boundaries.add_typer(migrate.commands)
for part in (
    boundaries,
    layers,
    data,
    roll_up,
    refresh,
    supplement,
    formulas,
    start,
    plans,
    compare,
    scenario,
    draft,
    effective,
    check,
    areas,
    grouping,
    describe,
    targets,
    rules,
    items,
    sharing,
    rearrange,
    optimize,
    history,
    exchange,
    store,
    coverage,
    signoff,
    links,
    comments,
    challenge,
    publish,
    publish_fields,
    import_model,
    org,
    team,
    serve,
):
    app.add_typer(part.commands)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 usage."""
    args = list(sys.argv[1:] if argv is None else argv)
    try:
        with warnings.catch_warnings():
            if not sys.warnoptions:
                warnings.simplefilter("ignore")
            return _run(args)
    except TpGeoError as error:
        tell(f"tp-geo: {error}")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - the outermost edge: the log has all of it
        where = record(error, one_line(" ".join(args)))
        tell(f"tp-geo: this should not have happened: {_short(error)}; see {where}")
    return FAILED


def _run(args: list[str]) -> int:
    try:
        _check_text(args)
        settings.load()
        code = typer.main.get_command(app).main(args, prog_name="tp-geo", standalone_mode=False)
        if code == STOPPED:
            tell("tp-geo: stopped; what was confirmed is saved")
        return code if isinstance(code, int) else DONE
    except typer.TyperException as error:
        tell(f"tp-geo: {_usage(error)}")
        return USAGE


def _check_text(args: Sequence[str]) -> None:
    for arg in args:
        try:
            arg.encode()
        except UnicodeEncodeError as error:
            raise typer.BadParameter(f"{arg!r} is not UTF-8") from error


def _usage(error: typer.TyperException) -> str:
    said = getattr(error, "format_message", error.__str__)() or "Give a command."
    said = _with_value(said.replace("Value error, ", ""), error.__cause__)
    path = getattr(getattr(error, "ctx", None), "command_path", "tp-geo")
    return f"{said if said.endswith(('.', '?')) else said + '.'} See {path} --help"


def _with_value(said: str, cause: BaseException | None) -> str:
    """Return what is wrong with an option's value together with the value, where it is known."""
    problems: list[dict[str, object]] = getattr(
        cause, "errors", list
    )()  # typer checks values with pydantic
    value = repr(problems[0]["input"]) if problems else ""
    return said if value in said else f"{said.removesuffix('.')}, not {value}"


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {one_line(error)[:200]}"
