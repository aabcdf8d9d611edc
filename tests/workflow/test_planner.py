"""The plans of a store: started, copied, found, renamed, archived; data looked up once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import states
from hypothesis import given, settings
from hypothesis import strategies as st
from states import at
from strategies import names

from tp_geo.domain.alignment import Alignment, AreaId, Profile
from tp_geo.domain.commands import Branch, Change, HoldItems, Move, Remove
from tp_geo.domain.edits import Edit
from tp_geo.domain.hierarchy import find_area, levels
from tp_geo.domain.revision import start
from tp_geo.errors import BadData, Refused
from tp_geo.store import Store, embedded, open_store
from tp_geo.workflow.grouping import Group
from tp_geo.workflow.model_columns import from_columns
from tp_geo.workflow.models import Adopt, from_sample
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import MAX_NAME, Planner

ANA = "ana"


@pytest.fixture
def planner(store: Store) -> Planner:
    """A planner whose store has the dataset of states."""
    states.keep(store)
    return Planner(store)


def busy(planner: Planner, name: str = "P") -> Plan:
    """A plan with areas on two levels, exceptions, held items, a lock and a removed area."""
    plan = planner.create(name, states.NAME, by=ANA, areas=["West", "East", "Gone"])
    west = find_area(plan.alignment, "West")
    plan.ask(Move(at("CA", "OR", "NV"), west), by=ANA)
    plan.ask(Branch(west, ("Bay", "Coast"), "District"), by=ANA)
    plan.ask(Move(at("u1", "stray"), find_area(plan.alignment, "Coast")), by=ANA)
    plan.ask(HoldItems(at("NV", "u4")), by=ANA)
    plan.ask(Remove(find_area(plan.alignment, "Gone")), by=ANA)
    plan.ask(Change(find_area(plan.alignment, "East"), {"locked": True, "owner": "kim"}), by=ANA)
    return plan


# Starting


def test_a_plan_starts_from_the_top_with_every_item_unassigned(planner: Planner) -> None:
    plan = planner.create(
        "P", states.NAME, by=ANA, level="Zone", areas=3, description="for next year"
    )
    assert [a.name for a in plan.alignment.areas.values()] == ["Zone 1", "Zone 2", "Zone 3"]
    assert levels(plan.alignment) == ("Zone",)
    assert not plan.alignment.resolved.any()
    assert (plan.info.by, plan.info.note, plan.info.dataset) == (ANA, "for next year", states.NAME)


def test_areas_made_later_without_a_profile_take_that_of_the_plan(planner: Planner) -> None:
    apart = Profile.NON_CONTIGUOUS
    plan = planner.create("P", states.NAME, by=ANA, areas=["West", "East"], profile=apart)
    west, east = plan.alignment.children(None)
    plan.ask(Branch(west, ("Bay", "Coast")), by=ANA)
    plan.ask(Branch(east, ("Sound",), profile=Profile.CONTIGUOUS), by=ANA)
    of = {a.name: a.profile for a in plan.alignment.areas.values()}
    assert of.pop("Sound") is Profile.CONTIGUOUS
    assert set(of.values()) == {apart}
    plan.ask(Change(west, {"profile": Profile.CONTIGUOUS}), by=ANA)
    plan.ask(Group({west: ("All",), east: ("All",)}, ("Zone",)), by=ANA)
    assert plan.alignment.area(find_area(plan.alignment, "All")).profile is apart
    assert plan.alignment.area(west).profile is Profile.CONTIGUOUS
    plan.undo(by=ANA)
    assert plan.alignment.area(west).profile is Profile.CONTIGUOUS


def test_a_model_keeps_its_profiles_when_it_has_any(planner: Planner) -> None:
    data = planner.dataset(states.NAME)
    plain = planner.create(
        "P", states.NAME, by=ANA, profile=Profile.NON_CONTIGUOUS,
        model=Adopt(from_columns(data, ["rep"]), "by rep"),
    )  # fmt: skip
    assert {a.profile for a in plain.alignment.areas.values()} == {Profile.NON_CONTIGUOUS}
    mixed = replace(plain.alignment, areas={
        k: replace(a, profile=list(Profile)[k % 2]) for k, a in plain.alignment.areas.items()
    })  # fmt: skip
    made = planner.create(
        "Q", states.NAME, by=ANA, profile=Profile.NON_CONTIGUOUS, model=Adopt(mixed, "as P")
    )
    assert {a.profile for a in made.alignment.areas.values()} == set(Profile)


def test_a_plan_is_described_and_a_copy_is_like_it(planner: Planner) -> None:
    plan = planner.create("P", states.NAME, by=ANA, areas=1, description="first idea")
    planner.describe(plan, description=" second ", profile=Profile.NON_CONTIGUOUS)
    again = planner.open("P")
    assert (again.info.note, again.info.profile) == ("second", "non-contiguous")
    copied = planner.copy(again, "Q", by=ANA)
    assert (copied.info.note, copied.info.profile) == ("second", "non-contiguous")
    planner.describe(plan)
    assert plan.info.note == "second"


def test_a_plan_may_start_without_areas(planner: Planner) -> None:
    plan = planner.create("P", states.NAME, by=ANA)
    assert plan.seq == 0
    assert plan.alignment == start(plan.dataset.items)


def test_a_plan_may_start_from_a_model(planner: Planner) -> None:
    data, layer = states.dataset(), states.layer()
    model = from_sample("Census regions", data, layer.within)
    plan = planner.create("P", states.NAME, by=ANA, model=Adopt(model, "took the regions"))
    assert plan.history()[0].text == "took the regions"
    assert {a.name for a in plan.alignment.areas.values()} == {
        "Midwest",
        "Northeast",
        "South",
        "West",
    }
    assert plan.alignment.resolved[at("CA")] == find_area(plan.alignment, "West")


@pytest.mark.parametrize("areas", [["a", "a"], ["x" * 256], [" "], 70_000])
def test_a_plan_that_can_not_be_leaves_nothing_behind(
    planner: Planner, areas: int | list[str]
) -> None:
    with pytest.raises(Refused):
        planner.create("P", states.NAME, by=ANA, areas=areas)
    assert planner.store.alignments() == ()


@pytest.mark.parametrize("name", ["", "   ", "x" * (MAX_NAME + 1)])
def test_a_name_has_1_to_255_characters(planner: Planner, name: str) -> None:
    with pytest.raises(Refused, match="1 to 255 characters"):
        planner.create(name, states.NAME, by=ANA)


def test_two_plans_can_not_have_one_name(planner: Planner) -> None:
    planner.create("P", states.NAME, by=ANA)
    with pytest.raises(Refused, match="already"):
        planner.create(" P ", states.NAME, by=ANA)


# Finding


def test_of_two_who_ask_for_a_name_at_once_one_gets_it(planner: Planner) -> None:
    both = Barrier(2)

    class Together(Branch):
        def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
            both.wait(10)
            return super().edits(alignment, ids)

    def create(area: str) -> str:
        try:
            planner.create("P", states.NAME, by=ANA, model=Together(None, (area,)))
        except Refused as refused:
            return str(refused)
        return "made"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(create, "AB"))
    assert said == ["There is an alignment called 'P' already. Choose another name.", "made"]
    assert [i.name for i in planner.plans()] == ["P"]


def test_a_plan_is_shared_by_all_who_open_it(planner: Planner) -> None:
    plan = planner.create("P", states.NAME, by=ANA)
    assert planner.open("P") is plan
    assert planner.open(plan.info.id) is plan


def test_opening_takes_in_what_others_did(planner: Planner) -> None:
    plan = planner.create("P", states.NAME, by=ANA, areas=["West"])
    Planner(planner.store).open("P").ask(Move(at("CA"), AreaId(1)), by="ben")
    assert planner.open("P").seq == 2
    assert plan.alignment.resolved[at("CA")] == 1


def test_what_is_not_there_is_refused_with_what_is(planner: Planner) -> None:
    planner.create("P", states.NAME, by=ANA)
    with pytest.raises(Refused, match=r"no alignment called 'Q'\. Alignments: P"):
        planner.open("Q")
    with pytest.raises(BadData, match=r"no dataset called 'x'\. Datasets: accounts, default"):
        planner.dataset("x")


def test_the_newest_plan_is_the_first(planner: Planner) -> None:
    plan = planner.create("A", states.NAME, by=ANA)
    planner.create("B", states.NAME, by=ANA)
    assert [i.name for i in planner.plans()] == ["B", "A"]
    planner.rename(plan, "C")
    assert [i.name for i in planner.plans()] == ["C", "B"]


# Copying


def test_a_copy_is_the_same_and_goes_its_own_way(planner: Planner) -> None:
    plan = busy(planner)
    copy = planner.copy(plan, "Q", by="ben")
    assert copy.alignment == plan.alignment
    assert copy.info.base == f"{plan.info.id}@{plan.seq}"
    assert [r.text for r in copy.history()] == [f"copied P at revision {plan.seq}"]
    before = plan.alignment
    copy.ask(Move(at("NY"), find_area(copy.alignment, "Bay")), by="ben")
    assert plan.alignment == before
    assert Planner(planner.store).open("Q").alignment == copy.alignment


@pytest.mark.parametrize("seq", range(8))
def test_any_revision_can_be_copied(planner: Planner, seq: int) -> None:
    plan = busy(planner)
    assert plan.seq == 7
    assert planner.copy(plan, f"Q{seq}", by=ANA, seq=seq).alignment == plan.at(seq)


def test_a_copy_of_a_revision_that_is_not_there_leaves_nothing_behind(planner: Planner) -> None:
    plan = busy(planner)
    with pytest.raises(Refused, match="has revisions 1 to 7, not 9"):
        planner.copy(plan, "Q", by=ANA, seq=9)
    assert [i.name for i in planner.plans()] == ["P"]


def test_a_copy_can_be_copied(planner: Planner) -> None:
    plan = busy(planner)
    again = planner.copy(planner.copy(plan, "Q", by=ANA), "R", by=ANA)
    assert again.alignment == plan.alignment


# Renaming, archiving


def test_a_renamed_plan_keeps_its_id_and_history(planner: Planner) -> None:
    plan = busy(planner)
    planner.rename(plan, " Next year ")
    again = Planner(planner.store)
    assert [i.name for i in again.plans()] == ["Next year"]
    assert again.open("Next year").alignment == plan.alignment
    with pytest.raises(Refused):
        again.open("P")
    planner.create("P", states.NAME, by=ANA)
    with pytest.raises(Refused, match="already"):
        planner.rename(plan, "P")


def test_an_archived_plan_is_off_the_list_but_not_gone(planner: Planner) -> None:
    plan = busy(planner)
    planner.archive(plan)
    assert planner.plans() == ()
    with pytest.raises(Refused):
        planner.open("P")
    assert planner.open(plan.info.id).alignment == plan.alignment
    planner.create("P", states.NAME, by=ANA)
    planner.archive(plan, archived=False)
    assert {i.id for i in planner.plans()} >= {plan.info.id}


# Data


def test_a_plan_stands_on_the_very_version_it_was_made_with(planner: Planner, store: Store) -> None:
    old = planner.create("Old", states.NAME, by=ANA)
    states.keep(store, states.dataset("accounts00000002"))
    new = planner.create("New", states.NAME, by=ANA)
    again = Planner(store)
    assert again.open("Old").dataset.key == old.dataset.key == "accounts00000001"
    assert again.open("New").dataset.key == new.dataset.key == "accounts00000002"


def test_a_plan_is_opened_anew_when_its_dataset_was_replaced(
    planner: Planner, store: Store
) -> None:
    plan = busy(planner)
    made = states.keep(store, states.dataset("accounts00000003"))
    store.put_alignment(replace(plan.info, dataset_key=made.key))
    again = planner.open("P")
    assert again is not plan
    assert again.dataset.key == made.key
    assert again.alignment == plan.alignment


def test_data_and_shapes_are_loaded_once_for_all_threads(planner: Planner) -> None:
    plan = planner.create("P", states.NAME, by=ANA)
    with ThreadPoolExecutor(8) as pool:
        layers = list(pool.map(lambda _: plan.boundaries, range(16)))
        sets = list(pool.map(lambda _: planner.dataset(states.NAME), range(16)))
    assert len({id(x) for x in layers}) == 1
    assert len({id(x) for x in sets}) == 1
    assert len(plan.boundaries) == plan.dataset.items.containers
    assert plan.adjacency is planner.adjacency(plan.dataset)


def test_the_built_in_layer_is_active_until_another_one_of_its_kind_comes(
    planner: Planner,
) -> None:
    for kind in embedded.KINDS:
        assert planner.active_layer(kind) == kind
    assert planner.active_layer("beat") == "beat"


# Laws


@settings(max_examples=15)
@given(data=st.data())
def test_names_can_be_anything_a_person_types(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    store = open_store(str(tmp_path_factory.mktemp("names") / "s.duckdb"))
    try:
        states.keep(store)
        name, area = data.draw(names()), data.draw(names())
        plan = Planner(store).create(name, states.NAME, by=ANA, areas=[area])
        again = Planner(store).open(name)
        assert again.alignment == plan.alignment
        assert again.alignment.areas[AreaId(1)].name == area
    finally:
        store.close()
