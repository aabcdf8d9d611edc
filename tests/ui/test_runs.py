"""No page is lost by what one that was left still asks for, or by when a run ends."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from served_session import Lost, Session, run
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state import SafeSessionState

from tp_geo.ui import runs

Story = Callable[[Session], Awaitable[None]]
GO_ON = threading.Event()
"""Set when the second page may be drawn to its end."""
STARTED = threading.Event()
"""Set once the second page is being drawn."""
PATCHED = (
    (AppSession, "_create_scriptrunner"),
    (AppSession, "_handle_scriptrunner_event_on_event_loop"),
    (ScriptRunner, "_run_script"),
    (ScriptRunner, "request_rerun"),
    (ScriptRequests, "_request_rerun_locked"),
)


def app() -> None:
    import streamlit as st
    import test_runs

    seen = st.session_state
    heard = seen.setdefault("heard", [])

    @st.fragment(key="line")
    def line() -> None:
        seen["looked"] = seen.get("looked", 0) + 1
        st.write(f"Looked {seen['looked']}")

    @st.fragment(key="form")
    def form() -> None:
        if st.button("Save", key="save"):
            heard.append("save")
        st.button("Undo", key="undo", on_click=heard.append, args=("undo",))

    def first() -> None:
        st.write("First")
        form()
        if st.button("Below", key="below"):
            heard.append("below")
        if st.button("Leave", key="leave"):
            st.switch_page(second_page)

    def second() -> None:
        test_runs.STARTED.set()
        st.write("Second")
        test_runs.GO_ON.wait(30)
        seen["drawn"] = seen.get("drawn", 0) + 1
        st.write(f"Drawn {seen['drawn']}")

    second_page = st.Page(second, title="second", url_path="second")
    page = st.navigation([st.Page(first, title="first", default=True), second_page])
    with st.container():
        line()
    page.run()


@pytest.fixture(autouse=True)
def events() -> None:
    STARTED.clear()
    GO_ON.clear()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit as it is: put back what other tests have wrapped."""
    for owner, name in PATCHED:
        monkeypatch.setattr(
            owner,
            name,
            {
                "_create_scriptrunner": runs._begun,
                "_handle_scriptrunner_event_on_event_loop": runs._heard,
                "_run_script": runs._ran,
                "request_rerun": runs._told,
                "_request_rerun_locked": runs._asked,
            }[name],
        )


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in PATCHED:
        monkeypatch.setattr(owner, name, getattr(owner, name))  # as it was, after the test
    runs.guard()


async def looks_while_it_is_left(it: Session) -> None:
    """Press a button that leads elsewhere, and ask for a part of the page before it is gone."""
    left = it.screen.page
    it.ask(it.pressed("leave"))
    await it.until(STARTED.is_set)
    it.ask(page=left, part="line")
    GO_ON.set()
    await it.quiet()
    it.listen()


async def looks_after_it_was_left(it: Session) -> None:
    """Ask for a part of a page when another was shown, but has not arrived yet."""
    left = it.screen.page
    GO_ON.set()
    it.ask(it.pressed("leave"))
    await it.quiet()
    it.ask(page=left, part="line")
    await it.quiet()
    it.listen()


async def looks_just_when_it_was_left(it: Session) -> None:
    """Ask for a part of a page when another was drawn, but little of that was heard."""
    left = it.screen.page
    GO_ON.set()
    it.ask(it.pressed("leave"))
    it.block()
    it.ask(page=left, part="line")
    await it.quiet()
    it.listen()


LEAVING = (looks_while_it_is_left, looks_after_it_was_left, looks_just_when_it_was_left)


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("story", LEAVING)
def test_a_part_of_a_page_that_was_left_does_not_take_the_next_away(
    tmp_path: Path, story: Story
) -> None:
    async def told(it: Session) -> None:
        await story(it)
        assert it.screen.page == it.page("second")
        assert it.screen.shown == ["Looked 3", "Second", "Drawn 1"]

    run(tmp_path, app, told)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("story", LEAVING)
def test_streamlit_alone_loses_the_next_page(tmp_path: Path, story: Story) -> None:
    async def told(it: Session) -> None:
        try:
            await story(it)
        except Lost:
            return
        assert "Second" not in it.screen.shown

    run(tmp_path, app, told)


def _asked_for_both() -> RerunData:
    both = ScriptRequests()
    both.request_rerun(RerunData(page_script_hash="second"))
    both.request_rerun(RerunData(page_script_hash="first", fragment_id="line"))
    return both.on_scriptrunner_ready().rerun_data


@pytest.mark.usefixtures("guarded")
def test_a_page_that_is_asked_for_comes_also_when_a_part_of_the_page_before_is_asked_for() -> None:
    assert _asked_for_both().page_script_hash == "second"


@pytest.mark.usefixtures("alone")
def test_streamlit_alone_stays_on_the_page_before() -> None:
    assert _asked_for_both().page_script_hash == "first"


async def asks_just_when_it_ended(it: Session) -> None:
    """Ask for a part of a page just when all of it was drawn, but little of that was heard."""
    GO_ON.set()
    it.ask(it.pressed("leave"))
    await it.quiet()
    it.listen()
    it.ask()
    it.block()
    it.ask(part="line")
    await it.quiet()
    it.listen()


@pytest.mark.usefixtures("guarded")
def test_what_a_run_says_last_is_heard_also_when_a_part_is_asked_for_then(tmp_path: Path) -> None:
    async def told(it: Session) -> None:
        await asks_just_when_it_ended(it)
        assert it.screen.shown == ["Looked 5", "Second", "Drawn 2"]

    run(tmp_path, app, told)


@pytest.mark.usefixtures("alone")
def test_streamlit_alone_does_not_hear_what_a_run_says_last(tmp_path: Path) -> None:
    async def told(it: Session) -> None:
        await asks_just_when_it_ended(it)
        assert "Drawn 1" in it.screen.shown

    run(tmp_path, app, told)


async def heard_of(it: Session, *messages: tuple[tuple[str, ...], str, bool]) -> list[str]:
    """Return what the app heard of messages: what was pressed, the part named, whether a look."""
    for pressed, part, look in messages:
        it.ask(*map(it.pressed, pressed), part=part, look=look)
        await it.quiet()
    it.listen()
    return SafeSessionState(it.session.session_state, lambda: None)["heard"]  # type: ignore[no-any-return]


BESIDE = (
    # a press of a part in a message that names another part
    ((("save",), "line", False),),
    # and of what is in no part
    ((("below",), "line", False),),
)


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("messages", BESIDE)
def test_a_press_in_a_message_that_names_another_part_is_heard(
    tmp_path: Path, messages: tuple[tuple[tuple[str, ...], str, bool], ...]
) -> None:
    async def told(it: Session) -> None:
        assert await heard_of(it, *messages) == [*messages[0][0]]
        assert await heard_of(it, ((), "form", False), ((), "", False)) == [*messages[0][0]]

    run(tmp_path, app, told)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("messages", BESIDE)
def test_streamlit_alone_forgets_a_press_in_a_message_that_names_another_part(
    tmp_path: Path, messages: tuple[tuple[tuple[str, ...], str, bool], ...]
) -> None:
    async def told(it: Session) -> None:
        assert await heard_of(it, *messages) == []

    run(tmp_path, app, told)


TWICE = ((("undo",), "line", True), (("undo",), "form", False))
"""A look for news between a press and the message that tells it: both tell of the press."""


@pytest.mark.usefixtures("guarded")
def test_a_press_that_a_look_for_news_tells_too_is_heard_once(tmp_path: Path) -> None:
    async def told(it: Session) -> None:
        assert await heard_of(it, *TWICE) == ["undo"]

    run(tmp_path, app, told)


@pytest.mark.usefixtures("alone")
def test_streamlit_alone_hears_it_twice(tmp_path: Path) -> None:
    async def told(it: Session) -> None:
        assert await heard_of(it, *TWICE) == ["undo", "undo"]

    run(tmp_path, app, told)


@pytest.mark.usefixtures("guarded")
def test_a_press_beside_another_while_the_page_is_drawn_is_heard_too(tmp_path: Path) -> None:
    async def told(it: Session) -> None:
        GO_ON.set()
        it.ask()
        it.ask(it.pressed("save"), it.pressed("undo"), part="line")
        await it.quiet()
        assert sorted(await heard_of(it)) == ["save", "undo"]

    run(tmp_path, app, told)
