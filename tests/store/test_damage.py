"""A damaged store is never silently wrong, and what the journal knows comes back."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import duckdb
import pytest

from store.damaging import (
    REVISIONS,
    Damage,
    check_prefix,
    check_whole,
    close,
    crash,
    cut,
    damaged,
    flipped,
    zeroed,
)
from store.samples import entry, layer_info
from store.test_dataset_parquet import EXAMPLE, same
from tp_geo.errors import BadData, Refused, StoreDamaged
from tp_geo.store import Store, open_store, recover

TRIALS = 12


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as a kill leaves it."""
    return crash(tmp_path_factory.mktemp("crash"))


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was closed."""
    return close(tmp_path_factory.mktemp("closed"))


@pytest.mark.parametrize("damage", [flipped, cut, zeroed])
def test_a_damaged_log_is_mended_from_the_journal(
    crashed: Path, tmp_path: Path, damage: Damage
) -> None:
    chance = random.Random(1)
    for trial in range(TRIALS):
        path = damaged(crashed, tmp_path / str(trial), "store.duckdb.wal", damage, chance)
        store = open_store(str(path))
        check_whole(store)
        assert same(store.dataset(EXAMPLE.key), EXAMPLE)
        assert store.blob("p") == b"geo"
        assert store.layers() == (layer_info("Roads", "r"),)
        assert "put back from the journal" in store.notes[-1]
        store.append(entry(REVISIONS + 1))
        store.close()
        again = open_store(str(path))
        assert (again.head("a"), again.notes) == (REVISIONS + 1, ())
        again.close()


@pytest.mark.parametrize("damage", [flipped, cut, zeroed])
def test_a_damaged_log_without_journal_opens_to_a_prefix_or_says_how(
    crashed: Path, tmp_path: Path, damage: Damage
) -> None:
    chance = random.Random(2)
    for trial in range(TRIALS):
        path = damaged(crashed, tmp_path / str(trial), "store.duckdb.wal", damage, chance)
        path.with_name("store.duckdb.journal.jsonl").unlink()
        log = path.with_name("store.duckdb.wal").read_bytes()
        try:
            store = open_store(str(path))
        except StoreDamaged as error:
            assert "`tp-geo recover`" in str(error)
            assert path.with_name("store.duckdb.wal").read_bytes() == log
            assert "kept as store.duckdb.wal.aside-1" in recover(str(path))[0]
            assert path.with_name("store.duckdb.wal.aside-1").read_bytes() == log
            store = open_store(str(path))
        check_prefix(store)
        assert same(store.dataset(EXAMPLE.key), EXAMPLE)
        store.close()


def test_a_damaged_log_is_kept(crashed: Path, tmp_path: Path) -> None:
    path = damaged(crashed, tmp_path / "x", "store.duckdb.wal", zeroed, random.Random(3))
    log = path.with_name("store.duckdb.wal").read_bytes()
    store = open_store(str(path))
    store.close()
    assert "was damaged" in store.notes[0]
    assert path.with_name("store.duckdb.wal.aside-1").read_bytes() == log


def test_a_damaged_file_is_whole_or_refused_and_rebuilt_from_the_journal(
    closed: Path, tmp_path: Path
) -> None:
    chance = random.Random(4)
    rebuilt = 0
    for trial in range(TRIALS * 2):
        path = damaged(closed, tmp_path / str(trial), "store.duckdb", flipped, chance)
        store = None
        try:
            store = open_store(str(path))
            check_whole(store)
            assert same(store.dataset(EXAMPLE.key), EXAMPLE)
        except StoreDamaged:
            if store:
                store.close()
            said = " ".join(recover(str(path)))
            assert "kept as store.duckdb.aside-1" in said
            assert "have to be imported again" in said
            store = open_store(str(path))
            check_whole(store)
            assert store.notes == ()
            rebuilt += 1
        store.close()
    assert 0 < rebuilt < TRIALS * 2


def test_a_damaged_file_without_journal_leaves_an_empty_store_and_says_so(
    closed: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x" / "store.duckdb"
    shutil.copytree(closed, path.parent)
    path.with_name("store.duckdb.journal.jsonl").unlink()
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(StoreDamaged):
        open_store(str(path))
    assert recover(str(path))[-1] == "There is no journal beside it, so the store is empty now."
    store = open_store(str(path))
    assert store.alignments() == ()
    store.close()


def test_a_file_of_another_sort_is_not_recovered_but_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("id,name,revenue\n1,Acme,1000\n")
    with pytest.raises(BadData, match=r"is no store: .*Choose another file"):
        recover(str(path))
    assert path.read_text() == "id,name,revenue\n1,Acme,1000\n"
    assert [f.name for f in tmp_path.iterdir()] == ["accounts.csv"]


def test_a_database_of_something_else_is_not_recovered(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("create table orders (id integer)")
    with pytest.raises(BadData, match="is a database of something else"):
        recover(str(path))
    with duckdb.connect(str(path)) as other:
        assert other.execute("select count(*) from orders").fetchall() == [(0,)]


def test_a_file_that_is_gone_comes_back_from_the_journal_when_asked(
    closed: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x" / "store.duckdb"
    shutil.copytree(closed, path.parent)
    path.unlink()
    recover(str(path))
    store = open_store(str(path))
    check_whole(store)
    store.close()


def test_recovering_a_store_that_is_well_changes_nothing(closed: Path, tmp_path: Path) -> None:
    path = tmp_path / "x" / "store.duckdb"
    shutil.copytree(closed, path.parent)
    assert recover(str(path)) == (f"The store {path} is in order; nothing had to be done.",)
    assert sorted(f.name for f in path.parent.iterdir()) == [
        "store.duckdb",
        "store.duckdb.journal.jsonl",
        "store.duckdb.lock",
    ]


def test_a_store_in_use_is_not_recovered(store: Store, store_path: Path) -> None:
    with pytest.raises(Refused, match=r"is open\. Close the app"):
        recover(store.address)


@pytest.mark.parametrize("damage", [flipped, cut, zeroed])
def test_a_damaged_journal_harms_nothing(closed: Path, tmp_path: Path, damage: Damage) -> None:
    chance = random.Random(5)
    for trial in range(TRIALS):
        path = damaged(closed, tmp_path / str(trial), "store.duckdb.journal.jsonl", damage, chance)
        store = open_store(str(path))
        check_whole(store)
        store.append(entry(REVISIONS + 1))
        store.close()


def test_a_journal_that_was_cut_is_complete_again_after_opening(
    closed: Path, tmp_path: Path
) -> None:
    whole = (closed / "store.duckdb.journal.jsonl").read_bytes()
    path = damaged(closed, tmp_path / "x", "store.duckdb.journal.jsonl", cut, random.Random(6))
    open_store(str(path)).close()
    assert path.with_name("store.duckdb.journal.jsonl").read_bytes() == whole


def test_a_gap_in_the_journal_is_told_and_nothing_behind_it_is_put_back(
    crashed: Path, tmp_path: Path
) -> None:
    """Revision 10 is damaged in the journal, all are lost in the log: 1 to 9 come back."""
    path = tmp_path / "x" / "store.duckdb"
    shutil.copytree(crashed, path.parent)
    journal = path.with_name("store.duckdb.journal.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b"payload 10", b"payload XX"))
    path.with_name("store.duckdb.wal").write_bytes(b"")
    store = open_store(str(path))
    assert store.head("a") == 9
    assert "did not fit and were left" in store.notes[-1]
    store.append(entry(10))
    store.close()
    again = open_store(str(path))
    assert again.head("a") == 10
    again.close()
