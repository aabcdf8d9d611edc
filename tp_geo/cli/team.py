"""Who may do what from the command line: roles, what is shared with whom, hidden measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import PlanName, area_in, measure_in
from tp_geo.cli.reply import Reply, Table, count
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.rights import Level, Role
    from tp_geo.workflow.team import Given, Member

commands = typer.Typer(rich_markup_mode=None)
team = typer.Typer(rich_markup_mode=None)
commands.add_typer(team, name="team", rich_help_panel="Team")

NOBODY = "nobody"
"""From whom a measure is hidden that everybody sees."""

_OFF = (
    "There are no rights: nobody is an administrator, so everybody may do everything. "
    "Begin: tp-geo team set PERSON administrator"
)
_Person: TypeAlias = Annotated[
    str,
    typer.Argument(metavar="PERSON", help="The address they sign in with; * for everybody else."),
]
_With: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="[PERSON]",
        help="The address they sign in with, or * for everybody.",
        show_default="",
    ),
]
_HowFar: TypeAlias = Annotated[
    str, typer.Argument(metavar="[LEVEL]", help="view, comment or edit.", show_default="")
]
_End: TypeAlias = Annotated[bool, typer.Option("--end", help="Take it back.")]


@team.callback(invoke_without_command=True)
def list_(ctx: typer.Context) -> Reply | None:
    """Say who may do what: roles, what is shared with whom, hidden measures."""
    return None if ctx.invoked_subcommand else listed(ctx)


@team.command("list")
def listed(ctx: typer.Context) -> Reply:
    """List everybody who has a role."""
    from tp_geo.workflow.team import members

    planner = session_of(ctx).planner
    found, on = members(planner), planner.rights.on
    rows = [[m.person, ", ".join(sorted(m.roles)), m.at[:10] or None, _given_by(m)] for m in found]
    table = [Table(("person", "roles", "since", "by"), rows)] if found else []
    data = {"rights": on, "members": [_member(m) for m in found]}
    return Reply(data, (*([] if on else [_OFF]), *table))


@team.command("set")
def set_(
    ctx: typer.Context,
    person: _Person,
    roles: Annotated[
        str,
        typer.Argument(
            metavar="ROLE[,ROLE...]",
            help="administrator, planner, branch-owner, reviewer or publisher.",
        ),
    ],
) -> Reply:
    """Say what somebody is in the team; with the first administrator rights begin."""
    from tp_geo.domain.rights import roles_of

    wanted = roles_of(roles)
    if not wanted:
        raise typer.BadParameter("name a role; to take all away: tp-geo team remove PERSON")
    return _put(ctx, person, wanted)


@team.command()
def remove(ctx: typer.Context, person: _Person) -> Reply:
    """Take all roles of somebody away; what is shared with them stays."""
    return _put(ctx, person, frozenset())


@team.command()
def hide(
    ctx: typer.Context,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="The dataset.")],
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="Its name or label.")],
    *,
    roles: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ROLE[,ROLE...]",
            help="Roles that don't see it, guest for who has none; nobody shows it again.",
        ),
    ] = None,
) -> Reply:
    """Hide a measure from roles: its figures, its targets and what is calculated from it."""
    from tp_geo.workflow.team import hidden_from
    from tp_geo.workflow.team import hide as hide_from

    session = session_of(ctx)
    data = session.planner.dataset(dataset)
    name = measure_in(data, measure)
    data.measure(name)
    if roles is not None:
        hide_from(session.planner, data.name, name, _names(roles), by=session.user)
    hidden = hidden_from(session.planner, data.name, name)
    said = {"dataset": data.name, "measure": name, "hidden_from": hidden}
    return Reply(said, (f"{name} of {data.name} is hidden from {', '.join(hidden) or NOBODY}",))


@team.command()
def whoami(ctx: typer.Context) -> Reply:
    """Say in whose name this call acts, their roles, and how many alignments they see."""
    session = session_of(ctx)
    planner = session.planner
    on, seen = planner.rights.on, len(planner.plans())
    roles = [r.value for r in sorted(planner.rights.roles(session.user))]
    data = {"person": session.user, "rights": on, "roles": roles, "alignments": seen}
    what = (", ".join(roles) or "no role") if on else "may do everything: there are no rights"
    return Reply(data, (f"{session.user}: {what}; {count(seen, 'alignment')}",))


@team.command()
def share(
    ctx: typer.Context,
    name: PlanName,
    person: _With = "",
    level: _HowFar = "",
    *,
    area: Annotated[
        str | None, typer.Option(help="Only this area, all the way down; by default the whole.")
    ] = None,
    end: _End = False,
) -> Reply:
    """Share an alignment or an area of it with somebody; without PERSON say with whom it is."""
    from tp_geo.workflow.team import given
    from tp_geo.workflow.team import share as share_with

    _check(person, level, end)
    how_far = level_of(level)
    session = session_of(ctx)
    plan = session.plan(name)
    within = None if area is None else area_in(plan, area)
    if person:
        share_with(plan, person, how_far, area=within, by=session.user)
    found = tuple(g for g in given(plan) if within in (None, g.area))
    what = (
        plan.info.name if within is None else f"{plan.alignment.name(within)} of {plan.info.name}"
    )
    data: dict[str, object] = {"alignment": plan.info.name, "shared": [_given(g) for g in found]}
    return _told(data, what, person, level) if person else _listed(data, what, found)


@team.command("share-dataset")
def share_dataset(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="DATASET", help="The dataset.")],
    person: _With = "",
    level: Annotated[
        str, typer.Argument(metavar="[LEVEL]", help="view or edit.", show_default="")
    ] = "",
    *,
    end: _End = False,
) -> Reply:
    """Share a dataset with somebody, to view or to edit; without PERSON say with whom it is."""
    from tp_geo.workflow.team import dataset_given
    from tp_geo.workflow.team import share_dataset as share_with

    _check(person, level, end)
    how_far = level_of(level)
    session = session_of(ctx)
    planner = session.planner
    what = planner.dataset(name).name
    if person:
        share_with(planner, what, person, how_far, by=session.user)
    found = dataset_given(planner, what)
    data: dict[str, object] = {"dataset": what, "shared": [_given(g) for g in found]}
    return _told(data, what, person, level) if person else _listed(data, what, found)


def _put(ctx: typer.Context, person: str, roles: frozenset[Role]) -> Reply:
    """Give somebody roles, and say what they are now and whether rights have just begun."""
    from tp_geo.domain.rights import subject_of
    from tp_geo.workflow.team import put_roles

    session = session_of(ctx)
    planner = session.planner
    before = planner.rights.on
    put_roles(planner, person, roles, by=session.user)
    subject, now = subject_of(person), sorted(r.value for r in roles)
    lines = [f"{subject}: {', '.join(now) or 'no role'}"]
    if planner.rights.on and not before:
        lines.append("There are rights from now on: everybody sees what they made or were given.")
    return Reply({"person": subject, "roles": now, "rights": planner.rights.on}, lines)


def _listed(data: dict[str, object], what: str, given: tuple[Given, ...]) -> Reply:
    """Return with whom something is shared."""
    table = Table(
        ("what", "person", "level", "since", "by"),
        [[g.name, g.person, g.level.value, g.at[:10], g.by] for g in given],
    )
    none = f"{what} is shared with nobody. Whoever made it and administrators see it."
    return Reply(data, (table if given else none,))


def _told(data: dict[str, object], what: str, person: str, level: str) -> Reply:
    """Return what was shared, or is no longer."""
    if level:
        return Reply(data, (f"{what} is shared with {person} to {level}",))
    return Reply(data, (f"{what} is no longer shared with {person} by name",))


def _given(g: Given) -> dict[str, object]:
    return {
        "area": None if g.area is None else g.name,
        "person": g.person,
        "level": g.level.value,
        "since": g.at,
        "by": g.by,
    }


def _check(person: str, level: str, end: bool) -> None:
    """Refuse a call that says neither how far, nor that it ends, or both."""
    if person and bool(level) == end:
        raise typer.BadParameter("give PERSON a LEVEL, or --end to take back what they have")
    if end and not person:
        raise typer.BadParameter("--end goes with a PERSON")


def level_of(text: str) -> Level | None:
    """Return how far something is shared; ``None`` for no text. Refuses what is no level."""
    from tp_geo.domain.rights import Level

    if text and text not in set(Level):
        raise typer.BadParameter(f"{text!r} is none of {', '.join(Level)}")
    return Level(text) if text else None


def _names(text: str) -> list[str]:
    """Return the roles of a text with commas; ``nobody`` is none."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    return [] if names == [NOBODY] else names


def _member(member: Member) -> dict[str, object]:
    return {
        "person": member.person,
        "roles": sorted(r.value for r in member.roles),
        "since": member.at or None,
        "by": member.by or None,
        "by_setting": member.fixed,
    }


def _given_by(member: Member) -> str:
    return "the settings" if member.fixed else member.by
