"""Drafts: a branch copied to be edited apart, and merged back into the alignment it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.drafts import Brought, Conflict, Draft, Keep, MergeDraft, brought, conflicts
from tp_geo.domain.revision import Revision
from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.store import AlignmentInfo
from tp_geo.workflow.apart import is_apart
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.scenarios import base_id, beginning

NAMED = 60
"""Characters of a name that a name of ours is made of."""


@dataclass(frozen=True, slots=True)
class Report:
    """What merging would bring into the base, what of it both changed, and how far base is."""

    base: Plan
    brings: Brought
    conflicts: tuple[Conflict, ...]
    since: int
    """Revisions of the base since the draft began."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging did: no revision where base had it all."""

    base: Plan
    revision: Revision | None


def begin(
    planner: Planner, plan: Plan, name: str = "", *, area: AreaId | None = None, by: str
) -> Plan:
    """Start a draft of a branch, or of the whole: a copy in which only that can change.

    Without a name it gets one of the alignment, the branch and the person.
    Raises ``Refused``.
    """
    if is_apart(plan.info):
        kind = "draft" if plan.info.draft else "scenario"
        raise Refused(
            f"{plan.info.name} is a {kind} itself. Start a draft of the alignment it is one of."
        )
    if area is not None and area not in plan.alignment.areas:
        raise Refused(f"{plan.info.name} has no area {area} any more. Choose a branch it has.")
    plan.actor.require(Action.DRAFT, plan.info)
    reach = plan.actor.reach(Action.DRAFT, plan.info)
    if reach is None or not reach.covers(plan.alignment, area):
        what = plan.info.name if area is None else plan.alignment.name(area)
        raise Refused(f"{what} is outside the part you plan. Start a draft of a branch you plan.")
    return planner.copy(
        plan, name.strip() or _name(planner, plan, area, by), by=by, draft=Draft(area).dumps()
    )


def drafts_of(planner: Planner, plan: Plan) -> tuple[AlignmentInfo, ...]:
    """Return the drafts of an alignment that are neither merged nor archived, newest first."""
    return tuple(i for i in planner.plans() if i.draft and base_id(i) == plan.info.id)


def branch_of(plan: Plan) -> str:
    """Return what the branch is called that a draft may change, "" for the whole."""
    area = _draft(plan).area
    return "" if area is None else beginning(plan).name(area)


def report(planner: Planner, plan: Plan) -> Report:
    """Return what merging a draft would do now, and what a person has to decide first."""
    base, start = _base(planner, plan), beginning(plan)
    seq = int(plan.info.base.rpartition("@")[2])
    found = conflicts(start, base.alignment, plan.alignment)
    return Report(base, brought(start, plan.alignment), found, base.seq - seq)


def merge(
    planner: Planner, plan: Plan, decided: Mapping[str, Keep], *, by: str, note: str = ""
) -> Merged:
    """Merge a draft into its base as one revision, each conflict as decided by its key.

    The draft goes to the archive. It brings changes of its branch alone, but
    what is decided for it can come back from elsewhere. What nobody decided, because the base has
    moved on meanwhile, is refused and nothing changes.
    """
    base = _base(planner, plan)
    if plan.info.archived:
        raise Refused(
            f"{plan.info.name} is in the archive, merged or removed. Bring it back first."
        )
    command = MergeDraft(beginning(plan), plan.alignment, plan.info.name, decided)
    revision = base.ask(command, by=by, note=note)
    planner.archive(plan)
    return Merged(base, revision)


def _draft(plan: Plan) -> Draft:
    if not plan.info.draft:
        raise Refused(
            f'{plan.info.name} is no draft. Start one of it: tp-geo draft new "{plan.info.name}"'
        )
    return Draft.loads(plan.info.draft)


def _base(planner: Planner, plan: Plan) -> Plan:
    _draft(plan)
    base = planner.open(base_id(plan.info))
    if base.info.archived:
        raise Refused(f"{base.info.name} is in the archive. Bring it back, then merge.")
    if not np.array_equal(base.dataset.codes, plan.dataset.codes):
        raise Refused(
            f"{base.info.name} stands on other boundaries or accounts by now, so "
            f"{plan.info.name} can't be merged. Start a new draft of it."
        )
    return base


def _name(planner: Planner, plan: Plan, area: AreaId | None, by: str) -> str:
    """Return a name that nobody has: of the alignment, the branch and the person."""
    branch = "" if area is None else f" · {plan.alignment.name(area)[:NAMED]}"
    first = f"{plan.info.name[:NAMED]}{branch} · {by[:NAMED]}"
    taken = {i.name for i in planner.plans()}
    names = (first if n == 1 else f"{first} {n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
