"""Drafts from the command line: a branch edited apart, and merged back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import Note, PlanName, area_in
from tp_geo.cli.reply import Reply, Table, count
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.drafts import Brought, Conflict
    from tp_geo.workflow.drafts import Report
    from tp_geo.workflow.plan import Plan

draft_commands = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
commands = typer.Typer(rich_markup_mode=None)

_Draft: TypeAlias = Annotated[str, typer.Argument(metavar="D", help="The draft.")]
SIDES = ("base", "draft")
NAMES = 8
"""Areas of each sort that are named at most."""


@draft_commands.command()
def new(
    ctx: typer.Context,
    source: PlanName,
    name: Annotated[
        str, typer.Argument(metavar="D", help="Its name; without one it is made up.")
    ] = "",
    *,
    area: Annotated[
        str | None, typer.Option(help="The branch that may change in it; without: all.")
    ] = None,
) -> Reply:
    """Start a draft: a copy in which one branch is edited apart, to be merged back."""
    from tp_geo.workflow.drafts import begin

    session = session_of(ctx)
    plan = session.plan(source)
    within = None if area is None else area_in(plan, area)
    made = begin(session.planner, plan, name, area=within, by=session.user)
    branch = "everything" if within is None else plan.alignment.name(within)
    return Reply(
        {"draft": made.info.name, "of": plan.info.name, "branch": area, "revision": plan.seq},
        (f"{made.info.name}, a draft of {plan.info.name}: {branch} can change in it",),
    )


@draft_commands.command("list")
def list_(
    ctx: typer.Context,
    of: Annotated[
        str | None, typer.Argument(metavar="A", help="Only drafts of this alignment.")
    ] = None,
) -> Reply:
    """List the drafts that are not merged, of one alignment or of all."""
    from tp_geo.workflow.drafts import branch_of
    from tp_geo.workflow.scenarios import base_id, base_name

    session = session_of(ctx)
    planner = session.planner
    base = None if of is None else session.plan(of).info.id
    infos = [i for i in planner.plans() if i.draft and base in (None, base_id(i))]
    found = [
        {
            "draft": i.name,
            "of": base_name(planner, i),
            "branch": branch_of(planner.open(i.id)),
            "by": i.by,
        }
        for i in infos
    ]
    rows = [[f["draft"], f["of"], f["branch"] or "all", f["by"]] for f in found]
    none = "No drafts. Start one: tp-geo draft new A --area AREA"
    return Reply(
        {"drafts": found}, (Table(("draft", "of", "branch", "by"), rows) if rows else none,)
    )


@draft_commands.command()
def show(ctx: typer.Context, name: _Draft) -> Reply:
    """Show what merging a draft would bring, and what both sides changed."""
    from tp_geo.workflow.drafts import report

    session = session_of(ctx)
    return _told(session.plan(name), report(session.planner, session.plan(name)))


@draft_commands.command()
def merge(
    ctx: typer.Context,
    name: _Draft,
    *,
    keep: Annotated[
        str, typer.Option(help="Whose change stays in all conflicts: base or draft.")
    ] = "",
    take: Annotated[
        list[int] | None,
        typer.Option(metavar="NUMBER", help="Conflicts, as shown, in which the draft's stays."),
    ] = None,
    note: Note = "",
) -> Reply:
    """Merge a draft into its alignment as one revision; the draft goes to the archive."""
    from tp_geo.domain.drafts import Keep
    from tp_geo.workflow.drafts import merge as merged
    from tp_geo.workflow.drafts import report

    if keep and keep not in SIDES:
        raise typer.BadParameter(f"--keep {keep!r} is neither base nor draft")
    session = session_of(ctx)
    plan = session.plan(name)
    told = report(session.planner, plan)
    taken = set(take or ())
    if wrong := sorted(taken - set(range(1, 1 + len(told.conflicts)))):
        raise typer.BadParameter(f"--take {wrong[0]}: there are {len(told.conflicts)} conflicts")
    default = Keep(keep) if keep else (Keep.BASE if taken else None)
    decided = {
        c.key: Keep.DRAFT if i in taken else default
        for i, c in enumerate(told.conflicts, 1)
        if i in taken or default
    }
    done = merged(
        session.planner, plan, {k: v for k, v in decided.items() if v}, by=session.user, note=note
    )
    seq = done.revision.seq if done.revision else None
    what = f"revision {seq}" if seq else "nothing of it was new"
    return Reply(
        {"draft": plan.info.name, "of": done.base.info.name, "revision": seq},
        (f"{plan.info.name} is merged into {done.base.info.name}: {what}",),
    )


def _told(plan: Plan, told: Report) -> Reply:
    brings = told.brings
    lines = [_line(told, brings)]
    conflicts = [_fields(i, c) for i, c in enumerate(told.conflicts, 1)]
    rows = [[str(f["number"]), f["what"], f["base"], f["draft"]] for f in conflicts]
    table = Table(("no", "both changed", told.base.info.name, plan.info.name), rows)
    said = {
        "draft": plan.info.name,
        "of": told.base.info.name,
        "revisions_since": told.since,
        "items": brings.items,
        "new": brings.new,
        "changed": brings.changed,
        "gone": brings.gone,
        "conflicts": conflicts,
    }
    return Reply(said, (*lines, *([table] if rows else ["Nothing that both changed."])))


def _line(told: Report, brings: Brought) -> str:
    sorts = (("new", brings.new), ("changed", brings.changed), ("gone", brings.gone))
    parts = [f"{count(brings.items, 'items')} elsewhere"] if brings.items else []
    parts += [f"{sort}: {_names(names)}" for sort, names in sorts if names]
    what = "; ".join(parts) or "nothing"
    return (
        f"Brings into {told.base.info.name}, which had "
        f"{count(told.since, 'revisions')} since: {what}"
    )


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - NAMES
    return ", ".join(names[:NAMES]) + (f" and {more:,} more" if more > 0 else "")


def _fields(number: int, conflict: Conflict) -> dict[str, str | int]:
    return {
        "number": number,
        "what": conflict.label,
        "base": conflict.base,
        "draft": conflict.draft,
    }


commands.add_typer(
    draft_commands,
    name="draft",
    help="A branch edited apart, and merged back.",
    rich_help_panel="Alignments",
)
