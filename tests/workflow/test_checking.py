"""Findings in words, on the built-in states."""

from __future__ import annotations

from pathlib import Path

import pytest
import states

from tp_geo.domain.alignment import HOME, AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.geometry.findings import Kind
from tp_geo.store import open_store
from tp_geo.workflow.checking import TITLES, check
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """West with California, Hawaii and, far away, New York; everything else in East but Maine."""
    store = open_store(str(tmp_path / "store.duckdb"))
    states.keep(store)
    made = Planner(store).create("A", states.NAME, by="tess", areas=("West", "East", "Spare"))
    every = [c for c in states.layer().codes if c not in ("CA", "HI", "NY", "ME")]
    made.ask(Move(states.at("CA", "HI", "NY"), WEST), by="tess")
    made.ask(Move(states.at(*every), EAST), by="tess")
    made.ask(Change(EAST, {"owner": "kim", "targets": {"people": 4000.0}}), by="tess")
    return made


def test_every_kind_is_told_in_words(plan: Plan) -> None:
    said = {(t.kind, t.title, t.text) for t in check(plan, measure="people")}
    assert said == {
        (Kind.UNASSIGNED, "Maine ME", "1 state in no area"),
        (Kind.CUT_OFF, "West", "1 state apart from its main part: New York NY"),
        (Kind.PARTS, "West", "in 2 parts"),
        (Kind.PARTS, "East", "in 2 parts"),
        (Kind.CUT_OFF, "East", "5 states apart from its main part: Connecticut CT and 4 more"),
        (Kind.OFF_TARGET, "East", "17.5 % above its target of People"),
        (Kind.NO_OWNER, "West", "3 states, owned by nobody"),
        (Kind.NO_OWNER, "Spare", "owned by nobody"),
        (Kind.EMPTY, "Spare", "holds nothing"),
    }


def test_an_enclave_is_told_with_what_is_around_it(plan: Plan) -> None:
    plan.ask(Move(states.at("NE"), WEST), by="tess")
    (told,) = [t for t in check(plan) if t.kind is Kind.ENCLAVE]
    assert (told.title, told.text) == ("West", "1 state inside East")
    assert told.containers.tolist() == states.at("NE").tolist()


def test_a_finding_has_its_size_in_the_measure(plan: Plan) -> None:
    found = {t.kind: t.amount for t in check(plan, measure="people") if t.title != "East"}
    assert (found[Kind.UNASSIGNED], found[Kind.PARTS]) == (100.0, 300.0)


def test_a_home_that_is_no_place_is_told_with_why(plan: Plan) -> None:
    plan.ask(Change(WEST, {"attributes": {HOME: "Narnia"}}), by="tess")
    plan.ask(Change(EAST, {"attributes": {HOME: "CA"}}), by="tess")
    (told,) = [t for t in check(plan) if t.kind is Kind.NO_PLACE]
    assert (told.area, told.title) == (WEST, "West")
    assert told.text.startswith("owner's home 'Narnia' is no place; write a code")
    assert told.containers.tolist() == states.at("CA", "HI", "NY").tolist()
    focus = Focus((EAST,), 1, unassigned=False)
    assert Kind.NO_PLACE not in {t.kind for t in check(plan, focus=focus)}


def test_every_kind_has_a_title() -> None:
    assert set(TITLES) == set(Kind)
