"""Plans on the states to optimize, and what a run makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from states import at
from writing import ANA, area

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.workflow.optimizing import Request
from tp_geo.workflow.optimizing_proposal import Alternative
from tp_geo.workflow.optimizing_run import propose
from tp_geo.workflow.plan import Plan

PEOPLE = (("people", 1.0),)
EVERYTHING = Focus(None, 1, True)


def request(plan: Plan, **said: Any) -> Request:
    """Return a request to balance people over all areas and what is unassigned, and more."""
    return Request(**{"measures": PEOPLE, "focus": EVERYTHING, "alternatives": 1} | said)


def found(plan: Plan, **said: Any) -> Alternative:
    """Return the plan that such a request leads to."""
    return propose(plan, request(plan, **said)).alternatives[0]


def applied(plan: Plan, **said: Any) -> Alternative:
    """Apply the plan that such a request leads to, and return it."""
    chosen = found(plan, **said)
    plan.ask(chosen.command, by=ANA)
    return chosen


def give(plan: Plan, to: str, *codes: str) -> None:
    """Give states to an area."""
    plan.ask(Move(at(*codes), area(plan, to)), by=ANA)


def held_by(plan: Plan, name: str) -> set[str]:
    """Return the states that an area holds, with those below it."""
    below = [*plan.alignment.subtree(AreaId(area(plan, name)))]
    n = plan.alignment.items.containers
    inside = np.isin(plan.alignment.area_of[:n], below)
    return set(plan.dataset.codes[:n][inside].tolist())


def row(chosen: Alternative, name: str) -> Any:
    """Return the row of an area."""
    return next(r for r in chosen.rows if r.name == name)
