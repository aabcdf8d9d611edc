"""What rows are matched against: the codes and shapes of a boundary set, and known places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from tp_geo.domain.dataset import Floats, Texts
from tp_geo.files.columns import texts_of
from tp_geo.files.countries import known_country
from tp_geo.files.headers import plain
from tp_geo.files.postal import Form
from tp_geo.geometry.boundaries import Boundaries, Part
from tp_geo.geometry.combining import COUNTRY, own_codes, positions_by_country
from tp_geo.geometry.earth import distance_m
from tp_geo.geometry.locate import containers_of

Containers: TypeAlias = NDArray[np.int32]
Locate: TypeAlias = Callable[[Floats, Floats], Containers]

HOME = "US"
"""The country whose postal codes are ZIP codes."""

NOWHERE = -1
CLOSE_M = 2_000.0
"""Shores are drawn simpler than they are; a point this near one belongs to it."""

MOSTLY = 0.9
"""The share of codes that must be ZIP codes for a boundary set to be of ZIP codes."""

_CLOSE_DEGREES = 0.07
"""``CLOSE_M`` and more, in degrees of longitude, up to the north of Alaska."""

_MILITARY = "military"
STATE = "state"


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Postal codes beyond those with an area, ascending; positions are -1 where unknown.

    ``attached`` is the container a PO box or unique code belongs to, ``placed``
    the one its point lies in.
    """

    codes: Texts
    attached: Containers
    placed: Containers
    military: NDArray[np.bool_]

    @classmethod
    def empty(cls) -> Lookup:
        """Return a lookup that knows no code."""
        none = np.zeros(0, dtype=np.int32)
        return cls(np.zeros(0, dtype=object), none, none, np.zeros(0, dtype=np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class CodeBook:
    """What the codes of one country's containers look like, and which container each names.

    ``country`` is "" where it is not known, ``kind`` what they are. ``zips``:
    the codes are ZIP codes. ``codes`` are in capitals and without the country's
    key; ``at`` is each one's position in the frame, which is also what the
    lookup refers to. ``called`` has codes of letters by their plain names.
    ``states`` and ``cities`` are where the containers lie, "" where not known.
    """

    country: str
    kind: str
    zips: bool
    form: Form
    codes: Texts
    at: Containers
    lookup: Lookup
    states: Texts
    cities: Texts
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether the containers are whole countries."""
        return self.kind == COUNTRY

    def find(self, codes: Texts) -> Containers:
        """Return the container of each code, ``NOWHERE`` where there is none."""
        return np.append(self.at, np.int32(NOWHERE))[positions_in(self.codes, codes)]

    def named(self, text: str) -> str:
        """Return the code of what is called so, of a country in any language, or the text."""
        country = known_country(text) if self.whole else ""
        return self.called.get(plain(text)) or country or text


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The containers rows are put into, in the order of the boundary set.

    ``layer`` is "" for the boundary set that is built in, else its key.
    ``books`` has one for each country. ``locate`` takes lon and lat and
    returns positions, ``NOWHERE`` outside; ``nearest`` finds the container for
    points within ``CLOSE_M`` of one. ``reach_km`` is how far a container
    extends from its ``xy``, about. ``states`` has names of states by code.
    """

    kind: str
    layer: str
    codes: Texts
    names: Texts
    xy: Floats
    reach_km: Floats
    locate: Locate
    nearest: Locate
    books: tuple[CodeBook, ...]
    states: Mapping[str, str] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether the containers are of several countries, each code with its country's key."""
        return len(self.books) > 1


def frame_of(
    boundaries: Boundaries,
    *,
    layer: str = "",
    lookup: pd.DataFrame | None = None,
    states: Mapping[str, str] = MappingProxyType({}),
) -> Frame:
    """Return the frame of a boundary set.

    Parameters
    ----------
    lookup
        A row a ZIP code: code, lon, lat, city, kind, and container, the code
        of the area around it or "". It is used for boundaries of the USA, and
        for those of no stated country whose codes are nearly all ZIP codes.
    states
        Names of states by code, where containers know their state by code.
    """
    locate: Locate = partial(containers_of, boundaries=boundaries)
    return Frame(
        kind=boundaries.kind,
        layer=layer,
        codes=boundaries.codes,
        names=boundaries.names,
        xy=boundaries.xy,
        reach_km=np.sqrt(boundaries.area_km2),
        locate=locate,
        nearest=partial(_nearest, boundaries=boundaries),
        books=tuple(
            _book(part, boundaries, at, lookup, locate) for part, at in _by_country(boundaries)
        ),
        states=states,
    )


def _by_country(boundaries: Boundaries) -> Iterator[tuple[Part, Containers]]:
    """Yield each country and the positions of its containers."""
    if not boundaries.parts:
        every = np.arange(len(boundaries), dtype=np.int32)
        yield Part(boundaries.country, boundaries.kind, boundaries.key), every
        return
    positions = positions_by_country(boundaries)
    for part in boundaries.parts:
        yield part, positions[part.country].astype(np.int32)


def _book(
    part: Part,
    boundaries: Boundaries,
    at: Containers,
    lookup: pd.DataFrame | None,
    locate: Locate,
) -> CodeBook:
    codes = boundaries.codes[at]
    codes = own_codes(part.country, codes) if boundaries.parts else codes
    known = _share_known(codes, lookup) >= MOSTLY
    country = part.country or (HOME if known else "")
    zips = country == HOME and known
    use = lookup if country == HOME else None
    capitals, nowhere = _in_capitals(codes), np.full(len(codes), "", dtype=object)
    return CodeBook(
        country=country,
        kind=part.kind,
        zips=zips,
        form=Form.of(codes),
        codes=capitals,
        at=at,
        lookup=Lookup.empty() if use is None else _lookup_of(use, codes, at, locate, zips),
        states=boundaries.within[STATE][at] if STATE in boundaries.within else nowhere,
        cities=nowhere if use is None else _cities(use, codes),
        called=_called(capitals, boundaries.names[at]),
    )


def _cities(lookup: pd.DataFrame, codes: Texts) -> Texts:
    """Return the city each ZIP code is mostly called by, "" for other codes."""
    at = positions_in(texts_of(lookup["code"]), codes)
    return np.append(texts_of(lookup["city"]), "")[at]


def _called(codes: Texts, names: Texts) -> Mapping[str, str]:
    """Return codes by the names that one alone has; none where codes have digits.

    What a state is called says which it is; of places with numbers, many are called alike.
    """
    if any(c.isdigit() for code in codes for c in code):
        return {}
    called = [plain(name) for name in names]
    times = Counter(called)
    pairs = zip(called, codes, strict=True)
    return {name: code for name, code in pairs if name and times[name] == 1}


def _in_capitals(codes: Texts) -> Texts:
    """Return codes in capitals, as those of rows are; as they are where two would be alike."""
    capitals = texts_of([code.upper() for code in codes])
    return capitals if len(set(capitals)) == len(codes) else codes


def positions_in(known: Texts, codes: Texts) -> Containers:
    """Return the position of each code among those known, which all differ; -1 where unknown."""
    return np.asarray(pd.Index(list(known), dtype=object).get_indexer(codes), dtype=np.int32)


def _share_known(codes: Texts, lookup: pd.DataFrame | None) -> float:
    """Return which share of the codes are ZIP codes; counties' codes are for a third or so."""
    if lookup is None or not len(codes):
        return 0.0
    return float((positions_in(texts_of(lookup["code"]), codes) >= 0).mean())


def _lookup_of(
    table: pd.DataFrame, codes: Texts, at: Containers, locate: Locate, zips: bool
) -> Lookup:
    table = table.sort_values("code")
    around = texts_of(table["container"]) if zips else np.full(len(table), "", dtype=object)
    attached = np.append(at, np.int32(NOWHERE))[positions_in(codes, around)]
    placed = locate(table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64))
    military = table["kind"].eq(_MILITARY).to_numpy(np.bool_)
    return Lookup(
        codes=texts_of(table["code"]),
        attached=np.where(military, NOWHERE, attached).astype(np.int32),
        placed=np.where(military, NOWHERE, placed).astype(np.int32),
        military=military,
    )


def _nearest(lon: Floats, lat: Floats, boundaries: Boundaries) -> Containers:
    found = np.full(len(lon), NOWHERE, dtype=np.int32)
    usable = np.flatnonzero((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
    if not len(usable) or not len(boundaries):
        return found
    points = shapely.points(lon[usable], lat[usable])
    tree = shapely.STRtree(boundaries.polygons)
    point, container = tree.query_nearest(points, max_distance=_CLOSE_DEGREES, all_matches=False)
    lines = shapely.shortest_line(points[point], boundaries.polygons[container])
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    close = distance_m(ends[:, 0], ends[:, 1]) <= CLOSE_M
    found[usable[point[close]]] = container[close]
    return found
