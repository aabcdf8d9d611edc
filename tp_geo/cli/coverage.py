"""``tp-geo coverage``: a plan at a glance, for who signs it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import PlanName, area_in, level_in, measure_in
from tp_geo.cli.reply import DASH, Cell, Reply, Table, amount, count, share
from tp_geo.cli.session import Session, session_of
from tp_geo.errors import Refused

if TYPE_CHECKING:
    from tp_geo.workflow.coverage import Coverage, Row, Spread
    from tp_geo.workflow.coverage_change import Base
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)

_PERCENT = 100.0


@commands.command(rich_help_panel="Review")
def coverage(
    ctx: typer.Context,
    name: PlanName,
    *,
    area: Annotated[str | None, typer.Option(help="Only this area and those below it.")] = None,
    level: Annotated[str | None, typer.Option(help="The level; default: the first.")] = None,
    measure: Annotated[
        str | None, typer.Option(help="What is covered; default: the first.")
    ] = None,
    base: Annotated[
        str | None, typer.Option(help="A snapshot to compare with; default: the newest.")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Percent an area may be off its target.")
    ] = 5.0,
) -> Reply:
    """Tell what is covered, on target, changes owner and is spread, and every gap."""
    from tp_geo.workflow import coverage as layer

    session = session_of(ctx)
    plan = session.plan(name)
    scope = area_in(plan, area) if area else None
    found = layer.coverage(
        session.planner,
        plan,
        level=_level(plan, level, scope),
        scope=scope,
        measure=measure_in(plan.dataset, measure) if measure else None,
        tolerance=tolerance / _PERCENT,
        base=_base(session, plan, base),
    )
    return Reply(_data(plan, found), _text(plan, found))


def _level(plan: Plan, text: str | None, scope: int | None) -> int:
    """Return the level that is meant: by default the first below what is looked into."""
    from tp_geo.domain.alignment import AreaId

    first = 1 if scope is None else plan.alignment.depth(AreaId(scope)) + 1
    found = first if text is None else level_in(plan.alignment, text)
    if found < first and scope is not None:
        above = plan.alignment.name(AreaId(scope))
        raise Refused(f"Level {found} is not below {above}. Give a level from {first} on.")
    return found


def _base(session: Session, plan: Plan, text: str | None) -> Base | None:
    """Return what to compare with: what was asked for, else the newest there is."""
    from tp_geo.workflow.coverage_change import bases

    offered = bases(session.planner, plan)
    if text is None:
        return next(iter(offered), None)
    found = next((b for b in offered if b.name == text), None)
    if found is None:
        names = ", ".join(b.name for b in offered) or "none; take one by tp-geo snapshot"
        raise Refused(f"{plan.info.name} can't be compared with {text!r}. What there is: {names}.")
    return found


def _text(plan: Plan, found: Coverage) -> list[str | Table]:
    told: list[str | Table] = [f"{plan.info.name}, revision {found.revision}: {found.label}"]
    told.append(_headline(found))
    if found.rows:
        told.append(Table(_COLUMNS, [_row(r) for r in found.rows]))
    if found.spreads:
        told.append(Table(_FAIR, [_spread(s) for s in found.spreads]))
    if found.gaps:
        from tp_geo.workflow.coverage_gaps import TITLES

        rows = [(TITLES[g.sort], g.title, g.text, amount(g.amount)) for g in found.gaps]
        told.append(Table(("what", "where", "", found.label), rows))
    else:
        told.append("No gaps.")
    return told


_COLUMNS = ("area", "target", "planned", "deviation", "", "owner", "change")
_FAIR = ("level", "areas", "against", "variation", "gini", "max / min", "least", "most")


def _headline(found: Coverage) -> str:
    parts = [f"{math.floor(1_000 * found.covered) / 10:.1f} % covered"]
    if found.aimed:
        parts.append(f"{found.on_target:,} of {count(found.aimed, 'area')} on target")
    if found.change and found.change.owners:
        parts.append(f"{found.change.owner:.1%} changes owner".replace("%", " %"))
    elif found.change:
        parts.append(f"{found.change.area:.1%} changes area".replace("%", " %"))
    if not math.isnan(found.spread):
        parts.append(f"spread {found.spread:.1%}".replace("%", " %"))
    return " · ".join(parts)


def _row(row: Row) -> tuple[Cell, ...]:
    changed = DASH if math.isnan(row.change) else f"{row.change:.1%}".replace("%", " %")
    return (
        row.name, amount(row.target), amount(row.planned), share(row.deviation),
        "!" if row.off else "", row.owner or DASH, changed,
    )  # fmt: skip


def _spread(spread: Spread) -> tuple[Cell, ...]:
    figures = spread.figures
    return (
        spread.level, figures.count, spread.against, _digits(figures.variation),
        _digits(figures.gini), _digits(figures.ratio), amount(figures.lowest),
        amount(figures.highest),
    )  # fmt: skip


def _digits(value: float) -> str:
    return f"{value:,.3f}" if math.isfinite(value) else DASH


def _data(plan: Plan, found: Coverage) -> dict[str, object]:
    codes = plan.dataset.codes
    return {
        "alignment": plan.info.name,
        "revision": found.revision,
        "measure": found.measure,
        "level": found.depth,
        "area": found.scope,
        "covered": found.covered,
        "whole": found.whole,
        "unassigned": found.unassigned,
        "aimed": found.aimed,
        "on_target": found.on_target,
        "spread": found.spread,
        "change": found.change,
        "areas": found.rows,
        "fairness": found.spreads,
        "risks": found.risks,
        "gaps": [
            {
                "kind": g.sort.value,
                "title": g.title,
                "text": g.text,
                "areas": g.areas,
                "containers": codes[g.containers].tolist(),
                "amount": g.amount,
            }
            for g in found.gaps
        ],
    }
