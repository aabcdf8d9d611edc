"""A dialog is open until it is closed, on the page it was opened on."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from tp_geo.ui import state

    state.turn_to(st.session_state["shown"])
    if wanted := state.wanted_dialog():
        state.show_dialog(wanted[0], lambda: st.button("Done", on_click=state.close_dialog))


def opened() -> AppTest:
    at = AppTest.from_function(page)
    at.session_state["shown"] = "map"
    at.run()
    at.session_state["dialog"] = ("Focus", ())
    return at.run()


def labels(at: AppTest) -> list[str]:
    assert not at.exception
    return [b.label for b in at.button]


def test_every_run_of_the_page_opens_it_again() -> None:
    at = opened()
    assert labels(at) == ["Done"]
    assert labels(at.run()) == ["Done"]


def test_what_closes_it_closes_it_for_good() -> None:
    at = opened()
    at.button[0].click()
    assert labels(at.run()) == []
    assert labels(at.run()) == []


def test_it_is_not_taken_along_to_another_page() -> None:
    at = opened()
    for shown in ("history", "map"):
        at.session_state["shown"] = shown
        assert labels(at.run()) == []
