"""A plan knows which areas its revisions touched, whoever wrote them."""

from __future__ import annotations

from writing import BEN, area, move

from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.domain.commands import Change
from tp_geo.workflow.plan import Plan


def test_the_trail_grows_with_the_log(plan: Plan) -> None:
    west, east = area(plan, "West"), area(plan, "East")
    move(plan, "West", "CA")
    assert plan.trail().touched[1:] == ({UNASSIGNED, west},)
    move(plan, "East", "CA")
    assert plan.trail().touched[1:] == ({UNASSIGNED, west}, {west, east})
    assert plan.trail() is plan.trail()


def test_the_trail_has_what_another_process_wrote(plan: Plan, twin: Plan) -> None:
    before = len(plan.trail().touched)
    west = area(twin, "West")
    twin.ask(Change(west, {"name": "Far West"}), by=BEN)
    plan.refresh()
    assert plan.trail().touched[before:] == ({west},)
    assert plan.trail().names[west] == ("West", "Far West")
