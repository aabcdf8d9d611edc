"""Where the items of a problem lie: in metres, who touches whom, what parts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.dataset import Floats
from tp_geo.errors import Refused
from tp_geo.geometry.adjacency import Pairs, components
from tp_geo.geometry.earth import equal_area, unit_vectors
from tp_geo.optimize.problem import Border, Flags
from tp_geo.workflow.homes import Home, Homes, home_of
from tp_geo.workflow.optimizing import Place, Request
from tp_geo.workflow.optimizing_frame import Frame

WATER_M = 100_000.0
"""Where shape is measured, water between what is linked is as wide as this at most."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Items on a plane around their middle, with their neighbors.

    ``xy`` is in metres of Lambert's azimuthal equal-area projection, ``edges``
    are pairs of items with the ``length`` of their common border, 0 for links.
    ``near`` says that items are neighbors by nearness, since they do not touch.
    """

    middle: Floats
    xy: Floats
    edges: Pairs
    length: Floats
    near: bool = False

    @cached_property
    def drawn(self) -> Floats:
        """Where shape is measured: islands far off lie closer to what they are linked to.

        Nobody can shorten the way there, so it should not count against the
        areas that cross it. Distances within each island are true.
        """
        away = np.linalg.norm(np.diff(self.xy[self.edges], axis=1)[:, 0], axis=1)
        far = (self.length == 0) & (away > WATER_M)
        return self.xy + _shifts(self.xy, self.edges[~far], self.edges[far])

    def plane(self, lonlat: Sequence[Place] | Floats) -> Floats:
        """Return places in degrees as metres of the plane."""
        places = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        return equal_area(places, self.middle)


def ground_of(frame: Frame) -> Ground:
    """Return where the items lie. Without a map they are all in one place and touch nothing."""
    if frame.table:
        n = len(frame.items)
        none = np.zeros((0, 2), dtype=np.int32)
        return Ground(np.zeros(2), np.zeros((n, 2)), none, np.zeros(0))
    lonlat = frame.plan.boundaries.xy[frame.items]
    middle = _middle(lonlat)
    xy = equal_area(lonlat, middle)
    adjacency = frame.plan.adjacency
    pairs = frame.position[adjacency.pairs]
    inside = (pairs >= 0).all(axis=1)
    edges, length = pairs[inside].astype(np.int32), adjacency.length_m[inside]
    if len(edges) and not (length > 0).any():
        edges = _nearest(xy, edges)
        return Ground(middle, xy, edges, np.zeros(len(edges)), near=True)
    return Ground(middle, xy, edges, length)


def pinned(frame: Frame, request: Request, ground: Ground) -> Floats | None:
    """Return the pinned center of each area, NaN where it has none; ``None`` where none has."""
    found = np.full((len(frame.areas), 2), np.nan)
    for number, place in _places(frame, request).items():
        found[number] = ground.plane([place])[0]
    return None if np.isnan(found).all() else found


def borders(frame: Frame, request: Request) -> tuple[Border, ...]:
    """Return the borders to respect, each item with the state, county, … it lies in."""
    known = {} if frame.table else frame.plan.boundaries.within
    found = []
    for name, weight in request.respect:
        if name not in known:
            names = ", ".join(known) or "none"
            raise Refused(f"There are no {name} borders to respect here. Known: {names}.")
        codes, group = np.unique(known[name][frame.items].astype(str), return_inverse=True)
        apart = np.where(codes[group] == "", -1, group).astype(np.int32)
        found.append(Border(name, apart, weight))
    return tuple(found)


def barriers(frame: Frame, request: Request, ground: Ground) -> Flags:
    """Return which pairs of neighbors no area may hang together by."""
    found = np.zeros(len(ground.edges), dtype=np.bool_)
    where = {tuple(pair): i for i, pair in enumerate(np.sort(ground.edges, axis=1).tolist())}
    if not request.barriers:
        where = {}
    for one, other in request.barriers:
        ends = sorted(item_of(frame, code) for code in (one, other))
        if tuple(ends) not in where:
            raise Refused(f"{one} and {other} are no neighbors, so no barrier can part them.")
        found[where[tuple(ends)]] = True
    if request.walls and len(ground.edges):
        found |= _crossed(ground, request.walls)
    return found


def item_of(frame: Frame, code: str) -> int:
    """Return the number of the item with a code; refuse one that is not optimized."""
    at = frame.dataset.find(code)
    number = -1 if at is None else int(frame.position[at])
    if number < 0:
        raise Refused(f"{code!r} is not among what is optimized. Check the code and the focus.")
    return number


def _middle(lonlat: Floats) -> Floats:
    """Return the place around which points lie, in degrees."""
    x, y, z = unit_vectors(lonlat).sum(axis=0)
    found: Floats = np.degrees(np.array([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))]))
    return found


def _shifts(xy: Floats, near: Pairs, far: Pairs) -> Floats:
    """Return by how much each point moves when far links are shortened, the largest part fixed."""
    part = components(near, len(xy))
    shift = np.zeros((int(part.max(initial=-1)) + 1, 2))
    reached = {int(np.bincount(part).argmax())} if len(part) else set()
    waiting = [*far.tolist(), *far[:, ::-1].tolist()]
    while ready := [(i, j) for i, j in waiting if part[i] in reached and part[j] not in reached]:
        i, j = ready[0]
        way = xy[j] - xy[i]
        shift[part[j]] = shift[part[i]] - way * (1 - WATER_M / np.linalg.norm(way))
        reached.add(int(part[j]))
    return shift[part]


def _nearest(xy: Floats, links: Pairs) -> Pairs:
    """Return the sides of a triangulation of points, and the links there are already."""
    from scipy.spatial import Delaunay, QhullError

    try:
        corners = Delaunay(xy).simplices
    except QhullError:
        return links
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]], links])
    return np.unique(np.sort(sides, axis=1), axis=0).astype(np.int32)


def _places(frame: Frame, request: Request) -> Mapping[int, Place]:
    found: dict[int, Place] = {}
    if request.homes:
        found |= _at_home(frame)
    for area, lon, lat in request.centers:
        if area not in frame.areas:
            name = frame.alignment.name(AreaId(area))
            raise Refused(f"{name} is not among the areas that are optimized. Change the focus.")
        found[frame.areas.index(area)] = (lon, lat)
    return found


def _at_home(frame: Frame) -> Mapping[int, Place]:
    homes = Homes.of(frame.plan.boundaries)
    found: dict[int, Place] = {}
    for number, area in enumerate(frame.areas):
        text = home_of(frame.alignment.areas[area])
        place = homes.read(text) if text else ""
        if isinstance(place, Home):
            found[number] = (place.lon, place.lat)
    if not found:
        raise Refused(
            "No area of this focus says where its owner lives. "
            "Set owners' homes first, or don't pin areas to them."
        )
    return found


def _crossed(ground: Ground, walls: Sequence[Sequence[Place]]) -> Flags:
    """Return which edges, drawn from point to point, cross a line."""
    lines = shapely.linestrings(ground.xy[ground.edges])
    found = np.zeros(len(lines), dtype=np.bool_)
    for wall in walls:
        if len(wall) < 2:
            raise Refused("A barrier needs two or more places.")
        line = shapely.linestrings(ground.plane(wall))
        shapely.prepare(line)
        found |= shapely.intersects(line, lines)
    return found
