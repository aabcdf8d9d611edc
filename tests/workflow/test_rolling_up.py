"""Accounts rolled up in PostgreSQL and in Parquet files: totals come over, accounts do not."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from store.postgres_server import Server, shared

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.domain.dataset import Dataset
from tp_geo.errors import BadData, Refused, Unavailable
from tp_geo.store import Store, open_store
from tp_geo.workflow.importing import ImportReport, Order, import_dataset, send_back
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.rolling_up import (
    Choice,
    parquet_files,
    roll_up_files,
    roll_up_warehouse,
    statement_for,
)

WORD = "geheim-7*word"
CHOICE = Choice(measures=("Revenue", "visits"))
ROWS = 3_000


def order(name: str = "sold", repair_to: Path | None = None) -> Order:
    return Order(name, "ana", "2026-01-01T00:00:00Z", repair_to)


@pytest.fixture(scope="module")
def accounts() -> pd.DataFrame:
    """Accounts in states, as people export them: some unknown, some without a code."""
    chance = np.random.default_rng(5)
    codes = np.array(["CA", "NV", "ny", " OR ", "Texas", "ZZ", ""], dtype=object)
    return pd.DataFrame(
        {
            "id": [f"secret-account-{k}" for k in range(ROWS)],
            "Zip": chance.choice(codes, ROWS),
            "Revenue": chance.integers(0, 1_000_000, ROWS) / 100,
            "visits": chance.integers(0, 50, ROWS),
        }
    )


@pytest.fixture(scope="module")
def server(accounts: pd.DataFrame) -> Server:
    """A warehouse with the accounts, which `reader` may read by its password."""
    made = shared()
    made.sql(f"create role reader login password '{WORD}'")
    hba = made.folder / "data" / "pg_hba.conf"
    hba.write_text("host all reader 127.0.0.1/32 scram-sha-256\n" + hba.read_text())
    made.sql("select pg_reload_conf()")
    made.sql("create schema sales")
    made.sql(
        'create table sales.accounts (id text, "Zip" text, "Revenue" numeric, '
        "visits int, since date)"
    )
    rows = ", ".join(
        f"('{i}', {repr(z) if z else 'null'}, {r}, {v})"
        for i, z, r, v in accounts.itertuples(index=False)
    )
    made.sql(f'insert into sales.accounts (id, "Zip", "Revenue", visits) values {rows}')
    made.sql("create table public.marks (n int)")
    made.sql(
        "create function sales.mark() returns int language sql volatile security definer as "
        "'insert into public.marks values (1) returning n'"
    )
    made.sql('create view sales.trap as select id as "Zip", sales.mark() as n from sales.accounts')
    made.sql("grant usage on schema sales to reader; grant select on all tables in schema sales "
             "to reader")  # fmt: skip
    return made


@pytest.fixture
def address(server: Server) -> str:
    return f"postgresql://reader:{WORD.replace('*', '%2A')}@127.0.0.1:{server.port}/postgres"


@pytest.fixture
def parts(accounts: pd.DataFrame, tmp_path: Path) -> list[Path]:
    folder = tmp_path / "accounts"
    folder.mkdir()
    for k in range(3):
        accounts[k::3].to_parquet(folder / f"{k}.parquet")
    return [folder]


def from_server(store: Store, address: str, choice: Choice = CHOICE) -> ImportReport:
    return roll_up_warehouse(store, address, "sales.accounts", choice, order(), boundaries="state")


def same(one: Dataset, other: Dataset) -> bool:
    return bool(
        (one.codes == other.codes).all()
        and one.measures == other.measures
        and np.array_equal(one.values, other.values, equal_nan=True)
    )


def test_what_a_warehouse_rolls_up_is_what_an_import_of_its_accounts_adds_up_to(
    store: Store, address: str, accounts: pd.DataFrame, tmp_path: Path
) -> None:
    report = from_server(store, address)
    made = Planner(store).dataset("sold")
    accounts.to_csv(tmp_path / "accounts.csv", index=False)
    full = import_dataset(
        store, tmp_path / "accounts.csv", order("all"), boundaries="state",
        fixed={"id": "id", "postal": "Zip"}, measures=["Revenue", "visits"],
    )  # fmt: skip
    every = Planner(store).dataset("all")
    n = made.items.containers
    assert (report.rows, report.matched, report.unmatched) == (ROWS, full.matched, full.unmatched)
    assert report.codes == 7
    np.testing.assert_allclose(made.values[:n], every.values[:n], rtol=1e-12)
    assert report.totals == pytest.approx(full.totals)


def test_accounts_stay_where_they_are(store: Store, address: str) -> None:
    from_server(store, address)
    made = Planner(store).dataset("sold")
    assert len(made.items.container_of) == 2  # the code ZZ and no code: nothing is lost
    assert (made.items.container_of == -1).all()
    assert not any("secret-account" in str(text) for text in made.codes)
    assert made.column("accounts").sum() == ROWS


def test_the_password_is_in_no_file_of_the_store(address: str, tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    opened = open_store(str(path))
    report = from_server(opened, address)
    opened.close()
    told = repr(report) + "".join(i.source for i in open_store(str(path)).datasets())
    assert "127.0.0.1" in told and WORD not in told and "reader" not in told
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or WORD.encode() not in file.read_bytes()


def test_files_and_the_warehouse_and_its_answer_as_a_file_make_the_same_dataset(
    store: Store, address: str, server: Server, parts: list[Path], tmp_path: Path
) -> None:
    from_server(store, address)
    first = Planner(store).dataset("sold")
    roll_up_files(store, parts, CHOICE, order(), boundaries="state")
    assert same(first, Planner(store).dataset("sold"))
    choice = Choice("Zip", "", CHOICE.measures)
    text = statement_for(store, "postgresql", "sales.accounts", choice, boundaries="state")
    header = "tp_code,tp_accounts,Revenue,visits"
    rows = [",".join("" if v is None else str(v) for v in row) for row in server.sql(text)]
    (tmp_path / "answer.csv").write_text("\n".join([header, *rows]))
    report = import_dataset(store, tmp_path / "answer.csv", order(), boundaries="state")
    assert (report.rows, report.codes) == (ROWS, 7)
    assert same(first, Planner(store).dataset("sold"))


def test_codes_to_mend_come_as_a_repair_file_that_can_be_sent_back(
    store: Store, parts: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "mend.csv"
    report = roll_up_files(store, parts, CHOICE, order(repair_to=file), boundaries="state")
    assert report.unmatched > 0 and "ZZ" in file.read_text()
    mended = pd.read_csv(file, dtype=str, keep_default_na=False)
    mended["tp_code"] = mended["tp_code"].replace({"ZZ": "WA"})
    mended.to_csv(file, index=False)
    again = send_back(store, file, order())
    made = Planner(store).dataset("sold")
    assert again.rows == ROWS and again.unmatched < report.unmatched
    assert made.column("accounts")[made.containers["WA"]] > 0
    assert again.totals == pytest.approx(report.totals)


def test_a_plan_on_containers_alone_is_planned_like_any_other(
    store: Store, parts: list[Path]
) -> None:
    roll_up_files(store, parts, CHOICE, order(), boundaries="state")
    planner = Planner(store)
    plan = planner.create("P", "sold", by="ana", areas=["West", "East"])
    plan.ask(Move(plan.dataset.positions(["CA", "NV"]), AreaId(1)), by="ana")
    n = plan.dataset.containers
    expected = sum(plan.dataset.column("revenue")[n[c]] for c in ("CA", "NV"))
    assert plan.totals().of(AreaId(1), "revenue") == expected > 0


@pytest.mark.parametrize(
    ("table", "choice", "said"),
    [
        ("sales.gone", CHOICE, r'did not answer: relation "sales.gone" does not exist'),
        ("public.marks", Choice("n"), "permission denied for table marks"),
        ("sales.accounts", Choice("plz"), "sales.accounts has no column 'plz'. It has: id, Zip"),
        ("sales.accounts", Choice("Zip", "", ("since",)), r"function sum\(date\) does not exist"),
        ("sales.trap", Choice("Zip", "", ("n",)), "cannot execute INSERT in a read-only"),
        ("a b.c", Choice("Zip"), r"relation \"a b.c\" does not exist"),
    ],
)
def test_what_the_warehouse_refuses_is_told(
    store: Store, address: str, table: str, choice: Choice, said: str
) -> None:
    with pytest.raises(BadData, match=said):
        roll_up_warehouse(store, address, table, choice, order(), boundaries="state")
    assert not store.datasets()


def test_a_table_without_a_column_of_codes_asks_for_one(store: Store, server: Server) -> None:
    server.sql("create table if not exists public.nothing (a int, b int)")
    with pytest.raises(BadData, match=r"No column of nothing .* Name it with --postal; .*: a, b"):
        roll_up_warehouse(store, server.address("public"), "nothing", CHOICE, order())


def test_an_empty_table_is_told(store: Store, server: Server) -> None:
    server.sql("create table if not exists public.bare (zip text)")
    with pytest.raises(BadData, match="bare has no accounts to roll up"):
        roll_up_warehouse(store, server.address("public"), "bare", Choice(), order())


def test_a_wrong_password_is_not_told(store: Store, address: str) -> None:
    wrong = address.replace("geheim", "GEHEIM")
    with pytest.raises(Unavailable, match="password authentication failed") as refused:
        from_server(store, wrong)
    assert "GEHEIM" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("snowflake://u:pw@x/db", r"snowflake:// can't be spoken to .* \(--statement\)"),
        ("postgresql://u:p@w@h/db", "can't be read. It looks like postgresql://user@host"),
        ("postgresql://u:pw:99x/db", "can't be read. It looks like"),
        ("postgresql://u:pw@127.0.0.1:9/db", r"postgresql://127.0.0.1:9/db can't be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(
    store: Store, bad: str, said: str
) -> None:
    with pytest.raises((BadData, Unavailable), match=said) as refused:
        from_server(store, bad)
    assert "pw" not in str(refused.value) and "p@w" not in str(refused.value)


def test_values_that_are_no_numbers_are_counted(store: Store, tmp_path: Path) -> None:
    table = pd.DataFrame({"state": ["CA", "CA", "NV"], "Revenue": ["1.5", "n/a", "2"]})
    table.to_parquet(tmp_path / "a.parquet")
    report = roll_up_files(
        store, [tmp_path / "a.parquet"], Choice("state", "", ("Revenue",)), order(),
        boundaries="state",
    )  # fmt: skip
    assert report.notes == ("Revenue: 1 value that can't be read as numbers",)
    assert report.totals == {"Revenue": 3.5}


def test_columns_of_files_are_guessed_by_their_first_rows(store: Store, parts: list[Path]) -> None:
    report = roll_up_files(store, parts, Choice(), order(), boundaries="state")
    assert set(report.totals) == {"Revenue", "visits"}


def test_files_are_what_folders_hold_and_others_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"has no file that ends in .parquet"):
        parquet_files([tmp_path])
    with pytest.raises(BadData, match=r"a.csv is no Parquet file. Import it as it is"):
        parquet_files([tmp_path / "a.csv"])
    with pytest.raises(BadData, match=r"There is no file .*b.parquet. Check the path"):
        parquet_files([tmp_path / "b.parquet"])
    with pytest.raises(BadData, match="Give at least one Parquet file"):
        parquet_files([])
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "2.parquet").touch()
    (tmp_path / "c" / "1.parquet").touch()
    assert [p.name for p in parquet_files([tmp_path / "c"])] == ["1.parquet", "2.parquet"]
    shutil.rmtree(tmp_path / "c")


def test_the_name_is_checked_before_anything_is_read(store: Store, address: str) -> None:
    with pytest.raises(Refused, match="built in"):
        roll_up_warehouse(store, address, "sales.accounts", CHOICE, order("default"))
