"""A run of the optimizer on a plan: from a request to plans to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from tp_geo import cancelling
from tp_geo.domain.alignment import AreaIds
from tp_geo.domain.balance import TOLERANCE
from tp_geo.errors import BadData, Refused
from tp_geo.optimize.objective import BALANCE, BAND, KEEP, Objective
from tp_geo.optimize.problem import Ints, Problem
from tp_geo.optimize.stop import FirstOf, MaxRuntime, Progress, Stop
from tp_geo.workflow.optimizing import Request, Way
from tp_geo.workflow.optimizing_frame import Frame, holders
from tp_geo.workflow.optimizing_labels import BALANCED, KEPT, ROUND, labelled
from tp_geo.workflow.optimizing_problem import Setting, setting_of
from tp_geo.workflow.optimizing_proposal import Alternative, Proposal
from tp_geo.workflow.optimizing_report import Before, alternative
from tp_geo.workflow.plan import Plan

if TYPE_CHECKING:
    from tp_geo.optimize.solution import Solution

ASKED = "As asked"

FIRST_SHARE = 0.6
"""Of the time, the share that the plan that was asked for may take."""

HALTED = "halted"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """How far a run is: which plan is looked for, and the best one so far."""

    what: str
    seconds: float
    iterations: int
    best: float
    frame: Frame
    number: Ints

    def area_of(self) -> AreaIds:
        """Return the area, among those optimized, that each item of the dataset would be in.

        Items of other areas are in the leaf they are in.
        """
        return holders(self.frame, self.number)


Told: TypeAlias = Callable[[Step], None]
Halted: TypeAlias = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A plan to look for: its name, its objective, how, and its share of the time."""

    label: str
    objective: Objective
    way: Way
    share: float


@dataclass(frozen=True, slots=True)
class _Halt:
    """Ends a run when somebody says so; the best so far is kept."""

    halted: Halted
    max_runtime_s: float = float("inf")
    max_iterations: int | None = None

    def reached(self, progress: Progress) -> str:
        """Return why the run ends now, "" while it goes on."""
        return HALTED if self.halted() else ""


def propose(
    plan: Plan, request: Request, *, told: Told | None = None, halted: Halted | None = None
) -> Proposal:
    """Return plans to choose from: what was asked for, then others along the curve.

    Nothing is changed: a plan is applied by asking its command.

    Parameters
    ----------
    told
        Hears how far the run is after each slice of work; what it raises
        abandons the run.
    halted
        Whether to end now and keep the best so far.
    """
    setting = setting_of(plan, request)
    before, found = Before(setting), list[Alternative]()
    stopped = halted or (lambda: False)
    for wanted in _wanted(setting):
        solution = _solved(setting, wanted, told, stopped)
        if not any(np.array_equal(solution.area_of, a.solution.area_of) for a in found):
            found.append(alternative(before, solution, wanted.label))
        if stopped():
            break
    return Proposal(setting, labelled(found), _least_moved(setting))


def _least_moved(setting: Setting) -> Mapping[str, float]:
    """Return the share of each measure that has to leave its area in every plan in tolerance."""
    from tp_geo.optimize.flow import flow_bound

    if setting.frame.table or (setting.frame.number < 0).any():
        return {}
    tolerance = setting.request.objective.tolerance or TOLERANCE
    leaves = flow_bound(setting.problem, tolerance=tolerance).leaves
    names = [name for name, _ in setting.request.measures]
    return {name: float(share) for name, share in zip(names, leaves, strict=False)}


def _wanted(setting: Setting) -> Iterator[_Wanted]:
    """Yield what was asked for, then plans that weigh balance, change and shape otherwise.

    Where there is a plan already, the last is the roundest of those between
    which a rebalance can choose. Names are what is looked for; what plans are
    called in the end their figures say.
    """
    request = setting.request
    asked, scratch = request.objective, setting.way is Way.SCRATCH
    others = [(BALANCED, BALANCE, Way.SCRATCH if scratch else Way.PRESENT)]
    if not scratch:
        others += [(KEPT, KEEP, Way.REBALANCE)]
    others += [(ROUND, BAND, Way.SCRATCH if scratch else Way.AUTO)]
    others = [o for o in others if o[1] != asked][: request.alternatives - 1]
    yield _Wanted(ASKED, asked, setting.way, FIRST_SHARE if others else 1.0)
    for label, objective, way in others:
        yield _Wanted(label, objective, way, (1 - FIRST_SHARE) / len(others))


@dataclass(frozen=True, eq=False)
class Job:
    """A plan to look for with nothing of the store: it can be worked out by another process."""

    problem: Problem
    objective: Objective
    way: Way
    seed: int
    max_runtime_s: float | None


def job_of(setting: Setting) -> Job:
    """Return the plan that was asked for as a job of its own."""
    request = setting.request
    objective = _objective(setting, request.objective)
    return Job(setting.problem, objective, setting.way, request.seed, request.max_runtime_s)


def solved(job: Job) -> Solution | str:
    """Return the solution of a job, or why there is none."""
    stop = FirstOf((MaxRuntime(job.max_runtime_s),) if job.max_runtime_s is not None else ())
    try:
        return _searched(job, stop, None)
    except (Refused, BadData) as why:
        return str(why)


def best_of(setting: Setting, solution: Solution) -> Alternative:
    """Return a solution of a setting with all that is told of it."""
    return labelled([alternative(Before(setting), solution, ASKED)])[0]


def _solved(setting: Setting, wanted: _Wanted, told: Told | None, halted: Halted) -> Solution:
    frame, request = setting.frame, setting.request

    def heard(progress: Progress, number: Ints) -> None:
        cancelling.check()
        if told is not None:
            seconds, tried = progress.seconds, progress.iterations
            told(Step(wanted.label, seconds, tried, progress.best, frame, number))

    objective = _objective(setting, wanted.objective)
    job = Job(setting.problem, objective, wanted.way, request.seed, None)
    return _searched(job, _stop(request, wanted.share, halted), heard)


def _objective(setting: Setting, objective: Objective) -> Objective:
    return replace(objective, compactness=0.0) if setting.frame.table else objective


def _searched(job: Job, stop: Stop, heard: Callable[[Progress, Ints], None] | None) -> Solution:
    from tp_geo.optimize.alternatives import alternatives
    from tp_geo.optimize.rebalance import rebalance
    from tp_geo.optimize.solve import solve

    problem, seed = job.problem, job.seed
    match job.way:
        case Way.REBALANCE:
            return rebalance(problem, objective=job.objective, stop=stop, seed=seed, told=heard)
        case Way.AUTO:
            return alternatives(problem, objective=KEEP, stop=stop, seed=seed, told=heard)[-1]
    start: Literal["scratch", "present"] = "scratch" if job.way is Way.SCRATCH else "present"
    return solve(problem, objective=job.objective, stop=stop, seed=seed, start=start, told=heard)


def _stop(request: Request, share: float, halted: Halted) -> Stop:
    rules: tuple[Stop, ...] = (_Halt(halted),)
    if request.max_runtime_s is not None:
        rules += (MaxRuntime(request.max_runtime_s * share),)
    return FirstOf(rules)
