"""A store moves from one engine to the other and back, whole; backups of both are put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg
import pytest

from store.postgres_server import Server
from store.samples import AT, boundary_info, dataset_info, entry, info, layer_info
from store.test_dataset_parquet import EXAMPLE, same
from tp_geo.cli import main
from tp_geo.errors import BadData, Refused
from tp_geo.store import Comment, Snapshot, Store, copy_store, open_store
from tp_geo.store.home import Home
from tp_geo.store.logged import REVISION
from tp_geo.store.migrate import migrations


@contextmanager
def opened(address: object) -> Iterator[Store]:
    """A store, closed at the end."""
    store = open_store(str(address))
    yield store
    store.close()


def fill(store: Store) -> None:
    """Something of everything."""
    store.put_alignment(info())
    store.put_alignment(info(name="North"))
    store.append_all([entry(seq, payload=f"{seq} ä'") for seq in range(1, 21)])
    store.append(entry(1, draft="of ann"))
    store.put_snapshot(Snapshot("a", "main", "Q1", 3, "ann", AT))
    store.put_comment(Comment("a", 1, "", "Reno?", "ann", AT))
    store.put_dataset(dataset_info(EXAMPLE, "accounts"), EXAMPLE)
    store.put_boundaries(boundary_info("postal", "p"), b"geo")
    store.put_layer(layer_info("Roads", "r"), b"shapes \0")
    store.put_setting("k", "v")


def told(store: Store) -> object:
    """All a store answers."""
    assert same(store.dataset(EXAMPLE.key), EXAMPLE)
    return (
        store.alignments(),
        store.entries("a"),
        store.entries("a", "of ann"),
        store.heads(),
        store.snapshots("a"),
        store.comments("a"),
        store.challenges("a"),
        store.datasets(),
        store.boundary_sets(),
        store.layers(),
        (store.setting("k"), store.blob("p"), store.blob("r")),
    )


def test_a_store_moves_to_postgresql_and_back_and_goes_on(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, team, last = tmp_path / "first.duckdb", server.fresh(), tmp_path / "last.duckdb"
    with opened(first) as store:
        fill(store)
        before = told(store)
    assert main(["store", "copy", str(first), team]) == 0
    with opened(team) as store:
        assert told(store) == before
        store.append(entry(21))
        store.put_alignment(info(name="South"))
        assert [a.name for a in store.alignments()] == ["South"]
        before = told(store)
    assert main(["store", "copy", team, str(last)]) == 0
    assert "owner@127.0.0.1" not in capsys.readouterr().err
    with opened(last) as store:
        assert (told(store), store.notes) == (before, ())
        store.append(entry(22))
        store.put_alignment(info(name="East"))
        assert [a.name for a in store.alignments()] == ["East"]


def test_a_backup_of_either_engine_is_put_into_either(
    store: Store, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    before, file = told(store), tmp_path / "monday.duckdb"
    store.backup(file)
    store.append(entry(21))
    for place in (server.fresh(), str(tmp_path / "new" / "store.duckdb")):
        monkeypatch.setenv("TP_GEO_STORE", place)
        if not place.startswith("postgresql"):
            Path(place).parent.mkdir()
        assert main(["store", "restore", str(file)]) == 0
        with opened(place) as restored:
            assert told(restored) == before


def test_nothing_is_put_over_plans_that_are_there(server: Server, tmp_path: Path) -> None:
    team, file = server.fresh(), tmp_path / "a.duckdb"
    for place in (team, file):
        with opened(place) as store:
            store.put_alignment(info())
    with pytest.raises(Refused, match=r"holds plans already. Give an empty database"):
        copy_store(str(file), team)
    with pytest.raises(Refused, match=r"exists already. Choose another name"):
        copy_store(team, str(file))


def test_a_store_that_is_not_there_is_not_made_by_copying_it(
    server: Server, tmp_path: Path
) -> None:
    with pytest.raises(BadData, match=r"There is no store .*gone\.duckdb"):
        copy_store(str(tmp_path / "gone.duckdb"), server.fresh())
    assert list(tmp_path.iterdir()) == []


def test_people_who_work_meanwhile_do_not_disturb_a_backup(server: Server, tmp_path: Path) -> None:
    with opened(server.fresh()) as store:
        store.append_all([entry(seq) for seq in range(1, 6)])
        home = store.home  # type: ignore[attr-defined]
        with home.reading() as read:
            seen = read("select count(*) from revision")
            store.append(entry(6))
            seen += read("select count(*) from revision")
        store.backup(tmp_path / "b.duckdb")
    assert seen == [(5,), (5,)]
    with opened(tmp_path / "b.duckdb") as copy:
        assert copy.head("a") == 6


def test_both_engines_have_the_same_tables(server: Server, tmp_path: Path) -> None:
    """Each column by its place, so that rows go over as they are."""
    team, file = server.fresh(), tmp_path / "a.duckdb"
    for place in (team, file):
        with opened(place):
            pass
    asked = (
        "select table_name, ordinal_position, column_name from information_schema.columns "
        "where table_schema = current_schema() and table_name <> 'store_number' order by 1, 2"
    )
    with psycopg.connect(team) as one, duckdb.connect(str(file)) as other:
        assert one.execute(asked).fetchall() == other.execute(asked).fetchall()


@pytest.mark.parametrize("done", range(1, len(migrations())))
def test_a_database_of_every_earlier_version_is_brought_up_to_date(
    server: Server, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    address, earlier = server.fresh(), migrations()[:done]
    with monkeypatch.context() as then:
        then.setattr("tp_geo.store.migrate.migrations", lambda: earlier)
        open_store(address).close()
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "insert into alignment_version (id, name, dataset, dataset_key, made_by, made_at, "
            "note, base, archived, n) "
            "values ('a', 'West', 'd', 'k', 'ann', '2026', '', '', false, 1)"
        )
    with opened(address) as store:
        (found,) = store.alignments()
        assert (found.name, found.profile, found.scenario) == ("West", "contiguous", "")
        store.put_comment(Comment("a", 1, "", "Reno?", "ann", "2026"))
        assert store.challenges("a") == ()


def test_a_copy_that_a_file_journals_begins_with_all_that_is_in_it(
    server: Server, tmp_path: Path
) -> None:
    team, file = server.fresh(), tmp_path / "a.duckdb"
    with opened(team) as store:
        store.append_all([entry(1), entry(2)])
    copy_store(team, str(file))
    home = Home(file)
    assert [n for (*_, n) in home.rows(REVISION.since, 0)] == [1, 2]
    home.close()
    journal = file.with_name("a.duckdb.journal.jsonl").read_text().splitlines()
    assert len(journal) == 3
