"""Formulas under rights: nobody's plan is moved by who may not, and nothing hidden is lost."""

from __future__ import annotations

import pytest
from rights_cases import ANA, EVA

from tp_geo.domain.rights import Level, Role
from tp_geo.errors import Refused
from tp_geo.store import Store
from tp_geo.workflow import team
from tp_geo.workflow.formulas import Draft, put_formula, remove_formula
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

DOUBLE = Draft("double", "population * 2", "container")


@pytest.fixture
def whole(store: Store) -> Planner:
    """A team of Ana, who administers, and Eva, who plans."""
    planner = Planner(store)
    team.put_roles(planner, ANA, {Role.ADMINISTRATOR}, by=ANA)
    team.put_roles(planner, EVA, {Role.PLANNER}, by=ANA)
    return planner


def plan(planner: Planner, name: str, by: str) -> Plan:
    return planner.create(name, by=by, areas=("West",))


def test_a_formula_moves_the_plans_one_may_manage_and_leaves_the_others_where_they_are(
    whole: Planner,
) -> None:
    seen, unseen = plan(whole, "Seen", ANA), plan(whole, "Unseen", ANA)
    team.share(seen, EVA, Level.VIEW, by=ANA)
    eva = whole.of(EVA)
    mine = plan(eva, "Mine", EVA)
    before = {p.info.id: p.info.dataset_key for p in (seen, unseen)}
    saved = put_formula(eva, mine.dataset.name, DOUBLE, by=EVA)
    assert saved.plans == ("Mine",)
    assert eva.open("Mine").dataset.key == saved.key
    assert {p.info.id: whole.open(p.info.id).info.dataset_key for p in (seen, unseen)} == before
    remove_formula(eva, eva.open("Mine").dataset.name, "double")
    assert {p.info.id: whole.open(p.info.id).info.dataset_key for p in (seen, unseen)} == before


def test_whoever_does_not_see_a_measure_can_move_no_plan_to_data_without_it(
    whole: Planner,
) -> None:
    mine = plan(whole.of(EVA), "Mine", EVA)
    name, measure = mine.dataset.name, next(m.name for m in mine.dataset.measures[1:])
    team.hide(whole, name, measure, ["planner"], by=ANA)
    before = (whole.store.datasets(), whole.store.alignments())
    with pytest.raises(Refused, match=f"{measure} of dataset {name} is hidden from you"):
        put_formula(whole.of(EVA), name, DOUBLE, by=EVA)
    assert (whole.store.datasets(), whole.store.alignments()) == before
    assert measure in [m.name for m in whole.open("Mine").dataset.measures]
