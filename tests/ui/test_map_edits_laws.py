"""However messages of the map are cut, doubled, delayed or mixed: each operation is done once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.store import open_store
from tp_geo.ui.edits import Answers
from tp_geo.ui.wire import encode_positions
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

ME = "anna"
CLIENTS = ("page1", "page2")
Op = dict[str, Any]


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """One store for all cases: two plans each."""
    store = open_store(str(tmp_path_factory.mktemp("laws") / "laws.duckdb"))
    yield Planner(store)
    store.close()


numbers = count()
items = st.lists(st.integers(0, 5), min_size=1, max_size=4).map(encode_positions)
operations = st.lists(
    st.one_of(
        st.builds(lambda to, i: {"kind": "assign", "to": to, "items": i}, st.integers(0, 3), items),
        st.builds(lambda on, i: {"kind": "hold", "held": on, "items": i}, st.booleans(), items),
        st.sampled_from([{"kind": "undo"}, {"kind": "redo"}, {"kind": "?"}]),
    ),
    max_size=6,
)
deliveries = st.lists(
    st.tuples(st.sampled_from(CLIENTS), st.integers(0, 6), st.integers(0, 6)), max_size=12
)


def numbered(ops: list[Op]) -> list[Op]:
    return [op | {"seq": i + 1} for i, op in enumerate(ops)]


def fresh(planner: Planner) -> Plan:
    return planner.create(f"Law {next(numbers)}", by=ME, areas=("West", "East"))


@settings(max_examples=40, deadline=None)
@given(of=st.tuples(operations, operations), sent=deliveries)
def test_every_operation_is_done_once_and_in_order(
    planner: Planner, of: tuple[list[Op], list[Op]], sent: list[tuple[str, int, int]]
) -> None:
    plan, reference = fresh(planner), fresh(planner)
    ops = {client: numbered(found) for client, found in zip(CLIENTS, of, strict=True)}
    done = dict.fromkeys(CLIENTS, 0)
    answers, alone = Answers(), Answers()
    whole = [(client, 0, len(ops[client])) for client in CLIENTS]
    for client, first, last in (*sent, *whole):
        # a page sends all that it does not know to be answered: from any operation already done on
        message = ops[client][min(first, done[client]) : last]
        answers.take({"client": client, "ops": message[::-1]}, plan, by=ME)
        for op in ops[client][done[client] : last]:
            alone.take({"client": f"{client} alone", "ops": [op]}, reference, by=ME)
        done[client] = max(done[client], min(last, len(ops[client])))
    assert np.array_equal(plan.alignment.area_of, reference.alignment.area_of)
    assert np.array_equal(plan.alignment.held, reference.alignment.held)
    assert plan.seq == reference.seq
    for client in CLIENTS:
        assert answers.acks(plan).get(client, 0) == len(ops[client])
        logged = ops[client][: plan.acks().get(client, 0)]
        assert Answers().take({"client": client, "ops": logged}, plan, by=ME) == 0
