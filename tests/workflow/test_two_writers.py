"""Two who write at once, and a map that sends twice: nothing is lost, nothing done twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import states
from states import at
from writing import ANA, BEN, area, holder, move, replayed

from tp_geo.domain.commands import Change, Move
from tp_geo.errors import Refused
from tp_geo.workflow.plan import Plan

# Two writers


def test_both_writers_edits_are_kept(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA")
    move(twin, "East", "NY", by=BEN)
    move(plan, "West", "OR")
    twin.refresh()
    assert plan.alignment == twin.alignment
    assert [r.seq for r in plan.history()] == [1, 2, 3, 4]
    assert (holder(plan, "CA"), holder(plan, "NY")) == ("West", "East")


def test_a_command_is_decided_again_on_what_the_other_left(plan: Plan, twin: Plan) -> None:
    twin.ask(Change(area(twin, "West"), {"locked": True}), by=BEN)
    with pytest.raises(Refused, match="West is locked"):
        move(plan, "West", "CA")


def test_an_undo_leaves_what_the_other_did_meanwhile(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA", "OR")
    twin.refresh()
    move(twin, "East", "OR", by=BEN)
    plan.undo(by=ANA)
    assert (holder(plan, "CA"), holder(plan, "OR")) == ("Unassigned", "East")


def test_taking_back_races_with_another_writer_and_both_stand(
    plan: Plan, twin: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes between the reading and the appending."""
    first = move(plan, "West", "CA", "OR")
    twin.refresh()
    real, raced = plan.refresh, threading.Event()

    def refresh() -> None:
        real()
        if not raced.is_set():
            raced.set()
            move(twin, "East", "OR", by=BEN)

    monkeypatch.setattr(plan, "refresh", refresh)
    taken = plan.take_back(first, by=ANA)
    assert (holder(plan, "CA"), holder(plan, "OR")) == ("Unassigned", "East")
    assert taken.left == ("1 item was moved later",)


def test_restoring_goes_all_the_way_whatever_the_other_did(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA")
    plan.snapshot("good", by=ANA)
    good = plan.alignment
    move(twin, "East", "CA", "NY", by=BEN)
    plan.restore("good", by=ANA)
    assert plan.alignment == good


def test_eight_threads_on_two_openings_lose_nothing(plan: Plan, twin: Plan) -> None:
    codes = states.dataset().codes[:48].tolist()

    def work(worker: int) -> None:
        mine = (plan, twin)[worker % 2]
        for code in codes[worker::8]:
            mine.ask(Move(at(code), area(mine, "West")), by=f"user {worker}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    plan.refresh()
    twin.refresh()
    assert plan.seq == twin.seq == 1 + len(codes)
    assert all(holder(plan, code) == "West" for code in codes)
    assert plan.alignment == twin.alignment == replayed(plan)


# What the map sent


def test_an_operation_of_the_map_is_acknowledged_by_the_log(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA", origin="client-a:1")
    move(plan, "West", "OR", origin="client-a:4")
    move(plan, "East", "NY", origin="client-b:2")
    move(plan, "East", "NJ")
    twin.refresh()
    assert plan.acks() == twin.acks() == {"client-a": 4, "client-b": 2}


def test_an_operation_that_arrives_again_is_done_once(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA", origin="client-a:1")
    move(plan, "East", "CA", by=BEN)
    again = Move(at("CA"), area(plan, "West"))
    assert plan.ask(again, by=ANA, origin="client-a:1") is None
    assert twin.ask(again, by=ANA, origin="client-a:1") is None
    assert holder(plan, "CA") == "East"


def test_an_operation_sent_to_two_processes_is_done_once(plan: Plan, twin: Plan) -> None:
    """The second learns of the first only when its append is refused."""
    move(plan, "West", "CA", origin="client-a:1")
    move(plan, "East", "CA", by=BEN)
    assert twin.seq == 1
    assert twin.ask(Move(at("CA"), area(twin, "West")), by=ANA, origin="client-a:1") is None
    assert holder(twin, "CA") == "East"


@pytest.mark.parametrize("origin", ["", "client", ":3", "client:", "client:x", "client:-1"])
def test_an_origin_of_another_form_is_kept_and_acknowledges_nothing(
    plan: Plan, origin: str
) -> None:
    move(plan, "West", "CA", origin=origin)
    move(plan, "East", "CA", origin=origin)
    assert plan.acks() == {}
    assert plan.history()[-1].origin == origin
