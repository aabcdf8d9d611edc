"""Whatever is done and taken back: openings agree, plans stay sound, undo leads back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import states
from hypothesis import given, settings
from hypothesis import strategies as st
from states import at
from writing import ANA, BEN, replayed

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.commands import Branch, Change, HoldItems, Move
from tp_geo.domain.problems import problems
from tp_geo.errors import Refused
from tp_geo.store import open_store
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    codes = st.sampled_from(["CA", "OR", "NV", "NY", "u1", "u2", "u3", "stray"])
    step = st.one_of(
        st.tuples(st.just("move"), codes, st.sampled_from(["West", "East", "Unassigned"])),
        st.tuples(st.just("hold"), codes, st.sampled_from(["on", "off"])),
        st.tuples(st.just("lock"), st.sampled_from(["West", "East"]), st.sampled_from(["on", ""])),
        st.tuples(st.just("seal"), st.sampled_from(["West", "East"]), st.sampled_from("XY")),
        st.tuples(st.just("branch"), st.sampled_from(["West", "East"]), st.sampled_from("ABC")),
        st.tuples(st.sampled_from(["undo", "redo", "back"]), st.just(""), st.just("")),
    )
    return draw(st.lists(step, max_size=14))


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """One store for all cases: a plan each."""
    store = open_store(str(tmp_path_factory.mktemp("laws") / "laws.duckdb"))
    states.keep(store)
    yield Planner(store)
    store.close()


def play(plan: Plan, step: tuple[str, str, str], by: str) -> None:
    match step:
        case "move", code, to:
            there = UNASSIGNED if to == "Unassigned" else AreaId(1 if to == "West" else 2)
            plan.ask(Move(at(code), there), by=by)
        case "hold", code, on:
            plan.ask(HoldItems(at(code), on == "on"), by=by)
        case "lock", name, on:
            plan.ask(Change(AreaId(1 if name == "West" else 2), {"locked": bool(on)}), by=by)
        case "seal", name, new:
            made = {"locked": True, "owner": new}
            plan.ask(Change(AreaId(1 if name == "West" else 2), made), by=by)
        case "branch", name, new:
            plan.ask(Branch(AreaId(1 if name == "West" else 2), (f"{name} {new}",)), by=by)
        case "undo", _, _:
            plan.undo(by=by)
        case "redo", _, _:
            plan.redo(by=by)
        case _:
            plan.take_back(1 + plan.seq // 2, by=by)


@settings(max_examples=25)
@given(st.data(), steps())
def test_two_openings_that_work_in_turn_agree_and_stay_sound(
    planner: Planner, data: st.DataObject, played: list[tuple[str, str, str]]
) -> None:
    name = f"law {len(planner.store.alignments())}"
    plan = planner.create(name, states.NAME, by=ANA, areas=["West", "East"])
    twin = Planner(planner.store).open(name)
    for step in played:
        which = data.draw(st.booleans())
        try:
            play(plan if which else twin, step, ANA if which else BEN)
        except Refused:
            continue
        assert not problems((plan if which else twin).alignment)
    plan.refresh()
    twin.refresh()
    assert plan.alignment == twin.alignment == replayed(plan)
    assert Planner(planner.store).open(name).alignment == plan.alignment
    assert plan.stack(ANA) == twin.stack(ANA)


@settings(max_examples=25)
@given(steps())
def test_undoing_everything_leads_back_and_redoing_everything_forth(
    planner: Planner, played: list[tuple[str, str, str]]
) -> None:
    name = f"law {len(planner.store.alignments())}"
    plan = planner.create(name, states.NAME, by="maker", areas=["West", "East"])
    before = plan.alignment
    for step in played:
        if step[0] not in ("undo", "redo", "back"):
            try:
                play(plan, step, ANA)
            except Refused:
                continue
    after, count = plan.alignment, len(plan.stack(ANA).undo)
    for _ in range(count):
        plan.undo(by=ANA)
    assert plan.alignment == before
    for _ in range(count):
        plan.redo(by=ANA)
    assert plan.alignment == after
