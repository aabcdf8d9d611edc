"""What is pressed along with an event is heard once, whatever the event's callback asks for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from browser_messages import Browser, page
from streamlit.runtime.state import SessionState

from tp_geo.ui import edge


def body() -> None:
    import streamlit as st

    from tp_geo.ui import parts

    heard = st.session_state.setdefault("heard", [])

    def anew(what: str) -> None:
        heard.append(what)
        st.rerun()

    def named(what: str) -> None:
        heard.append(what)
        parts.run("lower")

    @st.fragment(key="upper")
    def upper() -> None:
        st.checkbox("Anew", key="anew", on_change=anew, args=("anew",))
        st.checkbox("Anew too", key="anew_too", on_change=anew, args=("anew_too",))
        st.checkbox("Named", key="named", on_change=named, args=("named",))
        st.checkbox("Plain", key="plain", on_change=heard.append, args=("plain",))
        st.button("Open", key="open", on_click=anew, args=("open",))

    @st.fragment(key="lower")
    def lower() -> None:
        if st.button("Save", key="save"):
            heard.append("save")
        if st.button("Told", key="told", on_click=heard.append, args=("told",)):
            heard.append("told in the page")

    def dialog() -> None:
        if st.button("Keep", key="keep"):
            heard.append("keep")

    upper()
    lower()
    if st.button("Below", key="below"):
        heard.append("below")
    st.dialog("Dialog")(dialog)()


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A browser of the page, its callbacks guarded as those of the app are."""
    guarded = edge._guarded
    monkeypatch.setattr(SessionState, "_run_callback_and_record_rerun", guarded)
    return page(tmp_path, body)


@pytest.mark.parametrize("event", ["anew", "named", "plain"])
@pytest.mark.parametrize("parts", [("upper", "lower"), ("lower", "upper"), ()])
def test_a_press_that_comes_with_an_event_is_heard_once(
    browser: Browser, event: str, parts: tuple[str, ...]
) -> None:
    browser.send(browser.ticked(event), browser.pressed("save"), parts=parts)
    assert Counter(browser["heard"]) == {event: 1, "save": 1}
    browser.send(parts=("lower",))
    browser.send()
    assert Counter(browser["heard"]) == {event: 1, "save": 1}


def test_a_button_that_has_the_page_shown_anew_does_so_once(browser: Browser) -> None:
    browser.send(browser.pressed("open"), browser.pressed("save"), parts=("upper", "lower"))
    assert browser["heard"] == ["open", "save"]
    assert browser.runs[-1] is None
    browser.send()
    browser.send(browser.pressed("open"), parts=("upper",))
    assert browser["heard"] == ["open", "save", "open"]


def test_a_callback_of_a_press_is_not_run_again_with_the_page(browser: Browser) -> None:
    browser.send(browser.ticked("anew"), browser.pressed("told"), parts=("upper", "lower"))
    assert Counter(browser["heard"]) == {"anew": 1, "told": 1, "told in the page": 1}


def test_several_events_with_a_press_have_the_page_shown_once(browser: Browser) -> None:
    before = len(browser.runs)
    browser.send(
        *map(browser.ticked, ("anew", "anew_too", "named")),
        browser.pressed("save"),
        parts=("upper", "lower"),
    )
    assert Counter(browser["heard"]) == {"anew": 1, "anew_too": 1, "named": 1, "save": 1}
    assert browser.runs[before + 1 :] == [None]


@pytest.mark.parametrize("part", ["upper", "lower"])
def test_a_press_is_heard_once_also_when_parts_look_for_news_meanwhile(
    browser: Browser, part: str
) -> None:
    browser.send(
        browser.pressed("open"),
        browser.ticked("anew"),
        browser.pressed("save"),
        parts=("upper", "lower"),
        meanwhile=(part,),
    )
    assert Counter(browser["heard"]) == {"open": 1, "anew": 1, "save": 1}
    assert [browser.part(part)] in browser.runs


def test_a_press_outside_of_any_part_is_heard_too(browser: Browser) -> None:
    browser.send(browser.ticked("anew"), browser.pressed("below"))
    assert browser["heard"] == ["anew", "below"]


def test_a_press_in_a_dialog_is_heard_too(browser: Browser) -> None:
    browser.send(browser.ticked("anew"), browser.pressed("keep"))
    assert browser["heard"] == ["anew", "keep"]


def test_without_a_press_an_event_shows_the_page_once(browser: Browser) -> None:
    before = len(browser.runs)
    browser.send(browser.ticked("anew"), parts=("upper",))
    assert browser["heard"] == ["anew"]
    assert browser.runs[before + 1 :] == [None]


def test_streamlit_alone_forgets_the_press(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it does not any more, `parts.keep_presses` can go."""
    monkeypatch.setattr(SessionState, "_run_callback_and_record_rerun", edge._recorded)
    browser.send(browser.ticked("anew"), browser.pressed("save"), parts=("upper", "lower"))
    assert browser["heard"] == ["anew"]
