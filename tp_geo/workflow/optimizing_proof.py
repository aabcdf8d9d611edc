"""How far the shape of a proposed plan can be from the best there is, proved by a bound."""

from __future__ import annotations

from collections.abc import Callable

from tp_geo import cancelling
from tp_geo.optimize.problem import Ints
from tp_geo.optimize.stop import MaxRuntime, Progress
from tp_geo.workflow.optimizing_proposal import Proposal


def shape_gap(
    proposal: Proposal,
    index: int,
    *,
    max_runtime_s: float,
    told: Callable[[float, float], None] = lambda _seconds, _gap: None,
) -> float:
    """Return by which share of its inertia a plan could be rounder at most.

    That is beside all plans as near to their targets. ``told`` hears the
    seconds and the share so far, which only gets smaller.
    """
    from tp_geo.optimize.proof import prove

    def heard(progress: Progress, _: Ints) -> None:
        cancelling.check()
        told(progress.seconds, progress.best)

    solution = proposal.alternatives[index].solution
    gap = prove(proposal.setting.problem, solution, stop=MaxRuntime(max_runtime_s), told=heard)
    return gap.share
