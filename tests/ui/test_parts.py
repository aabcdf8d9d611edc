"""Parts of a page that a callback runs by name, and what came from the browser with its event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, RerunException

from tp_geo.ui import parts


@pytest.fixture
def coming(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[list[str] | None], None]]:
    """Say which parts the browser's message is to run; ``st.rerun`` asks for those named."""

    def rerun(keys: tuple[str, ...]) -> None:
        raise RerunException(RerunData(fragment_id_queue=[f"id of {k}" for k in keys]))

    def message(ids: list[str] | None) -> None:
        context = SimpleNamespace(fragment_ids_this_run=ids)
        monkeypatch.setattr(parts, "get_script_run_ctx", lambda: context)

    monkeypatch.setattr(st, "rerun", rerun)
    yield message


def test_a_part_whose_button_was_pressed_with_the_event_runs_too(
    coming: Callable[[list[str] | None], None],
) -> None:
    coming(["id of map", "id of panel"])
    with pytest.raises(RerunException) as asked:
        parts.run("map", "drawer")
    assert asked.value.rerun_data.fragment_id_queue == ["id of map", "id of drawer", "id of panel"]


@pytest.mark.parametrize("ids", [None, []])
def test_where_the_whole_page_runs_nothing_takes_its_place(
    coming: Callable[[list[str] | None], None], ids: list[str] | None
) -> None:
    coming(ids)
    parts.run("map")


def test_no_part_is_run_by_name_in_any_other_way() -> None:
    """All that run parts by name keep what came with the event."""
    from pathlib import Path

    folder = Path(parts.__file__).parent
    other = [
        f"{file.name}: {line.strip()}"
        for file in folder.glob("*.py")
        if file.name != "parts.py"
        for line in file.read_text(encoding="utf-8").splitlines()
        if "st.rerun(" in line and "st.rerun()" not in line
    ]
    assert other == []
