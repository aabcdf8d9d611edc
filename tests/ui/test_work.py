"""Long work of a dialog: shown as it goes, cancelled at once, out of nobody's way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tp_geo import cancelling
from tp_geo.errors import Refused
from tp_geo.ui.work import Task, Told, Work, part

WAIT_S = 60.0
Page = Callable[[Callable[[Told], Any]], AppTest]


class Held:
    """A job that goes on when it is let."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.ended: list[str] = []

    def __call__(self, told: Told) -> str:
        told("Half way", 0.5)
        self.begun.set()
        assert self.go.wait(WAIT_S)
        told("Nearly there", 0.9)
        self.ended.append("kept")
        return "what came of it"


def page() -> None:
    """A page with a dialog's body, as far as its work goes."""
    import streamlit as st

    from tp_geo.ui import work
    from tp_geo.ui.work import Task

    task = Task("test")
    work.leave()
    if found := work.result(task):
        st.success(found)
    place = st.empty()
    if place.button("Begin"):
        work.start(task, st.session_state["job"])
    work.show(task, place)


@pytest.fixture
def opened() -> Iterator[Page]:
    st.cache_resource.clear()

    def opened(job: Callable[[Told], Any]) -> AppTest:
        at = AppTest.from_function(page, default_timeout=WAIT_S)
        at.session_state["job"] = job
        at.session_state["dialog"] = ("test", ())
        return press(at.run(), "Begin")

    yield opened
    st.cache_resource.clear()


def press(at: AppTest, label: str) -> AppTest:
    next(b for b in at.button if b.label == label).click()
    return again(at)


def again(at: AppTest) -> AppTest:
    """Run the page."""
    at.run()
    assert not at.exception
    return at


def labels(at: AppTest) -> list[str]:
    return [b.label for b in at.button]


@pytest.fixture
def held() -> Iterator[Held]:
    job = Held()
    yield job
    job.go.set()


def test_work_under_way_has_a_button_that_cancels_it(opened: Page, held: Held) -> None:
    at = opened(held)
    assert held.begun.wait(WAIT_S)
    assert labels(again(at)) == ["Cancel"]


def test_a_cancel_gives_the_dialog_back_though_the_work_still_waits(
    opened: Page, held: Held
) -> None:
    at = opened(held)
    assert held.begun.wait(WAIT_S)
    press(at, "Cancel")
    assert labels(at) == ["Begin"]
    assert [c.value for c in at.caption] == ["Cancelled. Nothing has changed."]
    assert not held.go.is_set()


def test_a_second_job_waits_for_the_first_one_to_notice_its_cancel(
    opened: Page, held: Held
) -> None:
    at = opened(held)
    assert held.begun.wait(WAIT_S)
    press(at, "Cancel")
    at.session_state["job"] = lambda _told: "the second"
    press(at, "Begin")
    assert labels(at) == ["Cancel"] and not at.success
    held.go.set()
    while "Cancel" in labels(at):
        again(at)
    assert [s.value for s in at.success] == ["the second"]
    assert held.ended == []


def test_what_came_of_it_is_shown_when_it_is_done(opened: Page, held: Held) -> None:
    at = opened(held)
    held.go.set()
    while "Cancel" in labels(at):
        again(at)
    assert [s.value for s in at.success] == ["what came of it"]


def test_closing_the_dialog_cancels_its_work(opened: Page, held: Held) -> None:
    at = opened(held)
    assert held.begun.wait(WAIT_S)
    del at.session_state["dialog"]
    assert labels(again(at)) == ["Begin"]
    held.go.set()
    assert held.ended == []


def test_what_is_refused_is_told_in_words(opened: Page) -> None:
    def refuse(_told: Told) -> None:
        raise Refused("The *file* is too old. Export it again.")

    at = opened(refuse)
    assert [e.value for e in at.error] == [r"The \*file\* is too old\. Export it again\."]
    assert labels(at) == ["Begin"]


def test_what_nobody_foresaw_is_logged_once_and_told_without_a_traceback(opened: Page) -> None:
    at = opened(lambda _told: 1 / 0)
    (error,) = at.error
    assert "Something went wrong" in error.value and "ZeroDivision" not in error.value
    assert [e.value for e in again(at).error] == [error.value], "it was logged a second time"


def test_a_session_that_ends_cancels_what_it_has_under_way(opened: Page, held: Held) -> None:
    opened(held)
    assert held.begun.wait(WAIT_S)
    st.cache_resource.clear()
    held.go.set()
    names = {t.name for t in threading.enumerate()}
    for thread in threading.enumerate():
        if thread.name.startswith("work "):
            thread.join(WAIT_S)
    assert any(n.startswith("work ") for n in names)
    assert held.ended == []


def test_the_progress_of_a_part_is_a_part_of_the_whole() -> None:
    seen: list[tuple[str, float]] = []
    told = part(lambda what, share: seen.append((what, share)), 0.5, 1.0)
    told("begin", 0.0)
    told("end", 1.0)
    assert seen == [("begin", 0.5), ("end", 1.0)]


def test_a_job_that_keeps_its_result_is_not_cancelled() -> None:
    keeps, go = threading.Event(), threading.Event()

    def job(told: Told) -> str:
        cancelling.keep()
        keeps.set()
        assert go.wait(WAIT_S)
        told("Done", 1.0)
        return "whole"

    work = Work(Task("test"), job)
    assert keeps.wait(WAIT_S) and work.keeping
    work.cancel()
    assert work.under_way and not work.cancelled
    go.set()
    work.wait(WAIT_S)
    assert work.result == "whole" and not work.keeping
