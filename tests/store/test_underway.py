"""A process does not end in the middle of a commit."""

from __future__ import annotations

import threading

import pytest

from store.samples import entry
from tp_geo.errors import Stale
from tp_geo.store import Store
from tp_geo.store.underway import COMMITS, UnderWay


def test_what_is_under_way_is_waited_for_and_no_longer_than_said() -> None:
    under_way, go_on = UnderWay(), threading.Event()

    def work() -> None:
        with under_way:
            go_on.wait(60)

    worker = threading.Thread(target=work)
    worker.start()
    while under_way.ended(0.0):  # until it has begun
        pass
    assert not under_way.ended(0.01)
    go_on.set()
    assert under_way.ended(60)
    worker.join()


def test_what_fails_is_over_too(store: Store) -> None:
    store.append(entry(1))
    with pytest.raises(Stale):
        store.append(entry(1))
    assert COMMITS.ended(0.0)
