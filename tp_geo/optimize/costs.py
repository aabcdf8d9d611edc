"""What counts how much in a search: balance against shape, borders and changes."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Ints
from tp_geo.optimize.state import Costs, Task, add_up, cost_of

LEAST = 0.02
"""How much shape counts at least, beside balance, so that ties are broken."""


def moves_of(n: int, k: int) -> int:
    """Return how many moves a search of this size tries."""
    return int(min(2_000_000, 20_000 + 60 * n) + 4000 * k) if k > 1 else 0


def several(task: Task) -> bool:
    """Return whether several measures count."""
    return bool(np.count_nonzero(task.counts[: len(task.budget) - 1]) > 1)


def costs_of(task: Task, objective: Objective, label: Ints, strict: float) -> Costs:
    """Return how much each part counts; ``strict`` scales balance against shape.

    Shape and border are each worth about the number of items in the plan given.
    """
    n, k = len(label), max(1, len(task.closed) - 1)
    shape, border = _sizes(task, label)
    compact = max(objective.compactness, LEAST)
    ratio = objective.balance / compact
    tight = objective.tolerance == 0
    pull = (40.0 if tight else 0.4) * ratio * strict
    push = (320.0 if tight else 20_000.0) * ratio * strict
    each = task.counts * n / k
    limits = np.arange(task.weights.shape[1]) >= len(task.budget) - 1
    return Costs(
        np.where(limits, 0.0, pull * each),
        np.where(limits, 20_000.0 * strict * n / k, push * each),
        np.zeros(len(each)),
        n / shape if shape > 0 else 0.0,
        objective.borders * n / border if border > 0 else 0.0,
        objective.continuity / compact,
    )


def _sizes(task: Task, label: Ints) -> tuple[float, float]:
    """Return shape and border of a plan."""
    state, none = search.begin(task, label, 0), np.zeros(task.weights.shape[1])
    add_up(task, Costs(none, none, none, 1.0, 0.0, 0.0), state)
    shape = float(cost_of(task, Costs(none, none, none, 1.0, 0.0, 0.0), state))
    border = float(cost_of(task, Costs(none, none, none, 0.0, 1.0, 0.0), state))
    return shape, border
