"""Plans whose areas overlap: optimized, published, kept, exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import states
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from states import at
from wired import wired
from writing import ANA, area

from tp_geo.crm.org.service import Org
from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.domain.commands import Move, Split
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.measures import doubled
from tp_geo.domain.shares import Overlap
from tp_geo.domain.sharing import AllowOverlap, ShareWith, StopSharing
from tp_geo.errors import Refused
from tp_geo.store import open_store
from tp_geo.workflow.coverage import coverage
from tp_geo.workflow.exporting import export
from tp_geo.workflow.models import Adopt, from_alignment
from tp_geo.workflow.optimizing import Request
from tp_geo.workflow.optimizing_problem import problem_of
from tp_geo.workflow.optimizing_run import propose
from tp_geo.workflow.overlapping import told
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import import_plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Request as Publish
from tp_geo.workflow.publishing import preview, publish_plan
from tp_geo.workflow.publishing_checks import proof

PEOPLE = (("people", 1.0),)
BOTH = (Overlap.FULL, Overlap.EVEN)


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    store = open_store(str(tmp_path_factory.mktemp("overlap") / "store.duckdb"))
    states.keep(store)
    return Planner(store)


def paired(planner: Planner, overlap: Overlap) -> Plan:
    """West, East and South; California and Oregon of West are East's too."""
    name = f"P{len(planner.plans())}"
    plan = planner.create(
        name, states.NAME, by=ANA, areas=["West", "East", "South"], overlap=overlap
    )
    plan.ask(Move(at("CA", "OR", "WA", "NV"), area(plan, "West")), by=ANA)
    plan.ask(Move(at("NY", "NJ"), area(plan, "East")), by=ANA)
    plan.ask(Move(at("TX"), area(plan, "South")), by=ANA)
    plan.ask(ShareWith(at("CA", "OR"), area(plan, "East")), by=ANA)
    return plan


def people(plan: Plan) -> float:
    """What all leaves and the unassigned hold, what is counted more than once taken away."""
    held = [UNASSIGNED, *plan.alignment.leaves]
    more = doubled(plan.dataset, plan.alignment, 10)["people"]
    return sum(plan.totals().of(k, "people") for k in held) - more


def test_what_areas_share_is_fixed_and_counts_by_the_rule(planner: Planner) -> None:
    for overlap, fixed in ((Overlap.FULL, [0.0, 200.0, 0.0]), (Overlap.EVEN, [-100, 100.0, 0.0])):
        plan = paired(planner, overlap)
        problem, frame = problem_of(plan, Request(PEOPLE, Focus(None, 1, True)))
        assert frame.fixed[:, 0].tolist() == fixed
        held = frame.items[problem.held]
        assert sorted(plan.dataset.codes[held]) == ["CA", "OR"]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(BOTH), st.data(), st.integers(0, 9))
def test_an_optimized_plan_keeps_what_is_shared_and_loses_nothing(
    planner: Planner, overlap: Overlap, data: st.DataObject, seed: int
) -> None:
    plan = paired(planner, overlap)
    n = plan.alignment.items.containers
    for name in ("West", "South"):
        some = data.draw(st.sets(st.integers(0, n - 1), max_size=6))
        held = np.array([i for i in sorted(some) if plan.alignment.area_of[i]], dtype=np.intp)
        plan.ask(ShareWith(held, area(plan, name)), by=ANA)
    before, whole = plan.alignment, people(plan)
    proposal = propose(plan, Request(PEOPLE, Focus(None, 1, True), seed=seed, alternatives=1))
    chosen = proposal.alternatives[0]
    plan.ask(chosen.command, by=ANA)
    after = plan.alignment
    assert after.shares == before.shares
    assert (after.area_of[before.shares.items] == before.area_of[before.shares.items]).all()
    assert people(plan) == pytest.approx(whole)
    assert whole == pytest.approx(float(plan.dataset.amounts[0][0][:n].sum()))
    for line in chosen.rows:
        assert plan.totals().of(area(plan, line.name), "people") >= 0


def test_a_copy_and_a_plan_file_and_the_store_keep_what_is_shared(
    planner: Planner, tmp_path: Path
) -> None:
    for overlap in BOTH:
        plan = paired(planner, overlap)
        copy = planner.copy(plan, f"{plan.info.name} copy", by=ANA)
        assert copy.alignment == plan.alignment
        file = export(plan, tmp_path / f"{overlap}.tpgeo")
        opened = import_plan(planner, file, by=ANA, name=f"{plan.info.name} opened")
        assert opened.unlogged == ""
        assert opened.plan.alignment == plan.alignment
        assert Planner(planner.store).open(plan.info.id).alignment == plan.alignment


def test_undo_and_redo_of_sharing(planner: Planner) -> None:
    plan = paired(planner, Overlap.EVEN)
    shared = plan.alignment
    plan.undo(by=ANA)
    assert len(plan.alignment.shares) == 0
    plan.redo(by=ANA)
    assert plan.alignment == shared
    with pytest.raises(Refused, match="does not allow overlap"):
        plan.take_back(1, by=ANA)


def test_carried_to_other_data_and_adopted_shares_come_along(planner: Planner) -> None:
    plan = paired(planner, Overlap.FULL)
    carried = from_alignment(plan.alignment, plan.dataset, plan.dataset)
    assert carried.model.shares == plan.alignment.shares
    made = planner.create(
        f"{plan.info.name} adopted", states.NAME, by=ANA, model=Adopt(carried.model, "took it")
    )
    assert made.alignment.overlap is Overlap.FULL
    assert made.alignment.shared.items.tolist() == plan.alignment.shared.items.tolist()


def test_what_is_counted_more_than_once_is_told_and_not_covered_twice(planner: Planner) -> None:
    plan = paired(planner, Overlap.FULL)
    assert told(plan, 1, "people") == (
        "2 states are shared by several areas, counted in full for each: together, areas of the "
        "level Region count 200 People more than once."
    )
    assert coverage(planner, plan, measure="people").whole == 100.0 * 51
    assert coverage(planner, plan, measure="").whole == 51
    plan.ask(AllowOverlap(Overlap.EVEN), by=ANA)
    assert told(plan, 1).endswith("are shared by several areas, split evenly between them.")
    plan.ask(StopSharing(at("CA", "OR")), by=ANA)
    assert told(plan, 1) == ""


def test_exports_list_further_areas(planner: Planner, tmp_path: Path) -> None:
    plan = paired(planner, Overlap.FULL)
    plan.ask(ShareWith(at("CA"), area(plan, "South")), by=ANA)
    file = export(plan, tmp_path / "items.csv", what="containers")
    rows = pd.read_csv(file, dtype=str, keep_default_na=False).set_index("code")
    assert rows.loc["CA", "shared with"] == "East, South"
    assert (rows.loc["NY", "shared with"], rows.loc["CA", "area"]) == ("", "West")


# Sales Territories


@pytest.fixture
def org() -> Iterator[Org]:
    made = Org()
    yield made
    made.close()


def test_the_codes_of_what_is_shared_are_in_the_rules_of_each(planner: Planner, org: Org) -> None:
    crm, _ = wired(org)
    plan = planner.create(f"Postal {len(planner.plans())}", by=ANA, overlap=Overlap.FULL)
    west = (plan.boundaries.xy[:, 0] < -100).astype("int32")
    plan.ask(Split(None, ("East", "West"), west), by=ANA)
    shared = plan.dataset.positions(["94105", "94107", "94110"])
    plan.ask(ShareWith(shared, area(plan, "East")), by=ANA)
    found = preview(plan, crm, Publish(model="FY27"))
    assert found.stopped == ()
    told = proof(plan, found)
    assert told is not None
    assert (told.equal, told.other) == (2, ())
    publish_plan(plan, crm, Publish(model="FY27"))
    assert preview(plan, crm, Publish(model="FY27")).changes.empty
    with org.state.step():
        for code in ("94105", "94109"):
            fields = {"Name": code, "BillingPostalCode": code, "BillingCountry": "USA"}
            org.records.create("Account", fields, by_org=True)
    org._run_rules(next(iter(crm.query("SELECT Id FROM Territory2Model")))["Id"])
    held = crm.query("SELECT Object.Name, Territory2.Name FROM ObjectTerritory2Association")
    assert sorted((r["Object"]["Name"], r["Territory2"]["Name"]) for r in held) == [
        ("94105", "East"), ("94105", "West"), ("94109", "West"),
    ]  # fmt: skip
    plan.ask(StopSharing(shared), by=ANA)
    changes = preview(plan, crm, Publish(model="FY27")).changes
    assert not changes.empty
    assert not changes.create
