"""What takes long is made beside the page, once, and faults come out where it is asked for."""

from __future__ import annotations

import threading

import pytest

from tp_geo.errors import BadData
from tp_geo.ui import later


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "SOON_S", 0.05)


def test_what_is_quick_is_there_at_once() -> None:
    assert later.get("quick", lambda: b"here") == (True, b"here")


def test_what_is_slow_is_made_once_and_comes_when_it_is_asked_for_again() -> None:
    made, may_end = [], threading.Event()

    def slow() -> bytes:
        made.append(1)
        may_end.wait(10)
        return b"here"

    assert later.get("slow", slow) == (True, None)
    assert later.get("slow", slow) == (False, None)
    may_end.set()
    found = None
    while found is None:
        began, found = later.get("slow", slow)
    assert (found, began, len(made)) == (b"here", False, 1)


def test_what_is_wrong_is_told_to_who_asks() -> None:
    def lost() -> bytes:
        raise BadData("The shapes are gone.")

    with pytest.raises(BadData, match="are gone"):
        later.get("lost", lost)
    assert later.get("lost", lambda: b"back") == (True, b"back")
