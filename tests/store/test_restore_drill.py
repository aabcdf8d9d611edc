"""Restored while people work: a backup is the plan at one moment, put into either engine."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import states

from store.postgres_server import Server
from tp_geo.domain.problems import problems
from tp_geo.store import Store, copy_store, open_store
from tp_geo.ui.edits import Answers
from tp_geo.ui.wire import encode_positions
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

PLANNERS, BACKUPS = 4, 3


class Desks:
    """Planners who each give a container of their own to and fro until they are stopped."""

    def __init__(self, plan: Plan) -> None:
        self.confirmed: list[str] = []
        self.wrong: list[object] = []
        self._plan, self._over = plan, threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(k,)) for k in range(PLANNERS)]

    def __enter__(self) -> Desks:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, who: int) -> None:
        answers, client = Answers(), f"desk{who}"
        items = encode_positions(np.array([who]))
        for seq in count(1):
            if self._over.is_set():
                return
            op = {"kind": "assign", "to": 1 + seq % 2, "items": items, "seq": seq}
            answers.take({"client": client, "ops": [op]}, self._plan, by=f"ann{who}")
            self.wrong += answers.refused
            self.confirmed.append(f"{client}:{seq}")

    def wait(self, for_more: int) -> None:
        """Wait until more edits were confirmed, or one was refused."""
        wanted = len(self.confirmed) + for_more
        while len(self.confirmed) < wanted and not self.wrong:
            threading.Event().wait(0.01)


@pytest.fixture
def desks(store: Store) -> Iterator[Desks]:
    """Planners at work on a plan."""
    states.keep(store)
    plan = Planner(store).create("Drill", states.NAME, by="ann", areas=("West", "East"))
    with Desks(plan) as at_work:
        yield at_work


def test_a_backup_taken_while_people_edit_is_restored_whole_and_loses_nothing_confirmed(
    store: Store, desks: Desks, server: Server, tmp_path: Path
) -> None:
    alignment = store.alignments()[0].id
    last = 0
    for drill in range(BACKUPS):
        desks.wait(10)
        before, file = set(desks.confirmed), tmp_path / f"drill {drill}.duckdb"
        store.backup(file)
        places = [server.fresh(), str(tmp_path / f"restored {drill}.duckdb")]
        for place in places:
            copy_store(str(file), place)
            restored = open_store(place)
            entries = restored.entries(alignment)
            plan = Planner(restored).open("Drill")
            origins = Counter(e.origin for e in entries if e.origin)
            assert before <= set(origins)
            assert max(origins.values()) == 1
            assert [e.seq for e in entries] == [*range(1, len(entries) + 1)]
            assert not problems(plan.alignment)
            assert plan.seq == restored.heads()[alignment][0] == len(entries)
            restored.close()
        assert len(entries) > last
        last = len(entries)
        assert not desks.wrong
    desks.wait(10)
    confirmed = set(desks.confirmed)
    assert {e.origin for e in store.entries(alignment)} >= confirmed
