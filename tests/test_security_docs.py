"""The list of security requirements: each line has a state, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
STATES = {"met", "partly", "open", "none", "proxy", "Streamlit", "sign-in"}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| \d", line)
]


def test_every_line_has_a_state_and_a_reason() -> None:
    assert len(ROWS) > 100
    for numbers, state, why in ROWS:
        assert state in STATES, numbers
        assert why, numbers


def test_every_file_that_is_named_is_there() -> None:
    for name in re.findall(r"`((?:tests|store|ui|files|domain)/[\w/]+\.py)`", TEXT):
        there = ROOT / name if name.startswith("tests/") else ROOT / "tp_geo" / name
        assert there.exists(), name


def test_no_number_is_answered_twice() -> None:
    numbers = [n for row in ROWS for n in re.findall(r"\d+\.\d+\.\d+", row[0])]
    assert sorted({n for n in numbers if numbers.count(n) > 1}) == []
    assert len(numbers) > 150
