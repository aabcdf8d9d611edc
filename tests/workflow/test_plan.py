"""An open plan on a real store: one way in, undo of anything, nothing lost when two write."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import states
from hypothesis import given, settings
from hypothesis import strategies as st
from states import at

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Combine, HoldItems, Move, Remove
from tp_geo.domain.edits import replay
from tp_geo.domain.hierarchy import find_area
from tp_geo.domain.measures import totals
from tp_geo.domain.problems import problems
from tp_geo.domain.revision import start
from tp_geo.errors import Refused
from tp_geo.store import Store, open_store
from tp_geo.workflow.plan import KEPT_STATES, Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.summary import parts_by_area

ANA, BEN = "ana", "ben"


@pytest.fixture
def plan(store: Store) -> Plan:
    """West, East and South, nothing assigned."""
    states.keep(store)
    return Planner(store).create("P", states.NAME, by=ANA, areas=["West", "East", "South"])


@pytest.fixture
def twin(plan: Plan) -> Plan:
    """The same alignment as another process has it open."""
    return Planner(plan.store).open("P")


def area(plan: Plan, name: str) -> AreaId:
    return find_area(plan.alignment, name)


def move(plan: Plan, to: str, *codes: str, by: str = ANA, origin: str = "") -> int:
    revision = plan.ask(Move(at(*codes), area(plan, to)), by=by, origin=origin)
    assert revision
    return revision.seq


def holder(plan: Plan, code: str) -> str:
    return plan.alignment.name(AreaId(int(plan.alignment.resolved[at(code)[0]])))


def replayed(plan: Plan) -> Alignment:
    edits = (e for r in plan.history() for e in r.edits)
    return replay(start(plan.dataset.items), edits)


# One way in


def test_a_plan_is_the_replay_of_its_log_also_when_opened_anew(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA", "OR")
    plan.ask(Branch(area(plan, "West"), ("North", "Bay"), "District"), by=BEN)
    move(plan, "Bay", "u1")
    plan.ask(HoldItems(at("u3")), by=ANA)
    twin.refresh()
    assert plan.alignment == twin.alignment == replayed(plan)
    assert [r.text for r in plan.history()] == [r.text for r in twin.history()]


def test_everything_is_there_after_the_store_was_closed(store_path: str) -> None:
    store = open_store(str(store_path))
    states.keep(store)
    plan = Planner(store).create("P", states.NAME, by=ANA, areas=["West"])
    move(plan, "West", "CA", "u5")
    plan.snapshot("first", by=ANA)
    before = plan.alignment
    store.close()

    again = open_store(str(store_path))
    opened = Planner(again).open("P")
    assert opened.alignment == before
    assert opened.dataset.key == plan.dataset.key
    assert [(s.name, s.seq) for s in opened.snapshots()] == [("first", 2)]
    opened.undo(by=ANA)
    assert holder(opened, "CA") == "Unassigned"
    opened.redo(by=ANA)
    assert opened.alignment == before
    again.close()


def test_a_revision_says_who_when_what_and_why(plan: Plan) -> None:
    made = plan.ask(Move(at("CA", "OR"), area(plan, "West")), by=BEN, note="they know it")
    assert made
    assert (made.by, made.kind, made.note) == (BEN, "move", "they know it")
    assert made.text == "moved 2 states from Unassigned to West"
    assert made.at.endswith("Z")


def test_what_changes_nothing_is_not_recorded(plan: Plan) -> None:
    move(plan, "West", "CA")
    assert plan.ask(Move(at("CA"), area(plan, "West")), by=ANA) is None
    assert plan.seq == 2


def test_what_is_refused_is_not_recorded(plan: Plan) -> None:
    plan.ask(Change(area(plan, "West"), {"locked": True}), by=ANA)
    with pytest.raises(Refused, match="West is locked"):
        move(plan, "West", "CA")
    assert plan.seq == 2
    assert holder(plan, "CA") == "Unassigned"


def test_ids_of_areas_are_never_given_twice(plan: Plan, twin: Plan) -> None:
    gone = area(plan, "South")
    plan.ask(Remove(gone), by=ANA)
    plan.ask(Branch(None, ("New",)), by=ANA)
    twin.refresh()
    twin.ask(Branch(None, ("Newer",)), by=ANA)
    plan.refresh()
    assert area(plan, "New") == gone + 1
    assert area(plan, "Newer") == gone + 2


# Undo, redo, take back


def test_undo_and_redo_walk_the_same_way(plan: Plan) -> None:
    seen = [plan.alignment]
    for code in ("CA", "OR", "WA"):
        move(plan, "West", code)
        seen.append(plan.alignment)
    for then in reversed(seen[:-1]):
        plan.undo(by=ANA)
        assert plan.alignment == then
    for then in seen[1:]:
        plan.redo(by=ANA)
        assert plan.alignment == then
    with pytest.raises(Refused, match="nothing to redo"):
        plan.redo(by=ANA)


def test_undo_and_redo_go_on_after_opening_anew(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA")
    move(plan, "West", "OR")
    plan.undo(by=ANA)
    twin.undo(by=ANA)
    assert holder(twin, "CA") == "Unassigned"
    plan.redo(by=ANA)
    assert (holder(plan, "CA"), holder(plan, "OR")) == ("West", "Unassigned")


def test_a_new_change_ends_redo(plan: Plan) -> None:
    move(plan, "West", "CA")
    plan.undo(by=ANA)
    move(plan, "West", "OR")
    with pytest.raises(Refused, match="nothing to redo"):
        plan.redo(by=ANA)


def test_undo_takes_back_ones_own_work_and_leaves_that_of_others(plan: Plan) -> None:
    move(plan, "West", "CA", by=ANA)
    move(plan, "East", "NY", by=BEN)
    undone = plan.undo(by=ANA)
    assert undone.reverts == 2
    assert (holder(plan, "CA"), holder(plan, "NY")) == ("Unassigned", "East")


def test_undo_goes_past_what_others_replaced_altogether(plan: Plan) -> None:
    move(plan, "West", "CA", by=ANA)
    move(plan, "West", "OR", by=ANA)
    move(plan, "East", "OR", by=BEN)
    plan.undo(by=ANA)
    assert (holder(plan, "CA"), holder(plan, "OR")) == ("Unassigned", "East")


def test_undo_goes_past_what_was_taken_back_already(plan: Plan) -> None:
    move(plan, "West", "CA", by=ANA)
    last = move(plan, "West", "OR", by=ANA)
    plan.take_back(last, by=BEN)
    plan.undo(by=ANA)
    assert holder(plan, "CA") == "Unassigned"


def test_undone_and_redone_work_is_called_by_its_first_name(plan: Plan) -> None:
    move(plan, "West", "CA")
    texts = [
        f()
        for f in (plan.undo, plan.redo, plan.undo, plan.redo)
        for f in [lambda f=f: f(by=ANA).text]
    ]
    what = "moved 1 state from Unassigned to West"
    assert texts == [f"undid: {what}", f"redid: {what}"] * 2


def test_undoing_a_branch_gives_the_items_back(plan: Plan) -> None:
    move(plan, "West", "CA", "NV")
    before = plan.alignment
    plan.ask(Branch(area(plan, "West"), ("A", "B")), by=ANA)
    assert holder(plan, "CA") == "A"
    plan.undo(by=ANA)
    assert plan.alignment == before


def test_undoing_the_areas_under_later_work_is_refused_with_the_reason(plan: Plan) -> None:
    seq = plan.seq
    move(plan, "West", "CA")
    plan.ask(Branch(area(plan, "West"), ("A", "B")), by=BEN)
    with pytest.raises(Refused, match="Can't be taken back"):
        plan.take_back(seq, by=ANA)


def test_any_revision_can_be_taken_back_and_later_work_stays(plan: Plan) -> None:
    first = move(plan, "West", "CA", "OR", "WA")
    move(plan, "East", "CA", by=BEN)
    move(plan, "South", "TX")
    taken = plan.take_back(first, by=ANA, note="too early")
    assert [holder(plan, c) for c in ("CA", "OR", "WA", "TX")] == [
        "East",
        "Unassigned",
        "Unassigned",
        "South",
    ]
    assert taken.left == ("1 item was moved later",)
    assert (taken.revision.reverts, taken.revision.note) == (first, "too early")


def test_taking_back_what_is_gone_altogether_says_so(plan: Plan) -> None:
    first = move(plan, "West", "CA")
    move(plan, "East", "CA")
    with pytest.raises(Refused, match="Nothing of revision 2 is left"):
        plan.take_back(first, by=ANA)


@pytest.mark.parametrize("seq", [0, -1, 2, 99])
def test_a_revision_that_is_not_there_can_not_be_taken_back(plan: Plan, seq: int) -> None:
    with pytest.raises(Refused, match="has revisions 1 to 1, not"):
        plan.take_back(seq, by=ANA)


def test_what_is_locked_now_is_not_undone(plan: Plan) -> None:
    move(plan, "West", "CA")
    plan.ask(Change(area(plan, "West"), {"locked": True}), by=BEN)
    with pytest.raises(Refused, match="West is locked"):
        plan.undo(by=ANA)
    assert holder(plan, "CA") == "West"


# Two writers


def test_both_writers_edits_are_kept(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA")
    move(twin, "East", "NY", by=BEN)
    move(plan, "West", "OR")
    twin.refresh()
    assert plan.alignment == twin.alignment
    assert [r.seq for r in plan.history()] == [1, 2, 3, 4]
    assert (holder(plan, "CA"), holder(plan, "NY")) == ("West", "East")


def test_a_command_is_decided_again_on_what_the_other_left(plan: Plan, twin: Plan) -> None:
    twin.ask(Change(area(twin, "West"), {"locked": True}), by=BEN)
    with pytest.raises(Refused, match="West is locked"):
        move(plan, "West", "CA")


def test_an_undo_leaves_what_the_other_did_meanwhile(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA", "OR")
    twin.refresh()
    move(twin, "East", "OR", by=BEN)
    plan.undo(by=ANA)
    assert (holder(plan, "CA"), holder(plan, "OR")) == ("Unassigned", "East")


def test_taking_back_races_with_another_writer_and_both_stand(
    plan: Plan, twin: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes between the reading and the appending."""
    first = move(plan, "West", "CA", "OR")
    twin.refresh()
    real, raced = plan.refresh, threading.Event()

    def refresh() -> None:
        real()
        if not raced.is_set():
            raced.set()
            move(twin, "East", "OR", by=BEN)

    monkeypatch.setattr(plan, "refresh", refresh)
    taken = plan.take_back(first, by=ANA)
    assert (holder(plan, "CA"), holder(plan, "OR")) == ("Unassigned", "East")
    assert taken.left == ("1 item was moved later",)


def test_restoring_goes_all_the_way_whatever_the_other_did(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA")
    plan.snapshot("good", by=ANA)
    good = plan.alignment
    move(twin, "East", "CA", "NY", by=BEN)
    plan.restore("good", by=ANA)
    assert plan.alignment == good


def test_eight_threads_on_two_openings_lose_nothing(plan: Plan, twin: Plan) -> None:
    codes = states.dataset().codes[:48].tolist()

    def work(worker: int) -> None:
        mine = (plan, twin)[worker % 2]
        for code in codes[worker::8]:
            mine.ask(Move(at(code), area(mine, "West")), by=f"user {worker}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    plan.refresh()
    twin.refresh()
    assert plan.seq == twin.seq == 1 + len(codes)
    assert all(holder(plan, code) == "West" for code in codes)
    assert plan.alignment == twin.alignment == replayed(plan)


# What the map sent


def test_an_operation_of_the_map_is_acknowledged_by_the_log(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA", origin="client-a:1")
    move(plan, "West", "OR", origin="client-a:4")
    move(plan, "East", "NY", origin="client-b:2")
    move(plan, "East", "NJ")
    twin.refresh()
    assert plan.acks() == twin.acks() == {"client-a": 4, "client-b": 2}


def test_an_operation_that_arrives_again_is_done_once(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA", origin="client-a:1")
    move(plan, "East", "CA", by=BEN)
    again = Move(at("CA"), area(plan, "West"))
    assert plan.ask(again, by=ANA, origin="client-a:1") is None
    assert twin.ask(again, by=ANA, origin="client-a:1") is None
    assert holder(plan, "CA") == "East"


def test_an_operation_sent_to_two_processes_is_done_once(plan: Plan, twin: Plan) -> None:
    """The second learns of the first only when its append is refused."""
    move(plan, "West", "CA", origin="client-a:1")
    move(plan, "East", "CA", by=BEN)
    assert twin.seq == 1
    assert twin.ask(Move(at("CA"), area(twin, "West")), by=ANA, origin="client-a:1") is None
    assert holder(twin, "CA") == "East"


@pytest.mark.parametrize("origin", ["", "client", ":3", "client:", "client:x", "client:-1"])
def test_an_origin_of_another_form_is_kept_and_acknowledges_nothing(
    plan: Plan, origin: str
) -> None:
    move(plan, "West", "CA", origin=origin)
    move(plan, "East", "CA", origin=origin)
    assert plan.acks() == {}
    assert plan.history()[-1].origin == origin


# Snapshots


def test_a_snapshot_names_a_revision_and_restoring_goes_back_to_it(plan: Plan) -> None:
    move(plan, "West", "CA")
    plan.snapshot(" before ", by=ANA)
    then = plan.alignment
    plan.ask(Combine(area(plan, "East"), frozenset({area(plan, "West")})), by=BEN)
    plan.ask(HoldItems(at("NY")), by=BEN)
    plan.ask(HoldItems(at("NY"), False), by=BEN)
    restored = plan.restore("before", by=ANA)
    assert restored
    assert (restored.kind, restored.text) == ("restore", "restored the snapshot before")
    assert plan.alignment == then
    assert len(plan.history()) == 6
    plan.undo(by=ANA)
    assert holder(plan, "CA") == "East"


def test_restoring_where_one_is_changes_nothing(plan: Plan) -> None:
    plan.snapshot("here", by=ANA)
    assert plan.restore("here", by=ANA) is None


def test_snapshots_have_names_that_differ(plan: Plan) -> None:
    plan.snapshot("one", by=ANA)
    with pytest.raises(Refused):
        plan.snapshot("one", by=BEN)
    with pytest.raises(Refused, match="needs a name"):
        plan.snapshot("  ", by=ANA)
    with pytest.raises(Refused, match=r"no snapshot called 'two'\. Snapshots: one"):
        plan.restore("two", by=ANA)


# Any revision, in bounded memory


def test_every_revision_can_be_seen_and_few_states_are_kept(plan: Plan) -> None:
    codes = states.dataset().codes[:51].tolist()
    seen = [start(plan.dataset.items), plan.alignment]
    for i, code in enumerate(codes):
        move(plan, ("West", "East")[i % 2], code)
        seen.append(plan.alignment)
    for seq in (0, 51, 7, 30, 52, 1, 29, *range(plan.seq + 1), 3):
        assert plan.at(seq) == seen[seq]
        assert len(plan._states) <= KEPT_STATES
    assert plan.alignment == seen[-1]


@pytest.mark.parametrize("seq", [-1, 2])
def test_a_revision_that_is_not_there_is_refused(plan: Plan, seq: int) -> None:
    with pytest.raises(Refused, match="has revisions 1 to 1, not"):
        plan.at(seq)


# Figures


def test_totals_are_those_of_the_newest_revision(plan: Plan) -> None:
    west = area(plan, "West")
    assert plan.totals().of(west, "revenue") == 0
    move(plan, "West", "CA")
    assert plan.totals().of(west, "revenue") == 3
    assert plan.totals() is plan.totals()
    move(plan, "East", "u2")
    assert plan.totals().of(west, "revenue") == 1
    assert plan.totals().of(area(plan, "East"), "revenue") == 2
    plan.undo(by=ANA)
    assert plan.totals().of(west, "revenue") == 3
    expected = totals(plan.dataset, plan.alignment).values
    assert np.array_equal(plan.totals().values, expected, equal_nan=True)


def test_parts_are_counted_with_the_real_borders(plan: Plan) -> None:
    move(plan, "West", "CA", "OR", "NV")
    move(plan, "East", "NY", "GA")
    assert parts_by_area(plan.alignment, plan.adjacency) == {
        area(plan, "West"): 1,
        area(plan, "East"): 2,
    }


# Laws


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    codes = st.sampled_from(["CA", "OR", "NV", "NY", "u1", "u2", "u3", "stray"])
    step = st.one_of(
        st.tuples(st.just("move"), codes, st.sampled_from(["West", "East", "Unassigned"])),
        st.tuples(st.just("hold"), codes, st.sampled_from(["on", "off"])),
        st.tuples(st.just("lock"), st.sampled_from(["West", "East"]), st.sampled_from(["on", ""])),
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
        if step[0] not in ("undo", "redo", "back", "lock"):
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
