"""What happens to a plan that was in balance: measures shift, somebody leaves, somebody comes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.optimize.evaluate import Areas, border_flow
from benchmarks.optimize.geography import Floats
from benchmarks.optimize.instances import Instance

WAVES, WAVE_M, NOISE = 12, 500_000.0, 0.1


@dataclass(frozen=True, eq=False)
class Change:
    """A plan that is to be balanced again.

    ``before`` has -1 where nobody is; ``started`` is the same with those places at the
    nearest area, which is where the border flow is counted from.
    """

    name: str
    areas: int
    weights: Floats
    before: Areas
    started: Areas

    @property
    def targets(self) -> Floats:
        """An equal share for each area."""
        return np.full(self.areas, self.weights.sum() / self.areas)

    def off(self) -> Floats:
        """How far each area is from its target at the start."""
        total = np.bincount(self.started, self.weights, self.areas)
        found: Floats = np.abs(total / self.targets - 1)
        return found

    def flow(self, instance: Instance, tolerance: float) -> float:
        """Return the least share that must cross borders."""
        return border_flow(instance, self.started, self.weights, self.targets, tolerance)


def shifted(instance: Instance, plan: Areas, seed: int, strength: float) -> Change:
    """Return the plan after the first measure went up here and down there, in wide waves."""
    rng = np.random.default_rng(seed)
    raised = np.zeros(len(instance))
    for _ in range(WAVES):
        center = instance.xy[rng.integers(len(instance))]
        squared = ((instance.xy - center) ** 2).sum(axis=1)
        raised += rng.normal(0, strength) * np.exp(-squared / (2 * WAVE_M**2))
    factor = np.exp(raised + rng.normal(0, NOISE, len(instance)))
    name = f"shift {strength:g}, seed {seed}"
    return Change(name, int(plan.max()) + 1, instance.weights[:, 0] * factor, plan, plan)


def left(instance: Instance, plan: Areas) -> Change:
    """Return the plan after the area in the middle of the list lost its owner."""
    areas = int(plan.max())
    gone = (areas + 1) // 2
    before = np.where(plan == gone, -1, plan - (plan > gone)).astype(np.int32)
    started = _grown(instance, before, areas)
    return Change("one leaves", areas, instance.weights[:, 0], before, started)


def _grown(instance: Instance, before: Areas, areas: int) -> Areas:
    """Return the plan with each free place at the nearest of the areas it touches, ring by ring."""
    found, owned = before.copy(), before >= 0
    weight = np.bincount(before[owned], minlength=areas)
    sums = [np.bincount(before[owned], c[owned], areas) / weight for c in instance.xy.T]
    centers = np.column_stack(sums)
    both = np.concatenate([instance.edges, instance.edges[:, ::-1]])
    while (found < 0).any():
        free, beside = both[(found[both[:, 0]] < 0) & (found[both[:, 1]] >= 0)].T
        area = found[beside]
        away = ((instance.xy[free] - centers[area]) ** 2).sum(axis=1)
        order = np.lexsort((away, free))
        places, first = np.unique(free[order], return_index=True)
        found[places] = area[order][first]
    return found


def joined(instance: Instance, plan: Areas) -> Change:
    """Return the plan after somebody came whose home is at the edge of the heaviest area."""
    weight, areas = instance.weights[:, 0], int(plan.max()) + 1
    inside = np.flatnonzero(plan == np.bincount(plan, weight, areas).argmax())
    away = ((instance.xy[inside] - instance.xy[inside].mean(axis=0)) ** 2).sum(axis=1)
    before = plan.copy()
    before[inside[away.argmax()]] = areas
    return Change("one comes", areas + 1, weight, before, before)
