"""What was published, kept as a snapshot, so that a plan can be compared with it."""

from __future__ import annotations

from tp_geo.domain.alignment import AreaId
from tp_geo.store import Snapshot
from tp_geo.workflow.plan import Plan

_PREFIX = "Published "


def keep_published(
    plan: Plan, model: str, *, seq: int, by: str, focus: AreaId | None = None
) -> None:
    """Keep a revision under the name of the model it was published to, once."""
    what = f"{plan.at(seq).name(focus)} " if focus else ""
    name = f"{_PREFIX}{what}to {model} at revision {seq:,}"
    if all(s.name != name for s in plan.snapshots()):
        plan.snapshot(name, by=by, seq=seq)


def last_published(plan: Plan) -> Snapshot | None:
    """Return the snapshot of the last publish, if there was one."""
    found = [s for s in plan.snapshots() if s.name.startswith(_PREFIX)]
    return found[-1] if found else None
