"""What is said in the corner of a page: named for screen readers, shown as it was written."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.ui import navigation, notices


def page() -> AppTest:
    def script() -> None:
        import streamlit as st

        from tp_geo.ui import notices, state

        if st.button("Say"):
            state.tell("<b>North</b> & co* is [archived](x).")
        if st.button("Refuse"):
            state.tell("No.", bad=True)
        st.button("Other")
        notices.show("here")

    return AppTest.from_function(script).run()


def press(at: AppTest, label: str) -> list[str]:
    next(b for b in at.button if b.label == label).click().run()
    assert not at.exception
    return [e.proto.body for e in at.get("html")]


def test_a_notice_is_told_letter_by_letter_as_a_status() -> None:
    (body,) = press(page(), "Say")
    assert 'role="status"' in body
    assert "&lt;b&gt;North&lt;/b&gt; &amp; co* is [archived](x)." in body


def test_a_refusal_is_told_at_once_as_an_alert() -> None:
    (body,) = press(page(), "Refuse")
    assert 'role="alert"' in body


def test_a_notice_stays_when_its_page_is_run_again_and_then_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = page()
    said = press(at, "Say")
    assert press(at, "Other") == said
    moment = time.monotonic() + notices.STAYS_S
    monkeypatch.setattr(time, "monotonic", lambda: moment + 1)
    assert press(at, "Other") == []


def test_a_notice_does_not_follow_to_another_page() -> None:
    at = page()
    assert press(at, "Say")
    at.session_state[navigation.HERE] = "review"
    assert press(at, "Other") == []
