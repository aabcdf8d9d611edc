"""Every scenario of an alignment optimized with the same options: all that can be, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from tp_geo import cancelling
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import BadData, Refused
from tp_geo.optimize.objective import Objective
from tp_geo.workflow.optimizing import Request, default
from tp_geo.workflow.optimizing_note import noted
from tp_geo.workflow.optimizing_proposal import Alternative
from tp_geo.workflow.optimizing_run import Step, propose
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.scenarios import scenarios_of

Told: TypeAlias = Callable[[str, float], None]
"""Told what is being done and the share of the whole that lies behind."""


@dataclass(frozen=True, slots=True)
class Options:
    """What all are optimized by; ``objective`` ``None``: few changes where all areas hold some."""

    measure: str
    level: int = 1
    objective: Objective | None = None
    max_runtime_s: float = 10.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Designed:
    """What came of a scenario: its revision, or why there is none."""

    name: str
    text: str
    revision: int = 0

    @property
    def changed(self) -> bool:
        """Whether it is another plan now."""
        return self.revision > 0


def optimize_all(
    planner: Planner,
    base: Plan,
    options: Options,
    *,
    by: str,
    note: str = "",
    told: Told = lambda _what, _share: None,
) -> tuple[Designed, ...]:
    """Optimize every scenario of an alignment, each as one revision; the alignment stays.

    All are worked out before the first is kept, so that nothing has changed
    when this is cancelled. One that can't be optimized stays as it is, and
    says why.
    """
    plans = [planner.open(i.id) for i in scenarios_of(planner, base)]
    if not plans:
        raise Refused(
            f"{base.info.name} has no scenario to optimize. Start one: tp-geo scenario new "
            f'"{base.info.name}" NAME'
        )
    found: list[tuple[Plan, Request | None, Alternative | None, str]] = []
    for at, plan in enumerate(plans):
        part = _part(told, plan.info.name, at, len(plans), options.max_runtime_s)
        try:
            request = _request(plan, options)
            found.append((plan, request, propose(plan, request, told=part).alternatives[0], ""))
        except (Refused, BadData) as why:
            found.append((plan, None, None, str(why)))
    told("Keeping the results", 1.0)
    cancelling.keep()
    return tuple(_kept(*one, by=by, note=note) for one in found)


def _request(plan: Plan, options: Options) -> Request:
    usual = default(plan, Focus(level=options.level), options.measure)
    return replace(
        usual,
        measures=((options.measure, 1.0),),
        objective=options.objective or usual.objective,
        alternatives=1,
        seed=options.seed,
        max_runtime_s=options.max_runtime_s,
    )


def _part(told: Told, name: str, at: int, of: int, seconds: float) -> Callable[[Step], None]:
    def heard(step: Step) -> None:
        share = min(step.seconds / seconds, 1.0)
        told(f"{name}: {at + 1:,} of {of:,}", (at + share) / of)

    return heard


def _kept(
    plan: Plan, request: Request | None, best: Alternative | None, why: str, *, by: str, note: str
) -> Designed:
    if request is None or best is None:
        return Designed(plan.info.name, why)
    try:
        revision = plan.ask(best.command, by=by, note=noted(request, note, best.label))
    except Refused as refused:
        return Designed(plan.info.name, str(refused))
    if revision is None:
        return Designed(plan.info.name, "nothing to change")
    return Designed(plan.info.name, revision.text, revision.seq)
