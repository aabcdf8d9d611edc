"""Territories that balance: arrays in, arrays out, usable without the rest of the project."""

from __future__ import annotations

from tp_geo.optimize.objective import BALANCE, BAND, KEEP, Objective
from tp_geo.optimize.problem import Border, Limit, Problem
from tp_geo.optimize.solution import Figures, Issue, Solution
from tp_geo.optimize.solve import solve
from tp_geo.optimize.stop import FirstOf, MaxIterations, MaxRuntime, NoImprovement

__all__ = [
    "BALANCE",
    "BAND",
    "KEEP",
    "Border",
    "Figures",
    "FirstOf",
    "Issue",
    "Limit",
    "MaxIterations",
    "MaxRuntime",
    "NoImprovement",
    "Objective",
    "Problem",
    "Solution",
    "solve",
]
