"""The journal of a publish: whatever is written down comes back, wherever a crash cut it off."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.crm.journal import FileJournal, past, read_journal
from tp_geo.crm.rows import TERRITORY, Key, Row, Rows, Verb

WEST, EAST = Key(TERRITORY, "West"), Key(TERRITORY, "Öst")


def rows(*names: str) -> Rows:
    return Rows.of(Row(Key(TERRITORY, name), {"Name": name}, name) for name in names)


def begun(folder: Path) -> FileJournal:
    journal = FileJournal(folder / "journal.jsonl", {"by": "ana"})
    journal.begin(rows(), rows("West", "Öst"))
    return journal


@given(st.lists(st.text(), unique=True))
@settings(deadline=None)
def test_names_of_any_characters_come_back(tmp_path_factory, names: list[str]) -> None:
    path = tmp_path_factory.mktemp("names") / "journal.jsonl"
    FileJournal(path).begin(rows(*names), rows())
    FileJournal(path).end()
    assert {row.key.name: row.fields["Name"] for row in read_journal(path).before} == {
        name: name for name in names
    }
    assert len(past(path)) == 1


def test_a_line_that_a_crash_cut_off_is_left_out_and_the_next_publish_goes_on(
    tmp_path: Path,
) -> None:
    journal = begun(tmp_path)
    journal.sending(Verb.CREATE, [WEST])
    whole = journal.path.read_bytes()
    journal.sending(Verb.CREATE, [EAST])
    line = journal.path.read_bytes()[len(whole) :]
    for cut in range(len(line)):
        journal.path.write_bytes(whole + line[:cut])
        assert {w.key for w in read_journal(journal.path).written} == {WEST}, f"cut at {cut}"
        begun(tmp_path).end()
        again = read_journal(journal.path)
        assert again.ended
        assert {w.key for w in again.written} == {WEST}
        assert [one.ended for one in past(journal.path)] == [False, True]


def test_a_publish_that_ended_before_it_began_leaves_nothing_behind(tmp_path: Path) -> None:
    journal = begun(tmp_path)
    about, _ = journal.path.read_bytes().splitlines(keepends=True)
    for left in (b"", about):
        journal.path.write_bytes(left)
        found = read_journal(journal.path)
        assert ([*found.before], found.written, found.ended) == ([], (), True)


def test_what_was_sent_and_never_answered_counts_as_written(tmp_path: Path) -> None:
    journal = begun(tmp_path)
    for verb, key in ((Verb.UPDATE, WEST), (Verb.DELETE, EAST)):
        journal.sending(verb, [key])
    assert {w.key for w in read_journal(journal.path).written} == {WEST, EAST}


def test_the_end_is_noted_once_and_only_of_what_has_begun(tmp_path: Path) -> None:
    fresh = FileJournal(tmp_path / "fresh.jsonl")
    fresh.end()
    assert not fresh.path.exists()
    journal = begun(tmp_path)
    journal.end()
    told = journal.path.read_bytes()
    FileJournal(journal.path).end()
    assert journal.path.read_bytes() == told
