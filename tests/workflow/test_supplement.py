"""A table joined by id: what it would change, and that it changes that and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import states
from squares import dataset, table
from states import at

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, HoldItems, Move
from tp_geo.domain.edits import replay
from tp_geo.domain.hierarchy import find_area
from tp_geo.domain.rules import admit
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.files.intake import read_table
from tp_geo.store import Store
from tp_geo.workflow.default import NAME as BUILT_IN
from tp_geo.workflow.exporting import export
from tp_geo.workflow.homes import home_of
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.reference import homes_in
from tp_geo.workflow.supplement import (
    AREAS,
    CONTAINERS,
    UNITS,
    Preview,
    apply_supplement,
    edits_of,
    level_of,
    preview_supplement,
    renamed,
)

ANA, BEN = "ana", "ben"


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


def test_one_of_a_kind_is_told_in_the_singular(plan: Plan) -> None:
    areas = previewed(plan, "area|owner|locked\nWest|kim|TRUE")
    assert str(areas) == "1 of 1 row found: 1 area changed, 1 area locked"
    units = previewed(plan, "id|visits|calls\nu1|4|2")
    assert str(units) == "1 of 1 row found: 2 measures"


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


def test_the_built_in_dataset_stays_and_the_new_one_is_called_after_the_table(
    planner: Planner,
) -> None:
    names = []
    for name, source in (("A", "scores 2027.csv"), ("B", "scores 2027.csv"), ("C", "")):
        plan = planner.create(name, BUILT_IN, by=ANA, areas=2)
        preview = previewed(plan, "zip|score\n10001|5")
        now, _ = apply_supplement(planner, plan, preview, by=BEN, source=source)
        names.append(now.dataset.name)
    assert names == [
        "default with scores 2027",
        "default with scores 2027 2",
        "default with additions",
    ]
    assert renamed(plan.dataset, now.dataset) == (
        "The plan is on the new dataset default with additions now; default stays as it is."
    )
    again, _ = apply_supplement(
        planner, now, previewed(now, "zip|visits\n10001|5"), by=BEN, source="visits.csv"
    )
    assert again.dataset.name == now.dataset.name
    assert renamed(now.dataset, again.dataset) == ""
    assert planner.create("D", BUILT_IN, by=ANA).dataset.key == plan.dataset.key


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


def test_owners_homes_come_with_a_table_and_what_is_no_place_is_told_by_row(
    planner: Planner, plan: Plan
) -> None:
    text = """
    name  | home
    West  | ca
    North | 40.70; -74.0
    East  | Narnia
    """
    homes = partial(homes_in, planner, plan.dataset)
    preview = preview_supplement(plan.alignment, plan.dataset, table(text), AREAS, homes=homes)
    state = after(preview)
    assert [home_of(state.areas[AreaId(k)]) for k in (1, 2, 3)] == ["CA", "", "40.7, -74"]
    assert [(p.row, p.field, p.value) for p in preview.problems] == [(4, "home", "Narnia")]
    assert "write a code of the boundaries" in preview.problems[0].remedy
    gone = preview_supplement(state, plan.dataset, table("name | home\nWest | -"), homes=homes)
    assert home_of(after(gone).areas[AreaId(1)]) == ""
