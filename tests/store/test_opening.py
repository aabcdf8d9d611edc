"""Where stores are, who shares them, and what is said when one can't be opened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from store.samples import entry, info
from tp_geo.errors import BadData, StoreBusy, StoreDamaged, Unavailable
from tp_geo.store import Store, open_store
from tp_geo.store.opening import store_path as path_of

CHILD = """
import sys
from tp_geo.store import open_store
from tp_geo.errors import TpGeoError
try:
    open_store(sys.argv[1], wait_s=0.1)
except TpGeoError as error:
    print(type(error).__name__, error)
"""


def child(code: str, *arguments: object) -> str:
    """What another process prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "Ünser folder" / "O'Brien \u202e" / "plan.duckdb"
    store = open_store(str(path))
    store.append(entry(1))
    store.close()
    assert path.is_file()


def test_the_environment_names_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TP_GEO_STORE", str(tmp_path / "here.duckdb"))
    assert path_of() == tmp_path / "here.duckdb"
    assert path_of(str(tmp_path / "there.duckdb")) == tmp_path / "there.duckdb"


def test_without_a_name_the_store_is_among_the_users_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TP_GEO_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert path_of().name == "tp-geo.duckdb"
    assert path_of().parent.name == "tp-geo"


def test_one_process_shares_one_open_file(store_path: Path) -> None:
    one, other = open_store(str(store_path)), open_store(str(store_path))
    one.append(entry(1))
    one.close()
    one.close()
    other.append(entry(2))
    assert other.head("a") == 2
    other.close()
    assert child(CHILD, store_path) == ""


def test_the_same_file_by_another_name_is_the_same_store(
    store: Store, store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(store_path.parent)
    other = open_store(f"../{store_path.parent.name}/./{store_path.name}")
    other.append(entry(1))
    other.close()
    assert store.head("a") == 1


def test_a_second_process_gets_one_clear_sentence(store: Store, store_path: Path) -> None:
    said = child(CHILD, store_path)
    pid = (store_path.parent / "store.duckdb.lock").read_text().strip()
    assert said.startswith(f"StoreBusy The store {store_path} is in use by process {pid}; close")
    assert said.count("\n") == 1
    store.append(entry(1))
    assert store.head("a") == 1


def test_another_program_on_the_file_is_told_as_well(store_path: Path) -> None:
    """Not one of ours, so it has no lock file; DuckDB's own lock shows it."""
    store_path.parent.mkdir()
    hold = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); "
        "sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(store_path)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout and other.stdout.readline() == "open\n"
        with pytest.raises(StoreBusy, match="in use by another program"):
            open_store(str(store_path))
        other.communicate("")
    open_store(str(store_path)).close()


def test_a_process_that_ends_without_closing_leaves_a_store_that_opens(store_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); from store.samples import entry\n"
        "from tp_geo.store import open_store\nopen_store(sys.argv[1]).append(entry(1))"
    )
    child(code, store_path, Path(__file__).parents[1])
    assert not store_path.with_name("store.duckdb.wal").exists()
    store = open_store(str(store_path))
    assert (store.head("a"), store.notes) == (1, ())
    store.close()


FORK = """
import os, sys
sys.path.insert(0, sys.argv[2])
from store.samples import entry
from tp_geo.errors import StoreBusy
from tp_geo.store import open_store
store = open_store(sys.argv[1])
store.append(entry(1))
child = os.fork()
if not child:
    try:
        open_store(sys.argv[1], wait_s=0.1)
    except StoreBusy as error:
        print("child is told", type(error).__name__, flush=True)
    os._exit(0)
os.waitpid(child, 0)
store.append(entry(2))
print("parent is at", store.head("a"))
"""


def test_a_forked_child_leaves_the_store_to_its_parent(store_path: Path) -> None:
    """Worker processes of an executor are forked while the app has the store open."""
    said = child(FORK, store_path, Path(__file__).parents[1])
    assert said == "child is told StoreBusy\nparent is at 2\n"


def test_an_address_of_something_else_is_refused_with_what_there_is() -> None:
    with pytest.raises(Unavailable, match=r"mysql://… is not a file.*postgresql://") as refused:
        open_store("mysql://user:secret@host/db")
    assert "secret" not in str(refused.value)


def test_a_folder_is_not_a_store(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="is a folder"):
        open_store(str(tmp_path))


@pytest.mark.parametrize("address", ["a\0b", "~nobody-of-this-name/x"])
def test_an_address_that_is_no_path_is_bad_data(address: str) -> None:
    with pytest.raises(BadData, match="is not a path"):
        open_store(address)


def test_a_path_through_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match=r"can't be opened.*--store"):
        open_store(str(tmp_path / "file" / "store.duckdb"))


@pytest.mark.parametrize("content", [b"code,name\n1,x\n" * 1000, b"SQLite format 3\0" * 9, b"x"])
def test_a_file_that_is_no_database_is_left_alone(store_path: Path, content: bytes) -> None:
    store_path.parent.mkdir()
    store_path.write_bytes(content)
    with pytest.raises(BadData, match=r"is no store: .*Choose another file"):
        open_store(str(store_path))
    assert store_path.read_bytes() == content
    assert [f.name for f in store_path.parent.glob("*.aside*")] == []


def test_an_empty_file_becomes_a_store(store_path: Path) -> None:
    store_path.parent.mkdir()
    store_path.touch()
    with closing(open_store(str(store_path))) as store:
        store.append(entry(1))
    with closing(open_store(str(store_path))) as store:
        assert store.head("a") == 1


def test_a_file_emptied_by_a_fault_is_damaged_while_its_journal_is_there(
    store: Store, store_path: Path
) -> None:
    store.append(entry(1))
    store.close()
    store_path.write_bytes(b"")
    with pytest.raises(StoreDamaged, match="tp-geo recover"):
        open_store(str(store_path))


def test_a_pipe_or_a_device_is_not_a_store(tmp_path: Path) -> None:
    """Opening a pipe would wait for somebody to write into it."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(BadData, match="is not a file"):
            open_store(str(path))


def test_a_database_of_something_else_is_left_alone(store_path: Path) -> None:
    store_path.parent.mkdir()
    with duckdb.connect(str(store_path)) as other:
        other.execute("create table accounts (id integer)")
    with pytest.raises(BadData, match="a database of something else"):
        open_store(str(store_path))
    with duckdb.connect(str(store_path)) as other:
        assert other.execute("select table_name from duckdb_tables()").fetchall() == [("accounts",)]


def test_a_store_of_a_newer_version_is_left_alone(store: Store, store_path: Path) -> None:
    store.close()
    with duckdb.connect(str(store_path)) as other:
        other.execute("insert into migration values (99, 'later')")
    with pytest.raises(BadData, match=r"newer TP Geo .schema 99"):
        open_store(str(store_path))


def test_a_journal_of_another_store_is_kept_and_said(store: Store, store_path: Path) -> None:
    """Somebody removed the file to begin anew: the old log does not come back by itself."""
    store.append(entry(1))
    store.close()
    store_path.unlink()
    again = open_store(str(store_path))
    assert again.head("a") == 0
    assert (
        "that of another store; it was kept as store.duckdb.journal.jsonl.aside-1"
        in (again.notes[0])
    )
    again.close()
    kept = store_path.with_name("store.duckdb.journal.jsonl.aside-1")
    assert json.loads(kept.read_text().splitlines()[-1])["row"]["seq"] == 1


def test_a_journal_that_cannot_be_opened_is_named_and_the_file_given_back(
    store_path: Path,
) -> None:
    journal = store_path.with_name(f"{store_path.name}.journal.jsonl")
    journal.mkdir(parents=True)
    with pytest.raises(Unavailable, match=r"jsonl can't be opened: Is a directory\. Look"):
        open_store(str(store_path))
    journal.rmdir()
    open_store(str(store_path)).close()


def test_a_copied_file_gets_a_journal_of_all_that_is_in_it(
    store: Store, store_path: Path, tmp_path: Path
) -> None:
    store.put_alignment(info())
    store.append(entry(1))
    store.close()
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(store_path.read_bytes())
    open_store(str(copy)).close()
    assert copy.with_name("copy.duckdb.journal.jsonl").read_bytes() == (
        store_path.with_name("store.duckdb.journal.jsonl").read_bytes()
    )
