"""The journal: lines that are whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from store.samples import entry, info
from tp_geo.errors import Stale
from tp_geo.store import Store
from tp_geo.store.journal import STORE, Journal, Line, read

lines = st.lists(
    st.tuples(texts(), st.integers(), st.booleans()).map(
        lambda v: {"name": v[0], "seq": v[1], "on": v[2]}
    ),
    min_size=1,
    max_size=6,
)


def written(path: Path, rows: list[dict[str, object]]) -> list[Line]:
    """A fresh journal with these rows."""
    path.unlink(missing_ok=True)
    made = [Line(n, "revision", row) for n, row in enumerate(rows, 1)]
    journal = Journal(path)
    journal.append(made)
    journal.close()
    return made


@given(rows=lines)
def test_lines_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.mktemp("j") / "journal"
    made = written(path, rows)
    assert list(read(path)) == made
    assert list(read(path, after=2)) == made[2:]


@given(rows=lines, data=st.data())
def test_a_torn_end_is_cut_back_to_the_last_whole_line(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("j") / "journal"
    made = written(path, rows)
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    journal = Journal(path)
    left = whole[:cut].count(b"\n")
    assert journal.last == left
    journal.append([Line(99, "setting", {"key": "k", "value": "v"})])
    journal.close()
    assert list(read(path)) == [*made[:left], Line(99, "setting", {"key": "k", "value": "v"})]


def test_the_last_line_is_found_behind_a_long_one(tmp_path: Path) -> None:
    made = written(tmp_path / "journal", [{"payload": "x" * 300_000}, {"payload": "y" * 500_000}])
    journal = Journal(tmp_path / "journal")
    assert journal.last == 2
    journal.close()
    assert list(read(tmp_path / "journal")) == made


def test_a_file_without_any_line_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("somebody's notes\n")
    journal = Journal(tmp_path / "journal")
    assert journal.empty
    journal.close()
    assert (tmp_path / "journal.aside-1").read_text() == "somebody's notes\n"


def test_every_commit_of_the_log_is_a_line_one_can_read(store: Store, store_path: Path) -> None:
    store.put_alignment(info())
    store.append(entry(1))
    store.put_setting("k", "v")
    text = store_path.with_name("store.duckdb.journal.jsonl").read_text(encoding="utf-8")
    found = [json.loads(line) for line in text.splitlines()]
    assert [line["kind"] for line in found] == [STORE, "alignment", "revision", "setting"]
    assert [line["n"] for line in found] == [0, 1, 2, 3]
    assert found[2]["row"] == {
        "alignment": "a",
        "draft": "main",
        "seq": 1,
        "by": "ann",
        "at": "2026-11-22T03:00:00+00:00",
        "kind": "move",
        "text": "moved 3",
        "note": "",
        "origin": "",
        "reverts": 0,
        "payload": "{}",
    }


def test_a_refused_revision_is_not_in_the_journal(store: Store, store_path: Path) -> None:
    store.append(entry(1))
    for seq in (1, 5):
        with pytest.raises(Stale):
            store.append(entry(seq))
    kinds = [line.kind for line in read(store_path.with_name("store.duckdb.journal.jsonl"))]
    assert kinds == [STORE, "revision"]
