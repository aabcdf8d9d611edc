"""Split an area by a drawn line, or split off what is chosen: the two parts, and how they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId, Flags, Positions
from tp_geo.domain.commands import Command, Split
from tp_geo.domain.splitting import SplitOff
from tp_geo.errors import Refused
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.contiguity import parts
from tp_geo.geometry.earth import Floats, unit_vectors
from tp_geo.geometry.projection import projection_for
from tp_geo.geometry.sides import left_of


@dataclass(frozen=True, slots=True, eq=False)
class Half:
    """One part of an area: where it lies seen from the other, its items, in how many pieces."""

    side: str
    items: Positions
    containers: int
    pieces: int


Halves: TypeAlias = tuple[Half, Half]
Line: TypeAlias = Sequence[tuple[float, float]]


def halves_by_line(
    alignment: Alignment,
    boundaries: Boundaries,
    adjacency: Adjacency,
    area: AreaId,
    line: Line,
) -> Halves:
    """Return the parts of a leaf area on either side of a line, the larger one first.

    The line, in degrees, is straight on the map and goes on beyond its ends.
    A container is where its point is, a unit where its container is; what
    lies in none, or off the map, goes with the left side.
    """
    where = np.asarray(line, dtype=np.float64).reshape(-1, 2)
    if len(where) < 2 or not ((np.abs(where) <= (180.0, 90.0)).all()):
        raise Refused("A line needs two or more places as longitude,latitude in degrees.")
    plane = projection_for(boundaries.country, boundaries.xy).plane(where)
    if np.isnan(plane).any():
        raise Refused("A place of the line lies off the map. Choose places where areas are.")
    return halves_on_map(alignment, boundaries, adjacency, area, plane)


def halves_on_map(
    alignment: Alignment,
    boundaries: Boundaries,
    adjacency: Adjacency,
    area: AreaId,
    line: Line | Floats,
) -> Halves:
    """Return the parts on either side of a line as :func:`halves_by_line`; in metres of the map."""
    project = projection_for(boundaries.country, boundaries.xy)
    left, homes = np.ones(len(boundaries), dtype=np.bool_), _homes(alignment, area)
    here = np.unique(homes[homes >= 0])
    points = project.plane(boundaries.xy[here])
    left[here] = left_of(points, np.asarray(line, dtype=np.float64))
    return _halves(alignment, boundaries, adjacency, area, left)


def halves_through_middle(
    alignment: Alignment,
    boundaries: Boundaries,
    adjacency: Adjacency,
    area: AreaId,
    weight: Floats,
    *,
    upright: bool,
) -> Halves:
    """Return the parts of a leaf area with as much weight as can be each, the larger one first.

    West and east of a meridian if ``upright``, else north and south of a
    parallel, by the points of containers, wherever the map shows them.
    Weights that are not known, or all nothing, count as equal.
    """
    homes = _homes(alignment, area)
    here = np.unique(homes[homes >= 0])
    if not len(here):
        raise Refused(f"{alignment.name(area)} holds nothing to split.")
    along, known = boundaries.xy[:, 0 if upright else 1], np.nan_to_num(weight[here])
    known = known if (known > 0).any() else np.ones(len(here))
    values, which = np.unique(along[here], return_inverse=True)
    before = np.cumsum(np.bincount(which, known))[:-1]
    at = int(np.argmin(np.abs(before - known.sum() / 2))) if len(before) else 0
    return _halves(alignment, boundaries, adjacency, area, along <= values[at])


def halves_by_choice(
    alignment: Alignment,
    boundaries: Boundaries,
    adjacency: Adjacency,
    area: AreaId,
    items: Positions,
) -> Halves:
    """Return the part of a leaf area that is chosen, and the rest; the larger one first."""
    chosen = np.zeros(alignment.items.containers, dtype=np.bool_)
    chosen[items[items < alignment.items.containers]] = True
    return _halves(alignment, boundaries, adjacency, area, chosen)


def beside(area: AreaId, name: str, half: Half) -> SplitOff:
    """Return the command that makes one part an area of its own beside the rest."""
    return SplitOff(area, name, half.items)


def below(alignment: Alignment, area: AreaId, names: tuple[str, str], halves: Halves) -> Command:
    """Return the command that puts both parts below the area."""
    part_of = np.full(alignment.items.count, -1, dtype=np.int32)
    for i, half in enumerate(halves):
        part_of[half.items] = i
    level = f"Part of {alignment.area(area).level.lower()}"
    depth = alignment.depth(area)
    known = [a.level for k, a in alignment.areas.items() if alignment.depth(k) == depth + 1]
    return Split(area, names, part_of, known[0] if known else level)


def _halves(
    alignment: Alignment,
    boundaries: Boundaries,
    adjacency: Adjacency,
    area: AreaId,
    first: Flags,
) -> Halves:
    if alignment.children(alignment.area(area).id):
        raise Refused(f"{alignment.name(area)} is divided already. Split an area below it.")
    mine, n = alignment.holds(area), alignment.items.containers
    home = _homes(alignment, area)
    in_first = np.where(home >= 0, first[home], True)
    pair = mine[in_first], mine[~in_first]
    if not all(len(items[items < n]) for items in pair):
        raise Refused(
            f"That does not divide {alignment.name(area)}: one part would hold no container. "
            "Choose a line across it."
        )
    points = unit_vectors(boundaries.xy)
    sides = _sides(points[pair[0][pair[0] < n]], points[pair[1][pair[1] < n]])
    found = [
        _half(alignment, adjacency, side, items) for side, items in zip(sides, pair, strict=True)
    ]
    larger, smaller = sorted(found, key=lambda half: -half.containers)
    return larger, smaller


def _homes(alignment: Alignment, area: AreaId) -> Positions:
    """Return the container of each item a leaf area holds, itself where it is one; -1 for none."""
    mine, n = alignment.holds(area), alignment.items.containers
    homes = mine.copy()
    homes[mine >= n] = alignment.items.container_of[mine[mine >= n] - n]
    return homes


def _half(alignment: Alignment, adjacency: Adjacency, side: str, items: Positions) -> Half:
    n = alignment.items.containers
    mark = np.zeros(n, dtype=np.int32)
    mark[items[items < n]] = 1
    return Half(side, items, int(mark.sum()), parts(mark, adjacency)[AreaId(1)])


def _sides(one: Floats, other: Floats) -> tuple[str, str]:
    """Return in which direction two sets of points on the sphere lie from one another."""
    a, b = one.mean(axis=0), other.mean(axis=0)
    middle = (a + b) / max(float(np.linalg.norm(a + b)), 1e-12)
    north = np.array([0.0, 0.0, 1.0]) - middle[2] * middle
    east = np.cross([0.0, 0.0, 1.0], middle)
    up, right = float((a - b) @ north), float((a - b) @ east)
    if abs(up) >= abs(right):
        return ("north", "south") if up >= 0 else ("south", "north")
    return ("east", "west") if right >= 0 else ("west", "east")
