"""A plan on a store of its own, once more as another process has it; an office that imports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import states
from offices import Office
from wired import wired
from writing import ANA

from tp_geo.crm.org.seed import demo_seed, plant
from tp_geo.crm.org.service import Org
from tp_geo.store import Store, open_store
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


@pytest.fixture(scope="module")
def importer(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """A planner who imports, on a store of the module's own."""
    return Planner(open_store(str(tmp_path_factory.mktemp("importing") / "store.duckdb")))


@pytest.fixture
def office(importer: Planner) -> Iterator[Office]:
    """The importer, and the demo org as it is planted."""
    org = Org()
    plant(org, demo_seed())
    yield Office(importer, org, *wired(org))
    org.close()
