"""From sources to pieces: the part of each postal code in each county, as one clean coverage."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from recipe.cells import Floats, Ints, power_cells, weights_that_own
from recipe.packages import Sources
from tp_geo.geometry.boundaries import rounded

ALASKA, HAWAII, ELSEWHERE = 3338, 26904, 5070
ZONES = (ELSEWHERE, ALASKA, HAWAII)
"""Plane coordinate systems; nothing of one zone touches another."""

TERRITORIES = ("PR", "GU", "VI", "AS", "MP", "MH", "PW", "FM")
KM2_PER_SQUARE_MILE = 2.589988
COUNTY_TOLERANCE_KM = 0.1
GRID_KM = 0.001
SLIVER_KM2 = 0.05


@dataclass(frozen=True, slots=True)
class Pieces:
    """Polygons in EPSG:4326, one for each postal code (``zip``) and county (``fips``)."""

    table: pd.DataFrame

    def dissolved(self, column: str) -> pd.Series:
        """Return one polygon for each value of a column, borders and corners kept."""
        groups = self.table.groupby(column, sort=True)["geometry"]
        return groups.agg(lambda shapes: shapely.coverage_union_all(shapes.to_numpy()))


def postal_sites(places: pd.DataFrame) -> pd.DataFrame:
    """Return the postal codes that are areas (ZCTAs) of the states and DC."""
    areas = places["land_area_sq_mi"].notna() & ~places["state"].isin(TERRITORIES)
    return places[areas].sort_values("zip").reset_index(drop=True)


def build_pieces(sources: Sources) -> Pieces:
    """Return the postal areas, cut at county lines, as a noded coverage."""
    sites = postal_sites(sources.places)
    counties = sources.counties
    zone_of_county = _zone(counties["STATEFP"], "02", "15")
    flat = _flat_counties(counties, zone_of_county)
    xy = _flat_points(sites, _zone(sites["state"], "AK", "HI"))
    county_at = _county_at(sites, counties)
    members = _members(sites, counties, sources.relation, county_at)
    home = np.array([c if k in set(members[c]) else -1 for k, c in enumerate(county_at)])
    land = sites["land_area_sq_mi"].to_numpy(np.float64) * KM2_PER_SQUARE_MILE
    weight = weights_that_own(xy, land, members, home)
    rows = [
        (k, c, cell)
        for c in range(len(counties))
        for k, cell in _cells(c, members, xy, weight, flat)
    ]
    raw = pd.DataFrame(rows, columns=["site", "county", "geometry"])
    zone = zone_of_county[raw["county"].to_numpy()]
    table = pd.concat([_noded(raw[zone == z], z) for z in ZONES], ignore_index=True)
    table["zip"] = sites["zip"].to_numpy(object)[table.pop("site")]
    table["fips"] = counties["GEOID"].to_numpy(object)[table.pop("county")]
    return Pieces(table.sort_values(["zip", "fips"], ignore_index=True))


def _zone(states: pd.Series, alaska: str, hawaii: str) -> Ints:
    zone = states.map({alaska: ALASKA, hawaii: HAWAII}).fillna(ELSEWHERE)
    return zone.to_numpy(np.intp)


def _flat_counties(counties: gpd.GeoDataFrame, zone: Ints) -> NDArray[np.object_]:
    flat = np.empty(len(counties), dtype=object)
    for z in ZONES:
        shapes = counties.geometry[zone == z].to_crs(z).to_numpy()
        shapes = shapely.transform(np.asarray(shapes, dtype=object), lambda c: c / 1000)
        flat[zone == z] = shapely.coverage_simplify(shapes, COUNTY_TOLERANCE_KM)
    return flat


def _flat_points(sites: pd.DataFrame, zone: Ints) -> Floats:
    points = gpd.GeoSeries.from_xy(sites["lon"], sites["lat"], crs=4326)
    xy = np.zeros((len(sites), 2))
    for z in ZONES:
        xy[zone == z] = shapely.get_coordinates(points[zone == z].to_crs(z).to_numpy()) / 1000
    return xy


def _county_at(sites: pd.DataFrame, counties: gpd.GeoDataFrame) -> Ints:
    """Return the position of the county each point lies in, or is nearest to."""
    tree = shapely.STRtree(counties.geometry.to_numpy())
    return tree.nearest(shapely.points(sites["lon"], sites["lat"]))


def _members(
    sites: pd.DataFrame, counties: gpd.GeoDataFrame, relation: pd.DataFrame, county_at: Ints
) -> list[Ints]:
    """Return the postal codes of each county, from the relation or else by their point."""
    site = pd.Series(np.arange(len(sites)), index=sites["zip"])
    county = pd.Series(np.arange(len(counties)), index=counties["GEOID"])
    known = relation[relation["zip"].isin(site.index) & relation["fips"].isin(county.index)]
    unknown = np.flatnonzero(~sites["zip"].isin(known["zip"]))
    pairs = pd.DataFrame(
        {
            "site": np.concatenate([site[known["zip"]], unknown]),
            "county": np.concatenate([county[known["fips"]], county_at[unknown]]),
        }
    )
    of = pairs.groupby("county")["site"].agg(lambda s: np.unique(s.to_numpy(np.intp)))
    return [of.get(c, np.zeros(0, np.intp)) for c in range(len(counties))]


def _cells(
    county: int, members: list[Ints], xy: Floats, weight: Floats, flat: NDArray[np.object_]
) -> list[tuple[int, shapely.Geometry]]:
    here = members[county]
    if not len(here):
        raise SystemExit(f"County number {county} has no postal code; the sources have changed.")
    found, cells = power_cells(xy[here], weight[here], flat[county])
    return list(zip(here[found].tolist(), cells, strict=True))


def _noded(raw: pd.DataFrame, zone: int) -> pd.DataFrame:
    """Return pieces redrawn from one set of lines, so that neighbors share each corner."""
    shapes = raw["geometry"].to_numpy(object)
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=GRID_KM)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside = shapely.point_on_surface(faces)
    tree = shapely.STRtree(shapes)
    piece = np.full(len(faces), -1)
    face, of = tree.query(inside, predicate="within")
    piece[face] = of
    sliver = (piece < 0) & (shapely.area(faces) < SLIVER_KM2)
    piece[sliver] = tree.nearest(inside[sliver])
    kept = piece >= 0
    faces, piece = faces[kept], piece[kept]
    metres = shapely.transform(faces, lambda corners: corners * 1000)
    degrees = rounded(gpd.GeoSeries(metres, crs=zone).to_crs(4326).to_numpy())
    table = pd.DataFrame({"piece": piece, "geometry": degrees})
    merged = table.groupby("piece")["geometry"].agg(_merged)
    return raw[["site", "county"]].iloc[merged.index].assign(geometry=merged.to_numpy())


def _merged(faces: pd.Series) -> shapely.Geometry:
    return faces.iloc[0] if len(faces) == 1 else shapely.coverage_union_all(faces.to_numpy())
