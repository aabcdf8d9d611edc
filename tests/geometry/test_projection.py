import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.earth import EQUAL_AREA_RADIUS_M
from tp_geo.geometry.projection import (
    FAR_ISLANDS,
    NORTH_AMERICA,
    US_PIECES,
    AlbersUsa,
    Mercator,
    projection_for,
)

PLACES = {
    "denver": (-104.99, 39.74),
    "miami": (-80.19, 25.76),
    "anchorage": (-149.9, 61.2),
    "attu, beyond the antimeridian": (172.9, 52.9),
    "honolulu": (-157.86, 21.31),
    "san juan": (-66.1, 18.45),
}


def flat(lon: float, lat: float) -> tuple[float, float]:
    x, y = AlbersUsa().plane(np.array([[lon, lat]]))[0]
    return float(x), float(y)


def test_the_middle_of_a_piece_lies_where_it_is_put():
    for piece in US_PIECES:
        assert flat(*piece.middle) == pytest.approx(piece.at, abs=1e-6)


def test_the_conterminous_piece_keeps_areas():
    """A degree by degree cell in Kansas and one in Maine, against their true size on the sphere."""
    for west, south in ((-98.0, 38.0), (-69.0, 45.0)):
        edge = np.linspace(0, 1, 50)
        ring = np.concatenate(
            [
                np.column_stack([west + edge, np.full(50, south)]),
                np.column_stack([np.full(50, west + 1), south + edge]),
                np.column_stack([west + 1 - edge, np.full(50, south + 1)]),
                np.column_stack([np.full(50, west), south + 1 - edge]),
            ]
        )
        x, y = AlbersUsa().plane(ring).T
        size = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
        band = math.sin(math.radians(south + 1)) - math.sin(math.radians(south))
        assert size == pytest.approx(EQUAL_AREA_RADIUS_M**2 * math.radians(1) * band, rel=1e-3)


def test_alaska_hawaii_and_puerto_rico_lie_below_the_main_land():
    bottom = min(flat(*PLACES["miami"])[1], flat(-97.4, 25.9)[1])
    alaska, hawaii, island = (flat(*PLACES[p]) for p in ("anchorage", "honolulu", "san juan"))
    assert alaska[1] < flat(-117.0, 32.5)[1]
    assert hawaii[1] < 0.95 * bottom
    assert alaska[0] < hawaii[0] < island[0]


def test_alaska_is_in_one_piece_across_the_antimeridian():
    attu, adak = flat(*PLACES["attu, beyond the antimeridian"]), flat(-176.6, 51.9)
    assert 0 < adak[0] - attu[0] < 4e5


def test_what_lies_in_no_piece_is_not_shown():
    assert np.isnan(AlbersUsa().plane(np.array([[2.35, 48.85], [-176.0, 25.0]]))).all()


@given(st.floats(-179.99, 179.99), st.floats(-84, 84))
def test_mercator_is_the_textbook_formula(lon, lat):
    x, y = Mercator().plane(np.array([[lon, lat]]))[0]
    assert x == pytest.approx(math.radians(lon + 180) * EQUAL_AREA_RADIUS_M, abs=1e-3)
    want = math.asinh(math.tan(math.radians(lat))) * EQUAL_AREA_RADIUS_M
    assert y == pytest.approx(want, abs=1e-2)


def test_a_country_across_the_antimeridian_is_cut_where_it_has_a_gap():
    islands = np.array([[177.0, -18.0], [179.5, -17.0], [-179.5, -16.0], [-178.0, -19.0]])
    x = Mercator.around(islands).plane(islands)[:, 0]
    assert (np.diff(x) > 0).all()
    assert np.ptp(x) < math.radians(6) * EQUAL_AREA_RADIUS_M


def test_only_the_united_states_get_the_composite():
    points = np.array([[13.4, 52.5]])
    assert isinstance(projection_for("US", points), AlbersUsa)
    assert projection_for("DE", points) == Mercator()


def test_north_america_is_one_map_with_everything_in_its_place():
    """Toronto and Anchorage lie north of Denver, Mexico City south, Honolulu to the west."""
    cities = np.array(
        [(-104.99, 39.74), (-79.38, 43.65), (-149.9, 61.2), (-99.13, 19.43), (-157.86, 21.31)]
    )
    projection = projection_for("CA, MX, US", cities)
    assert projection == AlbersUsa(NORTH_AMERICA, FAR_ISLANDS)
    denver, toronto, anchorage, mexico, honolulu = projection.plane(cities)
    assert toronto[1] > denver[1]
    assert anchorage[1] > denver[1]
    assert mexico[1] < denver[1]
    assert honolulu[0] < mexico[0]
    assert anchorage[0] < denver[0] < toronto[0]


def test_far_islands_lie_below_the_continent_and_apart():
    guam, samoa = AlbersUsa(NORTH_AMERICA).plane(np.array([(144.8, 13.4), (-170.7, -14.3)]))
    hawaii = AlbersUsa(NORTH_AMERICA).plane(np.array([(-157.86, 21.31)]))[0]
    assert guam[1] < hawaii[1]
    assert samoa[1] < hawaii[1]
    assert samoa[0] - guam[0] > 5e5
    assert abs(samoa[0] - hawaii[0]) < 1e6


def test_several_countries_elsewhere_get_a_cone_of_their_own():
    europe = np.array([(13.4, 52.5), (16.4, 48.2), (8.5, 47.4)])
    projection = projection_for("AT, CH, DE", europe)
    assert isinstance(projection, AlbersUsa)
    flat_map = projection.plane(europe)
    assert flat_map[2, 0] < flat_map[0, 0] < flat_map[1, 0]
    assert flat_map[0, 1] > flat_map[1, 1] > flat_map[2, 1]


def test_countries_on_both_sides_of_the_antimeridian_lie_side_by_side():
    east = projection_for("FJ, NZ", np.array([(174.8, -41.3), (-178.0, -40.0)]))
    new_zealand, islands = east.plane(np.array([(174.8, -41.3), (-178.0, -40.0)]))
    assert 0 < islands[0] - new_zealand[0] < 1e6


@pytest.mark.parametrize(
    ("countries", "points"),
    [("FR, JP", [(139.7, 35.7), (2.4, 48.9)]), ("BR, CO", [(-60.0, -20.0), (-74.0, 10.0)])],
)
def test_what_no_cone_shows_well_is_drawn_as_by_mercator(countries, points):
    lonlat = np.array(points)
    assert projection_for(countries, lonlat) == Mercator.around(lonlat)


def test_islands_far_north_west_of_hawaii_do_not_stretch_its_inset():
    """Necker, Kure and Midway lie on the way to Alaska, Niihau in the inset."""
    america = AlbersUsa(NORTH_AMERICA, FAR_ISLANDS)
    far = np.array([(-164.70, 23.57), (-178.3, 28.4), (-177.37, 28.21)])
    assert america.piece_of(far).tolist() == [-1, -1, -1]
    assert np.isnan(america.plane(far)).all()
    assert america.piece_of(np.array([(-160.15, 21.9), (-176.64, 51.87)])).tolist() == [1, 0]
