"""What was done to an alignment: read, undone, taken back, named, restored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import Note, PlanName, area_in, done
from tp_geo.cli.reply import Reply, Table
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.revision import Revision
    from tp_geo.workflow.auditing import Step

commands = typer.Typer(rich_markup_mode=None)

_PANEL = "History"


@commands.command(rich_help_panel=_PANEL)
def history(
    ctx: typer.Context,
    name: PlanName,
    last: Annotated[int, typer.Option(min=0, help="Only so many of the newest.")] = 0,
    *,
    of: Annotated[
        str, typer.Option(metavar="CODE", help="The path of this container or unit.")
    ] = "",
    area: Annotated[str | None, typer.Option(help="What touched this area, or one below.")] = None,
    by: Annotated[str | None, typer.Option(metavar="PERSON", help="What they did.")] = None,
    kind: Annotated[str | None, typer.Option(help="Such as move, branch or approve.")] = None,
    text: Annotated[str, typer.Option(help="Words in what was done, or why.")] = "",
    since: Annotated[str, typer.Option(metavar="DAY", help="From this day on (UTC).")] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="Until this day (UTC).")] = "",
) -> Reply:
    """Show who did what, when and why, newest first; --of shows the path of one item."""
    from tp_geo.domain.hierarchy import find_area
    from tp_geo.domain.periods import parse_day
    from tp_geo.workflow.auditing import Filter, found, steps

    plan = session_of(ctx).plan(name)
    wanted = Filter(
        by, kind, find_area(plan.alignment, area) if area else None, text,
        parse_day(since, "The first day") if since else None,
        parse_day(until, "The last day") if until else None, of,
    )  # fmt: skip
    shown = tuple(found(plan, wanted))[: last or None]
    went = steps(plan, of) if of else {}
    named: dict[int, list[str]] = {}
    for s in plan.snapshots():
        named.setdefault(s.seq, []).append(s.name)
    rows = [[*_row(r, named.get(r.seq, [])), *_went(went, r)] for r in shown]
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "revisions": [
            {**_data(r, named.get(r.seq, [])), **({"step": asdict(went[r.seq])} if of else {})}
            for r in shown
        ],
    }
    columns = ("#", "when", "who", "what", "why", "snapshots", *(["it went"] if of else []))
    none = "No revision is like that." if plan.seq else f"{plan.info.name} has no revisions so far."
    return Reply(data, (Table(columns, rows) if rows else none,))


@commands.command(rich_help_panel=_PANEL)
def revert(
    ctx: typer.Context,
    name: PlanName,
    seq: Annotated[int, typer.Argument(metavar="SEQ", help="The revision, as history shows it.")],
    note: Note = "",
) -> Reply:
    """Take back any one revision; later work stays, and what it blocks is told."""
    session = session_of(ctx)
    plan = session.plan(name)
    taken = plan.take_back(seq, by=session.user, note=note)
    reply = done(plan, taken.revision)
    left = [f"left as it is: {text}" for text in taken.left]
    return Reply({**reply.data, "left": taken.left}, (*reply.text, *left))


@commands.command(rich_help_panel=_PANEL)
def undo(ctx: typer.Context, name: PlanName) -> Reply:
    """Take back your last revision that still stands."""
    session = session_of(ctx)
    plan = session.plan(name)
    return done(plan, plan.undo(by=session.user))


@commands.command(rich_help_panel=_PANEL)
def redo(ctx: typer.Context, name: PlanName) -> Reply:
    """Do again what you undid last."""
    session = session_of(ctx)
    plan = session.plan(name)
    return done(plan, plan.redo(by=session.user))


@commands.command(rich_help_panel=_PANEL)
def snapshot(
    ctx: typer.Context,
    name: PlanName,
    called: Annotated[str, typer.Argument(metavar="NAME", help="What to call this revision.")],
) -> Reply:
    """Give the present revision a name."""
    session = session_of(ctx)
    plan = session.plan(name)
    plan.snapshot(called, by=session.user)
    data = {"alignment": plan.info.name, "snapshot": called.strip(), "revision": plan.seq}
    return Reply(data, (f"{plan.info.name}, revision {plan.seq} is called {called.strip()}",))


@commands.command(rich_help_panel=_PANEL)
def snapshots(ctx: typer.Context, name: PlanName) -> Reply:
    """List the named revisions, oldest first."""
    plan = session_of(ctx).plan(name)
    found = plan.snapshots()
    data = {
        "alignment": plan.info.name,
        "snapshots": [{"name": s.name, "revision": s.seq, "by": s.by, "at": s.at} for s in found],
    }
    table = Table(("name", "revision", "who", "when"), [(s.name, s.seq, s.by, s.at) for s in found])
    return Reply(data, (table if found else f"{plan.info.name} has no snapshots so far.",))


@commands.command(rich_help_panel=_PANEL)
def restore(
    ctx: typer.Context,
    name: PlanName,
    called: Annotated[str, typer.Argument(metavar="NAME", help="The snapshot.")],
    inside: Annotated[
        str, typer.Option(metavar="AREA", help="Only what lies below it; all around stays.")
    ] = "",
) -> Reply:
    """Go back to a snapshot by a new revision; the history keeps everything."""
    session = session_of(ctx)
    plan = session.plan(name)
    branch = area_in(plan, inside) if inside else None
    return done(plan, plan.restore(called, by=session.user, inside=branch))


def _data(r: Revision, named: list[str]) -> dict[str, object]:
    return {
        "revision": r.seq,
        "by": r.by,
        "at": r.at,
        "kind": r.kind,
        "text": r.text,
        "note": r.note,
        "reverts": r.reverts or None,
        "snapshots": named,
    }


def _went(went: Mapping[int, Step], r: Revision) -> list[str | int]:
    return [str(went[r.seq])] if r.seq in went else []


def _row(r: Revision, named: list[str]) -> list[str | int]:
    return [r.seq, r.at, r.by, r.text, r.note, ", ".join(named)]
