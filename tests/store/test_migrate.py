"""A store of any earlier version opens with all it holds; what it lacked takes its default."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

from tp_geo.store import Comment, migrate, open_store, recover
from tp_geo.store.connect import DuckDbFile

from .samples import info

ROW = ("a", "West", "default", "k", "ann", "2026", "", "", False, 1)


def test_an_alignment_of_the_first_schema_is_contiguous(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.duckdb"
    first = migrate.migrations()[:1]
    with monkeypatch.context() as then:
        then.setattr(migrate, "migrations", lambda: first)
        file = DuckDbFile(path)
        migrate.migrate(file)
        file.commit(lambda run: run(f"insert into alignment_version values {ROW}"))
        file.close()
    store = open_store(str(path))
    (found,) = store.alignments()
    assert (found.name, found.profile) == ("West", "contiguous")
    store.put_alignment(info(name="North"))
    assert store.alignments()[0].name == "North"
    store.close()


def test_a_store_from_before_there_were_comments_takes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.duckdb"
    before = migrate.migrations()[:3]
    with monkeypatch.context() as then:
        then.setattr(migrate, "migrations", lambda: before)
        file = DuckDbFile(path)
        migrate.migrate(file)
        file.close()
    store = open_store(str(path))
    assert store.comments("a") == ()
    store.put_comment(Comment("a", 1, "", "Reno?", "ann", "2026"))
    assert [c.text for c in store.comments("a")] == ["Reno?"]
    store.close()


def test_a_journal_from_before_a_field_was_added_is_put_back(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    store = open_store(str(path))
    store.put_alignment(info())
    store.close()
    journal = path.with_name("store.duckdb.journal.jsonl")
    *before, last = journal.read_text(encoding="utf-8").splitlines()
    line = json.loads(last)
    del line["row"]["profile"]
    row = json.dumps(line["row"], ensure_ascii=False, separators=(",", ":"))
    crc = zlib.crc32(row.encode())
    old = f'{{"n":{line["n"]},"kind":"alignment","crc":{crc},"row":{row}}}'
    journal.write_text("\n".join([*before, old, ""]), encoding="utf-8")
    path.unlink()
    recover(str(path))
    store = open_store(str(path))
    assert store.alignments() == (info(),)
    store.close()
