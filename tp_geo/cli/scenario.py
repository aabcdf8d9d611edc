"""Scenarios from the command line: what is assumed of a plan, tried out and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli import scenario_optimize
from tp_geo.cli.asking import Note, PlanName, area_in, level_in, measure_in
from tp_geo.cli.reply import DASH, Cell, Reply, Table, amount, count, share
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.alignment import AreaId
    from tp_geo.domain.scenario import Assumption
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.scenario_table import Row, Scenarios
    from tp_geo.workflow.scenarios import Done

commands = typer.Typer(rich_markup_mode=None)
scenario_commands = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
assume_commands = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

_Scenario: TypeAlias = Annotated[str, typer.Argument(metavar="S", help="The scenario.")]
_Measure: TypeAlias = Annotated[str, typer.Option("--measure", help="A measure that adds up.")]
_Instead: TypeAlias = Annotated[
    int, typer.Option(min=0, metavar="NUMBER", help="In place of the assumption of this number.")
]
_Percent: TypeAlias = Annotated[
    str, typer.Argument(metavar="PERCENT", help="Such as +10 or 10; after -- also -5.")
]
_SHARES = ("largest", "mean", "gini", "variation", "share")


@scenario_commands.command()
def new(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="A", help="A, A@REVISION or A@SNAPSHOT.")],
    name: Annotated[str, typer.Argument(metavar="S", help="Name of the scenario.")],
) -> Reply:
    """Start a scenario of an alignment: a copy that assumes nothing so far."""
    from tp_geo.workflow.differences import find_side
    from tp_geo.workflow.scenarios import begin

    session = session_of(ctx)
    side = find_side(session.planner, source)
    plan = begin(session.planner, side.plan, name, by=session.user, seq=side.revision)
    return _told(plan, f"a scenario of {side.plan.info.name} at revision {side.revision}")


@assume_commands.command()
def growth(
    ctx: typer.Context,
    name: _Scenario,
    measure: Annotated[str, typer.Argument(metavar="MEASURE")],
    percent: _Percent,
    *,
    where: Annotated[
        str, typer.Option(metavar="ATTRIBUTE=VALUE", help="Only where an attribute is that.")
    ] = "",
    area: Annotated[
        str | None, typer.Option(help="Only what an area and all below it held at the start.")
    ] = None,
    instead: _Instead = 0,
) -> Reply:
    """Assume that a measure grows by some percent, everywhere or in a segment."""
    from tp_geo.domain.growth import Growth, Segment

    plan = session_of(ctx).plan(name)
    attribute, equals, value = where.partition("=")
    if where and not (equals and attribute.strip()):
        raise typer.BadParameter(f"--where {where!r} is not ATTRIBUTE=VALUE, as in tier=gold")
    segment = Segment(attribute.strip(), value.strip(), _begun(plan, area))
    what = Growth(measure_in(plan.dataset, measure), _percent(percent), segment)
    return _assumed(ctx, plan, what, instead)


@assume_commands.command()
def hire(
    ctx: typer.Context,
    name: _Scenario,
    area: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new area.")],
    *,
    owner: Annotated[str, typer.Option(help="Who is hired.")] = "",
    split: Annotated[
        str | None, typer.Option(metavar="AREA", help="Split this area; else it is empty.")
    ] = None,
    below: Annotated[
        str | None, typer.Option(metavar="AREA", help="An empty area below this one.")
    ] = None,
    target: Annotated[
        float | None, typer.Option(min=0, help="Its target, taken from those beside it.")
    ] = None,
    measure: _Measure = "",
    instead: _Instead = 0,
) -> Reply:
    """Assume that somebody is hired: a new area, split from another or empty."""
    from tp_geo.domain.scenario import Hire

    if split and below:
        raise typer.BadParameter("--split and --below do not go together")
    plan = session_of(ctx).plan(name)
    what = Hire(
        area,
        owner.strip(),
        None if split is None else area_in(plan, split),
        None if below is None else area_in(plan, below),
        measure_in(plan.dataset, measure) if measure else "",
        target,
    )
    return _assumed(ctx, plan, what, instead)


@assume_commands.command()
def leaver(
    ctx: typer.Context,
    name: _Scenario,
    area: Annotated[str, typer.Argument(metavar="AREA", help="Whose owner goes.")],
    *,
    to: Annotated[str, typer.Option(metavar="OWNER", help="Who takes it as it is.")] = "",
    instead: _Instead = 0,
) -> Reply:
    """Assume that somebody goes: the area into those beside it, or to another owner."""
    from tp_geo.domain.scenario import Leaver

    plan = session_of(ctx).plan(name)
    return _assumed(ctx, plan, Leaver(area_in(plan, area), to.strip()), instead)


@assume_commands.command()
def targets(
    ctx: typer.Context,
    name: _Scenario,
    measure: Annotated[str, typer.Argument(metavar="MEASURE")],
    percent: Annotated[
        str, typer.Argument(metavar="[PERCENT]", help="By how much; not with --to.")
    ] = "",
    *,
    area: Annotated[str | None, typer.Option(help="Only this area with those below it.")] = None,
    to: Annotated[float | None, typer.Option(min=0, help="The target of the one area.")] = None,
    instead: _Instead = 0,
) -> Reply:
    """Assume other targets: all by some percent, those of a branch, or one of an area."""
    from tp_geo.domain.scenario import Retarget

    if (to is None) == (not percent):
        raise typer.BadParameter("give PERCENT, or --to with --area")
    plan = session_of(ctx).plan(name)
    at = None if area is None else area_in(plan, area)
    by = _percent(percent) if percent else 0.0
    what = Retarget(measure_in(plan.dataset, measure), by, at, to)
    return _assumed(ctx, plan, what, instead)


@scenario_commands.command()
def show(ctx: typer.Context, name: _Scenario) -> Reply:
    """Show what a scenario assumes, in order."""
    plan = session_of(ctx).plan(name)
    return _told(plan, f"a scenario of {_base(ctx, plan)}")


@scenario_commands.command()
def again(ctx: typer.Context, name: _Scenario) -> Reply:
    """Make so again what is assumed and was undone; edits made by hand stay."""
    from tp_geo.workflow.scenarios import reapply

    session = session_of(ctx)
    return _done(reapply(session.planner, session.plan(name), by=session.user))


@scenario_commands.command()
def drop(
    ctx: typer.Context,
    name: _Scenario,
    number: Annotated[int, typer.Argument(min=1, metavar="NUMBER", help="Of the assumption.")],
) -> Reply:
    """Assume something no longer; edits made by hand stay."""
    from tp_geo.workflow.scenarios import drop as dropped

    session = session_of(ctx)
    return _done(dropped(session.planner, session.plan(name), number, by=session.user))


@scenario_commands.command("list")
def list_(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[A]", help="Only those of one.")] = None,
) -> Reply:
    """List the scenarios, of one alignment or of all."""
    from tp_geo.workflow.scenarios import assumptions, base_id, base_name

    planner = session_of(ctx).planner
    of = planner.find(name).id if name else ""
    infos = [i for i in planner.plans() if i.scenario and (not of or base_id(i) == of)]
    found = [
        {
            "scenario": i.name,
            "id": i.id,
            "of": base_name(planner, i),
            "assumes": [a.text for a in assumptions(planner.open(i.id))],
        }
        for i in infos
    ]
    rows = [[str(f["scenario"]), str(f["of"]), "; ".join(f["assumes"])] for f in found]
    none = "No scenarios so far. Start one: tp-geo scenario new A S"
    table = Table(("scenario", "of", "assumes"), rows)
    return Reply({"scenarios": found}, (table if rows else none,))


@scenario_commands.command("table")
def table_(
    ctx: typer.Context,
    name: PlanName,
    *,
    measure: _Measure = "",
    level: Annotated[str, typer.Option(help="The level of areas, by name or number.")] = "1",
) -> Reply:
    """Compare an alignment and its scenarios in one table; * marks the best of each row."""
    from tp_geo.workflow.scenario_table import scenario_table
    from tp_geo.workflow.scenarios import base_id

    session = session_of(ctx)
    plan = session.plan(name)
    if plan.info.scenario:
        plan = session.plan(base_id(plan.info))
    of = measure_in(plan.dataset, measure) if measure else ""
    found = scenario_table(session.planner, plan, of, level_in(plan.alignment, level))
    columns = ("", *(s.name for s in found.sides))
    rows = [[row.label, *_cells(found, row)] for row in found.rows]
    first = f"{plan.info.name} and {count(len(found.sides) - 1, 'scenario')}, {found.measure.label}"
    data = {
        "alignment": plan.info.name,
        "measure": found.measure.name,
        "level": found.level,
        "sides": found.sides,
        "best": {r.key: [s.name for s, b in zip(found.sides, r.best, strict=True) if b]
                 for r in found.rows},
    }  # fmt: skip
    return Reply(data, (first, Table(columns, rows)))


@scenario_commands.command()
def adopt(ctx: typer.Context, name: _Scenario, note: Note = "") -> Reply:
    """Bring placement, areas, owners and targets into the alignment; figures stay as they are."""
    from tp_geo.workflow.scenarios import adopt as adopted

    session = session_of(ctx)
    found = adopted(session.planner, session.plan(name), by=session.user, note=note)
    base, made = found.plan, found.revision
    text = "nothing differed" if made is None else made.text
    said = [f"{base.info.name}, revision {base.seq}: {text}; {name} is in the archive"]
    if found.left:
        said.append(f"Left as in {base.info.name}, changed there since: {', '.join(found.left)}")
    if found.figures:
        said.append(f"Not adopted, as they are only assumed: figures of {', '.join(found.figures)}")
    data = {
        "alignment": base.info.name,
        "revision": base.seq,
        "changed": made is not None,
        "left": found.left,
        "figures_not_adopted": found.figures,
    }
    return Reply(data, tuple(said))


@scenario_commands.command()
def remove(ctx: typer.Context, name: _Scenario) -> Reply:
    """Take a scenario off the list; tp-geo archive S --back brings it back."""
    from tp_geo.workflow.scenarios import scenario_in

    session = session_of(ctx)
    plan = session.plan(name)
    scenario_in(plan)
    session.planner.archive(plan)
    return Reply({"scenario": plan.info.name, "archived": True}, (f"{plan.info.name} is removed",))


scenario_commands.add_typer(
    assume_commands, name="assume", help="Assume growth, a hire, a leaver or other targets."
)
scenario_commands.add_typer(scenario_optimize.commands)
commands.add_typer(
    scenario_commands,
    name="scenario",
    help="What-if copies: assumed, compared, adopted.",
    rich_help_panel="Alignments",
)


def _assumed(ctx: typer.Context, plan: Plan, what: Assumption, instead: int) -> Reply:
    from tp_geo.workflow.scenarios import assume, reassume

    session = session_of(ctx)
    if instead:
        return _done(reassume(session.planner, plan, instead, what, by=session.user))
    return _done(assume(session.planner, plan, what, by=session.user))


def _done(done: Done) -> Reply:
    reply = _told(done.plan, "")
    if not done.left:
        return reply
    said = f"Left as changed by hand: {', '.join(done.left)}"
    return Reply({**reply.data, "left": done.left}, (*reply.text, said))


def _told(plan: Plan, about: str) -> Reply:
    from tp_geo.workflow.scenarios import assumptions

    found = assumptions(plan)
    data = {
        "scenario": plan.info.name,
        "id": plan.info.id,
        "revision": plan.seq,
        "dataset": plan.dataset.name,
        "assumes": found,
    }
    rows: list[list[Cell]] = [
        [a.number, a.kind, a.text, "" if a.standing else "undone"] for a in found
    ]
    first = f"{plan.info.name}, revision {plan.seq}{': ' if about else ''}{about}"
    table = Table(("#", "sort", "assumed", ""), rows)
    return Reply(data, (first, table if rows else "It assumes nothing so far."))


def _base(ctx: typer.Context, plan: Plan) -> str:
    from tp_geo.workflow.scenarios import base_name, scenario_in

    scenario_in(plan)
    return base_name(session_of(ctx).planner, plan.info)


def _begun(plan: Plan, text: str | None) -> AreaId | None:
    """Return the area a text means, of those the scenario began with."""
    from tp_geo.domain.hierarchy import find_area
    from tp_geo.workflow.scenarios import beginning

    return None if text is None else find_area(beginning(plan), text)


def _percent(text: str) -> float:
    from tp_geo.workflow.cells import number

    found = number(text.strip().removesuffix("%").removeprefix("+"))
    if found is None:
        raise typer.BadParameter(f"{text!r} is no number of percent, as in 10 or -5")
    return found


def _cells(found: Scenarios, row: Row) -> list[Cell]:
    cells: list[Cell] = []
    for side, value, best in zip(found.sides, row.values, row.best, strict=True):
        text = _cell(row.key, value, side.aimed)
        cells.append(f"{text} *" if best else text)
    return cells


def _cell(key: str, value: float, aimed: int) -> str:
    if key == "on_target":
        return f"{value:.0f} of {aimed}" if aimed else DASH
    if key in _SHARES:
        said = share(value)
        return said if key == "largest" else said.removeprefix("+")
    return amount(value)
