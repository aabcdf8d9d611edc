"""Whatever goes wrong is said in words, with a way on; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

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


def test_a_store_that_is_damaged_has_a_page_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "plans.duckdb"
    store.write_bytes(b"this is no database" * 1_000)
    monkeypatch.setenv("TP_GEO_STORE", str(store))
    st.cache_resource.clear()
    at = AppTest.from_file(APP, default_timeout=60).run()
    assert not at.exception
    assert at.subheader[0].value == "The plans can't be read"
    assert [b.label for b in at.button] == ["Try again"]
