"""What a run aims at: targets that add up to what there is to give, and how large areas start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tp_geo.optimize.problem import Flags, Floats, Problem

SLACK = 1e-3
"""Targets that miss what there is by less than this share of it count as adding up."""
LEAST = 1e-4
"""The least share of the map, beside an even one, that an area starts with."""


@dataclass(frozen=True, slots=True, eq=False)
class Aims:
    """Targets by area and measure that add up, NaN where it does not matter."""

    target: Floats
    share: Floats
    """(k,) the share of all measures together an open area is to have; 0 for locked ones."""
    mass: Floats
    """(n,) the weight of each item, all measures together; adds up to 1."""
    missed: tuple[tuple[int, float, float], ...]
    """Measures whose targets do not add up: which, the targets' sum, what there is."""


def aims_of(problem: Problem) -> Aims:
    """Return what a run aims at: what is locked or held unassigned is not there to give."""
    open_ = ~problem.locked
    target = np.where(open_[:, None], problem.targets, np.nan)
    there = problem.weights[movable(problem) | _held_open(problem)].sum(axis=0)
    missed = []
    for q in range(problem.measures):
        known = np.isfinite(target[:, q])
        wanted = float(target[known, q].sum())
        all_known = bool(known[open_].all())
        off = wanted - there[q]
        if not wanted or not there[q] or (not all_known and off <= 0):
            continue
        if abs(off) > SLACK * there[q] and not problem.locked.any():
            missed.append((q, wanted, float(there[q])))
        target[known, q] *= there[q] / wanted
    return Aims(target, _shares(problem, target, there), _mass(problem), tuple(missed))


def movable(problem: Problem) -> Flags:
    """Return which items may get another area: not held, and not in a locked area."""
    locked = np.append(problem.locked, False)
    found: Flags = ~(problem.held | locked[problem.current])
    return found


def _held_open(problem: Problem) -> Flags:
    locked = np.append(problem.locked, True)
    found: Flags = problem.held & ~locked[problem.current]
    return found


def _mass(problem: Problem) -> Floats:
    """Return each item's share of all measures that count, a trace where it has none."""
    total = problem.weights.sum(axis=0)
    count = problem.importance * (total > 0)
    mass = (problem.weights * (count / np.where(total > 0, total, 1))).sum(axis=1)
    n = max(problem.items, 1)
    whole = float(mass.sum())
    mass = mass / whole if whole > 0 else np.full(problem.items, 1 / n)
    found: Floats = (mass + 1e-6 / n) / (1 + 1e-6)
    return found


def _shares(problem: Problem, target: Floats, there: Floats) -> Floats:
    """Return the size areas start with: their part of what there is, an even part of the rest."""
    open_ = ~problem.locked
    total, count = np.zeros(problem.areas), np.zeros(problem.areas)
    for q in range(problem.measures):
        known = np.isfinite(target[:, q])
        if there[q] > 0 and problem.importance[q] > 0 and known.any():
            part = np.where(known, target[:, q], 0.0) / there[q]
            rest = max(0.0, 1.0 - float(part.sum()))
            others = open_ & ~known
            part[others] = rest / max(1, int(others.sum()))
            total += problem.importance[q] * part
            count += problem.importance[q] * open_
    share = np.divide(total, count, out=np.ones(problem.areas), where=count > 0)
    share = np.where(open_, np.maximum(share, LEAST / max(1, int(open_.sum()))), 0.0)
    whole = float(share.sum())
    return share / whole if whole > 0 else share
