"""A plan that was worked out becomes one revision, as far as it still fits."""

from __future__ import annotations

import pytest
from optimized import EVERYTHING, found, give, held_by, request
from states import at
from writing import ANA, BEN, area, holder

from tp_geo.domain.commands import Change, HoldItems, Move, Remove
from tp_geo.errors import Refused
from tp_geo.optimize import BALANCE, BAND, KEEP
from tp_geo.workflow.optimizing import Cap, Request, Way, default
from tp_geo.workflow.optimizing_note import noted, readable, request_in, without_request
from tp_geo.workflow.plan import Plan


def test_the_revision_says_what_was_done_and_keeps_the_request(plan: Plan) -> None:
    asked = request(plan, seed=3)
    revision = plan.ask(found(plan, seed=3).command, by=ANA, note=noted(asked, "for July"))
    assert revision is not None
    assert (revision.kind, revision.text) == (
        "optimize",
        "optimized 3 areas for People: assigned 51 states",
    )
    assert request_in(revision.note) == asked
    assert without_request(revision.note) == "for July"


def test_a_note_is_read_in_words(plan: Plan) -> None:
    note = noted(request(plan, seed=3), "for July", "As asked")
    assert readable(note) == "for July\nbalanced people, plan “As asked”"
    assert readable("just words {") == "just words {"
    assert readable('{"optimize": {"no": 1}}') == '{"optimize": {"no": 1}}'
    assert readable("{broken\n" + note).endswith("plan “As asked”")


def test_what_others_moved_or_hold_meanwhile_is_left_and_told(plan: Plan) -> None:
    command = found(plan).command
    give(plan, "West", "ME")
    plan.ask(HoldItems(at("FL")), by=BEN)
    revision = plan.ask(command, by=ANA)
    assert revision is not None
    assert revision.text.endswith("assigned 49 states, left 2 states that changed meanwhile")
    assert (holder(plan, "ME"), holder(plan, "FL")) == ("West", "Unassigned")


def test_areas_that_are_locked_or_gone_meanwhile_take_nothing(plan: Plan) -> None:
    command = found(plan).command
    plan.ask(Change(area(plan, "West"), {"locked": True}), by=BEN)
    plan.ask(Remove(area(plan, "South")), by=BEN)
    plan.ask(command, by=ANA)
    assert (len(held_by(plan, "West")), len(held_by(plan, "East"))) == (0, 17)


def test_a_result_that_fits_nowhere_any_more_is_refused(plan: Plan) -> None:
    command = found(plan).command
    plan.ask(HoldItems(at(*plan.dataset.codes[:51])), by=BEN)
    with pytest.raises(Refused, match="Optimize again"):
        plan.ask(command, by=ANA)


def test_a_plan_that_is_best_already_changes_nothing(plan: Plan) -> None:
    plan.ask(found(plan).command, by=ANA)
    again = found(plan, objective=KEEP)
    assert not again.command.moving.any()
    assert plan.ask(again.command, by=ANA) is None


def test_a_request_with_everything_said_comes_back_from_its_note(plan: Plan) -> None:
    west = area(plan, "West")
    asked = Request(
        measures=(("people", 1.0), ("revenue", 2.5)), focus=EVERYTHING, objective=BAND,
        way=Way.SCRATCH, placeholders=True, only_unassigned=True, homes=True,
        centers=((west, -120.5, 40.0),), seeds=((west, "CA"),),
        caps=(Cap("revenue", None, 12.0, west), Cap("units", 1.0)),
        targets=((west, "people", 1200.0),), shares=((west, "revenue", 0.5),),
        max_change=(("", 0.1), ("units", 0.2)), max_distance_km=500.0, max_minutes=60.0,
        respect=(("state", 2.0),), barriers=(("CA", "NV"),),
        walls=(((-120.0, 30.0), (-120.0, 50.0)),), alternatives=2, seed=7, max_runtime_s=None,
    )  # fmt: skip
    assert request_in(noted(asked)) == asked
    assert request_in("for July") is None
    assert request_in('{"other": 1}\n{broken') is None


def test_by_itself_the_measures_with_targets_are_balanced_and_little_moves_once_begun(
    plan: Plan,
) -> None:
    assert default(plan, EVERYTHING, "revenue").measures == (("revenue", 1.0),)
    assert default(plan, EVERYTHING).measures == (("people", 1.0),)
    assert default(plan, EVERYTHING).objective == BALANCE
    plan.ask(Change(area(plan, "West"), {"targets": {"revenue": 3.0}}), by=ANA)
    assert default(plan, EVERYTHING, "people").measures == (("revenue", 1.0),)
    for name, code in (("West", "CA"), ("East", "NY"), ("South", "TX")):
        plan.ask(Move(at(code), area(plan, name)), by=ANA)
    assert default(plan, EVERYTHING).objective == KEEP


@pytest.mark.parametrize(
    ("cap", "says"),
    [
        (("people",), "a minimum or a maximum"),
        (("people", -1.0), "0 or more, not -1"),
        (("people", 5.0, 4.0), "above its maximum"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(cap, says: str) -> None:
    with pytest.raises(Refused, match=says):
        Cap(*cap)
