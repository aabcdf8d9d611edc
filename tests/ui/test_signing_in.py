"""Who has to sign in and has not sees nothing; who has is called as the provider says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tp_geo.errors import Refused
from tp_geo.ui import signing_in, state
from tp_geo.ui.navigation import PAGES

ROOT = Path(__file__).parents[2]


def provided(monkeypatch: pytest.MonkeyPatch, **claims: Any) -> None:
    monkeypatch.setattr(signing_in, "claims", lambda: claims)
    monkeypatch.setattr(signing_in, "providers", lambda: ("",))


@pytest.mark.parametrize("path", ["app.py", *PAGES])
def test_no_page_shows_anything_to_who_has_not_signed_in(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provided(monkeypatch, is_logged_in=False)
    monkeypatch.setattr(state, "_planner", lambda _: pytest.fail("the plans were opened"))
    at = AppTest.from_file(ROOT / path, default_timeout=60).run()
    assert not at.exception
    assert [b.label for b in at.button] == ["Sign in"]
    assert not at.selectbox
    assert not at.dataframe


def test_what_changes_a_plan_is_not_reached_either(monkeypatch: pytest.MonkeyPatch) -> None:
    provided(monkeypatch, is_logged_in=False)
    monkeypatch.setattr(state, "_planner", lambda _: pytest.fail("the plans were opened"))

    def page() -> None:
        import streamlit as st

        from tp_geo.ui import state

        st.button("Undo", on_click=state.undo)

    at = AppTest.from_function(page)
    at.session_state["alignment"] = "any"
    at.run()
    at.button[0].click().run()
    assert [b.label for b in at.button if b.label != "Undo"] == ["Sign in"]


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": " Ann@North.Example ", "email_verified": True, "sub": "1"}, "ann@north.example"),
        ({"email": "ann@north.example", "sub": "1"}, "ann@north.example"),
        ({"preferred_username": "Ann", "sub": "1"}, "ann"),
        ({"sub": "1"}, "1"),
    ],
)
def test_people_are_called_as_the_provider_says(
    claims: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provided(monkeypatch, is_logged_in=True, **claims)
    assert state.user() == name


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ({"email": "boss@north.example", "email_verified": False, "sub": "1"}, "not verified"),
        ({"email": "boss@north.example", "email_verified": "False"}, "not verified"),
        ({"sub": ""}, "no usable name"),
        ({}, "no usable name"),
        ({"sub": "x" * 255}, "no usable name"),
        ({"sub": "a\nb"}, "no usable name"),
    ],
)
def test_who_can_not_be_told_from_others_is_refused_and_can_sign_out(
    claims: dict[str, Any], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provided(monkeypatch, is_logged_in=True, **claims)
    with pytest.raises(Refused, match=word):
        signing_in.person()
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert word in at.error[0].value
    assert [b.label for b in at.button] == ["Sign out"]


def test_a_provider_that_is_half_set_up_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    provided(monkeypatch, is_logged_in=False)
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    at.secrets["auth"] = {"client_id": "tp-geo"}
    at.run()
    at.button[0].click().run()
    assert not at.exception
    assert "not set up" in at.error[0].value


def test_without_a_provider_nobody_has_to_sign_in() -> None:
    assert signing_in.SIGNED_IN not in st.user
    assert not signing_in.wanted()


class Asked:
    """Streamlit's user, where no provider is set up until one is."""

    def __init__(self) -> None:
        self.times, self.said = 0, dict[str, Any]()

    def to_dict(self) -> dict[str, Any]:
        self.times += 1
        return self.said


def test_without_a_provider_streamlit_is_not_asked_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It looks for a file each time, and lets pages wait for one another meanwhile."""
    asked, now = Asked(), [100.0]
    monkeypatch.setattr(st, "user", asked)
    monkeypatch.setattr(signing_in, "_without", [0.0])
    monkeypatch.setattr(signing_in.time, "monotonic", lambda: now[0])
    assert not any(signing_in.wanted() for _ in range(50))
    assert asked.times == 1
    asked.said = {"is_logged_in": False}
    now[0] += signing_in.LOOK_S
    assert signing_in.wanted()
    asked.said = {"is_logged_in": True}
    assert signing_in.done()
