"""Territories that balance: arrays in, arrays out, usable without the rest of the project."""

from __future__ import annotations

from tp_geo.optimize.alternatives import alternatives
from tp_geo.optimize.change import combine, fill, join, leave, split
from tp_geo.optimize.flow import FlowBound, flow_bound
from tp_geo.optimize.nested import divide
from tp_geo.optimize.number import Capacity, Number, number
from tp_geo.optimize.objective import BALANCE, BAND, KEEP, Objective
from tp_geo.optimize.problem import Border, Limit, Problem
from tp_geo.optimize.rebalance import rebalance
from tp_geo.optimize.solution import Figures, Issue, Solution
from tp_geo.optimize.solve import solve
from tp_geo.optimize.stop import FirstOf, MaxIterations, MaxRuntime, NoImprovement

__all__ = [
    "BALANCE",
    "BAND",
    "KEEP",
    "Border",
    "Capacity",
    "Figures",
    "FirstOf",
    "FlowBound",
    "Issue",
    "Limit",
    "MaxIterations",
    "MaxRuntime",
    "NoImprovement",
    "Number",
    "Objective",
    "Problem",
    "Solution",
    "alternatives",
    "combine",
    "divide",
    "fill",
    "flow_bound",
    "join",
    "leave",
    "number",
    "rebalance",
    "solve",
    "split",
]
