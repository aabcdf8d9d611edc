from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.files.numbers import parse_numbers


def parsed(*texts: str) -> list[float | None]:
    """Values; None for what is no number."""
    found = parse_numbers(pd.Series(texts, dtype=str))
    return [None if b else float(v) for v, b in zip(found.values, found.bad, strict=True)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-1.5", -1.5),
        ("+3", 3),
        (".5", 0.5),
        ("5.", 5),
        ("1e6", 1_000_000),
        ("$1,234.50", 1234.5),
        ("-$5", -5),
        ("CA$ 5", 5),
        ("USD 12", 12),
        ("12 €", 12),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1'234.5", 1234.5),
        ("(5)", -5),
        ("($1,234)", -1234),
        ("(-5)", -5),
        ("(5%)", -0.05),
        ("5-", -5),
        ("12 %", 0.12),
    ],
)
def test_a_number_is_understood(text: str, value: float) -> None:
    assert parsed(text) == [pytest.approx(value)]


@pytest.mark.parametrize("text", ["", "-", "n/a", "N/A", "#N/A", "null", "NaN", "  "])
def test_a_missing_value_is_no_mistake(text: str) -> None:
    (found,) = parsed(text)
    assert found is not None
    assert math.isnan(found)


@pytest.mark.parametrize(
    "text",
    ["x", "$", ".", "1,23,4", "1.2.3", "(5", "5)", "inf", "1e999", "=1+1", "12 apples", "+-5",
     "--5", "5--", "((5))"],
)  # fmt: skip
def test_what_is_no_number_is_said(text: str) -> None:
    assert parsed(text) == [None]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1.234,50", "1.234", "5"], [1234.5, 1234, 5]),
        (["1.234.567", "1.234"], [1_234_567, 1234]),
        (["1,5", "2"], [1.5, 2]),
        (["1,234.50", "1,234"], [1234.5, 1234]),
        (["1,234", "2"], [1234, 2]),
        (["1,234,567", "1,234"], [1_234_567, 1234]),
    ],
)
def test_the_decimal_sign_is_found_for_the_whole_column(
    texts: list[str], values: list[float]
) -> None:
    assert parsed(*texts) == pytest.approx(values)


@given(st.lists(st.floats(-1e12, 1e12).map(lambda x: round(x, 2))))
def test_what_python_writes_is_read(values: list[float]) -> None:
    assert parsed(*map(repr, values)) == values
    american = [f"${v:,.2f}".replace("$-", "-$") for v in values]
    assert parsed(*american) == pytest.approx(values)


@given(st.lists(st.integers(0, 10**9).map(lambda n: n / 100), min_size=1))
def test_a_european_column_reads_like_an_american_one(values: list[float]) -> None:
    swap = str.maketrans(",.", ".,")
    european = [f"{v:,.2f} €".translate(swap) for v in values]
    assert parsed(*european) == pytest.approx(values)


@given(st.lists(st.text(max_size=8)))
def test_any_text_is_a_number_missing_or_bad(texts: list[str]) -> None:
    found = parse_numbers(pd.Series(texts, dtype=str))
    assert not np.isinf(found.values).any()
    assert np.isnan(found.values[found.bad]).all()
