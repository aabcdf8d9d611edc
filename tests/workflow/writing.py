"""Writing to a plan on the states, and reading what it holds."""

from __future__ import annotations

from states import at

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Move
from tp_geo.domain.edits import replay
from tp_geo.domain.hierarchy import find_area
from tp_geo.domain.revision import start
from tp_geo.workflow.plan import Plan

ANA, BEN = "ana", "ben"


def area(plan: Plan, name: str) -> AreaId:
    return find_area(plan.alignment, name)


def move(plan: Plan, to: str, *codes: str, by: str = ANA, origin: str = "") -> int:
    revision = plan.ask(Move(at(*codes), area(plan, to)), by=by, origin=origin)
    assert revision
    return revision.seq


def holder(plan: Plan, code: str) -> str:
    return plan.alignment.name(AreaId(int(plan.alignment.resolved[at(code)[0]])))


def replayed(plan: Plan) -> Alignment:
    edits = (e for r in plan.history() for e in r.edits)
    return replay(start(plan.dataset.items), edits)
