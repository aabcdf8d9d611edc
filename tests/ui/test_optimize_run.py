"""Optimizing beside the page: in turn, cancelled at once, ended with the best there is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tp_geo.errors import Refused
from tp_geo.ui.optimize_run import AT_ONCE, WAITING, Run
from tp_geo.workflow.optimizing import Request
from tp_geo.workflow.optimizing_proposal import Proposal
from tp_geo.workflow.plan import Plan

WAIT_S = 30.0
REQUEST = Request((("population", 1.0),))
PLAN = cast(Plan, SimpleNamespace(info=SimpleNamespace(id="plan")))


@dataclass
class Search:
    """A search that goes on, always a little better, until it is told to end."""

    begun: threading.Event = field(default_factory=threading.Event)
    ended: list[str] = field(default_factory=list)

    def __call__(self, plan: Plan, request: Request, *, told: Any, halted: Any) -> Proposal:
        best = 100.0
        try:
            while not halted():
                best -= 0.01
                told(SimpleNamespace(what="As asked", best=best))
                self.begun.set()
                time.sleep(0.001)
        finally:
            self.ended.append("ended")
        return cast(Proposal, SimpleNamespace(best=best))


@pytest.fixture
def begin() -> Iterator[Callable[[Any], Run]]:
    begun: list[Run] = []

    def begin(search: Any) -> Run:
        begun.append(Run(PLAN, REQUEST, search))
        return begun[-1]

    yield begin
    for run in begun:
        run.cancel()
        run.wait(WAIT_S)


def until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not met():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_run_that_is_halted_keeps_the_best(begin: Callable[[Any], Run]) -> None:
    search = Search()
    run = begin(search)
    assert search.begun.wait(WAIT_S)
    assert (run.under_way, run.proposal) == (True, None)
    run.halt()
    run.wait(WAIT_S)
    assert run.proposal is not None
    assert not run.under_way
    best = [b for _, _, b in run.points]
    assert best == sorted(best, reverse=True)
    assert [s for s, _, _ in run.points] == sorted(s for s, _, _ in run.points)


def test_a_run_that_is_cancelled_ends_and_gives_nothing(begin: Callable[[Any], Run]) -> None:
    search = Search()
    run = begin(search)
    assert search.begun.wait(WAIT_S)
    run.cancel()
    assert not run.under_way
    until(lambda: search.ended == ["ended"])
    assert (run.proposal, run.fault) == (None, "")


def test_two_optimize_at_a_time_and_the_next_waits_for_its_turn(
    begin: Callable[[Any], Run],
) -> None:
    searches = [Search() for _ in range(AT_ONCE + 1)]
    first = [begin(search) for search in searches[:AT_ONCE]]
    assert all(search.begun.wait(WAIT_S) for search in searches[:AT_ONCE])
    last = begin(searches[AT_ONCE])
    until(lambda: last.what == WAITING)
    assert not searches[AT_ONCE].begun.is_set()
    first[0].cancel()
    assert searches[AT_ONCE].begun.wait(WAIT_S)


def test_one_that_waits_can_be_cancelled(begin: Callable[[Any], Run]) -> None:
    searches = [Search() for _ in range(AT_ONCE + 1)]
    runs = [begin(search) for search in searches]
    until(lambda: runs[AT_ONCE].what == WAITING or searches[AT_ONCE].begun.is_set())
    waiting = next(r for r, s in zip(runs, searches, strict=True) if not s.begun.is_set())
    waiting.cancel()
    waiting.wait(WAIT_S)
    assert waiting.proposal is None


def test_a_run_that_fails_says_why_and_gives_its_turn_back(begin: Callable[[Any], Run]) -> None:
    def refused(plan: Plan, request: Request, **_: Any) -> Proposal:
        raise Refused("All areas of this focus are locked.")

    for _ in range(AT_ONCE + 1):
        run = begin(refused)
        run.wait(WAIT_S)
        assert run.fault == "All areas of this focus are locked."
        assert run.proposal is None


def test_what_has_no_value_yet_is_no_point_of_the_progress(begin: Callable[[Any], Run]) -> None:
    def found(plan: Plan, request: Request, *, told: Any, halted: Any) -> Proposal:
        for best in (float("inf"), 5.0):
            told(SimpleNamespace(what="As asked", best=best))
        return cast(Proposal, SimpleNamespace())

    run = begin(found)
    run.wait(WAIT_S)
    assert [b for _, _, b in run.points] == [5.0]
