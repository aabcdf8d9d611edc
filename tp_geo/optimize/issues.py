"""What can't be done as asked, said in sentences."""

from __future__ import annotations

from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Ints, Problem
from tp_geo.optimize.solution import Issue


def issues_of(problem: Problem, objective: Objective, area_of: Ints) -> tuple[Issue, ...]:
    """Return what stands in the way of a plan as asked."""
    return ()
