"""Jobs of Bulk API 2.0 that break at any call, or whose process ends while the org works on."""

from __future__ import annotations

from pathlib import Path

import pytest
from breaking import Breaking
from jobs import Place, plan, sent
from wired import Way

from tp_geo.crm import bulk
from tp_geo.crm.journal import FileJournal


@pytest.fixture(params=["made", "made and given up"])
def breaking(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Breaking:
    """Accounts associated by two jobs, into an empty org or one that holds half of others."""
    monkeypatch.setattr(bulk, "PER_JOB", 5)
    place = Place(13, monkeypatch)
    accounts = place.accounts[:8]
    if request.param != "made":
        sent(place, plan(accounts), journal(tmp_path))
        accounts = place.accounts[7:]
    return Breaking(place, lambda: sent(place, plan(accounts), journal(tmp_path)), tmp_path)


def journal(folder: Path) -> FileJournal:
    return FileJournal(folder / "journal.jsonl")


def test_jobs_of_which_the_process_ends_are_gone_on_with(breaking: Breaking) -> None:
    assert breaking.writes >= 3 + 2 * 3
    assert not list(breaking.killed())


def test_jobs_that_the_org_works_off_meanwhile_are_not_done_twice(breaking: Breaking) -> None:
    def worked() -> None:
        while breaking.scene.org.work():
            pass

    assert not list(breaking.killed(meanwhile=worked))


@pytest.mark.parametrize("way", Way)
def test_jobs_of_which_any_write_breaks_end_as_those_left_alone(
    breaking: Breaking, way: Way
) -> None:
    assert not list(breaking.broken(way))


def test_reads_of_jobs_are_tried_again(breaking: Breaking) -> None:
    assert not list(breaking.tried_again(Way.UNANSWERED, reads=True))
