"""Boundary sets of several countries chosen, combined and combined anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.errors import BadData, Refused
from tp_geo.geometry.boundaries import Boundaries, build_boundaries
from tp_geo.store import BoundaryInfo, Store, geoparquet
from tp_geo.workflow.boundary_list import boundary_sets
from tp_geo.workflow.countries import combination, combine, sets_of
from tp_geo.workflow.importing import Order, import_dataset
from tp_geo.workflow.layers import carry_over, take_in
from tp_geo.workflow.places import find_places
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.shapes import pack_shapes

NAME = "North America"
PARTS = {"US": "state", "Canada": "fsa"}


def squares(
    country: str, kind: str, codes: str, *, south: float = 50.0, title: str = ""
) -> Boundaries:
    names = np.array(codes.split(), dtype=object)
    shapes = [shapely.box(-100 + i, south, -99 + i, south + 1) for i in range(len(names))]
    return build_boundaries(
        names, names, np.array(shapes, dtype=object), kind=kind, title=title, country=country
    )


def put(planner: Planner, layer: Boundaries) -> None:
    info = BoundaryInfo(
        layer.kind, layer.key, layer.title, "", "", "", layer.country, False, len(layer), ""
    )
    planner.store.put_boundaries(info, geoparquet.to_geoparquet(layer))


@pytest.fixture
def planner(store: Store) -> Planner:
    made = Planner(store)
    put(made, squares("CA", "fsa", "K1A M5V"))
    return made


def test_sets_are_found_by_kind_title_or_key_and_combined(planner: Planner) -> None:
    fsa = squares("CA", "fsa", "K1A M5V")
    put(planner, squares("CA", "province", "ON", south=60, title="Provinces"))
    for what in ("fsa", "FSA", fsa.key):
        made, _ = combine(planner, NAME, {"US": "state", "CA": what})
        assert [p.country for p in made.parts] == ["CA", "US"]
        assert len(made) == 53
    made, _ = combine(planner, NAME, {"USA": "state", "Canada": "provinces"})
    assert "CA_ON" in made.codes


def test_a_combination_survives_the_store_and_is_drawn(planner: Planner) -> None:
    made, _ = combine(planner, NAME, PARTS)
    again = geoparquet.from_geoparquet(geoparquet.to_geoparquet(made))
    assert again.parts == made.parts
    assert again.key == made.key
    assert again.within["country"].tolist() == made.within["country"].tolist()
    assert again.within["state"][-1] == made.within["state"][-1] != ""
    assert pack_shapes(again) == pack_shapes(made)


def test_the_newest_set_of_a_kind_is_taken_and_that_of_another_country_never(
    planner: Planner,
) -> None:
    put(planner, squares("DE", "fsa", "10115", south=55))
    put(planner, squares("CA", "fsa", "V5K", south=55))
    made, _ = combine(planner, NAME, PARTS)
    assert [c for c in made.codes if c.startswith("CA")] == ["CA_V5K"]
    with pytest.raises(BadData, match=r"no boundary set 'fsa' of Mexico. Its kinds: muni"):
        combine(planner, NAME, {**PARTS, "MX": "fsa"})


def test_whole_countries_are_taken_from_a_set_of_countries(planner: Planner) -> None:
    put(planner, squares("", "countries", "CAN DEU MEX USA", south=20))
    made, _ = combine(planner, NAME, {**PARTS, "MX": "countries"})
    assert [c for c in made.codes if c.startswith("MX")] == ["MX_MEX"]
    with pytest.raises(BadData, match="does not have France"):
        combine(planner, NAME, {**PARTS, "FR": "countries"})


def test_a_set_without_a_country_is_of_the_one_it_is_chosen_for(planner: Planner) -> None:
    put(planner, squares("", "beat", "North South", south=20))
    made, _ = combine(planner, NAME, {**PARTS, "MX": "beat"})
    assert "MX_North" in made.codes


@pytest.mark.parametrize(
    ("name", "chosen", "error", "words"),
    [
        ("", PARTS, Refused, "1 to 120 characters"),
        ("postal", PARTS, Refused, "kind of its own"),
        ("Country", PARTS, Refused, "kind of its own"),
        ("fsa", PARTS, Refused, "kind of boundaries already"),
        (NAME, {"US": "state"}, Refused, "two countries or more"),
        (NAME, {**PARTS, "Narnia": "fsa"}, BadData, "'Narnia' is no country"),
        (NAME, {**PARTS, "CA": "beat"}, BadData, "Its kinds: fsa"),
    ],
)
def test_what_cannot_be_combined_is_refused(
    planner: Planner, name: str, chosen: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        combine(planner, name, chosen)


def test_one_part_is_replaced_and_the_plans_go_along(planner: Planner, tmp_path: Path) -> None:
    """A new vintage of Canada has V5K and no M5V: the plan keeps K1A and the states."""
    take_in(planner, combine(planner, NAME, PARTS)[0])
    rows = pd.DataFrame({"Id": ["1", "2"], "Zip": ["M5V 1A1", "K1A"], "Country": ["CA", "Canada"]})
    rows.to_csv(tmp_path / "rows.csv", index=False)
    import_dataset(
        planner.store, tmp_path / "rows.csv", Order("mixed", "jo", "2026-01-01"), boundaries=NAME
    )
    plan = planner.create("Plan", "mixed", by="jo", areas=("North", "South"))
    north = [plan.dataset.containers[c] for c in ("CA_K1A", "CA_M5V", "US_ND")]
    plan.ask(Move(np.array(north), AreaId(1)), by="jo")
    put(planner, squares("CA", "fsa", "K1A V5K"))
    made, _ = combine(planner, NAME, {"CA": "fsa"})
    assert [p.country for p in made.parts] == ["CA", "US"]
    take_in(planner, made)
    (report,) = carry_over(planner, made)
    assert (report.kept, report.new, report.gone, report.unassigned) == (52, 1, 1, ("CA_M5V",))
    after = planner.open("Plan")
    held = {c: int(after.alignment.area_of[i]) for c, i in after.dataset.containers.items()}
    assert (held["CA_K1A"], held["CA_V5K"], held["US_ND"]) == (1, 0, 1)


def test_a_country_can_be_taken_out_again(planner: Planner) -> None:
    take_in(planner, combine(planner, NAME, {**PARTS, "MX": "country"})[0])
    assert list(sets_of(planner, NAME)) == ["CA", "MX", "US"]
    assert sets_of(planner, NAME)["US"] == planner.layer("state").key
    made, _ = combine(planner, NAME, {}, without=["Canada"])
    assert [p.country for p in made.parts] == ["MX", "US"]
    assert sets_of(planner, "elsewhere") == sets_of(planner, "state") == {}
    with pytest.raises(Refused, match="two countries or more"):
        combine(planner, NAME, {}, without=["CA", "MX"])
    with pytest.raises(BadData, match="France is not in"):
        combine(planner, NAME, {}, without=["FR"])
    with pytest.raises(BadData, match="Canada is both put in and left out"):
        combine(planner, NAME, {"CA": "fsa"}, without=["CA"])


def test_areas_can_be_made_of_countries(planner: Planner, tmp_path: Path) -> None:
    take_in(planner, combine(planner, NAME, PARTS)[0])
    pd.DataFrame({"Id": ["1"], "Zip": ["CA_K1A"]}).to_csv(tmp_path / "a.csv", index=False)
    import_dataset(
        planner.store, tmp_path / "a.csv", Order("mixed", "jo", "2026-01-01"), boundaries=NAME
    )
    places = find_places(planner, planner.dataset("mixed"), ["country"])
    assert places.labels["country"] == {"CA": "Canada", "US": "United States"}
    assert set(places.within["country"]) == {"CA", "US"}


def test_combinations_are_told_apart_in_the_list(planner: Planner) -> None:
    take_in(planner, combine(planner, NAME, PARTS)[0])
    sets = boundary_sets(planner)
    assert [s.kind for s in sets if combination(s)] == [NAME]
    assert not combination(replace(sets[0], country=""))
