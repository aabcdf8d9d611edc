"""What a text in a cell of a user's table says."""

from __future__ import annotations

import pytest

from tp_geo.workflow.cells import number, numeric


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0),
        ("1,234", 1234.0),
        ("$ 1,234,567.50", 1_234_567.5),
        ("(1,234)", -1234.0),
        ("1 234.5", 1234.5),
        ("2e3", 2000.0),
        ("1,5", None),
        ("1.234,5", None),
        ("1,23,456", None),
        ("1e400", None),
        ("twelve", None),
        ("", None),
    ],
)
def test_a_number_is_read_only_where_its_commas_can_mean_thousands_alone(
    text: str, value: float | None
) -> None:
    assert number(text) == value


def test_a_column_with_decimal_commas_is_one_of_numbers_and_one_of_codes_is_none() -> None:
    assert numeric(["1,5", "", "2,25"])
    assert not numeric(["02139", "10001"])
    assert not numeric(["", ""])
