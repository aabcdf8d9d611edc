"""Who else looks at an alignment now."""

from __future__ import annotations

from tp_geo.workflow.plan import Plan


def others(plan: Plan, *, window: str, by: str) -> tuple[str, ...]:
    """Say that somebody looks at an alignment in a window, and return who else does, by name.

    To be asked again every few seconds: who does not is gone.
    """
    plan.store.show_up(plan.info.id, window, by)
    return tuple(sorted(plan.store.people(plan.info.id) - {by}))
