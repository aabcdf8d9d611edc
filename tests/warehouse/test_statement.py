"""The statement that rolls accounts up, in the words of each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tp_geo.errors import BadData
from tp_geo.warehouse.statement import (
    DIALECTS,
    Figure,
    RollUp,
    columns_of,
    found,
    names_of,
    statement,
)

GOLDEN = Path(__file__).parent / "golden"
ASKED = RollUp(
    "sales.accounts", "Postal Code", "Country", (Figure("Revenue"), Figure('a"b`c]d')), zips=True
)


@pytest.mark.parametrize("engine", DIALECTS)
def test_each_engine_is_asked_in_its_own_words(engine: str) -> None:
    assert statement(ASKED, engine) + "\n" == (GOLDEN / f"{engine}.sql").read_text("utf-8")


def test_codes_that_are_no_zip_codes_are_not_cut() -> None:
    asked = RollUp("t", "fsa", figures=(Figure("x"),))
    assert "SUBSTRING" not in statement(asked, "postgresql")
    assert columns_of(asked) == ("tp_code", "tp_accounts", "x")


def test_figures_of_files_are_added_up_exactly_and_what_is_no_number_is_counted() -> None:
    asked = RollUp("t", "zip", figures=(Figure("x", exact=True),))
    text = statement(asked, "duckdb")
    assert 'SUM(TRY_CAST("x" AS DECIMAL(38, 6))) AS "x"' in text
    assert columns_of(asked) == ("tp_code", "tp_accounts", "x", "tp_unusable_1")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("accounts", "FROM accounts WHERE"),
        ("sales.accounts", "FROM sales.accounts WHERE"),
        ("dwh.sales.accounts", "FROM dwh.sales.accounts WHERE"),
        ('sales."my ""big"" table"', 'FROM sales."my ""big"" table" WHERE'),
        ("my-project.sales.accounts", 'FROM "my-project".sales.accounts WHERE'),
        ("a; drop table b", 'FROM "a; drop table b" WHERE'),
        ("a -- b", 'FROM "a -- b" WHERE'),
        ("a) union select 1", 'FROM "a) union select 1" WHERE'),
    ],
)
def test_a_table_is_a_name_whatever_is_written(table: str, said: str) -> None:
    assert said in names_of(table, "postgresql")


@pytest.mark.parametrize("table", ["", " ", "a.", ".a", "a..b", "a.b.c.d", 'a"b', '"a', '"a"b'])
def test_what_is_no_table_is_refused_with_how_to_write_one(table: str) -> None:
    with pytest.raises(BadData, match=r"is no table. Write its name, as in sales.accounts"):
        names_of(table, "postgresql")


def test_columns_are_found_in_whatever_case_and_others_refused_with_those_there_are() -> None:
    assert found("revenue", ["ZIP", "REVENUE"], "t") == "REVENUE"
    assert found("Revenue", ["REVENUE", "Revenue"], "t") == "Revenue"
    with pytest.raises(BadData, match=r"t has no column 'x'. It has: ZIP, REVENUE"):
        found("x", ["ZIP", "REVENUE"], "t")
    with pytest.raises(BadData, match="no column 'revenue'"):
        found("revenue", ["REVENUE", "Revenue"], "t")


def test_an_engine_that_is_not_known_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadData, match=r"no dialect 'oracle'. There are: postgresql, redshift"):
        statement(ASKED, "oracle")
