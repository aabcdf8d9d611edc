"""Whatever goes wrong is said in words, with a way on; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from said import notices
from streamlit.testing.v1 import AppTest

from tp_geo.store import open_store

APP = str(Path(__file__).resolve().parents[2] / "app.py")


def test_a_fault_nobody_foresaw_is_told_with_a_reference() -> None:
    def page() -> None:
        from tp_geo.ui.edge import edge

        with edge():
            raise ZeroDivisionError("secret detail")

    at = AppTest.from_function(page).run()
    assert not at.exception
    assert "reference" in at.error[0].value
    assert "secret" not in at.error[0].value


def test_a_known_error_is_told_as_it_is_without_markup() -> None:
    def page() -> None:
        from tp_geo.errors import BadData
        from tp_geo.ui.edge import handled

        @handled
        def part() -> None:
            raise BadData("Row 3, name '![x](https://example.com)' is blank.")

        part()

    at = AppTest.from_function(page).run()
    assert at.error[0].value.startswith("Row 3\\, name")
    assert "![x]" not in at.error[0].value


def opened_on(store: Path) -> AppTest:
    """The app on a store's file as it is."""
    st.cache_resource.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TP_GEO_STORE", str(store))
        return AppTest.from_file(APP, default_timeout=60).run()


def test_a_store_that_is_damaged_has_a_page_of_its_own(tmp_path: Path) -> None:
    store = tmp_path / "plans.duckdb"
    open_store(str(store)).close()
    whole = store.read_bytes()
    store.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    at = opened_on(store)
    assert not at.exception
    assert at.subheader[0].value == "The plans can't be read"
    assert [b.label for b in at.button] == ["Try again"]


def test_a_file_that_is_no_store_is_told_in_words(tmp_path: Path) -> None:
    store = tmp_path / "notes.txt"
    store.write_bytes(b"this is no database" * 1_000)
    at = opened_on(store)
    assert not at.exception
    assert "notes" in at.error[0].value


def test_what_goes_wrong_in_a_callback_is_told_when_the_page_is_shown() -> None:
    """An element of a callback would stand where the page has its first part."""

    def page() -> None:
        import streamlit as st

        from tp_geo.errors import BadData
        from tp_geo.ui import notices
        from tp_geo.ui.edge import guard_callbacks, handled

        guard_callbacks()

        def known() -> None:
            raise BadData("Row 3 is blank.")

        def unforeseen() -> None:
            raise ZeroDivisionError("secret detail")

        st.caption("first")
        st.button("known", on_click=known)
        st.button("with an edge", on_click=handled(known))
        st.button("unforeseen", on_click=unforeseen)
        notices.show("page")

    at = AppTest.from_function(page).run()
    for k, said in enumerate(("Row 3 is blank", "Row 3 is blank", "reference")):
        at.button[k].click().run()
        assert not at.exception
        assert not at.error
        assert said in notices(at)[-1]
        assert "secret" not in notices(at)[-1]
        assert at.caption[0].value == "first"
