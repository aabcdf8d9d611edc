"""From degrees to the flat map: a composite of the United States, or what suits elsewhere.

The browser repeats these formulas (``territory_map/geometry/projection.js``);
``describe()`` gives it the constants, a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.geometry.earth import EQUAL_AREA_RADIUS_M, Floats

Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Json: TypeAlias = dict[str, object]
Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north."""

View: TypeAlias = tuple[tuple[Box, ...], Callable[[Floats], Floats]]
"""Boxes in degrees, none across the antimeridian, and how what lies in them becomes metres."""

MERCATOR_LIMIT = 85.0511

ROUND_THE_GLOBE, BERING_STRAIT = 30.0, -169.0
"""Where no gap of longitudes is so wide, a map of the world is cut between Asia and America."""

HALF = 90.0
"""Degrees to either side of its middle that a cone is drawn for at most."""

_HAIR = 1e-9


class Projection(Protocol):
    """How degrees become metres on the map."""

    def plane(self, lonlat: Floats) -> Floats:
        """Return (n, 2) metres, x to the east and y to the north; NaN for what is not shown."""
        ...

    def piece_of(self, lonlat: Floats) -> Integers:
        """Return which piece of a composite shows each point, from 0; -1 where none does."""
        ...

    def main(self, lonlat: Floats) -> Floats:
        """Return metres as the first piece has them, also of what it does not show."""
        ...

    def reach(self) -> tuple[Box, ...]:
        """Return the boxes in degrees that ``main`` draws well; none crosses the antimeridian."""
        ...

    def views(self) -> tuple[View, ...]:
        """Return how each piece draws, the first as far as ``main`` does.

        What lies in the boxes of several is shown by the last of them.
        """
        ...

    def hides(self) -> tuple[Box, ...]:
        """Return boxes in degrees of which nothing is shown."""
        ...

    def describe(self) -> Json:
        """Return the constants a browser needs to do the same."""
        ...


def _covers(box: Box, lonlat: Floats) -> Flags:
    """Whether each point lies in a box; a west above the east crosses the antimeridian."""
    west, south, east, north = box
    lon, lat = lonlat.T
    across = (lon >= west) | (lon <= east) if west > east else (lon >= west) & (lon <= east)
    return np.asarray(across & (lat >= south) & (lat <= north))


@dataclass(frozen=True)
class Piece:
    """One part of a composite: the Albers conic of a box in degrees, scaled and put somewhere.

    ``box`` is west, south, east, north; a west above the east crosses the
    antimeridian. ``middle`` (degrees) comes to lie at ``at`` (metres).
    """

    name: str
    box: Box
    middle: tuple[float, float]
    parallels: tuple[float, float]
    scale: float = 1.0
    at: tuple[float, float] = (0.0, 0.0)

    def covers(self, lonlat: Floats) -> Flags:
        """Whether each point lies in the box."""
        return _covers(self.box, lonlat)

    def plane(self, lonlat: Floats) -> Floats:
        """Return metres on the map.

        Source: Snyder, Map Projections: A Working Manual, 1987, 98-100, on the
        authalic sphere.
        """
        lon = (lonlat[:, 0] - self.middle[0] + 540.0) % 360.0 - 180.0
        radius, theta = self._radius(lonlat[:, 1]), self.n * np.radians(lon)
        x = radius * np.sin(theta)
        y = self._radius(np.array([self.middle[1]])) - radius * np.cos(theta)
        flat: Floats = np.column_stack([x, y]) * self.scale + np.array(self.at)
        return flat

    @cached_property
    def n(self) -> float:
        """The constant of the cone."""
        return float(np.sin(np.radians(self.parallels)).sum() / 2)

    def _radius(self, lat: Floats) -> Floats:
        first = np.radians(self.parallels[0])
        c = np.cos(first) ** 2 + 2 * self.n * np.sin(first)
        root = np.sqrt(np.maximum(c - 2 * self.n * np.sin(np.radians(lat)), 0.0))
        return np.asarray(EQUAL_AREA_RADIUS_M * root / self.n)

    def describe(self) -> Json:
        """Return the constants of the piece."""
        return {
            "name": self.name,
            "box": list(self.box),
            "middle": list(self.middle),
            "parallels": list(self.parallels),
            "scale": self.scale,
            "at": list(self.at),
        }


US_PIECES = (
    Piece("conterminous", (-130.0, 24.0, -60.0, 50.0), (-96.0, 38.0), (29.5, 45.5)),
    Piece(
        "alaska", (165.0, 50.5, -125.0, 75.0), (-154.0, 58.5), (55.0, 65.0), 0.36, (-1.73e6, -1.3e6)
    ),
    Piece(
        "hawaii", (-161.0, 18.0, -154.0, 23.0), (-157.5, 20.6), (8.0, 18.0), 1.0, (-7.7e5, -1.41e6)
    ),
    Piece(
        "puerto rico", (-68.6, 17.0, -64.0, 19.0), (-66.3, 18.2), (8.0, 18.0), 1.3, (2.02e6, -1.4e6)
    ),
    Piece("marianas", (144.0, 13.0, 147.0, 21.0), (145.4, 16.0), (8.0, 18.0), 0.5, (2.3e6, -4.5e5)),
    Piece(
        "samoa",
        (-172.0, -15.5, -168.0, -10.5),
        (-170.0, -14.0),
        (-15.0, -8.0),
        0.7,
        (2.3e6, -9.0e5),
    ),
)
"""Below left Alaska and Hawaii, below right Puerto Rico with the Virgin Islands.

Hawaii's box leaves out the small islands to the north-west; nobody lives there.
"""


@dataclass(frozen=True)
class AlbersUsa:
    """The nation on one sheet; what lies in no piece, or in a hidden box, is not shown."""

    pieces: tuple[Piece, ...] = US_PIECES
    hidden: tuple[Box, ...] = ()

    def plane(self, lonlat: Floats) -> Floats:
        """Return metres on the composite; NaN outside."""
        found = np.full((len(lonlat), 2), np.nan)
        of = self.piece_of(lonlat)
        for i, piece in enumerate(self.pieces):
            found[of == i] = piece.plane(lonlat[of == i])
        return found

    def piece_of(self, lonlat: Floats) -> Integers:
        """Return the last piece whose box holds each point, -1 where none does."""
        found = np.full(len(lonlat), -1, dtype=np.int64)
        for i, piece in enumerate(self.pieces):
            found[piece.covers(lonlat)] = i
        for box in self.hidden:
            found[_covers(box, lonlat)] = -1
        return found

    def main(self, lonlat: Floats) -> Floats:
        """Return metres on the cone of the first piece."""
        return self.pieces[0].plane(lonlat)

    def reach(self) -> tuple[Box, ...]:
        """Return half a globe round the middle of the first piece, but for the far pole."""
        (lon, lat), n = self.pieces[0].middle, self.pieces[0].n
        south, north = (max(lat - HALF, -20.0), 84.0) if n > 0 else (-84.0, min(lat + HALF, 20.0))
        return _boxes(lon - HALF, south, lon + HALF, north)

    def views(self) -> tuple[View, ...]:
        """Return how each piece draws its box, the first all that it reaches."""
        others = tuple((_whole(piece.box), piece.plane) for piece in self.pieces[1:])
        return ((self.reach(), self.main), *others)

    def hides(self) -> tuple[Box, ...]:
        """Return the hidden boxes."""
        return tuple(box for hidden in self.hidden for box in _whole(hidden))

    def describe(self) -> Json:
        """Return the constants of all pieces."""
        return {
            "kind": "albers",
            "radius": EQUAL_AREA_RADIUS_M,
            "pieces": [piece.describe() for piece in self.pieces],
            "hidden": [list(box) for box in self.hidden],
        }


@dataclass(frozen=True)
class Mercator:
    """The sphere on a cylinder, cut at a meridian where the shapes have a gap."""

    cut: float = -180.0

    @classmethod
    def around(cls, lonlat: Floats) -> Mercator:
        """Return the projection cut in the middle of the widest gap of longitudes.

        What is all round the globe is cut at the Bering Strait.
        """
        lon = np.unique(lonlat[:, 0])
        if len(lon) == 0 or lon[-1] - lon[0] <= 180.0:
            return cls()
        gaps = np.diff(lon, append=lon[0] + 360.0)
        widest = int(np.argmax(gaps))
        if gaps[widest] < ROUND_THE_GLOBE:
            return cls(BERING_STRAIT)
        middle = lon[widest] + gaps[widest] / 2
        return cls(float((middle + 180.0) % 360.0 - 180.0))

    def plane(self, lonlat: Floats) -> Floats:
        """Return metres at the equator; latitudes stop at 85 degrees."""
        lon = (lonlat[:, 0] - self.cut) % 360.0
        lat = np.radians(np.clip(lonlat[:, 1], -MERCATOR_LIMIT, MERCATOR_LIMIT))
        y = np.log(np.tan(np.pi / 4 + lat / 2))
        return np.column_stack([np.radians(lon), y]) * EQUAL_AREA_RADIUS_M

    def piece_of(self, lonlat: Floats) -> Integers:
        """Return 0: it is all one piece."""
        return np.zeros(len(lonlat), dtype=np.int64)

    def main(self, lonlat: Floats) -> Floats:
        """Return the same as ``plane``."""
        return self.plane(lonlat)

    def reach(self) -> tuple[Box, ...]:
        """Return the whole globe but for the poles, cut where the map is."""
        return _boxes(self.cut + _HAIR, -60.0, self.cut + 360.0 - _HAIR, 84.0)

    def views(self) -> tuple[View, ...]:
        """Return the one way it draws."""
        return ((self.reach(), self.plane),)

    def hides(self) -> tuple[Box, ...]:
        """Return nothing: all of it is shown."""
        return ()

    def describe(self) -> Json:
        """Return where it is cut."""
        return {"kind": "mercator", "radius": EQUAL_AREA_RADIUS_M, "cut": self.cut}


def _whole(box: Box) -> tuple[Box, ...]:
    """Return a box, or its two sides where its west is above its east."""
    west, south, east, north = box
    return _boxes(west - 360.0 if west > east else west, south, east, north)


def _boxes(west: float, south: float, east: float, north: float) -> tuple[Box, ...]:
    """Return a box, or the two sides of one that crosses the antimeridian."""
    if west < -180.0:
        west, east = west + 360.0, east + 360.0
    if east <= 180.0:
        return ((west, south, east, north),)
    return ((west, south, 180.0, north), (-180.0, south, east - 360.0, north))


NORTH_AMERICA = (
    Piece("continent", (165.0, 7.0, -50.0, 84.0), (-96.0, 40.0), (20.0, 60.0)),
    Piece(
        "hawaii", (-161.0, 18.0, -154.0, 23.0), (-157.5, 20.6), (8.0, 18.0), 1.0, (-4.2e6, -1.1e6)
    ),
    Piece(
        "marianas", (144.0, 13.0, 147.0, 21.0), (145.4, 16.0), (8.0, 18.0), 0.6, (-4.8e6, -2.2e6)
    ),
    Piece(
        "samoa",
        (-172.0, -15.5, -168.0, -10.5),
        (-170.0, -14.0),
        (-15.0, -8.0),
        0.8,
        (-3.9e6, -2.2e6),
    ),
)
"""All in its place, but the islands of the Pacific, which come nearer, below Alaska.

The parallels are those commonly used for the continent (EPSG:102008).
"""

FAR_ISLANDS = ((-180.0, 23.0, -161.0, 31.0),)
"""North-west of Hawaii, which without them has its inset to itself; nobody lives there."""

WIDEST, LONGEST = 120.0, 80.0
"""Degrees of longitude and latitude that one cone shows well."""

LEAST_CONE = 0.2
"""Nearer to the equator the cone is almost a plane, and a cylinder does as well."""


def projection_for(country: str, lonlat: Floats) -> Projection:
    """Return the composite for the United States, Mercator for any other country.

    Several countries (``US, CA``) get true areas, on a cone over North America
    or over their own middle, as far as one shows them well.
    """
    if country == "US":
        return AlbersUsa()
    if "," not in country:
        return Mercator.around(lonlat)
    america = AlbersUsa(NORTH_AMERICA, FAR_ISLANDS)
    if "US" in country.split(", ") and not np.isnan(america.plane(lonlat)).any():
        return america
    return _cone(lonlat) or Mercator.around(lonlat)


def _cone(lonlat: Floats) -> Projection | None:
    """Return the Albers conic around points, None where they are too wide or at the equator."""
    cut = Mercator.around(lonlat).cut
    lon, lat = (lonlat[:, 0] - cut) % 360.0, lonlat[:, 1]
    width, height = float(np.ptp(lon)), float(np.ptp(lat))
    if width > WIDEST or height > LONGEST:
        return None
    south, north = float(lat.min()), float(lat.max())
    middle = ((float(lon.min()) + width / 2 + cut + 180.0) % 360.0 - 180.0, (south + north) / 2)
    parallels = (south + height / 6, north - height / 6)
    everywhere = (-180.0, -90.0, 180.0, 90.0)
    piece = Piece("countries", everywhere, middle, parallels)
    return AlbersUsa((piece,)) if abs(piece.n) >= LEAST_CONE else None
