"""Scenarios: what is assumed comes and goes, edits by hand stay, the base is never changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from writing import ANA, area

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.growth import Growth, Segment
from tp_geo.domain.scenario import Assumption, Hire, Leaver, Retarget, dumps, loads
from tp_geo.errors import BadData, Cancelled, Refused, TpGeoError
from tp_geo.files.plan_file import Tried
from tp_geo.optimize.objective import BALANCE
from tp_geo.workflow.differences import Side, compare
from tp_geo.workflow.exporting import export
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import import_plan, read_plan, take_in
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.scenario_optimize import Options, optimize_all
from tp_geo.workflow.scenario_table import scenario_table
from tp_geo.workflow.scenarios import (
    adopt,
    assume,
    assumptions,
    begin,
    drop,
    reapply,
    reassume,
    scenario_in,
    scenarios_of,
)
from tp_geo.workflow.signoff import publish_gate, submit

BOB = "bob"
WEST, EAST, SOUTH = AreaId(1), AreaId(2), AreaId(3)


@pytest.fixture
def planner(plan: Plan) -> Planner:
    """West, East and South hold four, three and two states and have targets and owners."""
    for k, codes in ((WEST, "CA NV OR WA"), (EAST, "NY NJ PA"), (SOUTH, "TX LA")):
        plan.ask(Move(plan.dataset.positions(codes.split()), k), by=ANA)
        plan.ask(Change(k, {"targets": {"people": 300.0}, "owner": f"owner {k}"}), by=ANA)
    return Planner(plan.store)


@pytest.fixture
def trial(planner: Planner) -> Plan:
    """A scenario of it that assumes nothing so far."""
    return begin(planner, planner.open("P"), "Trial", by=BOB)


def goals(plan: Plan) -> dict[str, float]:
    return {a.name: a.targets["people"] for a in plan.alignment.areas.values()}


def test_growth_counts_in_the_scenario_and_nowhere_else(planner: Planner, trial: Plan) -> None:
    base = planner.open("P")
    before = base.dataset.values.copy()
    grown = assume(planner, trial, Growth("people", 10, Segment(area=WEST)), by=BOB).plan
    assert [grown.totals().of(k, "people") for k in (WEST, EAST)] == pytest.approx([440.0, 300.0])
    assert base.totals().of(WEST, "people") == 400.0
    assert (base.dataset.values == before)[:, :2].all()
    assert grown.dataset.name == "accounts (what if)"
    assert [i.name for i in planner.store.datasets()] == ["accounts"]


def test_growth_that_is_removed_leaves_the_very_figures_it_began_with(
    planner: Planner, trial: Plan
) -> None:
    grown = assume(planner, trial, Growth("people", 10), by=BOB).plan
    found = drop(planner, grown, 1, by=BOB).plan
    assert found.dataset.key == planner.open("P").dataset.key
    assert found.info.dataset == "accounts"


def test_a_hire_gets_half_of_an_area_and_of_its_target(planner: Planner, trial: Plan) -> None:
    found = assume(planner, trial, Hire("Coast", "ida", of=WEST), by=BOB).plan
    coast = area(found, "Coast")
    assert found.alignment.areas[coast].owner == "ida"
    assert goals(found)["West"] + goals(found)["Coast"] == 300.0
    assert len(found.alignment.holds(coast)) + len(found.alignment.holds(WEST)) >= 4


def test_a_hire_with_an_empty_area_takes_its_target_from_those_beside_it(
    planner: Planner, trial: Plan
) -> None:
    found = assume(planner, trial, Hire("North", target=90, measure="people"), by=BOB).plan
    assert goals(found) == {"West": 270.0, "East": 270.0, "South": 270.0, "North": 90.0}


def test_what_a_leaver_held_goes_to_those_beside_it_with_the_target(
    planner: Planner, trial: Plan
) -> None:
    found = assume(planner, trial, Leaver(SOUTH), by=BOB).plan
    assert goals(found) == {"West": 450.0, "East": 450.0}
    held = found.dataset.positions(["TX", "LA"])
    assert set(found.alignment.area_of[held].tolist()) <= {WEST, EAST}


def test_what_a_leaver_held_can_go_to_another_owner_as_it_is(planner: Planner, trial: Plan) -> None:
    found = assume(planner, trial, Leaver(SOUTH, "owner 1"), by=BOB).plan
    assert found.alignment.areas[SOUTH].owner == "owner 1"
    table = scenario_table(planner, planner.open("P"))
    assert table.sides[1].owners == 1


def test_edits_made_by_hand_stay_when_an_assumption_is_changed_and_removed(
    planner: Planner, trial: Plan
) -> None:
    found = assume(planner, trial, Leaver(SOUTH), by=BOB).plan
    texas, york = found.dataset.positions(["TX", "NY"])
    found.ask(Move(np.array([texas]), EAST), by=BOB)
    found.ask(Move(np.array([york]), WEST), by=BOB)
    found.ask(Change(EAST, {"owner": "eve"}), by=BOB)
    found = assume(planner, found, Retarget("people", 10), by=BOB).plan
    done = drop(planner, found, 1, by=BOB)
    alignment = done.plan.alignment
    assert goals(done.plan) == {"West": 330.0, "East": 330.0, "South": 330.0}
    assert alignment.area_of[[texas, york]].tolist() == [EAST, WEST]
    assert alignment.areas[EAST].owner == "eve"
    assert alignment.area_of[done.plan.dataset.positions(["LA"])].tolist() == [SOUTH]


def test_an_assumption_is_changed_in_its_place(planner: Planner, trial: Plan) -> None:
    found = assume(planner, trial, Retarget("people", 10), by=BOB).plan
    found = assume(planner, found, Hire("North", target=99, measure="people"), by=BOB).plan
    found = reassume(planner, found, 1, Retarget("people", 32), by=BOB).plan
    assert sum(goals(found).values()) == pytest.approx(1188.0)
    assert [a.number for a in assumptions(found)] == [1, 2]


def test_what_was_undone_on_the_map_is_told_and_applied_again(
    planner: Planner, trial: Plan
) -> None:
    found = assume(planner, trial, Retarget("people", 10), by=BOB).plan
    found.undo(by=BOB)
    assert [a.standing for a in assumptions(found)] == [False]
    found = reapply(planner, found, by=BOB).plan
    assert [a.standing for a in assumptions(found)] == [True]
    assert set(goals(found).values()) == {330.0}


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (Leaver(AreaId(9)), "no area with id 9"),
        (Hire(" ", of=WEST), "a name"),
        (Hire("X", target=5000, measure="people"), "5,000 is more than the 900 people"),
        (Hire("X", parent=WEST), "West has no areas below it"),
        (Retarget("people", 0), "0 % is no change"),
        (Retarget("revenue", 5), "No area has a target of revenue"),
        (Retarget("people", amount=-1.0, area=WEST), "a number of 0 or more"),
        (Growth("income", 5), "Income is a mean"),
        (Growth("people", 5, Segment("rep", "Cleo")), "Values: Ana, Ben"),
        (Growth("nothing", 5), "no measure 'nothing'"),
    ],
)
def test_what_can_not_be_assumed_is_refused_and_nothing_changes(
    planner: Planner, trial: Plan, what: Assumption, why: str
) -> None:
    seq = trial.seq
    with pytest.raises((Refused, BadData), match=why):
        assume(planner, trial, what, by=BOB)
    assert (trial.seq, scenario_in(planner.open("Trial")).assumed) == (seq, ())


def test_what_others_build_on_is_not_removed(planner: Planner, trial: Plan) -> None:
    found = assume(planner, trial, Hire("Coast", of=WEST), by=BOB).plan
    found = assume(planner, found, Leaver(area(found, "Coast")), by=BOB).plan
    with pytest.raises(Refused, match=r"Assumption 2 .* does not hold"):
        drop(planner, found, 1, by=BOB)
    assert len(assumptions(found)) == 2


def test_adopting_brings_exactly_what_the_scenario_made_otherwise(
    planner: Planner, trial: Plan
) -> None:
    base = planner.open("P")
    found = assume(planner, trial, Growth("people", 10), by=BOB).plan
    found = assume(planner, found, Hire("Coast", "ida", of=WEST), by=BOB).plan
    wanted = found.alignment
    done = adopt(planner, found, by=ANA)
    assert (base.alignment.areas, done.figures) == (wanted.areas, ("people",))
    assert (base.alignment.area_of == wanted.area_of).all()
    assert base.dataset.name == "accounts"
    base.undo(by=ANA)
    assert compare(planner, Side(base, base.seq - 2), Side(base, base.seq)).none
    assert scenarios_of(planner, base) == ()


def test_adopting_leaves_what_was_changed_meanwhile(planner: Planner, trial: Plan) -> None:
    base = planner.open("P")
    found = assume(planner, trial, Retarget("people", 10), by=BOB).plan
    base.ask(Change(WEST, {"targets": {"people": 500.0}}), by=ANA)
    done = adopt(planner, found, by=ANA)
    assert (goals(base), done.left) == (
        {"West": 500.0, "East": 330.0, "South": 330.0},
        ("West",),
    )


def test_a_scenario_is_not_submitted_published_copied_or_made_a_scenario_of(
    planner: Planner, trial: Plan
) -> None:
    with pytest.raises(Refused, match=r"Trial is a scenario and can't be submitted.* Adopt it"):
        submit(trial, None, by=BOB)
    assert "can't be published" in publish_gate(trial, None)[0]
    with pytest.raises(Refused, match="Trial is a scenario: a copy"):
        planner.copy(trial, "Other", by=BOB)
    with pytest.raises(Refused, match="Start another one of P"):
        begin(planner, trial, "Other", by=BOB)
    with pytest.raises(Refused, match="P is no scenario"):
        drop(planner, planner.open("P"), 1, by=BOB)


CHOICES: list[Assumption] = [
    Growth("people", 10, Segment(area=EAST)),
    Growth("revenue", -20, Segment("rep", "Ana")),
    Hire("Coast", "ida", of=WEST),
    Hire("North", "ian"),
    Leaver(SOUTH),
    Leaver(EAST, "owner 1"),
    Retarget("people", 10),
]


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(chosen=st.lists(st.sampled_from(CHOICES), max_size=3, unique_by=repr))
def test_whatever_is_assumed_the_base_stays_and_removing_all_leads_back(
    planner: Planner, chosen: list[Assumption]
) -> None:
    base = planner.open("P")
    seq, key, before = base.seq, base.dataset.key, base.alignment
    found = begin(planner, base, f"T{len(planner.store.alignments())}", by=BOB)
    for what in chosen:
        try:
            found = assume(planner, found, what, by=BOB).plan
        except TpGeoError:
            continue
    assert loads(dumps(scenario_in(found))) == scenario_in(found)
    for one in reversed(assumptions(found)):
        found = drop(planner, found, one.number, by=BOB).plan
    planner.open("P")
    assert (base.seq, base.dataset.key, base.alignment) == (seq, key, before)
    assert (found.alignment, found.dataset.key) == (before, key)
    planner.archive(found)


def test_all_scenarios_are_optimized_and_the_alignment_stays(planner: Planner, trial: Plan) -> None:
    base = planner.open("P")
    before = base.alignment
    assume(planner, begin(planner, base, "Grown", by=BOB), Growth("people", 50), by=BOB)
    lone = begin(planner, base, "Lone", by=BOB)
    lone.ask(Change(WEST, {"locked": True}), by=BOB)
    lone.ask(Change(EAST, {"locked": True}), by=BOB)
    lone.ask(Change(SOUTH, {"locked": True}), by=BOB)
    told: list[tuple[str, float]] = []
    options = Options("people", objective=BALANCE, max_runtime_s=0.5)
    found = optimize_all(
        planner, base, options, by=BOB, told=lambda what, share: told.append((what, share))
    )
    assert sorted(d.name for d in found) == ["Grown", "Lone", "Trial"]
    assert all(d.text for d in found)
    assert all(planner.open(d.name).seq == d.revision for d in found if d.changed)
    assert not next(d for d in found if d.name == "Lone").changed
    assert planner.open("P").alignment == before
    assert [share for _, share in told] == sorted(share for _, share in told)
    by_seed = optimize_all(planner, base, options, by=BOB)
    assert [d.name for d in by_seed] == [d.name for d in found]


def test_optimizing_all_scenarios_that_is_cancelled_changes_none(
    planner: Planner, trial: Plan
) -> None:
    base = planner.open("P")
    other = begin(planner, base, "Other", by=BOB)

    def stop(what: str, _share: float) -> None:
        if what.endswith("of 2 scenarios"):
            raise Cancelled

    with pytest.raises(Cancelled):
        optimize_all(planner, base, Options("people", max_runtime_s=0.5), by=BOB, told=stop)
    assert (planner.open("Trial").seq, planner.open("Other").seq) == (trial.seq, other.seq)


@pytest.mark.parametrize("what", [Growth("people", 10), Leaver(WEST)])
def test_a_scenario_comes_back_from_a_file_as_what_it_was(
    planner: Planner, trial: Plan, tmp_path: Path, what: Assumption
) -> None:
    done = assume(planner, trial, what, by=BOB).plan
    path = export(done, tmp_path / "trial.tpgeo")
    opened = import_plan(planner, path, by=ANA)
    assert opened.apart == ""
    back = opened.plan
    assert back.info.base == done.info.base
    assert back.alignment == done.alignment
    assert [a.text for a in assumptions(back)] == [a.text for a in assumptions(done)]
    assert back.dataset.key == done.dataset.key
    undone = drop(planner, back, 1, by=BOB).plan
    assert undone.alignment == planner.open("P").alignment
    assert len(scenarios_of(planner, planner.open("P"))) == 2


def test_a_scenario_whose_alignment_is_gone_comes_back_by_itself(
    planner: Planner, trial: Plan, tmp_path: Path
) -> None:
    path = export(assume(planner, trial, Leaver(WEST), by=BOB).plan, tmp_path / "trial.tpgeo")
    planner.rename(planner.open("P"), "Q")
    other = replace(read_plan(path), scenario=Tried("none", "P", 3, dumps(scenario_in(trial))))
    opened = take_in(planner, other, by=ANA)
    assert "P is not here" in str(opened)
    assert not opened.plan.info.scenario


def test_without_scenarios_there_is_nothing_to_optimize(planner: Planner) -> None:
    with pytest.raises(Refused, match="no scenario to optimize"):
        optimize_all(planner, planner.open("P"), Options("people"), by=BOB)
