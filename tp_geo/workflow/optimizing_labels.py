"""What plans to choose from are called: a name says what the figures of all of them bear out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tp_geo.workflow.optimizing_proposal import Alternative

BALANCED, KEPT, ROUND = "Best balance", "Fewest changes", "Roundest"
MORE = {BALANCED: "Better balance", KEPT: "Fewer changes", ROUND: "Rounder"}
"""What a plan is called that has more of something than what was asked for, but not the most."""
SAME = 1e-4
"""Shares and scores that differ by less than this are the same to the reader."""


def labelled(found: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Return plans by names that are true; the first is what was asked for and keeps its own.

    A plan is called by what was looked for where it is the best of all in
    that, else better than what was asked for, else by what it is best or better in.
    What is better than the plan that was asked for in nothing is left out.
    """
    if not found:
        return ()
    asked, kept, taken = found[0], [found[0]], {found[0].label}
    for other in found[1:]:
        label = next((x for x in _true(other, asked, found) if x not in taken), "")
        if label:
            taken.add(label)
            command = replace(other.command, label=label)
            kept.append(replace(other, label=label, command=command))
    return tuple(kept)


def missed(plan: Alternative) -> dict[str, float]:
    """Return how far a plan is from the best in each way, from 0; what is unknown is the same."""
    roundness = [row.shape[1].roundness for row in plan.rows]
    known = [x for x in roundness if np.isfinite(x)]
    return {
        BALANCED: plan.largest,
        KEPT: sum(plan.moved.shares.values()) / max(1, len(plan.moved.shares)),
        ROUND: 1.0 - float(np.mean(known)) if known else 1.0,
    }


def _true(plan: Alternative, asked: Alternative, found: Sequence[Alternative]) -> list[str]:
    """Return what may be said of a plan, what it was looked for first."""
    mine, base = missed(plan), missed(asked)
    better = [x for x in mine if mine[x] < base[x] - SAME]
    better.sort(key=lambda x: x != plan.label)
    best = [x for x in better if all(mine[x] <= missed(y)[x] + SAME for y in found)]
    wished = [x for x in better if x == plan.label]
    return [*[x for x in best if x in wished], *[MORE[x] for x in wished], *best] + [
        MORE[x] for x in better
    ]
