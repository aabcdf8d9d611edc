"""Boundaries taken in: official ones from the Census, and people's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, Unpack

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.errors import BadData, Unavailable
from tp_geo.files.countries import known_country
from tp_geo.files.intake import FACTS, read_boundaries
from tp_geo.geometry.boundaries import (
    IN_COUNTRY,
    About,
    Boundaries,
    Shares,
    Texts,
    rounded,
)
from tp_geo.geometry.locate import containers_of
from tp_geo.geometry.mending import Mending, mended
from tp_geo.geometry.outline import simplified
from tp_geo.geometry.overlay import by_parent, largest, shares_of
from tp_geo.store.embedded import load_boundaries
from tp_geo.workflow.download import Progress, download

CENSUS_ADDRESS = "TP_GEO_CENSUS_URL"
CENSUS = "https://www2.census.gov/geo/tiger"
TOLERANCE_DEGREES = 0.0015
MANY_CORNERS = 4_000_000
COUNTRY_OF_COUNTIES = "US"
MOSTLY = 0.5
NEARLY_ALL = 0.95
"""A set with this share of its points in the counties is of their country; coasts differ."""

Told: TypeAlias = Callable[[str, float], None]
"""Called with what is being done and the share that is done."""


@dataclass(frozen=True, slots=True)
class Official:
    """A boundary file the Census publishes: where under its address, and what it holds."""

    path: str
    code: str
    about: About

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.path.rsplit("/", 1)[-1]


OFFICIAL: Mapping[str, Official] = {
    "zcta2020": Official(
        path="GENZ2020/shp/cb_2020_us_zcta520_500k.zip",
        code="ZCTA5CE20",
        about=About(
            kind="postal",
            title="Postal areas (ZCTA 2020)",
            vintage="2020",
            source="U.S. Census Bureau, cartographic boundary file 2020, 1:500,000",
            licence="Public domain (U.S. Government work)",
            country="US",
            approximate=False,
        ),
    )
}


def get_official(
    kind: str = "zcta2020",
    *,
    url: str | None = None,
    cache_dir: Path,
    progress: Progress = lambda _have, _total: None,
    sha256: str | None = None,
) -> Path:
    """Return the official boundary file of a kind, fetched unless it is in the cache.

    ``url`` stands in for the Census's own address, as ``TP_GEO_CENSUS_URL``
    in the environment does.
    """
    official = _official(kind)
    base = url or os.environ.get(CENSUS_ADDRESS) or CENSUS
    address = f"{base.rstrip('/')}/{official.path}"
    try:
        return download(address, cache_dir / official.file, progress=progress, sha256=sha256)
    except Unavailable as error:
        raise Unavailable(f"{error} {_by_hand(official)}") from error


def official_boundaries(
    file: Path, kind: str = "zcta2020", *, told: Told = lambda _what, _share: None
) -> tuple[Boundaries, tuple[Mending, ...]]:
    """Return the postal areas of an official file, in their counties, and what was mended."""
    official = _official(kind)
    return own_boundaries(file, code=official.code, name=official.code, told=told, **official.about)


def own_boundaries(
    file: Path,
    *,
    code: str | None = None,
    name: str | None = None,
    told: Told = lambda _what, _share: None,
    **about: Unpack[About],
) -> tuple[Boundaries, tuple[Mending, ...]]:
    """Return the polygons of a file as boundaries that can be planned on, and what was mended.

    Parameters
    ----------
    code, name
        Columns of the file, guessed when not given.
    told
        Told what is being done.
    about
        What the boundaries are; at least ``kind``. Of a kind that is built
        in, in the USA, counties and states are found and names kept. The
        country may be written as people do.
    """
    about = _clear(about)
    told("Reading the file", 0.0)
    table = read_boundaries(file, code=code, name=name)
    told("Mending the shapes", 0.2)
    shapes, codes = table.geometry.to_numpy(), table["code"].to_numpy(object)
    made, mendings = mended(shapes, codes, table["name"].to_numpy(object), **about)
    told("Drawing them with fewer corners", 0.5)
    made, lightened = _light(made)
    told("Finding their counties", 0.7)
    placed = in_counties(made, about.get("country", ""))
    told("Done", 1.0)
    return placed, (*_mended_in_reading(table), *mendings, *lightened)


def _clear(about: About) -> About:
    """Return what is said of boundaries with kind and country as they are known, or refuse it."""
    kind, country = about["kind"].strip(), about.get("country", "").strip()
    if not kind:
        raise BadData("The boundaries are of no kind. Say what they are, such as postal or beat.")
    if country and not known_country(country):
        raise BadData(f"{country!r} is no country. Write its two letters, as in US.")
    return {**about, "kind": kind, "country": known_country(country)}


def _mended_in_reading(table: gpd.GeoDataFrame) -> tuple[Mending, ...]:
    """Return what was mended before the shapes came here, if anything."""
    rows = table.attrs[FACTS]["mended"]
    if not rows:
        return ()
    return (Mending("Crossed themselves, made valid", len(rows), table["code"].iloc[rows[0] - 1]),)


def in_counties(boundaries: Boundaries, country: str) -> Boundaries:
    """Return boundaries that know their county, state, division and region, where they have one.

    A code that the built-in layer of the kind has keeps its main county and
    its name there, as far as its shape still reaches that county.
    """
    if country not in ("", COUNTRY_OF_COUNTIES):
        return boundaries
    counties = load_boundaries("county")
    here = np.full(len(boundaries), country == COUNTRY_OF_COUNTIES)
    here |= containers_of(boundaries.xy[:, 0], boundaries.xy[:, 1], counties) >= 0
    if not here.any():
        return boundaries
    shares = _only(shares_of(boundaries.polygons, counties.polygons, counties.codes), here)
    within, names = _within(shares, counties, boundaries), boundaries.names
    if boundaries.kind == "postal":
        within, names = _as_built_in(boundaries, shares, within, counties)
    return replace(
        boundaries,
        names=names,
        within=within,
        shares=shares if boundaries.kind == "postal" else None,
        country=COUNTRY_OF_COUNTIES if here.mean() >= NEARLY_ALL else boundaries.country,
    )


def _official(kind: str) -> Official:
    if kind not in OFFICIAL:
        raise BadData(
            f"There are no official boundaries {kind!r}; there are: {', '.join(OFFICIAL)}."
        )
    return OFFICIAL[kind]


def _by_hand(official: Official) -> str:
    return (
        f"Fetch {CENSUS}/{official.path} on a machine that can, and bring it in with: "
        f"tp-geo boundaries add {official.file} --kind {official.about['kind']} "
        f"--code {official.code} --name {official.code}"
    )


def _light(boundaries: Boundaries) -> tuple[Boundaries, tuple[Mending, ...]]:
    """Return boundaries with as many corners as a map can use."""
    corners = shapely.get_num_coordinates(boundaries.polygons)
    if corners.sum() <= MANY_CORNERS:
        return boundaries, ()
    shapes = rounded(simplified(boundaries.polygons, TOLERANCE_DEGREES))
    lighter, again = mended(shapes, boundaries.codes, boundaries.names, **boundaries.about)
    fewer = corners.sum() - shapely.get_num_coordinates(lighter.polygons).sum()
    told = Mending("Corners left out to within 170 m", int(fewer), str(boundaries.codes[0]))
    return lighter, (told, *again)


def _only(shares: Shares, here: NDArray[np.bool_]) -> Shares:
    keep = here[shares.container]
    return Shares(shares.container[keep], shares.county[keep], shares.share[keep])


def _within(shares: Shares, counties: Boundaries, boundaries: Boundaries) -> dict[str, Texts]:
    """Return the county, state, division and region that hold half of each container or more.

    Of postal areas, those of the county with the largest share.
    """
    n, own = len(boundaries), boundaries.kind
    if own == "postal":
        return _parents(largest(shares, n), counties)
    above = IN_COUNTRY[IN_COUNTRY.index(own) + 1 :] if own in IN_COUNTRY else IN_COUNTRY
    of_entry = _parents(shares.county, counties)
    return {level: largest(by_parent(shares, of_entry[level]), n, least=MOSTLY) for level in above}


def _as_built_in(
    boundaries: Boundaries, shares: Shares, within: dict[str, Texts], counties: Boundaries
) -> tuple[dict[str, Texts], Texts]:
    """Return parents and names as the built-in postal areas of the same codes have them."""
    known = load_boundaries("postal")
    at = np.searchsorted(known.codes.astype(str), boundaries.codes.astype(str))
    at = np.minimum(at, len(known) - 1)
    same = known.codes[at] == boundaries.codes
    reached = set(zip(shares.container.tolist(), shares.county, strict=True))
    county = known.within["county"][at]
    kept = same & np.array([(i, c) in reached for i, c in enumerate(county)])
    nameless = boundaries.names == boundaries.codes
    names = np.where(same & nameless, known.names[at], boundaries.names)
    return _parents(np.where(kept, county, within["county"]), counties), names


def _parents(county: Texts, counties: Boundaries) -> dict[str, Texts]:
    """Return county, state, division and region for county codes."""
    position = {code: i for i, code in enumerate(counties.codes)}
    at = np.array([position.get(code, -1) for code in county], dtype=np.intp)
    found = {"county": county}
    for level in IN_COUNTRY[1:]:
        found[level] = np.where(at >= 0, counties.within[level][at], "")
    return found
