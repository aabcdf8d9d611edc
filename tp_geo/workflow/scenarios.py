"""Scenarios: copies of an alignment that try out what is assumed, and are adopted or removed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.domain.adopting import TakeOver
from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.dataset import ASSUMED, Dataset
from tp_geo.domain.growth import Growth, grown
from tp_geo.domain.hiding import names_hidden
from tp_geo.domain.revision import Revision, last_id, start
from tp_geo.domain.rules import decide
from tp_geo.domain.scenario import Assumed, Assumption, Scenario, dumps, loads, told
from tp_geo.errors import Refused, TpGeoError
from tp_geo.files.build import content_key
from tp_geo.store import AlignmentInfo
from tp_geo.store.dataset_parquet import to_parquet
from tp_geo.workflow import clock
from tp_geo.workflow.differences import COPY
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.scenario_commands import command_of

ASSUME = "assume"
HIDDEN_TEXT = "something that is hidden from you"


@dataclass(frozen=True, slots=True)
class Told:
    """An assumption for people: in words, whether it holds, and why not."""

    number: int
    kind: str
    text: str
    revision: int
    standing: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A scenario after a change of what it assumes; ``left`` was changed by hand and stays so."""

    plan: Plan
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adopted:
    """What adopting did: the revision, what was left as it is, figures that were not adopted."""

    plan: Plan
    revision: Revision | None
    left: tuple[str, ...]
    figures: tuple[str, ...]


def begin(planner: Planner, plan: Plan, name: str, *, by: str, seq: int | None = None) -> Plan:
    """Start a scenario of an alignment: a copy that assumes nothing so far."""
    if plan.info.scenario:
        raise Refused(
            f"{plan.info.name} is a scenario itself. Start another one of "
            f"{base_name(planner, plan.info)}, or adopt it first."
        )
    return planner.copy(plan, name, by=by, seq=seq, scenario=dumps(Scenario(plan.dataset.key)))


def scenarios_of(planner: Planner, plan: Plan) -> tuple[AlignmentInfo, ...]:
    """Return the scenarios of an alignment, the oldest first."""
    mine = [i for i in planner.plans() if i.scenario and base_id(i) == plan.info.id]
    first = {i.id: planner.open(i.id).history() for i in mine}
    return tuple(sorted(mine, key=lambda i: (first[i.id][0].at if first[i.id] else i.at, i.name)))


def base_id(info: AlignmentInfo) -> str:
    """Return the id of the alignment that one was copied from, "" where there is none."""
    return info.base.rpartition("@")[0]


def base_name(planner: Planner, info: AlignmentInfo) -> str:
    """Return the name of what a scenario is one of."""
    try:
        return planner.find(base_id(info)).name
    except TpGeoError:
        return "an alignment that is gone"


def scenario_in(plan: Plan) -> Scenario:
    """Return what a scenario assumes; refuse an alignment that is none."""
    if not plan.info.scenario:
        raise Refused(
            f"{plan.info.name} is no scenario. Start one of it: tp-geo scenario new "
            f'"{plan.info.name}" NAME'
        )
    return loads(plan.info.scenario)


def beginning(plan: Plan) -> Alignment:
    """Return the alignment that a scenario began with."""
    first = plan.history()[:1]
    return plan.at(1) if first and first[0].kind == COPY else start(plan.dataset.items)


def assumptions(plan: Plan) -> tuple[Told, ...]:
    """Return what a scenario assumes, in order, in words."""
    was, now = beginning(plan), plan.alignment
    texts = ((a, told(a.what, was, now)) for a in scenario_in(plan).assumed)
    return tuple(
        Told(a.number, a.kind, _seen(plan, text), a.revision, _standing(plan, a))
        for a, text in texts
    )


def _seen(plan: Plan, text: str) -> str:
    """Return what is assumed, in words, but for what is hidden from whoever asks."""
    return HIDDEN_TEXT if names_hidden(text, plan.hidden_words) else text


def assume(planner: Planner, plan: Plan, what: Assumption, *, by: str) -> Done:
    """Assume one more thing."""
    scenario = _open(plan)
    used = (last_id(r.edits) for r in plan.history())
    fresh = 1 + max((*used, *(a.area for a in scenario.assumed)), default=0)
    new = scenario.with_new(what, fresh)
    return _settled(planner, plan, new, new.assumed[-1], done="assumed", by=by)


def reassume(planner: Planner, plan: Plan, number: int, what: Assumption, *, by: str) -> Done:
    """Assume something else under a number; edits made by hand stay."""
    new = _open(plan).with_other(number, what)
    return _settled(planner, plan, new, new.find(number), done="assumed instead", by=by)


def drop(planner: Planner, plan: Plan, number: int, *, by: str) -> Done:
    """Assume something no longer; edits made by hand stay."""
    scenario = _open(plan)
    gone, new = scenario.find(number), scenario.without(number)
    return _settled(planner, plan, new, gone, done="no longer assumed", by=by)


def reapply(planner: Planner, plan: Plan, *, by: str) -> Done:
    """Make so again what is assumed and was undone since; edits made by hand stay."""
    scenario = _open(plan)
    end = _outcome(plan, scenario, plan.dataset)
    command = TakeOver(beginning(plan), end, ASSUME, "assumed everything again")
    left = command.left(plan.alignment)
    revision = plan.ask(command, by=by)
    if revision is not None:
        scenario = scenario.made(revision.seq, [a.number for a in scenario.assumed])
    return Done(_kept(planner, plan, scenario, plan.dataset), left)


def adopt(planner: Planner, plan: Plan, *, by: str, note: str = "") -> Adopted:
    """Bring areas, owners, targets and placement of a scenario into its base, as one revision.

    What was changed there since, and differently, stays as it is there. Assumed
    figures are not adopted. The scenario goes to the archive.
    """
    scenario = _open(plan)
    base = planner.open(base_id(plan.info))
    if not np.array_equal(base.dataset.codes, plan.dataset.codes):
        raise Refused(
            f"{base.info.name} stands on other boundaries or accounts by now, so {plan.info.name} "
            "can't be adopted. Start a new scenario of it."
        )
    text = f"adopted the scenario {plan.info.name}"
    command = TakeOver(beginning(plan), plan.alignment, "adopt", text, anew=True)
    left = command.left(base.alignment)
    revision = base.ask(command, by=by, note=note)
    planner.archive(plan)
    figures = tuple(dict.fromkeys(g.measure for g in scenario.growths))
    return Adopted(base, revision, left, figures)


def _open(plan: Plan) -> Scenario:
    """Return what a scenario assumes, to change it; one without growth begins with its figures."""
    scenario = scenario_in(plan)
    if not scenario.growths:
        scenario = replace(scenario, dataset=plan.dataset.key)
    if plan.info.archived:
        raise Refused(
            f"{plan.info.name} is in the archive, adopted or removed. Bring it back first."
        )
    return scenario


def _standing(plan: Plan, one: Assumed) -> bool:
    """Whether an assumption holds: figures always do, a revision unless it was taken back."""
    return not one.revision or _stands(plan.history(), one.revision)


def _stands(history: tuple[Revision, ...], seq: int) -> bool:
    later = (r.seq for r in history[seq:] if r.reverts == seq)
    return not any(_stands(history, other) for other in later)


def _settled(
    planner: Planner, plan: Plan, new: Scenario, about: Assumed, *, done: str, by: str
) -> Done:
    """Make a plan what other assumptions make of it: what differs by them is brought in."""
    old, dataset = scenario_in(plan), _assumed_figures(planner, plan, new)
    start, end = _outcome(plan, old, plan.dataset), _outcome(plan, new, dataset)
    text = f"{done}: {told(about.what, beginning(plan), plan.alignment)}"
    command = TakeOver(start, end, ASSUME, text)
    left = command.left(plan.alignment)
    revision = plan.ask(command, by=by)
    if revision is not None:
        new = new.made(revision.seq, [about.number])
    elif start == end and dataset.key == plan.dataset.key:
        raise Refused(f"That changes nothing: {told(about.what, beginning(plan), plan.alignment)}.")
    return Done(_kept(planner, plan, new, dataset), left)


def _outcome(plan: Plan, scenario: Scenario, dataset: Dataset) -> Alignment:
    """Return what assumptions make of the alignment that a scenario began with."""
    state = beginning(plan)
    for one in scenario.assumed:
        if isinstance(one.what, Growth):
            continue
        try:
            command = command_of(plan, dataset, state, one.what)
            _, state = decide(state, command, itertools.repeat(AreaId(one.area)))
        except Refused as refused:
            what = told(one.what, beginning(plan), state)
            raise Refused(f"Assumption {one.number} ({what}) does not hold: {refused}") from refused
    return state


def _kept(planner: Planner, plan: Plan, scenario: Scenario, dataset: Dataset) -> Plan:
    planner.record(
        plan,
        replace(plan.info, dataset=dataset.name, dataset_key=dataset.key, scenario=dumps(scenario)),
    )
    return planner.open(plan.info.id)


def _assumed_figures(planner: Planner, plan: Plan, scenario: Scenario) -> Dataset:
    """Return the figures a scenario assumes: those it began with, grown, under another key."""
    name = plan.info.dataset.removesuffix(ASSUMED)
    first = planner.dataset_of(replace(plan.info, dataset=name, dataset_key=scenario.dataset))
    if not scenario.growths:
        return first
    if plan.hidden:
        raise Refused(
            f"Some of {name} is hidden from you, so you can't assume figures of it: what you "
            "don't see would be lost. Ask somebody who sees all of it."
        )
    made = grown(first, beginning(plan), scenario.growths)
    made = replace(made, name=f"{first.name}{ASSUMED}", made=clock.now())
    made = replace(made, key=content_key(made))
    planner.store.put_blob(made.key, to_parquet(made))
    return made
