"""Cancelled work ends, is not kept, and what is being kept is not cancelled."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tp_geo import cancelling
from tp_geo.cancelling import Cancelling
from tp_geo.errors import Cancelled


def test_outside_of_cancellable_work_nothing_is_stopped() -> None:
    cancelling.check()
    cancelling.keep()
    with cancelling.ending(lambda: pytest.fail("nobody cancelled")):
        pass


def test_cancelled_work_stops_at_its_next_check() -> None:
    work = Cancelling()
    with cancelling.within(work):
        cancelling.check()
        assert work.cancel()
        with pytest.raises(Cancelled):
            cancelling.check()
        with pytest.raises(Cancelled):
            cancelling.keep()
    cancelling.check()


def test_what_is_being_kept_is_not_cancelled_any_more() -> None:
    work = Cancelling()
    with cancelling.within(work):
        cancelling.keep()
        assert not work.cancel()
        cancelling.check()
    assert work.keeping and not work.cancelled


def test_a_wait_is_cut_short_by_whoever_cancels() -> None:
    work, ended, waiting = Cancelling(), threading.Event(), threading.Event()

    def wait() -> bool:
        with cancelling.within(work), cancelling.ending(ended.set):
            waiting.set()
            return ended.wait(60)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(wait)
        assert waiting.wait(60)
        work.cancel()
        assert done.result()


def test_what_has_ended_is_not_ended_again() -> None:
    work = Cancelling()
    with work.ending(lambda: pytest.fail("it had ended")):
        pass
    work.cancel()


def test_nothing_is_waited_for_after_a_cancel() -> None:
    work = Cancelling()
    work.cancel()
    with pytest.raises(Cancelled), work.ending(lambda: None):
        pytest.fail("it went on")


def test_of_cancel_and_keep_at_the_same_time_one_wins() -> None:
    for _ in range(200):
        work, start = Cancelling(), threading.Barrier(2)

        def keep(work: Cancelling = work, start: threading.Barrier = start) -> bool:
            start.wait()
            try:
                work.keep()
            except Cancelled:
                return False
            return True

        with ThreadPoolExecutor(1) as pool:
            kept = pool.submit(keep)
            start.wait()
            cancelled = work.cancel()
            assert kept.result() is not cancelled
