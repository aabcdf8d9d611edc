"""A table joined by id: what it would change, and that it changes that and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import states
from hypothesis import given, settings
from hypothesis import strategies as st
from squares import dataset
from states import at

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, HoldItems, Move
from tp_geo.domain.edits import replay
from tp_geo.domain.hierarchy import find_area
from tp_geo.domain.measures import totals
from tp_geo.domain.rules import admit
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.files.intake import read_table
from tp_geo.store import Store
from tp_geo.workflow.exporting import export
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.supplement import (
    AREAS,
    CONTAINERS,
    UNITS,
    Preview,
    apply_supplement,
    dataset_with,
    edits_of,
    level_of,
    preview_supplement,
)

ANA, BEN = "ana", "ben"


def table(text: str) -> pd.DataFrame:
    head, *rows = [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]
    return pd.DataFrame(rows, columns=head, dtype=object)


@pytest.fixture
def planner(store: Store) -> Planner:
    states.keep(store)
    return Planner(store)


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West holds CA (held) and NV; East is divided into North (NY) and South, which is locked."""
    made = planner.create("P", states.NAME, by=ANA, areas=["West", "East"])
    made.ask(Move(at("CA", "NV"), AreaId(1)), by=ANA)
    made.ask(Branch(AreaId(2), ("North", "South"), "District"), by=ANA)
    made.ask(Move(at("NY"), AreaId(3)), by=ANA)
    made.ask(HoldItems(at("CA")), by=ANA)
    made.ask(Change(AreaId(4), {"locked": True}), by=ANA)
    return made


def previewed(plan: Plan, text: str, level: str = "") -> Preview:
    return preview_supplement(plan.alignment, plan.dataset, table(text), level)


def after(preview: Preview) -> Alignment:
    state = preview.base
    for step in edits_of(preview):
        state = admit(state, step.made)
    return state


def holder(alignment: Alignment, code: str) -> str:
    return alignment.name(AreaId(int(alignment.resolved[at(code)[0]])))


# Items: where they go, and what is held


def test_containers_are_moved_held_and_released_in_one_pass(plan: Plan) -> None:
    preview = previewed(
        plan,
        """
        code | assign to  | locked
        OR   | West       | TRUE
        NV   | East/North |
        CA   |            | FALSE
        NY   | Unassigned |
        WA   |            |
        """,
    )
    assert (preview.level, preview.rows, preview.matched) == (CONTAINERS, 5, 5)
    assert [s.kind for s in preview.steps] == ["release", "move", "hold"]
    assert (len(preview.moved), len(preview.held), len(preview.released)) == (3, 1, 1)
    assert str(preview) == "5 of 5 rows found: 3 moved, 1 held, 1 released"
    state = after(preview)
    assert [holder(state, c) for c in ("OR", "NV", "NY")] == ["West", "North", "Unassigned"]
    assert state.held[at("OR")[0]]
    assert not state.held[at("CA")[0]]


def test_units_are_moved_by_themselves_and_stay_with_their_own(plan: Plan) -> None:
    preview = previewed(plan, "id|territory\nu1|North\nu2|West\nstray|#1", UNITS)
    state = after(preview)
    assert [holder(state, u) for u in ("u1", "u2", "stray", "CA")] == [
        "North", "West", "West", "West",
    ]  # fmt: skip
    assert len(preview.moved) == 2
    assert [plan.dataset.codes[i] for i in state.exceptions] == ["u1", "stray"]


def test_a_held_item_moves_only_when_its_row_says_what_becomes_of_the_lock(plan: Plan) -> None:
    left = previewed(plan, "code|assign to\nCA|North")
    assert left.steps == ()
    assert str(left.problems[0]).startswith("Row 2, assign to 'North': can't be given to a held")
    moved = previewed(plan, "code|assign to|locked\nCA|North|TRUE")
    assert [s.kind for s in moved.steps] == ["release", "move", "hold"]
    state = after(moved)
    assert (holder(state, "CA"), bool(state.held[at("CA")[0]])) == ("North", True)


def test_what_the_rules_refuse_is_told_before_anything_is_done(plan: Plan) -> None:
    preview = previewed(plan, "code|assign to\nOR|South\nWA|West")
    assert preview.refused == "South is locked. Unlock it, or choose another area."
    with pytest.raises(Refused, match="The table can't be taken in: South is locked"):
        edits_of(preview)


def test_cells_that_say_nothing_sensible_are_named_and_the_rest_is_done(plan: Plan) -> None:
    preview = previewed(
        plan,
        """
        code | area  | held
        OR   | West  | maybe
        XX   | West  | TRUE
        WA   | Moon  |
        NY   | East  |
        OR   | North |
        """,
        CONTAINERS,
    )
    assert [(p.row, p.field, p.value) for p in preview.problems] == [
        (2, "held", "maybe"),
        (3, "code", "XX"),
        (4, "area", "Moon"),
        (5, "area", "East"),
        (6, "code", "OR"),
    ]
    remedies = [p.remedy for p in preview.problems]
    assert remedies[0] == "is neither TRUE nor FALSE"
    assert "is no container of dataset accounts; check leading zeros" in remedies[1]
    assert "There is no area called 'Moon'" in remedies[2]
    assert remedies[3] == "is divided; name an area below it, such as North"
    assert remedies[4] == "is in row 2 already; that row counts"
    assert holder(after(preview), "OR") == "West"
    assert preview.to_json()["problems"][0]["row"] == 2  # type: ignore[index]


def test_codes_that_lost_their_zeros_are_found() -> None:
    codes = [f"005{c}" for c in dataset().codes]
    data = replace(dataset(), codes=np.array(codes, dtype=object))
    rows = table("zip|score\n501|5\n00502|6\n00508-1234|7")
    preview = preview_supplement(Alignment.empty(data.items), data, rows, CONTAINERS)
    assert (preview.matched, preview.problems) == (3, ())


# Items: what they bring


def test_a_new_measure_of_units_adds_up_in_their_containers() -> None:
    data = dataset({"a": "01", "b": "01", "c": "02", "d": None})
    found = preview_supplement(
        Alignment.empty(data.items), data, table("id|Deal Size\na|$1,000\nb|250.5\nd|7"), UNITS
    )
    made = dataset_with(data, found)
    assert made.measure("deal_size").label == "Deal Size"
    column = made.column("deal_size")
    assert column[0] == 1250.5
    assert np.isnan(column[1])
    assert column[made.units["d"]] == 7
    assert made.key != data.key
    assert np.array_equal(made.values[:, :2], data.values)


def test_a_changed_measure_of_a_unit_changes_its_container_by_the_difference() -> None:
    data = dataset({"a": "01", "b": "01"})
    found = preview_supplement(
        Alignment.empty(data.items), data, table("id|People\na|5\nb|1"), UNITS
    )
    made = dataset_with(data, found)
    assert made.column("people")[0] == data.column("people")[0] + 4
    assert made.measures == data.measures


def test_a_measure_of_containers_is_all_that_lies_in_them() -> None:
    data = dataset({"a": "01"})
    found = preview_supplement(
        Alignment.empty(data.items), data, table("code|people|score\n01|50|1\n02|60|"), CONTAINERS
    )
    made = dataset_with(data, found)
    assert list(made.column("people")[:3]) == [50, 60, 10]
    assert made.column("people")[made.units["a"]] == 1
    assert [m.name for m in made.measures] == ["people", "income", "score"]


def test_a_mean_is_that_of_the_units_by_weight() -> None:
    data = dataset({"a": "01", "b": "01", "c": "02"})
    values = data.values.copy()
    values[data.units["b"], 0] = 3.0
    data = replace(data, values=values)
    found = preview_supplement(
        Alignment.empty(data.items), data, table("id|income\na|100\nb|20"), UNITS
    )
    column = dataset_with(data, found).column("income")
    assert column[0] == (100 * 1 + 20 * 3) / 4
    assert column[1] == data.column("income")[1]


def test_texts_become_attributes_and_blanks_leave_what_was() -> None:
    data = dataset({"a": "01", "b": "01"}, {"owner": {"a": "ann", "b": "bob"}})
    found = preview_supplement(
        Alignment.empty(data.items),
        data,
        table("id|owner|Segment|Zip\na|zoe|gold|02139\nb|||"),
        UNITS,
    )
    made = dataset_with(data, found)
    at_units = {k: list(v[8:]) for k, v in made.attributes.items()}
    assert at_units == {"owner": ["zoe", "bob"], "Segment": ["gold", ""], "Zip": ["02139", ""]}


def test_numbers_that_are_none_are_left_out_and_negative_ones_are_told() -> None:
    data = dataset()
    rows = table("code|score\n01|1\n02|2\n03|-3\n04|4\n05|five\n06|6")
    found = preview_supplement(Alignment.empty(data.items), data, rows, CONTAINERS)
    assert [(p.row, p.value) for p in found.problems] == [(4, "-3"), (6, "five")]
    assert np.isnan(dataset_with(data, found).column("score")[4])


def test_what_is_there_already_changes_nothing() -> None:
    data = dataset(attributes={"tier": {"01": "gold"}})
    found = preview_supplement(
        Alignment.empty(data.items), data, table("code|people|tier\n01|10|gold"), CONTAINERS
    )
    assert found.empty
    assert dataset_with(data, found) is data
    assert str(found) == "1 of 1 rows found: nothing changes"


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 1000), min_size=1),
    st.lists(st.integers(0, 8), min_size=6, max_size=6),
)
def test_totals_stay_the_sum_of_their_parts(said: Mapping[str, int], homes: list[int]) -> None:
    codes = [f"{i + 1:02d}" for i in range(8)]
    data = dataset({u: codes[h] if h < 8 else None for u, h in zip("abcdef", homes, strict=True)})
    rows = pd.DataFrame({"id": list(said), "people": [str(v) for v in said.values()]}, dtype=object)
    made = dataset_with(data, preview_supplement(Alignment.empty(data.items), data, rows, UNITS))
    nothing = Alignment.empty(data.items)
    change = sum(v - 1 for v in said.values())
    before, now = (totals(d, nothing).of(AreaId(0), "people") for d in (data, made))
    assert now == before + change


# Areas


def test_areas_get_owners_targets_and_locks_in_one_pass(plan: Plan) -> None:
    preview = previewed(
        plan,
        """
        name  | owner | target people | locked | new name | tier
        West  | ann   | 300           | TRUE   |          | gold
        South | sue   |               | TRUE   | Dixie    |
        North | -     | -             |        |          |
        """,
        AREAS,
    )
    assert [s.kind for s in preview.steps] == ["unlock", "change", "lock"]
    assert (len(preview.areas), len(preview.locked), len(preview.unlocked)) == (2, 1, 0)
    state = after(preview)
    west, south = state.area(AreaId(1)), state.area(AreaId(4))
    assert (west.owner, west.targets, west.locked) == ("ann", {"people": 300.0}, True)
    assert west.attributes == {"tier": "gold"}
    assert (south.name, south.owner, south.locked) == ("Dixie", "sue", True)


def test_a_locked_area_is_changed_only_when_its_row_says_what_becomes_of_the_lock(
    plan: Plan,
) -> None:
    assert previewed(plan, "name|owner\nSouth|sue", AREAS).refused.startswith("South is locked")
    unlocked = previewed(plan, "name|owner|locked\nSouth|sue|FALSE", AREAS)
    assert [s.kind for s in unlocked.steps] == ["unlock", "change"]
    assert not after(unlocked).area(AreaId(4)).locked
    assert unlocked.unlocked == (4,)


def test_rows_of_areas_that_are_not_there_are_named(plan: Plan) -> None:
    preview = previewed(plan, "id|name|color\n1|Best|red\n9|X|\n|Moon|\nEast/South|South|", AREAS)
    assert [(p.row, p.field, p.value) for p in preview.problems] == [
        (2, "color", "red"),
        (3, "id", "9"),
        (4, "name", "Moon"),
    ]
    assert after(preview).area(AreaId(1)).name == "Best"
    with pytest.raises(BadData, match=r"no column of areas\. Call one name, path or id"):
        previewed(plan, "boss|color\nWest|#112233", AREAS)


# The level


def test_the_level_is_found_by_the_ids(plan: Plan) -> None:
    levels = [
        level_of(plan.alignment, plan.dataset, table(t))
        for t in ("code|x\nCA|1\nNV|2", "id|x\nu1|1\nu2|2", "name|owner\nWest|a\nEast/North|b")
    ]
    assert levels == [CONTAINERS, UNITS, AREAS]
    with pytest.raises(BadData, match="joined to units, containers, areas, not to 'planets'"):
        previewed(plan, "code|x\nCA|1", "planets")
    with pytest.raises(BadData, match="no rows"):
        preview_supplement(plan.alignment, plan.dataset, pd.DataFrame({"code": []}))


# Doing it


def test_a_supplement_is_done_and_stays(planner: Planner, plan: Plan) -> None:
    rows = "code|assign to|locked|visits\nOR|West|TRUE|7\nCA||FALSE|9"
    preview = previewed(plan, rows)
    before = plan.seq
    now, made = apply_supplement(planner, plan, preview, by=BEN, source="more.csv", note="q3")
    assert [(r.kind, r.by, r.note) for r in made] == [
        ("release", BEN, "q3"), ("move", BEN, "q3"), ("hold", BEN, "q3"),
    ]  # fmt: skip
    assert now.seq == before + 3
    assert now.alignment == after(preview)
    assert now.totals().of(AreaId(1), "visits") == 16
    fresh = Planner(planner.store).open("P")
    assert fresh.alignment == now.alignment
    assert (fresh.dataset.key, fresh.dataset.source) == (
        now.dataset.key,
        "made for tests; more.csv",
    )


def test_other_alignments_keep_their_version_of_the_dataset(planner: Planner, plan: Plan) -> None:
    other = planner.create("Q", states.NAME, by=ANA, areas=2)
    key = other.dataset.key
    now, made = apply_supplement(planner, plan, previewed(plan, "code|visits\nCA|7"), by=BEN)
    assert made == ()
    assert now.dataset.key != key
    assert Planner(planner.store).open("Q").dataset.key == key
    assert planner.create("R", states.NAME, by=ANA).dataset.key == now.dataset.key


def test_a_preview_that_is_out_of_date_is_not_done(planner: Planner, plan: Plan) -> None:
    preview = previewed(plan, "code|assign to|visits\nOR|West|7")
    plan.ask(Move(at("WA"), AreaId(1)), by=ANA)
    with pytest.raises(Stale, match="P has changed since the preview"):
        apply_supplement(planner, plan, preview, by=BEN)
    assert plan.dataset.key == "accounts00000001"


def test_nothing_is_kept_of_what_is_refused(planner: Planner, plan: Plan) -> None:
    preview = previewed(plan, "code|assign to|visits\nOR|South|7")
    with pytest.raises(Refused, match="South is locked"):
        apply_supplement(planner, plan, preview, by=BEN)
    assert [i.key for i in planner.store.datasets()] == ["accounts00000001"]


@pytest.mark.parametrize("what", ["items", "containers", "units", "areas"])
def test_our_own_export_read_back_changes_nothing(plan: Plan, what: str, tmp_path: Path) -> None:
    plan.ask(Move(at("u1"), AreaId(3)), by=ANA)
    plan.ask(Change(AreaId(1), {"targets": {"people": 5.0}, "attributes": {"=a": "+b"}}), by=ANA)
    rows = read_table(export(plan, tmp_path / "out.csv", what=what))
    level = {"items": CONTAINERS}.get(what, what)
    preview = preview_supplement(plan.alignment, plan.dataset, rows, level)
    assert preview.empty
    assert preview.problems == ()
    assert preview.matched > 0


def test_an_export_is_edited_and_sent_back(plan: Plan, tmp_path: Path) -> None:
    rows = read_table(export(plan, tmp_path / "out.csv", what="containers"))
    rows.loc[rows["code"] == "OR", "area"] = "West"
    rows.loc[rows["code"] == "CA", "held"] = "FALSE"
    state = after(preview_supplement(plan.alignment, plan.dataset, rows))
    assert holder(state, "OR") == "West"
    assert not state.held[at("CA")[0]]


def test_edits_lead_where_the_preview_says(plan: Plan) -> None:
    preview = previewed(plan, "code|assign to\nOR|West\nWA|North")
    state = replay(preview.base, [e for s in edits_of(preview) for e in s.made])
    assert find_area(state, "West") == AreaId(1)
    assert (holder(state, "OR"), holder(state, "WA")) == ("West", "North")
