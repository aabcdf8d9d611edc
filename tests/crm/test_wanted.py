"""What a plan asks an org to have: territories, rules, people, under names it takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.crm.criteria import POSTAL
from tp_geo.crm.evaluating import Places, fitting
from tp_geo.crm.naming import area_of, sound
from tp_geo.crm.packing import pack
from tp_geo.crm.reconcile import reconcile
from tp_geo.crm.rows import LINK, MODEL, PARENT, RULE, TERRITORY, TYPE, USER, Key, Row, Rows
from tp_geo.crm.wanted import Access, Member, Publication, Staffed, wanted
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items

FY27 = Publication("ab12cd", "FY27", "FY 27", {"Region": "Region", "District": "District"})


def plan() -> Alignment:
    """
    West                East
      Reno  Elko
    """
    areas = [
        Area(AreaId(1), "West", level="Region"),
        Area(AreaId(2), "East", level="Region"),
        Area(AreaId(3), "Reno", AreaId(1), "District"),
        Area(AreaId(4), "Elko", AreaId(1), "District"),
    ]
    return replace(Alignment.empty(Items.only_containers(0)), areas={a.id: a for a in areas})


ALL = tuple(AreaId(k) for k in (1, 2, 3, 4))


def of(rows: Rows, name: str, field: str) -> list[object]:
    found = (row.fields.get(field) for row in rows.of_object(name))
    return [value.name if isinstance(value, Key) else value for value in found]


def test_areas_become_territories_below_one_another_with_a_type_by_level() -> None:
    rows = wanted(plan(), ALL, FY27, {})
    assert of(rows, TERRITORY, "Name") == ["East", "Elko", "Reno", "West"]
    assert of(rows, TERRITORY, PARENT) == [None, "P_ab12cd_West", "P_ab12cd_West", None]
    assert of(rows, TYPE, "DeveloperName") == ["District", "Region"]
    assert of(rows, MODEL, "Name") == ["FY 27"]
    marks = [area_of(str(text), "ab12cd") for text in of(rows, TERRITORY, "Description")]
    assert marks == ["2", "4", "3", "1"]


def test_a_level_that_is_not_published_is_left_out_and_what_is_below_goes_under_the_parent() -> (
    None
):
    below = replace(FY27, parent=Key(TERRITORY, "Nation"), new_model=False)
    rows = wanted(plan(), ALL[2:], below, {})
    assert of(rows, TERRITORY, PARENT) == ["Nation", "Nation"]
    assert not rows.of_object(MODEL)


def test_users_forecasts_and_access_go_with_their_territory() -> None:
    has = {AreaId(3): Staffed((Member("005A", "Owner"), Member("005B")), forecasts="005A")}
    rows = wanted(plan(), ALL, replace(FY27, access=Access("Edit", None, "Read")), has)
    assert of(rows, USER, "RoleInTerritory2") == ["Owner", None]
    reno = rows[Key(TERRITORY, "P_ab12cd_Reno")].fields
    assert (reno["AccountAccessLevel"], reno["CaseAccessLevel"]) == ("Edit", "Read")
    assert "OpportunityAccessLevel" not in reno, "the org's sharing decides"
    assert reno["ForecastUserId"] == "005A"


def test_codes_that_one_rule_cannot_hold_go_into_territories_below() -> None:
    codes = [f"{i:05}" for i in range(10_000, 20_000)]
    packed = pack(codes, np.arange(10_000, dtype=np.int32) % 2)[0]
    rows = wanted(plan(), ALL, FY27, {AreaId(2): Staffed(criteria=packed.criteria)})
    parts = [name for name in of(rows, TERRITORY, "Name") if "part" in str(name)]
    assert parts == ["East, part 2", "East, part 3", "East, part 4"]
    assert len(rows.of_object(RULE)) == len(packed.criteria) == 4
    assert len({*of(rows, LINK, "Territory2Id")}) == 4, "one rule a territory: several are ANDed"
    held = np.any([fitting(c, Places({POSTAL: codes})) for c in packed.criteria], axis=0)
    assert (held == (np.arange(10_000) % 2 == 0)).all()


def test_rules_are_known_as_ours_by_their_name() -> None:
    packed = pack(["94105"], np.zeros(1, np.int32))[0]
    rows = wanted(plan(), ALL, FY27, {AreaId(2): Staffed(criteria=packed.criteria)})
    assert of(rows, RULE, "DeveloperName") == ["TPG_ab12cd_A2"]


@given(st.lists(st.text(max_size=120), min_size=1, max_size=12), st.sets(st.integers(0, 11)))
def test_whatever_areas_are_called_an_org_takes_their_names(
    names: list[str], taken: set[int]
) -> None:
    areas = {AreaId(i + 1): Area(AreaId(i + 1), n, level="Region") for i, n in enumerate(names)}
    alignment = replace(plan(), areas=areas)
    first = wanted(alignment, tuple(areas), FY27, {})
    others = {key.name for i, key in enumerate(sorted(first.by_key)) if i in taken}
    rows = wanted(alignment, tuple(areas), FY27, {}, taken=others)
    keys = [row.key.name for row in rows.of_object(TERRITORY)]
    assert len(keys) == len(names)
    assert all(sound(name) and name not in others for name in keys)
    assert all(len(str(name)) <= 80 for name in of(rows, TERRITORY, "Name"))


def test_publishing_the_same_plan_again_changes_nothing() -> None:
    packed = pack(["94105", "94301"], np.array([0, 1], np.int32))
    has = {AreaId(3): Staffed((Member("005A"),), "005A", packed[0].criteria)}
    first, again = (wanted(plan(), ALL, FY27, has) for _ in range(2))
    assert reconcile(again, first, ours=lambda _: True).empty


@pytest.mark.parametrize("empty", [None, ""])
def test_no_text_and_none_at_all_are_the_same_to_an_org(empty: str | None) -> None:
    one, other = (
        Rows.of([Row(Key(MODEL, "FY27"), {"Description": text})]) for text in (empty, None)
    )
    assert reconcile(one, other, ours=lambda _: True).empty


def test_areas_keep_the_developer_names_that_the_org_has_for_them() -> None:
    rows = wanted(plan(), ALL, FY27, {}, called={"3": "Silver"}, taken={"Silver", "P_ab12cd_West"})
    assert [row.key.name for row in rows.of_object(TERRITORY)] == [
        "P_ab12cd_East", "P_ab12cd_Elko", "P_ab12cd_West_2", "Silver"
    ]  # fmt: skip
