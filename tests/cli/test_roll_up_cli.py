"""Accounts rolled up from the command line: files, statements, what is asked wrongly."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.parquet"
    table = {"State": ["CA", "CA", "NV", "ZZ"], "Revenue": [10.0, 20.0, 30.0, 40.0]}
    pd.DataFrame(table).to_parquet(path)
    return path


def test_parquet_is_rolled_up_and_planned_on(
    do, say, accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(accounts.parent)
    words = ["--postal", "state", "--measure", "revenue", "--boundaries", "state"]
    told = do("roll-up", accounts, "--dataset", "my sold", *words)
    assert {k: told[k] for k in ("rows", "matched", "unmatched", "codes")} == {
        "rows": 4, "matched": 3, "unmatched": 1, "codes": 3,
    }  # fmt: skip
    assert Path(told["repair_file"]).name == "my-sold.repair.csv"
    do("new", "A", "--dataset", "my sold", "--names", "West")
    do("assign", "A", "--to", "West", "CA", "NV")
    west = do("show", "A")["areas"][0]
    assert (west["units"], west["totals"]["accounts"], west["totals"]["revenue"]) == (0, 3, 60)
    said = say("roll-up", accounts, "--dataset", "again", *words)
    assert "again: 3 of 4 accounts matched" in said.out
    assert "They came over as 3 rows, one for each code." in said.out


def test_a_statement_is_told_for_any_engine(do, say) -> None:
    words = ["--table", "sales.accounts", "--postal", "Zip", "--measure", "Revenue"]
    told = do("roll-up", "--statement", "snowflake", *words)
    assert told["engine"] == "snowflake"
    assert 'SUM("Revenue") AS "Revenue"' in told["statement"]
    assert "GROUP BY" in say("roll-up", "--statement", "bigquery", *words).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.parquet"], "--dataset NAME"),
        (["--dataset", "d"], "give Parquet files, or --table"),
        (["a.parquet", "--table", "t", "--dataset", "d"], "give Parquet files, or --table"),
        (["--table", "t", "--dataset", "d"], "--table needs --from ADDRESS, or TP_GEO_WAREHOUSE"),
        (["--statement", "snowflake"], "--table NAME"),
    ],
)
def test_what_is_asked_wrongly_is_told(say, words: list[str], said: str) -> None:
    answer = say("roll-up", *words)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_a_password_on_the_command_line_is_in_no_log(
    say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tp_geo.workflow import rolling_up

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(rolling_up, "roll_up_warehouse", broken)
    address = "postgresql://ann:geheim7@127.0.0.1:9/db"
    said = say("roll-up", "--from", address, "--table", "t", "--dataset", "d")
    assert said.code == 1 and "geheim7" not in said.err
    log = (tmp_path / "log" / "tp-geo.log").read_text()
    assert "roll-up" in log and "geheim7" not in log
