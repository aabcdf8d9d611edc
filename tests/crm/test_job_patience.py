"""A job that never ends is not waited for without end, and what it wrote is found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobs import Place, plan, sent

from tp_geo.crm import bulk
from tp_geo.crm.journal import FileJournal
from tp_geo.crm.rows import ACCOUNT
from tp_geo.errors import CrmFailure


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(bulk, "PER_JOB", 10)
    made = Place(25, monkeypatch)
    yield made
    made.org.close()


def test_a_job_that_does_not_end_is_given_up_and_gone_on_with_later(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, waits = FileJournal(tmp_path / "j.jsonl"), list[float]()
    with monkeypatch.context() as patch:
        patch.setattr("tp_geo.crm.bulk.time.sleep", waits.append)
        with pytest.raises(CrmFailure, match=r"Job 750\w+ .* after 2 hours.* Bulk Data Load Jobs"):
            sent(place, plan(place.accounts), journal)
    assert bulk.LONGEST_JOB_S <= sum(waits) < bulk.LONGEST_JOB_S + bulk.LONGEST_POLL_S
    sent(place, plan(place.accounts), journal)
    held = {str(row.fields["ObjectId"]) for row in place.read().of_object(ACCOUNT)}
    assert held == {*place.accounts}
