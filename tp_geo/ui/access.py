"""What a page offers to whoever is here: only what they may do. The store refuses the rest."""

from __future__ import annotations

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import Action, Level
from tp_geo.ui import guest, state
from tp_geo.workflow.plan import Plan

LEVELS = {Level.VIEW: "View", Level.COMMENT: "Comment", Level.EDIT: "Edit"}
"""How far something is shared, as it is said."""
SHARE = "sharing"
"""The dialog in which an alignment, by id, is shared."""


def may(action: Action, plan: Plan | None = None) -> bool:
    """Whether whoever is here may do something: at all, or with a plan or a part of it."""
    if guest.here():
        return False
    if plan is None:
        return state.planner().actor.may(action)
    return plan.actor.may(action, plan.info)


def edits(plan: Plan) -> bool:
    """Whether they may change a plan, or a part of it."""
    return may(Action.EDIT, plan)


def within(action: Action, plan: Plan, area: AreaId | None) -> bool:
    """Whether they may do something with an area of a plan, or the whole for ``None``."""
    if guest.here() or not plan.actor.may(action, plan.info):
        return False
    reach = plan.actor.reach(action, plan.info)
    return reach is not None and reach.covers(plan.alignment, area)


def shares(plan: Plan) -> bool:
    """Whether they can share a plan or a part of it: where there are rights."""
    return state.planner().rights.on and may(Action.SHARE, plan)
