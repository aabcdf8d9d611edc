"""Alignments as a whole: started, listed, shown, compared, copied, renamed, archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import PlanName, ProfileName, measure_in, profile_of
from tp_geo.cli.reply import DASH, Cell, Reply, Table, cell, count, share
from tp_geo.cli.session import Session, session_of
from tp_geo.errors import Refused

if TYPE_CHECKING:
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.summary import AreaSummary, Summary

commands = typer.Typer(rich_markup_mode=None)


@commands.command("list", rich_help_panel="Alignments")
def list_(
    ctx: typer.Context,
    archived: Annotated[bool, typer.Option("--archived", help="Also archived ones.")] = False,
) -> Reply:
    """List the alignments, the one changed last first."""
    store = session_of(ctx).store
    heads = store.heads()
    infos = [i for i in store.alignments() if archived or not i.archived]
    rows = sorted(
        ((*heads.get(i.id, (0, i.at)), i) for i in infos), key=lambda row: row[1], reverse=True
    )
    found = [
        {
            "alignment": info.name,
            "id": info.id,
            "dataset": info.dataset,
            "revision": seq,
            "changed": at,
            "by": info.by,
            "archived": info.archived,
        }
        for seq, at, info in rows
    ]
    columns = ("alignment", "dataset", "revision", "changed", "by", "archived")[: 5 + archived]
    table = Table(columns, [[cell(row[c]) for c in columns] for row in found])
    none = "No alignments so far. Start one: tp-geo new NAME --areas 4"
    return Reply({"alignments": found}, (table if found else none,))


@commands.command(rich_help_panel="Alignments")
def show(
    ctx: typer.Context,
    name: PlanName,
    measure: Annotated[
        list[str] | None, typer.Option(help="Measures in the table; default: the first two.")
    ] = None,
) -> Reply:
    """Show the areas of an alignment with what they hold, their targets and deviation."""
    from tp_geo.workflow import overlapping
    from tp_geo.workflow.summary import summarize

    session = session_of(ctx)
    plan = session.plan(name)
    found = summarize(plan)
    wanted = [measure_in(plan.dataset, text) for text in measure or ()]
    shown = tuple(plan.dataset.measure(name).name for name in wanted)
    data = {key: getattr(found, key) for key in found.__slots__}
    said = overlapping.told(plan, 1, next(iter(shown), ""))
    data |= {"overlap": plan.alignment.overlap.value, "shared": said}
    return Reply(data, (_headline(found), *filter(None, (said,)), _areas_table(found, shown)))


@commands.command(rich_help_panel="Alignments")
def copy(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="A", help="A, A@REVISION or A@SNAPSHOT.")],
    name: Annotated[str, typer.Argument(metavar="B", help="Name of the copy.")],
) -> Reply:
    """Copy an alignment in one step."""
    from tp_geo.workflow.differences import find_side

    session = session_of(ctx)
    side = find_side(session.planner, source)
    return started(session.planner.copy(side.plan, name, by=session.user, seq=side.revision))


@commands.command(rich_help_panel="Alignments")
def rename(
    ctx: typer.Context,
    name: PlanName,
    to: Annotated[str, typer.Argument(metavar="NAME", help="The new name.")],
) -> Reply:
    """Give an alignment another name."""
    session = session_of(ctx)
    plan = session.plan(name)
    session.planner.rename(plan, to)
    return Reply({"alignment": plan.info.name, "was": name}, (f"{name} is now {plan.info.name}",))


@commands.command(rich_help_panel="Alignments")
def describe(
    ctx: typer.Context,
    name: PlanName,
    description: Annotated[
        str | None, typer.Argument(metavar="TEXT", help='What it is for; "" takes it away.')
    ] = None,
    profile: ProfileName = None,
) -> Reply:
    """Say what an alignment is for, and whether areas made later are to be in one piece."""
    if description is None and profile is None:
        raise typer.BadParameter("give a text, --profile, or both")
    session = session_of(ctx)
    plan = session.plan(name)
    shape = profile_of(profile) if profile else None
    session.planner.describe(plan, description=description, profile=shape)
    info = plan.info
    data = {"alignment": info.name, "description": info.note, "profile": info.profile}
    said = f"{info.name}: {info.note or 'no description'}; areas made later are {info.profile}"
    return Reply(data, (said,))


@commands.command(rich_help_panel="Alignments")
def archive(
    ctx: typer.Context,
    name: PlanName,
    back: Annotated[bool, typer.Option("--back", help="Put it on the list again.")] = False,
) -> Reply:
    """Take an alignment off the list; nothing is deleted."""
    session = session_of(ctx)
    plan = session.plan(_archived(session, name) if back else name)
    session.planner.archive(plan, archived=not back)
    said = f"{plan.info.name} is {'on' if back else 'off'} the list"
    return Reply({"alignment": plan.info.name, "archived": not back}, (said,))


def started(plan: Plan) -> Reply:
    """Return the reply to a new alignment."""
    data = {
        "alignment": plan.info.name,
        "id": plan.info.id,
        "dataset": plan.dataset.name,
        "revision": plan.seq,
        "areas": len(plan.alignment.areas),
        "containers": plan.dataset.items.containers,
        "units": len(plan.dataset.items.container_of),
    }
    items = count(plan.dataset.items.containers, "container")
    said = f"{plan.info.name}: {count(len(plan.alignment.areas), 'area')} on {items}"
    return Reply(data, (f"{said} of dataset {plan.dataset.name}",))


def _archived(session: Session, name: str) -> str:
    infos = [i for i in session.store.alignments() if i.archived and name in (i.name, i.id)]
    if not infos:
        raise Refused(
            f"There is no archived alignment called {name!r}. See: tp-geo list --archived"
        )
    if any(i.name == infos[0].name for i in session.planner.plans()):
        raise Refused(f"There is an alignment called {infos[0].name!r} now. Rename that one first.")
    return infos[0].id


def _headline(found: Summary) -> str:
    areas = count(len(found.areas), "area")
    containers = count(found.unassigned.containers, "container")
    left = f"{containers} and {count(found.unassigned.units, 'unit')}"
    are = "is" if len(found.missing) == 1 else "are"
    codes = count(len(found.missing), "code")
    missing = f"\n{codes} of its history {are} not in the dataset now."
    said = f"{found.alignment} on {found.dataset}, revision {found.revision}: {areas}"
    about = f"\n{found.description}" if found.description else ""
    return f"{said}, {left} unassigned{about}{missing if found.missing else ''}"


def _areas_table(found: Summary, measures: tuple[str, ...]) -> Table:
    targeted = {m for a in found.areas for m in a.targets if m in found.measures}
    shown = measures or tuple(m for m in found.measures if m in targeted) or found.measures[:2]
    columns = ["#", "area", "level", "owner", "containers", "units", "parts"]
    for m in shown:
        columns += [m, "target", "deviation"] if m in targeted else [m]
    calculated = [*found.areas[0].calculated] if found.areas else []
    columns += calculated
    rows = [_area_row(a, shown, targeted) for a in found.areas]
    rest = found.unassigned
    last: list[Cell] = ["", "Unassigned", "", "", rest.containers, rest.units, ""]
    for m in shown:
        last += [rest.totals[m], "", ""] if m in targeted else [rest.totals[m]]
    last += [""] * len(calculated)
    return Table(columns, [*rows, last])


def _area_row(area: AreaSummary, shown: tuple[str, ...], targeted: set[str]) -> list[Cell]:
    name = "  " * (area.depth - 1) + area.name + (" (locked)" if area.locked else "")
    row: list[Cell] = [area.id, name, area.level, area.owner or DASH]
    row += [area.containers, area.units, area.parts]
    for m in shown:
        row.append(area.totals[m])
        if m in targeted:
            row += [area.targets.get(m), share(area.deviation.get(m))]
    return [*row, *area.calculated.values()]
