"""Find: what to look at in an alignment, and where something is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli.asking import PlanName, area_in, level_in, measure_in
from tp_geo.cli.reply import Reply, Table, amount, count
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.hierarchy import Focus
    from tp_geo.workflow.checking import Told
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.search import Hit

commands = typer.Typer(rich_markup_mode=None)

_PANEL = "Alignments"
_PERCENT = 100.0


@commands.command(rich_help_panel=_PANEL)
def check(
    ctx: typer.Context,
    name: PlanName,
    *,
    area: Annotated[str | None, typer.Option(help="Only this area and those below it.")] = None,
    level: Annotated[str | None, typer.Option(help="The level; default: the last.")] = None,
    measure: Annotated[str | None, typer.Option(help="What sizes are told in.")] = None,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Percent an area may be off its target.")
    ] = 5.0,
) -> Reply:
    """Tell gaps, pieces cut off, enclaves, areas off target, splits that do not add up, more."""
    from tp_geo.workflow.checking import check as find

    plan = session_of(ctx).plan(name)
    chosen = measure_in(plan.dataset, measure) if measure else ""
    if chosen:
        plan.dataset.measure(chosen)
    focus = _focus(plan, area, level)
    found = find(plan, focus=focus, measure=chosen, tolerance=tolerance / _PERCENT)
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "level": focus.level,
        "findings": [_finding(plan, told) for told in found],
    }
    first = f"{plan.info.name}, revision {plan.seq}: {count(len(found), 'finding')}"
    return Reply(data, (first, _table(plan, found, chosen)) if found else (first,))


@commands.command(rich_help_panel=_PANEL)
def find(
    ctx: typer.Context,
    name: PlanName,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="How it begins, or a part of it.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 50,
) -> Reply:
    """Find areas, owners, states, counties, places, codes and accounts by name."""
    from tp_geo.workflow.search import index_of

    session = session_of(ctx)
    plan = session.plan(name)
    hits = index_of(session.planner, plan.dataset).search(text, plan.alignment, limit)
    first = f"{count(len(hits), 'hit')} for {text!r}"
    rows = [(h.sort.value, h.label, h.detail, _where(plan, h)) for h in hits]
    table = Table(("kind", "name", "", "area"), rows)
    data = {"alignment": plan.info.name, "hits": [_hit(plan, h) for h in hits]}
    return Reply(data, (first, table) if hits else (first,))


def _focus(plan: Plan, area: str | None, level: str | None) -> Focus:
    """Return the focus that is meant; the level by name or number, by default the last."""
    from tp_geo.domain.hierarchy import Focus, levels

    lowest = max(len(levels(plan.alignment)), 1)
    number = lowest if level is None else level_in(plan.alignment, level)
    if area is None:
        return Focus(None, number)
    return Focus((area_in(plan, area),), number, unassigned=False)


def _finding(plan: Plan, told: Told) -> dict[str, object]:
    return {
        "kind": told.kind.value,
        "area": told.area,
        "title": told.title,
        "text": told.text,
        "containers": plan.dataset.codes[told.containers].tolist(),
        "amount": told.amount,
    }


def _table(plan: Plan, found: tuple[Told, ...], measure: str) -> Table:
    from tp_geo.workflow.checking import TITLES

    label = plan.dataset.measure(measure).label if measure else ""
    columns = ("what", "where", "", *((label,) if measure else ()))
    rows = [
        (TITLES[t.kind], t.title, t.text, *((amount(t.amount),) if measure else ())) for t in found
    ]
    return Table(columns, rows)


def _hit(plan: Plan, hit: Hit) -> dict[str, object]:
    item = None if hit.item is None else str(plan.dataset.codes[hit.item])
    return {
        "kind": hit.sort.value,
        "name": hit.label,
        "detail": hit.detail,
        "code": item,
        "containers": len(hit.containers),
        "area": _where(plan, hit),
    }


def _where(plan: Plan, hit: Hit) -> str:
    """Return the area a hit is, or lies in; how many when it is several."""
    from tp_geo.domain.alignment import AreaId, ids_in
    from tp_geo.domain.hierarchy import path

    if hit.area is not None:
        return path(plan.alignment, hit.area)
    items = hit.containers if hit.item is None else [hit.item]
    areas = ids_in(plan.alignment.resolved[items])
    if len(areas) != 1:
        return f"{len(areas):,} areas"
    return path(plan.alignment, areas[0]) if areas[0] else plan.alignment.name(AreaId(0))
