"""Several processes of the app begin on one database that is empty."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier

from store.children import nursery
from store.postgres_server import shared

from tp_geo.store import open_store
from tp_geo.ui import first_run
from tp_geo.workflow.planner import Planner


def begun(address: str, together: Barrier) -> None:
    """Begin as a process of the app does, at the moment the others do."""
    store = open_store(address)
    together.wait()
    first_run.prepare(Planner(store))
    assert [i.name for i in Planner(store).plans()] == [first_run.NAME]
    store.close()


def test_processes_that_begin_on_an_empty_database_at_once_make_one_sample() -> None:
    address, context = shared().fresh(), nursery()
    together = context.Barrier(3)
    children = [context.Process(target=begun, args=(address, together)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    store = open_store(address)
    assert len(store.alignments()) == 1
    store.close()
