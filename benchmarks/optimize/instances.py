"""The instances: graphs of places with measures, built once and kept beside their sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from benchmarks.optimize import geography, sources
from benchmarks.optimize.geography import Floats, Pairs

BUILT = "built"
LONGEST_DEGREES = 10
"""Common borders that are longer than this, as a rule, are in metres."""


@dataclass(frozen=True, eq=False)
class Instance:
    """Places with measures, and which of them touch; lengths in metres, areas in square metres.

    ``perimeter`` is 0 where shapes are unknown.
    """

    name: str
    xy: Floats
    edges: Pairs
    length: Floats
    area: Floats
    perimeter: Floats
    weights: Floats
    measures: tuple[str, ...]
    ids: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.xy)


def available() -> bool:
    """Return whether the public instances can be built here."""
    try:
        return sources.found(sources.ZIPS).is_file() and sources.found(sources.ATLAS).is_file()
    except sources.MissingError:
        return False


def load(name: str) -> Instance:
    """Return an instance by name: zip33k, zip3k, counties, tract_ID, county_NM and the like."""
    if name == "postal":
        return postal()
    path = sources.folder() / BUILT / f"{name}.npz"
    if not path.is_file():
        _save(path, _build(name))
    with np.load(path, allow_pickle=False) as kept:
        arrays = {k: kept[k] for k in kept.files}
    return Instance(name=name, measures=tuple(arrays.pop("measures").tolist()), **arrays)


def _build(name: str) -> Instance:
    whole: dict[str, Callable[[], Instance]] = {
        "zip33k": zip33k, "zip3k": zip3k, "counties": counties,
    }  # fmt: skip
    if name in whole:
        return whole[name]()
    level, _, state = name.partition("_")
    return dual(level, state)


def _save(path: Path, built: Instance) -> None:
    path.parent.mkdir(exist_ok=True)
    arrays = {k: v for k, v in vars(built).items() if k != "name"}
    np.savez_compressed(path, **arrays)


def zip33k() -> Instance:
    """Return all postal codes of the contiguous states that have land, as Voronoi cells."""
    read = sources.postal_codes()
    xy = geography.projected(read.lon, read.lat)
    xy = xy + np.random.default_rng(0).normal(0, 0.1, xy.shape)  # none coincide
    pairs, length, cells = geography.cells(xy, _land())
    edges, length = geography.linked(xy, pairs, length)
    area, perimeter = shapely.area(cells), shapely.length(cells)
    ids, measures = read.zip.to_numpy(dtype="U5"), ("population", "accounts", "revenue", "workload")
    weights = _generated(read, area)
    return Instance("zip33k", xy, edges, length, area, perimeter, weights, measures, ids)


def _land() -> shapely.Geometry:
    atlas = sources.atlas("states")
    arcs = geography.arcs_of(atlas)
    states = atlas["objects"]["states"]["geometries"]
    inside = [g for g in states if g["id"] not in sources.OUTSIDE]
    return shapely.union_all([geography.shape_of(g, arcs) for g in inside]).buffer(2_000)


def _generated(read: pd.DataFrame, area: Floats) -> Floats:
    """Return population, and accounts, revenue and workload that follow it at random."""
    rng, n = np.random.default_rng(7), len(read)
    people = read.population.to_numpy(float)
    households = read.households.fillna(0).to_numpy(float)
    income = read.median_household_income.astype(float)
    income = income.fillna(income.median()).to_numpy(float)
    rate = np.maximum(people, 1) / 900 * rng.lognormal(0, 0.6, n)
    accounts = rng.poisson(rate).astype(float)
    revenue = households * income * rng.lognormal(0, 0.5, n) / 1e6
    workload = 0.7 * accounts + 0.05 * np.sqrt(area / 1e6) * np.sqrt(accounts + 1)
    return np.column_stack([people, accounts, revenue, workload])


def zip3k() -> Instance:
    """Return the postal codes of Texas, Oklahoma and Arkansas, cut out of zip33k."""
    inside = sources.postal_codes().state.isin(["TX", "OK", "AR"]).to_numpy()
    return part(load("zip33k"), np.flatnonzero(inside), "zip3k")


def part(whole: Instance, kept: NDArray[np.intp], name: str) -> Instance:
    """Return some of the places as an instance of its own, in one piece."""
    position = np.full(len(whole), -1)
    position[kept] = np.arange(len(kept))
    sides = position[whole.edges]
    inner = (sides >= 0).all(axis=1)
    xy = whole.xy[kept]
    edges, length = geography.linked(xy, sides[inner].astype(np.int32), whole.length[inner])
    return Instance(
        name, xy, edges, length, whole.area[kept], whole.perimeter[kept], whole.weights[kept],
        whole.measures, whole.ids[kept],
    )  # fmt: skip


def counties() -> Instance:
    """Return the counties of the contiguous states with their borders as they are drawn."""
    atlas = sources.atlas("counties")
    arcs = geography.arcs_of(atlas)
    known = atlas["objects"]["counties"]["geometries"]
    inside = [g for g in known if g["id"][:2] not in sources.OUTSIDE and "arcs" in g]
    shapes = np.array([geography.shape_of(g, arcs) for g in inside])
    middle = shapely.centroid(shapes)
    xy = np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])
    edges, length = geography.linked(xy, *geography.shared_arcs(inside, arcs))
    ids = np.array([g["id"] for g in inside])
    people = _people(ids, xy)[:, None]
    area, perimeter = shapely.area(shapes), shapely.length(shapes)
    return Instance("counties", xy, edges, length, area, perimeter, people, ("population",), ids)


def _people(ids: NDArray[np.str_], xy: Floats) -> Floats:
    """Return the population of counties; where codes have changed, of the nearest places."""
    read = sources.postal_codes()
    people = read.groupby("county_fips").population.sum().reindex(ids).to_numpy(float)
    nearest = cKDTree(xy).query(geography.projected(read.lon, read.lat))[1]
    near = np.bincount(nearest, read.population.to_numpy(float), len(ids))
    return np.where(np.isfinite(people), people, np.maximum(near, 1_000))


def dual(level: str, state: str) -> Instance:
    """Return the tracts or counties of a state; some files give borders in degrees."""
    graph = sources.dual_graph(level, state)
    nodes = graph["nodes"]
    lat, lon = ("INTPTLAT10", "INTPTLON10") if "INTPTLAT10" in nodes[0] else ("C_Y", "C_X")
    xy = geography.projected([float(p[lon]) for p in nodes], [float(p[lat]) for p in nodes])
    position = {p.get("id", i): i for i, p in enumerate(nodes)}
    pairs = [
        (i, position[e["id"]], float(e.get("shared_perim", 0)))
        for i, around in enumerate(graph["adjacency"])
        for e in around
        if i < position[e["id"]]
    ]
    ends = np.array([p[:2] for p in pairs], np.int32)
    length = np.array([p[2] for p in pairs])
    if np.median(length) < LONGEST_DEGREES:
        length *= 111_195 * np.sqrt((1 + np.cos(np.radians(float(nodes[0][lat]))) ** 2) / 2)
    edges, length = geography.linked(xy, ends, length)
    people = np.array([[float(p["TOTPOP"])] for p in nodes])
    area = np.array([float(p.get("ALAND10", p.get("area", 0))) for p in nodes])
    ids = np.array([p["GEOID10"] for p in nodes])
    unknown = np.zeros(len(nodes))
    name = f"{level}_{state}"
    return Instance(name, xy, edges, length, area, unknown, people, ("population",), ids)


def territories(name: str) -> tuple[Instance, int, float]:
    """Return a commercial-territory instance, how many areas, and the tolerance."""
    words = sources.territory_words(name)
    n = int(words[0])
    rows = np.array(words[1 : 1 + 7 * n], float).reshape(n, 7)
    count, rest = int(words[1 + 7 * n]), words[2 + 7 * n :]
    edges = np.sort(np.array(rest[: 2 * count], np.int32).reshape(count, 2), axis=1)
    unknown = np.zeros(n)
    found = Instance(
        name, rows[:, 1:3], edges, np.ones(count), unknown, unknown, rows[:, 3:6],
        ("first", "second", "third"), np.arange(n).astype(str),
    )  # fmt: skip
    return found, int(rest[2 * count]), float(rest[2 * count + 2])


def postal() -> Instance:
    """Return the project's own postal areas of the contiguous states, which need no files."""
    from tp_geo.store import embedded

    boundaries, adjacency = embedded.load_boundaries("postal"), embedded.load_adjacency("postal")
    measured = embedded.load_measures("postal")
    lon, lat = boundaries.xy.T
    inside = np.flatnonzero((lon > -125.5) & (lon < -66) & (lat > 24) & (lat < 49.6))
    xy, area = geography.projected(lon, lat), boundaries.area_km2 * 1e6
    people = measured["population"].to_numpy(float)[:, None]
    whole = Instance(
        "postal", xy, adjacency.pairs, adjacency.length_m, area, np.zeros(len(xy)), people,
        ("population",), boundaries.codes.astype(str),
    )  # fmt: skip
    return part(whole, inside, "postal")
