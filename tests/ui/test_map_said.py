"""What maps say is held against what can be meant before anything is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sitting import Sitting

from tp_geo.errors import TpGeoError


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitting]:
    made = Sitting(Path(tmp_path_factory.mktemp("sitting")))
    yield made
    made.close()


@pytest.mark.parametrize("areas", [[[1]], [{}, 1], [None], "West", 1, [1.5]])
def test_a_focus_on_what_is_no_area_is_refused_in_words(session: Sitting, areas: Any) -> None:
    with pytest.raises(TpGeoError, match="is no focus"):
        session.hears({"focus": {"areas": areas, "level": 1}})


def test_a_focus_on_areas_that_are_gone_is_one_on_nothing(session: Sitting) -> None:
    session.hears({"focus": {"areas": [10**30, -1], "level": 2}})


def test_what_nobody_foresaw_is_raised(session: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session is worth something only when it hides nothing."""
    monkeypatch.setattr("tp_geo.ui.map_find.ask", lambda plan, text: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        session.hears({"find": {"text": "x"}})
