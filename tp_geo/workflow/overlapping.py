"""What areas of a plan share, in words."""

from __future__ import annotations

from tp_geo.domain.commands import counted
from tp_geo.domain.hierarchy import levels
from tp_geo.domain.measures import doubled
from tp_geo.domain.shares import Overlap
from tp_geo.workflow.plan import Plan


def told(plan: Plan, level: int, measure: str = "") -> str:
    """Return how much is shared and how it counts, "" where nothing is.

    Where it counts in full, how much areas of a level count more than once of
    a measure, of the first one that adds up when none is said.
    """
    alignment = plan.alignment
    number = len(alignment.shared.containers)
    if not number:
        return ""
    are = "is" if number == 1 else "are"
    said = f"{counted(number, plan.noun)} {are} shared by several areas, "
    if alignment.overlap is Overlap.EVEN:
        return f"{said}split evenly between them."
    more = doubled(plan.dataset, alignment, level)
    name = measure if measure in more else next(iter(more), "")
    if not name:
        return f"{said}counted in full for each."
    names = levels(alignment)
    where = names[min(level, len(names)) - 1]
    label = plan.dataset.measure(name).label
    return (
        f"{said}counted in full for each: together, areas of the level {where} count "
        f"{more[name]:,.0f} {label} more than once."
    )
