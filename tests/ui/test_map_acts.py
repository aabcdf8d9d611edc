"""What the map asks for is done once each and in order, however often it is told."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.ui.map_view import unheard

LATELY = 10


def act(at: Any) -> dict[str, Any]:
    return {"kind": "lock", "area": 1, "at": at}


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=30))
def test_whatever_is_told_at_once_or_together_is_done_once_and_in_order(heard: list[bool]) -> None:
    """A message that is not heard is followed by one that holds what it asked for as well."""
    last, done, said = 0.0, [], [act(1.0)]
    for at, hears in enumerate([True, *heard, True], start=1):
        said = [*said, act(float(at))][-LATELY:] if at > 1 else said
        if hears or len(said) == LATELY:
            new = unheard(said, last)
            done += [a["at"] for a in new]
            last = max(last, *(a["at"] for a in new))
    assert done == [float(i + 1) for i in range(len(done))]


def test_after_a_restart_only_the_newest_can_be_new() -> None:
    assert unheard([act(5.0), act(7.5)], 0) == [act(7.5)]


@pytest.mark.parametrize("said", [None, 7, "acts", {}, [], [None, 3], [act("now"), act(math.nan)]])
def test_what_is_no_list_of_acts_asks_for_nothing(said: Any) -> None:
    assert unheard(said, 0) == []
    assert unheard(said, 1.0) == []
