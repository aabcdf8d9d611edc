"""An area that is given up: its neighbors take what it held and stay near their targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Remove
from tp_geo.domain.edits import Edit, replay
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.signing import refuse_sealed
from tp_geo.errors import Refused
from tp_geo.optimize.objective import KEEP
from tp_geo.workflow.optimizing import Request, Way
from tp_geo.workflow.optimizing_command import Optimize
from tp_geo.workflow.optimizing_problem import setting_of
from tp_geo.workflow.optimizing_proposal import Proposal
from tp_geo.workflow.optimizing_report import Before, alternative
from tp_geo.workflow.plan import Plan

LABEL = "Fewest changes"


@dataclass(frozen=True, slots=True, eq=False)
class GiveUp:
    """Remove an area once others have what it held."""

    area: AreaId
    shared: Optimize
    kind: ClassVar[str] = "remove"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return who gets what, and that the area is no more."""
        given = self.shared.edits(alignment, ids)
        return (*given, *Remove(self.area).edits(replay(alignment, given), ids))

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return what is removed, and what moves for that."""
        what = self.shared.says(alignment, noun).partition(": ")[2]
        return f"removed {alignment.name(self.area)}, its neighbors share what it held: {what}"


def give_up(plan: Plan, area: AreaId, measures: tuple[tuple[str, float], ...]) -> Proposal:
    """Return how the areas beside one share what it holds, with the fewest changes."""
    from tp_geo.optimize import leave

    alignment = plan.alignment
    if alignment.children(alignment.area(area).id):
        raise Refused(f"{alignment.name(area)} is divided. Give up an area below it.")
    above = alignment.areas[area].parent
    focus = Focus(None if above is None else (above,), alignment.depth(area), False)
    request = Request(measures, focus, KEEP, Way.REBALANCE, placeholders=True, alternatives=1)
    setting = setting_of(plan, request)
    at = setting.frame.areas.index(area)
    if setting.frame.locked[at]:
        refuse_sealed(alignment, area)
        raise Refused(f"{alignment.lock(area)} is locked. Unlock it first.")
    solution = leave(setting.problem, at, objective=KEEP, seed=request.seed)
    goals = setting.goals.copy()
    whole = np.nansum(goals, axis=0)
    goals[at] = np.nan
    goals *= whole / np.maximum(np.nansum(goals, axis=0), 1e-300)
    after = replace(setting, goals=goals)
    return Proposal(after, (alternative(Before(after), solution, LABEL),))
