"""What commands share: progress on standard error, texts that do nothing to a terminal."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.cli.reply import amount, one_line, plain, share
from tp_geo.cli.session import Progress


def test_progress_is_told_on_standard_error_a_line_a_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress(every_s=0)
    progress("Reading\nx.csv", 0.25)
    progress("Reading\nx.csv", 0.25)
    progress("Saving", 1.0)
    progress.done()
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Reading x.csv  25%\nSaving 100%\n"


def test_what_is_quick_says_nothing_when_nobody_looks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress(every_s=3600)
    progress("Reading", 0.5)
    progress.done()
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_line_is_written_over_and_cleared(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress = Progress()
    progress("Reading", 0.5)
    progress.done()
    assert capsys.readouterr().err == "\r\x1b[KReading  50%\r\x1b[K"


@given(st.text())
def test_any_text_becomes_one_line_that_only_shows(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(c) < 32 or c in "\x7f\x9b\u202e\u2066" for c in line)
    line.encode()


@given(st.text(st.characters(categories=["L", "N", "P"])))
def test_a_text_without_blanks_and_controls_stays(text: str) -> None:
    assert one_line(text) == text


def test_json_has_null_for_what_is_not_known() -> None:
    given = {"a": math.nan, "b": np.float64("inf"), "c": np.int32(3), "d": (1.0, 2.5), 1: {"x"}}
    assert plain(given) == {"a": None, "b": None, "c": 3, "d": [1, 2.5], "1": ["x"]}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234567, "1,234,567"), (12.345, "12.35"), (math.nan, "–"), (None, "–"), (98765.4, "98,765")],
)
def test_figures_are_shown_with_thousands(value: float | None, shown: str) -> None:
    assert amount(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.031, "+3.1 %"), (-1.0, "-100.0 %"), (None, "–")])
def test_deviations_always_have_a_sign(value: float | None, shown: str) -> None:
    assert share(value) == shown
