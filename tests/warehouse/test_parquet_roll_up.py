"""Accounts in Parquet files, rolled up by DuckDB: exact, alone, and in whatever parts."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tp_geo.errors import BadData
from tp_geo.warehouse.connection import answer
from tp_geo.warehouse.parquet import Part, exactly, merged, roll_up, sample_of
from tp_geo.warehouse.statement import Figure, RollUp

ASKED = RollUp("accounts", "zip", "country", (Figure("revenue"), Figure("visits")), zips=True)

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["94110", "94110-1234", " 2139 ", "", None, "K1A 0B6", "x'\"; --"]),
        st.sampled_from(["US", "CA", None]),
        st.one_of(st.none(), st.floats(-1e9, 1e9), st.sampled_from([0.1, 1e-7, float("nan")])),
        st.one_of(st.none(), st.integers(-(2**60), 2**60)),
    ),
    max_size=40,
)


def written(folder: Path, parts: list[list[tuple]]) -> list[str]:
    kinds = {"zip": pa.string(), "country": pa.string()}
    schema = pa.schema({**kinds, "revenue": pa.float64(), "visits": pa.int64()})
    names = []
    for k, rows in enumerate(parts):
        columns = list(zip(*rows, strict=True)) or [[], [], [], []]
        arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
        names.append(str(folder / f"part [{k}].parquet"))
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), names[-1])
    return names


@given(rows=ROWS, cuts=st.lists(st.integers(0, 40), max_size=3), threads=st.integers(1, 3))
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_parts_rolled_up_and_merged_are_the_roll_up_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, rows: list, cuts: list[int], threads: int
) -> None:
    """To the last digit: figures are added up as decimals."""
    folder = tmp_path_factory.mktemp("parts")
    edges = [0, *sorted(min(c, len(rows)) for c in cuts), len(rows)]
    files = written(folder, [rows[a:b] for a, b in pairwise(edges)])
    whole = roll_up(Part(ASKED, tuple(files), threads))
    parts = [roll_up(Part(ASKED, (file,))) for file in reversed(files)]
    assert merged(ASKED, parts).equals(whole)
    assert sum(whole["tp_accounts"].to_pylist()) == len(rows)


def test_a_row_for_each_code_has_counts_and_sums(tmp_path: Path) -> None:
    rows = [
        ("94110", "US", 0.1, 1),
        ("94110-1234", "US", 0.2, None),
        (" 94110", "US", float("nan"), 2),
        ("94110", "CA", 1.0, 3),
        (None, None, None, 4),
        ("", None, 5.0, None),
    ]
    made = roll_up(Part(ASKED, tuple(written(tmp_path, [rows]))))
    assert made.to_pylist() == [
        {"tp_code": c, "tp_country": k, "tp_accounts": n, "revenue": r, "tp_unusable_1": u}
        | {"visits": v, "tp_unusable_2": 0}
        for c, k, n, r, u, v in [
            ("", "", 2, Decimal("5.000000"), 0, Decimal(4)),
            ("94110", "CA", 1, Decimal("1.000000"), 0, Decimal(3)),
            ("94110", "US", 3, Decimal("0.300000"), 1, Decimal(3)),
        ]
    ]


def test_the_answer_of_somebody_elses_connection_is_the_same(tmp_path: Path) -> None:
    rows = [("94110", "US", 1.5, 2), ("94110-0001", "US", 2.5, 3), ("10001", "US", 1.0, 1)]
    files = written(tmp_path, [rows])
    totals = defaultdict(lambda: (0, 0.0, 0))
    with duckdb.connect() as theirs:
        theirs.execute("create table accounts as from read_parquet($1)", [f"{tmp_path}/*.parquet"])
        for code, _, n, revenue, visits in answer(theirs, ASKED, "duckdb"):
            totals[code] = n, revenue, visits
    ours = roll_up(Part(ASKED, tuple(files))).to_pylist()
    assert {r["tp_code"]: (r["tp_accounts"], r["revenue"], r["visits"]) for r in ours} == totals


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "plz"}, r"part \[0\].parquet has no column 'plz'. It has: zip, country"),
        ({"figures": (Figure("sold"),)}, "has no column 'sold'"),
    ],
)
def test_a_file_without_a_column_is_refused_by_name(
    tmp_path: Path, change: dict, said: str
) -> None:
    files = written(tmp_path, [[("1", "US", 1.0, 1)]])
    asked = RollUp(**{"table": "t", "code": "zip", **change})
    with pytest.raises(BadData, match=said):
        roll_up(Part(asked, tuple(files)))


def test_a_column_that_cannot_be_added_up_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"zip": ["1"], "since": pa.array([0], pa.date32())}), path)
    with pytest.raises(BadData, match=r"Column 'since' of a.parquet is DATE, which can't be added"):
        roll_up(Part(RollUp("t", "zip", figures=(Figure("since"),)), (str(path),)))


def test_texts_that_are_numbers_are_added_up_and_the_others_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"zip": ["1", "1", "1"], "sold": ["1.25", "2", "n/a"]}), path)
    (row,) = roll_up(Part(RollUp("t", "zip", figures=(Figure("sold"),)), (str(path),))).to_pylist()
    assert (row["sold"], row["tp_unusable_1"]) == (Decimal("3.25"), 1)


def test_what_is_no_parquet_and_what_is_not_there_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1" + bytes(64) + b"PAR1")
    with pytest.raises(BadData, match=r"broken.parquet can't be rolled up: "):
        roll_up(Part(ASKED, (str(broken),)))
    with pytest.raises(BadData, match=r"There is no file .*gone.parquet on the machine"):
        sample_of(str(tmp_path / "gone.parquet"))


def test_no_other_file_of_the_machine_is_read(tmp_path: Path) -> None:
    """A column's name is a name, and a file's name no pattern: nothing else is opened."""
    files = written(tmp_path, [[("1", "US", 1.0, 1)]])
    (tmp_path / "other.csv").write_text("a\n1\n")
    trick = f"zip\" || (select max(a) from read_csv('{tmp_path}/other.csv')) || \""
    with pytest.raises(BadData, match="has no column"):
        roll_up(Part(RollUp("t", trick), tuple(files)))
    star = tmp_path / "*.parquet"
    with pytest.raises(BadData, match="There is no file"):
        roll_up(Part(ASKED, (str(star),)))


def test_the_first_rows_come_as_texts(tmp_path: Path) -> None:
    files = written(tmp_path, [[("01234", "US", 1.5, None)]])
    expected = [{"zip": "01234", "country": "US", "revenue": "1.5", "visits": ""}]
    assert sample_of(files[0]).to_pylist() == expected


def test_asking_exactly_changes_how_figures_are_added_up_alone() -> None:
    assert all(f.exact for f in exactly(ASKED).figures)
    assert exactly(ASKED).code == ASKED.code
