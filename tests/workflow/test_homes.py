"""Owners' homes: read from codes and coordinates, shown on the map of the plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import squares
from hypothesis import given
from hypothesis import strategies as st
from writing import ANA

from tp_geo.domain.alignment import HOME, Alignment, Area, AreaId
from tp_geo.domain.commands import Change
from tp_geo.errors import Refused
from tp_geo.files.postal import ZIP
from tp_geo.geometry import topology
from tp_geo.geometry.packed import unpack, unpack_head
from tp_geo.geometry.projection import projection_for
from tp_geo.geometry.reference import MAGIC
from tp_geo.geometry.topology import Sheet
from tp_geo.workflow import shapes
from tp_geo.workflow.homes import Home, Homes, home_of, marks, with_home
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.reference import HOMES, add_layer, homes_key, packed_homes

SQUARES = Homes.of(squares.country())
"""Codes 01 to 08, from 100 to 96 degrees west and 39 to 41 north."""


@pytest.mark.parametrize("text", ["03", " 03 ", "3", "3.0", '"03"'])
def test_a_code_is_read_as_the_import_reads_it(text: str) -> None:
    home = SQUARES.find(text)
    assert home.text == "03"
    assert (-98 < home.lon < -97, 40 < home.lat < 41) == (True, True)


@pytest.mark.parametrize("text", ["39.5, -98.25", "39.5;-98.25", "39.50 -98.25", "39.5,−98.25"])
def test_latitude_and_longitude_are_kept_in_one_form(text: str) -> None:
    assert SQUARES.find(text) == Home("39.5, -98.25", -98.25, 39.5)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_is_read_once_is_read_again_the_same(lat: float, lon: float) -> None:
    found = SQUARES.read(f"{lat:.7f}, {lon:.7f}")
    if isinstance(found, Home):
        assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=1e-6)
        assert SQUARES.read(found.text) == found
    else:
        assert "longitude first" in found


@given(st.text(max_size=20))
def test_any_other_text_is_a_home_or_told_why_not(text: str) -> None:
    found = SQUARES.read(text)
    assert found if isinstance(found, str) else SQUARES.read(found.text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nowhere", r"Owner's home 'nowhere' is no place; write a code .* such as 01"),
        ("", "is no place"),
        ("39,5; -98,2", "is no place"),
        ("91, 10", "out of range: latitude goes from -90 to 90"),
        ("39, 181", "out of range"),
        ("-98.25, 39.5", r"write latitude first: 39\.5, -98\.25"),
        ("-120, 39.5", "out of range"),
    ],
)
def test_what_is_no_place_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        SQUARES.find(text)


def test_a_code_of_several_countries_is_asked_for_with_its_country() -> None:
    codes = squares.texts(["MX_03110", "US_03110", "US_94110"])
    homes = Homes(codes, np.array([(-99.2, 19.4), (-71.5, 42.8), (-122.4, 37.7)]),
                  {"MX_": ZIP, "US_": ZIP})  # fmt: skip
    assert homes.read("3110") == "is a code of several countries; write MX_03110 or US_03110"
    assert [homes.find(t).text for t in ("94110-1234", "US_94110", "mx_03110")] == [
        "US_94110",
        "US_94110",
        "MX_03110",
    ]


def test_owners_of_one_place_share_a_mark_and_areas_of_one_owner_too() -> None:
    areas = [
        Area(AreaId(1), "West", owner="Kim", attributes={HOME: "03"}),
        Area(AreaId(2), "East", owner="Kim", attributes={HOME: "03"}),
        Area(AreaId(3), "North", attributes={HOME: "03"}),
        Area(AreaId(4), "South", owner="Lee", attributes={HOME: "39.5, -98.25"}),
        Area(AreaId(5), "Lost", owner="Max", attributes={HOME: "99"}),
        Area(AreaId(6), "Without", owner="Ann"),
    ]
    plan = Alignment.empty(squares.dataset().items)
    found = marks(with_areas(plan, areas), SQUARES)
    assert sorted(m.name for m in found) == ["Kim, North", "Lee"]


def with_areas(alignment: Alignment, areas: list[Area]) -> Alignment:
    return replace(alignment, areas={a.id: a for a in areas})


def homes_on(plan: Plan) -> dict[str, tuple[float, float]]:
    """Where the marks of a plan's map are, in steps of its grid."""
    planner = Planner(plan.store)
    head, arrays = unpack(MAGIC, packed_homes(planner, plan.dataset, plan.alignment))
    xy = zip(np.cumsum(arrays["mark.x"]), np.cumsum(arrays["mark.y"]), strict=True)
    return dict(zip(head["names"], xy, strict=True))


def give(plan: Plan, area: int, home: str) -> None:
    at = plan.alignment.area(AreaId(area))
    plan.ask(Change(AreaId(area), {"attributes": with_home(at, home)}), by=ANA)


def test_homes_stand_on_the_map_where_they_are_also_in_frames(plan: Plan) -> None:
    plan.ask(Change(AreaId(1), {"owner": "Kim"}), by=ANA)
    give(plan, 1, "39.53, -119.81")
    give(plan, 2, "AK")
    planner = Planner(plan.store)
    under = planner.boundaries(plan.dataset)
    sheet = Sheet(*unpack_head(topology.MAGIC, shapes.shapes(planner, plan.dataset))["sheet"])
    home = Homes.of(under).find("AK")
    places = np.array([(-119.81, 39.53), (home.lon, home.lat)])
    wanted = sheet.exact(projection_for(under.country, under.xy).plane(places))
    found = homes_on(plan)
    assert found.keys() == {"Kim", "East"}
    np.testing.assert_allclose([found["Kim"], found["East"]], wanted, atol=1)


def test_the_layer_follows_homes_and_owners_and_undo(plan: Plan) -> None:
    planner = Planner(plan.store)
    keys = [homes_key(planner, plan.dataset, plan.alignment)]
    for step in (
        lambda: give(plan, 1, "CA"),
        lambda: give(plan, 1, "NV"),
        lambda: plan.ask(Change(AreaId(1), {"owner": "Kim"}), by=ANA),
    ):
        step()
        keys.append(homes_key(planner, plan.dataset, plan.alignment))
    assert keys[0] == ""
    assert len(set(keys)) == 4
    for key in reversed(keys[:-1]):
        plan.undo(by=ANA)
        assert homes_key(planner, plan.dataset, plan.alignment) == key
    assert home_of(plan.alignment.area(AreaId(1))) == ""


def test_a_plan_whose_homes_mean_nothing_here_has_an_empty_layer(plan: Plan) -> None:
    give(plan, 1, "94110")
    assert homes_on(plan) == {}


def test_the_history_says_whose_home_changed(plan: Plan) -> None:
    give(plan, 1, "CA")
    assert plan.history()[-1].text == "changed owner's home of West to CA"
    at = plan.alignment.area(AreaId(1))
    plan.ask(Change(AreaId(1), {"owner": "Kim", "attributes": with_home(at, "NV")}), by=ANA)
    assert plan.history()[-1].text == "changed owner, owner's home of West"
    give(plan, 1, "")
    assert plan.history()[-1].text == "took owner's home of West away"


def test_no_layer_of_a_user_takes_the_name(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="a layer of every map"):
        add_layer(Planner(plan.store), tmp_path / "x.csv", by=ANA, name=HOMES)
