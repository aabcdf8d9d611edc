"""A plan on a store of its own, once more as another process has it."""

from __future__ import annotations

import pytest
import states
from writing import ANA

from tp_geo.store import Store
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner


@pytest.fixture
def plan(store: Store) -> Plan:
    """West, East and South, nothing assigned."""
    states.keep(store)
    return Planner(store).create("P", states.NAME, by=ANA, areas=["West", "East", "South"])


@pytest.fixture
def twin(plan: Plan) -> Plan:
    """The same alignment as another process has it open."""
    return Planner(plan.store).open("P")
