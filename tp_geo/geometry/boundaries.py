"""Boundaries: the containers of a kind, their polygons and what they lie in, in one order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Required, TypeAlias, TypedDict, Unpack

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.earth import Floats, Polygons, area_km2

Texts: TypeAlias = NDArray[np.object_]

IN_COUNTRY = ("county", "state", "division", "region")
LEVELS = (*IN_COUNTRY, "country")
"""What a container may lie in, from the narrowest to the widest."""

DECIMALS = 6
"""Coordinates are kept to 0.1 m; five decimals make some polygons invalid."""


class Part(NamedTuple):
    """What boundaries of several countries have of one: a set of which kind, by its key.

    ``kind`` and ``key`` find the set it was taken from.
    """

    country: str
    kind: str
    key: str


class About(TypedDict, total=False):
    """What boundaries are, when they were so, and who says it."""

    kind: Required[str]
    title: str
    vintage: str
    source: str
    licence: str
    country: str
    approximate: bool
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """How containers that cross counties are divided; one entry a container and county.

    ``share`` is by area and sums to 1 over each container.
    """

    container: NDArray[np.int32]
    county: Texts
    share: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """All containers of a kind, ascending by code.

    ``polygons`` and ``xy`` (a point inside, or next to a shape without one)
    are in degrees, EPSG:4326. ``within`` gives the code of the county, state,
    division and region each container lies (mostly) in, "" where unknown; of
    several countries also the country's two letters, and ``parts`` says what
    each was taken from. ``key`` is a hash of codes and shapes: it names
    everything derived.
    """

    kind: str
    title: str
    vintage: str
    source: str
    licence: str
    country: str
    approximate: bool
    codes: Texts
    names: Texts
    polygons: Polygons
    xy: Floats
    area_km2: Floats
    within: Mapping[str, Texts]
    shares: Shares | None
    key: str
    parts: tuple[Part, ...] = ()

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def about(self) -> About:
        """The descriptive fields together, as ``build_boundaries`` takes them."""
        about = About(
            kind=self.kind,
            title=self.title,
            vintage=self.vintage,
            source=self.source,
            licence=self.licence,
            country=self.country,
            approximate=self.approximate,
        )
        return {**about, "parts": self.parts} if self.parts else about


def build_boundaries(
    codes: Texts,
    names: Texts,
    polygons: Polygons,
    *,
    xy: Floats | None = None,
    areas: Floats | None = None,
    within: Mapping[str, Texts] | None = None,
    shares: Shares | None = None,
    **about: Unpack[About],
) -> Boundaries:
    """Return boundaries in the order of their codes, which must all differ.

    Parameters
    ----------
    xy, areas
        Label points (degrees) and areas (km2), worked out when not given.
    shares
        With positions that refer to the order of codes, not to the order given.
    about
        At least ``kind``.
    """
    order = np.argsort(codes.astype(str), kind="stable")
    codes, names, polygons = codes[order], names[order], polygons[order]
    return Boundaries(
        kind=about["kind"],
        title=about.get("title") or about["kind"],
        vintage=about.get("vintage", ""),
        source=about.get("source", ""),
        licence=about.get("licence", ""),
        country=about.get("country", ""),
        approximate=about.get("approximate", False),
        codes=_frozen(codes),
        names=_frozen(names),
        polygons=_frozen(polygons),
        xy=_frozen(label_points(polygons) if xy is None else xy[order]),
        area_km2=_frozen(area_km2(polygons) if areas is None else areas[order]),
        within={level: _frozen(of[order]) for level, of in (within or {}).items()},
        shares=shares,
        key=content_key(about["kind"], codes, polygons),
        parts=tuple(Part(*part) for part in about.get("parts", ())),
    )


def label_points(polygons: Polygons) -> Floats:
    """Return a point inside each polygon, well away from the borders of its largest part."""
    parts, of = shapely.get_parts(polygons, return_index=True)
    by_size = np.lexsort((shapely.area(parts), of))
    largest = by_size[np.flatnonzero(np.diff(of[by_size], append=len(polygons)))]
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(parts[largest])))


def rounded(polygons: Polygons) -> Polygons:
    """Return polygons with coordinates rounded to ``DECIMALS``; equal corners stay equal."""
    near = shapely.transform(polygons, lambda corners: np.round(corners, DECIMALS) + 0.0)
    return np.asarray(near, dtype=object)


def content_key(kind: str, codes: Texts, polygons: Polygons) -> str:
    """Return 16 hexadecimal digits that change when the kind, a code, a ring or a corner does."""
    digest = hashlib.sha256("\n".join([kind, *codes]).encode())
    parts, item = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    for numbers in (item, part, shapely.get_num_coordinates(rings)):
        digest.update(np.ascontiguousarray(numbers, dtype="<i8").tobytes())
    digest.update(np.ascontiguousarray(shapely.get_coordinates(rings), dtype="<f8").tobytes())
    return digest.hexdigest()[:16]


def _frozen(array: NDArray) -> NDArray:  # type: ignore[type-arg]
    if array.flags.writeable:
        array = array.view()
        array.setflags(write=False)
    return array
