"""Every scenario of an alignment optimized with the same options: all that can be, or none."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from tp_geo import cancelling
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import BadData, Refused
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.solution import Solution
from tp_geo.workflow import compute
from tp_geo.workflow.optimizing import Request, default
from tp_geo.workflow.optimizing_note import noted
from tp_geo.workflow.optimizing_problem import Setting, setting_of
from tp_geo.workflow.optimizing_proposal import Alternative
from tp_geo.workflow.optimizing_run import Step, best_of, job_of, propose, solved
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.scenarios import scenarios_of

Told: TypeAlias = Callable[[str, float], None]
"""Told what is being done and the share of the whole that lies behind."""


_Found: TypeAlias = tuple[Plan, Request | None, Alternative | None, str]
"""A scenario, what was asked for it, the best there is, and why there is none."""


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
    found = _found(plans, options, told)
    told("Keeping the results", 1.0)
    cancelling.keep()
    return tuple(_kept(*one, by=by, note=note) for one in found)


def _found(plans: Sequence[Plan], options: Options, told: Told) -> list[_Found]:
    """Return the best plan of each scenario: of one here, of several by processes or a cluster."""
    settings = [_setting(plan, options) for plan in plans]
    ready = [(plan, s) for plan, s in zip(plans, settings, strict=True) if isinstance(s, Setting)]
    if len(ready) == 1 and not compute.on_cluster():
        ((plan, setting),) = ready
        part = _part(told, plan.info.name, options.max_runtime_s)
        answers: list[Solution | str] = [_here(plan, setting.request, part)]
    else:
        jobs = [job_of(setting) for _, setting in ready]
        answers = compute.done(solved, jobs, told=_by_time(told, len(jobs), options))
    left = iter(answers)
    made: list[_Found] = []
    for plan, setting_or_why in zip(plans, settings, strict=True):
        if isinstance(setting_or_why, str):
            made.append((plan, None, None, setting_or_why))
            continue
        answer, request = next(left), setting_or_why.request
        if isinstance(answer, str):
            made.append((plan, None, None, answer))
        else:
            made.append((plan, request, best_of(setting_or_why, answer), ""))
    return made


def _setting(plan: Plan, options: Options) -> Setting | str:
    """Return the problem of a scenario, or why there is none."""
    try:
        return setting_of(plan, _request(plan, options))
    except (Refused, BadData) as why:
        return str(why)


def _here(plan: Plan, request: Request, part: Callable[[Step], None]) -> Solution | str:
    try:
        return propose(plan, request, told=part).alternatives[0].solution
    except (Refused, BadData) as why:
        return str(why)


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


def _part(told: Told, name: str, seconds: float) -> Callable[[Step], None]:
    def heard(step: Step) -> None:
        told(name, min(step.seconds / seconds, 1.0))

    return heard


def _by_time(told: Told, jobs: int, options: Options) -> compute.Told:
    """Return what tells how far several are: those that are done, or the time that has gone."""
    start, turns = time.monotonic(), math.ceil(jobs / (os.cpu_count() or 1))

    def heard(done: int) -> None:
        gone = (time.monotonic() - start) / (turns * options.max_runtime_s)
        told(f"{done:,} of {jobs:,} scenarios", max(done / max(jobs, 1), min(gone, 0.95)))

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
