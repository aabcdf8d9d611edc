"""What is said of an area: its name, target, lock, owner, color, profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import AreaName, Note, PlanName, area_in, ask, measure_in, profile_of
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import session_of
from tp_geo.errors import BadData

if TYPE_CHECKING:
    from tp_geo.domain.alignment import AreaId
    from tp_geo.domain.commands import Command
    from tp_geo.domain.dataset import Dataset
    from tp_geo.domain.targets import Aim
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)

_PANEL = "Areas"
NOBODY = ("", "-")
AreaNames: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="AREA...", help="Names, paths or #ids.")
]
Every: TypeAlias = Annotated[bool, typer.Option("--all", help="All of them.")]


@commands.command("rename-area", rich_help_panel=_PANEL)
def rename_area(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    to: Annotated[str, typer.Argument(metavar="NAME", help="The new name.")],
    note: Note = "",
) -> Reply:
    """Give an area another name."""
    return _change(ctx, name, area, lambda _plan, _area: {"name": to.strip()}, note)


@commands.command(rich_help_panel=_PANEL)
def target(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="MEASURE=VALUE...",
            help="VALUE, MIN..MAX or MIN..VALUE..MAX; none takes it away.",
        ),
    ],
    note: Note = "",
) -> Reply:
    """Set what an area should hold, by measure: a target, a range, or both."""
    from tp_geo.domain.targets import with_aim

    def fields(plan: Plan, at: AreaId) -> dict[str, object]:
        was = area = plan.alignment.area(at)
        for value in values:
            area = with_aim(area, *_target(plan.dataset, value))
        said = ("targets", "minimums", "maximums")
        changed = {k: getattr(area, k) for k in said if getattr(area, k) != getattr(was, k)}
        return changed or {"targets": area.targets}

    return _change(ctx, name, area, fields, note)


@commands.command(rich_help_panel=_PANEL)
def lock(
    ctx: typer.Context,
    name: PlanName,
    areas: AreaNames = None,
    *,
    every: Every = False,
    note: Note = "",
) -> Reply:
    """Lock areas: nothing goes in or out. --all locks those of the last level."""
    return _lock(ctx, name, areas, every, note, locked=True)


@commands.command(rich_help_panel=_PANEL)
def unlock(
    ctx: typer.Context,
    name: PlanName,
    areas: AreaNames = None,
    *,
    every: Every = False,
    note: Note = "",
) -> Reply:
    """Unlock areas. --all unlocks those of every level."""
    return _lock(ctx, name, areas, every, note, locked=False)


@commands.command(rich_help_panel=_PANEL)
def owner(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    user: Annotated[str, typer.Argument(metavar="USER", help='The owner; "-" for nobody.')],
    note: Note = "",
) -> Reply:
    """Say who plans an area."""
    who = None if user.strip() in NOBODY else user.strip()
    return _change(ctx, name, area, lambda _plan, _area: {"owner": who}, note)


@commands.command(rich_help_panel=_PANEL)
def home(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    place: Annotated[
        str,
        typer.Argument(metavar="PLACE", help='A code, "LAT, LON"; "-" for none.'),
    ],
    note: Note = "",
) -> Reply:
    """Say where the owner of an area lives: a code, or latitude and longitude."""
    from tp_geo.workflow.homes import with_home
    from tp_geo.workflow.reference import homes_in

    def fields(plan: Plan, at: AreaId) -> dict[str, object]:
        there = homes_in(session_of(ctx).planner, plan.dataset)
        said = "" if place.strip() in NOBODY else there.find(place).text
        return {"attributes": with_home(plan.alignment.area(at), said)}

    return _change(ctx, name, area, fields, note)


@commands.command(rich_help_panel=_PANEL)
def color(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    value: Annotated[str, typer.Argument(metavar="#RRGGBB", help='"-" for the usual one.')],
    note: Note = "",
) -> Reply:
    """Give an area a color of its own."""
    paint = None if value in NOBODY else _color(value)
    return _change(ctx, name, area, lambda _plan, _area: {"color": paint}, note)


@commands.command(rich_help_panel=_PANEL)
def profile(
    ctx: typer.Context,
    name: PlanName,
    area: AreaName,
    value: Annotated[str, typer.Argument(metavar="PROFILE", help="contiguous, non-contiguous.")],
    note: Note = "",
) -> Reply:
    """Say whether an area is meant to be in one piece."""
    return _change(ctx, name, area, lambda _plan, _area: {"profile": profile_of(value)}, note)


def _lock(
    ctx: typer.Context, name: str, areas: list[str] | None, every: bool, note: str, *, locked: bool
) -> Reply:
    from tp_geo.domain.alignment import MAX_LEVELS
    from tp_geo.domain.hierarchy import Focus, in_view
    from tp_geo.domain.locking import LockAreas

    if bool(areas) == every:
        raise typer.BadParameter("give areas, or --all")

    def make(plan: Plan) -> Command:
        if not every:
            return LockAreas(tuple(area_in(plan, area) for area in areas or ()), locked)
        last = in_view(plan.alignment, Focus(None, MAX_LEVELS))
        return LockAreas(last if locked else tuple(plan.alignment.areas), locked)

    return ask(ctx, name, make, note)


def _change(
    ctx: typer.Context,
    name: str,
    area: str,
    fields: Callable[[Plan, AreaId], dict[str, object]],
    note: str,
) -> Reply:
    from tp_geo.domain.commands import Change

    def make(plan: Plan) -> Command:
        at = area_in(plan, area)
        return Change(at, fields(plan, at))

    return ask(ctx, name, make, note)


def _target(dataset: Dataset, text: str) -> tuple[str, Aim]:
    from tp_geo.domain.targets import Aim

    measure, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not MEASURE=VALUE, as in population=250000")
    measure = dataset.measure(measure_in(dataset, measure)).name
    match value.split(".."):
        case [ideal]:
            return measure, Aim(ideal=_figure(measure, ideal, value))
        case [low, high]:
            return measure, Aim(_figure(measure, low, value), None, _figure(measure, high, value))
        case [low, ideal, high]:
            return measure, Aim(*(_figure(measure, part, value) for part in (low, ideal, high)))
    raise BadData(
        f"{value!r} is no target for {measure}. Give a number, MIN..MAX or MIN..VALUE..MAX."
    )


def _figure(measure: str, text: str, whole: str) -> float | None:
    from tp_geo.workflow.cells import number

    figure = number(text)
    if text.strip() and (figure is None or figure < 0):
        raise BadData(f"{whole!r} is no target for {measure}. Give a number of 0 or more.")
    return figure


def _color(value: str) -> str:
    digits = value.removeprefix("#")
    if len(digits) != 6 or any(c not in "0123456789abcdefABCDEF" for c in digits):
        raise typer.BadParameter(f"{value!r} is no color; write six hexadecimal digits: #1b9e77")
    return f"#{digits.lower()}"
