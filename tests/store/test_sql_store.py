"""What the store promises beyond answering like a dict: refusals, house rules, odd names."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from strategies import AWKWARD

from store.samples import AT, boundary_info, dataset_info, entry, info, layer_info
from store.test_dataset_parquet import EXAMPLE, same
from tp_geo.domain.alignment import Items
from tp_geo.domain.dataset import Dataset
from tp_geo.errors import BadData, Refused, Stale, TpGeoError
from tp_geo.store import AlignmentInfo, ChallengeRow, Comment, Snapshot, Store, open_store
from tp_geo.store.migrate import migrations


def raw(path: Path) -> duckdb.DuckDBPyConnection:
    """The file of a closed store, looked at from outside."""
    return duckdb.connect(str(path), read_only=True)


def test_a_revision_must_follow_the_head(store: Store) -> None:
    store.append(entry(1))
    for seq in (1, 3, 0):
        with pytest.raises(Stale, match=f"Revision {seq} can't follow.*is at 1. Reload"):
            store.append(entry(seq))
    assert store.head("a") == 1


def test_what_was_stored_first_stays_when_a_revision_is_refused(store: Store) -> None:
    store.append(entry(1, payload="first"))
    with pytest.raises(Stale):
        store.append(entry(1, payload="second"))
    assert [e.payload for e in store.entries("a")] == ["first"]


def test_revisions_appended_at_once_are_there_all_or_none(store: Store) -> None:
    store.append_all([entry(1), entry(1, alignment="b"), entry(2)])
    with pytest.raises(Stale, match="Revision 5 can't follow"):
        store.append_all([entry(3), entry(5)])
    assert (store.head("a"), store.head("b")) == (2, 1)
    store.append_all([])
    store.append(entry(3))
    assert store.head("a") == 3


def test_comments_and_challenges_put_at_once_are_there_all_or_none(store: Store) -> None:
    said = [Comment("a", n, "", f"{n}?", "ann", AT) for n in (1, 2, 3)]
    store.put_comments(said)
    with pytest.raises(Stale, match="Comment 5 can't follow number 3"):
        store.put_comments([replace(said[0], resolved_by="ben"), replace(said[0], number=5)])
    with pytest.raises(Stale, match="Comment 4 can't follow number 4"):
        store.put_comments([replace(said[0], number=4), replace(said[0], number=4)])
    assert list(store.comments("a")) == said
    asked = [ChallengeRow("a", n, "take", 1, 0, "{}", "why", "ann", AT) for n in (1, 2)]
    asked[1] = replace(asked[1], verdict="declined", decided_by="ben")
    store.put_challenges(asked)
    with pytest.raises(Stale, match="Challenge 4 can't follow number 2"):
        store.put_challenges([replace(asked[0], verdict="accepted"), replace(asked[0], number=4)])
    assert list(store.challenges("a")) == asked
    store.put_comments([])
    store.put_challenges([])


def test_a_snapshot_name_is_used_once_in_an_alignment(store: Store) -> None:
    store.put_snapshot(Snapshot("a", "main", "Q1", 3, "ann", AT))
    with pytest.raises(Refused, match=r"'Q1' already\. Choose another name"):
        store.put_snapshot(Snapshot("a", "draft", "Q1", 4, "ann", AT))
    store.put_snapshot(Snapshot("b", "main", "Q1", 1, "ann", AT))
    assert [s.seq for s in store.snapshots("a")] == [3]


def test_a_dataset_nobody_stored_is_bad_data_with_a_remedy(store: Store) -> None:
    with pytest.raises(BadData, match=r"nowhere is not in .* Import its file again"):
        store.dataset("nowhere")


def test_a_dataset_under_another_key_is_refused(store: Store) -> None:
    with pytest.raises(BadData, match="not other"):
        store.put_dataset(replace(dataset_info(EXAMPLE, "x"), key="other"), EXAMPLE)
    assert store.datasets() == ()


def test_the_latest_dataset_of_a_name_counts_and_older_ones_stay(store: Store) -> None:
    values = np.zeros((2, 0))
    codes = np.array(["1", "2"], dtype=object)
    newer = Dataset("n", "newer", "postal", Items.only_containers(2), codes, codes, (), values)
    store.put_dataset(dataset_info(EXAMPLE, "accounts"), EXAMPLE)
    store.put_dataset(dataset_info(newer, "accounts"), newer)
    assert [d.key for d in store.datasets()] == ["newer"]
    assert same(store.dataset(EXAMPLE.key), EXAMPLE)


def test_the_newest_boundary_set_comes_first(store: Store) -> None:
    store.put_boundaries(boundary_info("postal", "old"), b"1")
    store.put_boundaries(boundary_info("postal", "new"), b"2")
    assert [b.key for b in store.boundary_sets()] == ["new", "old"]
    assert store.blob("old") == b"1"


def test_the_latest_version_of_a_reference_layer_counts_and_a_removed_one_is_gone(
    store: Store,
) -> None:
    store.put_layer(layer_info("Roads", "old"), b"1")
    store.put_layer(layer_info("Rivers", "rivers"), b"2")
    store.put_layer(layer_info("Roads", "new"), b"3")
    assert [(made.name, made.key) for made in store.layers()] == [
        ("Rivers", "rivers"),
        ("Roads", "new"),
    ]
    store.put_layer(layer_info("Rivers", "rivers", removed=True))
    assert [made.name for made in store.layers()] == ["Roads"]
    assert (store.blob("rivers"), store.blob("old")) == (b"2", b"1")


def test_a_blob_of_20_mb_comes_back(store: Store) -> None:
    data = os.urandom(20_000_000)
    store.put_blob("big", data)
    assert store.blob("big") == data


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_are_only_text(store: Store, name: str) -> None:
    made = AlignmentInfo(name, name, name, name, name, name, name, name)
    store.put_alignment(made)
    store.append(entry(1, alignment=name, draft=name, payload=name))
    store.put_snapshot(Snapshot(name, name, name, 1, name, name))
    store.put_setting(name, name)
    store.put_blob(name, name.encode())
    assert store.alignments() == (made,)
    assert store.entries(name, name) == (entry(1, alignment=name, draft=name, payload=name),)
    assert [s.name for s in store.snapshots(name)] == [name]
    assert (store.setting(name), store.blob(name)) == (name, name.encode())


@pytest.mark.parametrize("name", ["half \ud83d", "nul \0 inside"])
def test_text_no_database_can_keep_is_refused_in_words(store: Store, name: str) -> None:
    acts = [
        lambda: store.put_alignment(info(name=name)),
        lambda: store.append(entry(1, payload=name)),
        lambda: store.put_setting("k", name),
        lambda: store.put_blob(name, b""),
    ]
    for act in acts:
        with pytest.raises(BadData, match=r"name|payload|value|key"):
            act()
    assert (store.alignments(), store.head("a"), store.setting("k")) == ((), 0, None)


def test_a_text_that_only_looks_like_sql_changes_nothing(store: Store) -> None:
    store.append(entry(1))
    store.head("'; drop table revision; --")
    assert store.head("a") == 1


def test_there_are_no_indexes_but_primary_keys(store: Store, store_path: Path) -> None:
    """DuckDB 1.5 empties secondary indexes after a crash."""
    store.append(entry(1))
    store.close()
    with raw(store_path) as file:
        assert file.execute("select * from duckdb_indexes()").fetchall() == []
        kinds = file.execute("select distinct constraint_type from duckdb_constraints()").fetchall()
    assert {k for (k,) in kinds} == {"PRIMARY KEY", "NOT NULL"}


def test_every_table_has_a_primary_key(store: Store, store_path: Path) -> None:
    store.close()
    with raw(store_path) as file:
        tables = file.execute("select table_name from duckdb_tables()").fetchall()
        keyed = file.execute(
            "select table_name from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    assert sorted(tables) == sorted(keyed)


def test_no_sql_makes_an_index_or_changes_a_row() -> None:
    source = Path(__file__).parents[2] / "tp_geo" / "store"
    texts = [
        p.read_text(encoding="utf-8") for p in source.rglob("*") if p.suffix in {".py", ".sql"}
    ]
    bad = re.compile(r"(?i)\b(create (unique )?index|delete from|update \w+ set|unique \()")
    assert [bad.findall(text) for text in texts if bad.search(text)] == []


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(name.split("_")[0]) for name, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_file_is_in_the_format_both_duckdb_lines_open(store: Store, store_path: Path) -> None:
    store.close()
    with raw(store_path) as file:
        tags = file.execute(
            "select tags from duckdb_databases() where path is not null and not internal"
        ).fetchall()
    assert tags == [({"storage_version": "v1.5.0+"},)]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/hostname')",
        "select * from read_text('/etc/hostname')",
        "copy revision to 'out.csv'",
        "attach 'other.duckdb'",
        "install spatial",
        "load spatial",
        "set memory_limit = '9GB'",
        "select * from EXAMPLE",
    ],
)
def test_the_connection_reaches_nothing_outside_its_file(
    store: Store, store_path: Path, sql: str
) -> None:
    with pytest.raises(TpGeoError):
        store._home.file.rows(sql)  # type: ignore[attr-defined]


def test_only_the_owner_can_read_the_files(store: Store, store_path: Path) -> None:
    store.append(entry(1))
    store.put_setting("k", "v")
    files = [f for f in store_path.parent.iterdir() if f.is_file()]
    assert {f.name.removeprefix(store_path.name) for f in files} == {
        "",
        ".wal",
        ".lock",
        ".journal.jsonl",
    }
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert stat.S_IMODE(store_path.parent.stat().st_mode) == 0o700


def test_a_backup_is_a_store_with_everything_in_it(store: Store, tmp_path: Path) -> None:
    store.put_alignment(info())
    for seq in range(1, 4):
        store.append(entry(seq))
    store.put_snapshot(Snapshot("a", "main", "Q1", 3, "ann", AT))
    store.put_dataset(dataset_info(EXAMPLE, "accounts"), EXAMPLE)
    store.put_boundaries(boundary_info("postal", "p"), b"geo")
    store.put_layer(layer_info("Roads", "r"), b"shapes")
    store.put_setting("k", "v")
    store.backup(tmp_path / "b ä.duckdb")
    store.append(entry(4))
    copy = open_store(str(tmp_path / "b ä.duckdb"))
    try:
        assert copy.alignments() == store.alignments()
        assert copy.entries("a") == store.entries("a")[:3]
        assert copy.snapshots("a") == store.snapshots("a")
        assert copy.datasets() == store.datasets()
        assert same(copy.dataset(EXAMPLE.key), EXAMPLE)
        assert (copy.blob("p"), copy.setting("k")) == (b"geo", "v")
        assert copy.layers() == (layer_info("Roads", "r"),)
        copy.append(entry(4))
    finally:
        copy.close()
    assert not [p for p in tmp_path.iterdir() if ".part" in p.name]


def test_a_backup_never_writes_over_a_file(store: Store, tmp_path: Path) -> None:
    taken = tmp_path / "b.duckdb"
    taken.write_text("mine")
    with pytest.raises(Refused, match="exists already"):
        store.backup(taken)
    assert taken.read_text() == "mine"


def test_a_closed_handle_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(TpGeoError, match="closed"):
        store.head("a")
