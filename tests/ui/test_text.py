"""Names stay names, and figures line up."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.dataset import Measure
from tp_geo.ui import text

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@given(st.text(max_size=80))
def test_no_mark_of_markdown_is_left_unguarded(name: str) -> None:
    shown = re.sub(r"\\[!-/:-@\[-`{-~]", "", text.plain(name))
    assert not re.search(r"[!-/:-@\[-`{-~]", shown)


@given(st.text(max_size=80))
def test_what_is_guarded_reads_as_before(name: str) -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text.plain(name))
    assert shown == " ".join(name.split())


def test_a_long_name_is_cut_and_the_cut_is_marked() -> None:
    assert text.shortened("a" * 500, 10) == "a" * 9 + "…"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-22T11:59:58Z", "2 s ago"),
        ("2026-11-22T11:57:00Z", "3 min ago"),
        ("2026-11-22T07:00:00Z", "5 h ago"),
        ("2026-11-21T11:00:00Z", "1 day ago"),
        ("2024-01-01T00:00:00Z", "on 2024-01-01"),
        ("2026-11-22T12:00:09Z", "0 s ago"),
        ("whenever", ""),
    ],
)
def test_time_is_told_in_one_unit(at: str, said: str) -> None:
    assert text.ago(at, NOW) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234567.0, "1,234,567"), (12.34, "12.3"), (0.5, "0.500"), (-2000.4, "−2,000"), (None, "–")],
)
def test_figures_have_the_decimals_somebody_reads(value: float | None, said: str) -> None:
    assert text.figure(value) == said


def test_a_deviation_always_has_its_sign() -> None:
    assert [text.deviation(s) for s in (0.031, -0.08, 0.0)] == ["+3.1 %", "−8.0 %", "+0.0 %"]


@pytest.mark.parametrize(
    ("label", "unit", "said"),
    [
        ("Population", "people", "Population (people)"),
        ("Jobs", "jobs", "Jobs"),
        ("Housing units", "units", "Housing units"),
        ("Accounts", "", "Accounts"),
    ],
)
def test_a_unit_is_named_once(label: str, unit: str, said: str) -> None:
    assert text.heading(Measure("m", label, unit)) == said


def test_one_thing_is_singular() -> None:
    assert [text.count(1, n) for n in ("postal codes", "counties")] == ["1 postal code", "1 county"]
    assert text.count(1200, "counties") == "1,200 counties"
    assert [text.count(n, "people") for n in (1, 2)] == ["1 person", "2 people"]


def test_a_difference_has_its_sign_and_a_true_minus() -> None:
    assert [text.signed(v) for v in (1_234.0, -1_234.0, 0.0, None)] == [
        "+1,234",
        "−1,234",
        "0",
        "–",
    ]
