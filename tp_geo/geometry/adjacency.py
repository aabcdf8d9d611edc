"""Adjacency: which containers share a border, how long it is, and links to islands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.earth import Floats, Polygons, distance_m, equal_area, unit_vectors

Pairs: TypeAlias = NDArray[np.int32]

ALL_PAIRS_BELOW = 400
"""Up to so many points, every pair is a candidate for a link."""


@dataclass(frozen=True, slots=True, eq=False)
class Adjacency:
    """Pairs of positions that are neighbors, each once, in ascending order.

    ``pairs`` is (e, 2) with i < j; ``length_m`` is the length of the common
    border. A ``link`` is no border (its length is 0): it ties an island to
    what is nearest, so that the whole is connected.
    """

    pairs: Pairs
    length_m: Floats
    link: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.pairs)


def rook(polygons: Polygons) -> Adjacency:
    """Return the pairs of a clean coverage that share a border, not only a corner.

    Borders are found by matching segments with the same two ends, so a border
    that two polygons draw with different corners is missed: see ``mended``.
    """
    low, high, owner = _segments(polygons)
    mixed = _mixed(low, high)
    order = np.argsort(mixed)
    mixed, owner = mixed[order], owner[order]
    first = np.flatnonzero((mixed[1:] == mixed[:-1]) & (owner[1:] != owner[:-1]))
    low, high = low[order[first]], high[order[first]]
    lengths = distance_m(low, high)
    sides = np.sort(np.column_stack([owner[first], owner[first + 1]]), axis=1)
    code, group = np.unique(sides[:, 0] * len(polygons) + sides[:, 1], return_inverse=True)
    pairs = np.column_stack(np.divmod(code, max(len(polygons), 1))).astype(np.int32)
    return Adjacency(
        pairs,
        np.bincount(group, lengths, len(code)).astype(np.float64),
        np.zeros(len(code), np.bool_),
    )


def border_m(polygons: Polygons) -> Floats:
    """Return the length of the border of each polygon, whoever is beyond it."""
    low, high, owner = _segments(polygons)
    return np.bincount(owner, distance_m(low, high), len(polygons)).astype(np.float64)


def bridged(
    adjacency: Adjacency, xy: Floats, within: NDArray[np.object_] | None = None
) -> Adjacency:
    """Return the adjacency with the links that make it one connected whole.

    The links are the shortest that do: a minimum spanning tree of the
    connected parts, by the distance of label points (``xy``, in degrees).
    With ``within`` (say, the state of each container), each of those is
    linked to a whole by itself first, as a strait inside a state would be.
    """
    if within is not None:
        adjacency = _bridged_inside(adjacency, xy, within)
    part = components(adjacency.pairs, len(xy))
    return _with_links(adjacency, _shortest_links(part, xy))


def _bridged_inside(adjacency: Adjacency, xy: Floats, within: NDArray[np.object_]) -> Adjacency:
    group = np.unique(within.astype(str), return_inverse=True)[1]
    inner = adjacency.pairs[group[adjacency.pairs[:, 0]] == group[adjacency.pairs[:, 1]]]
    part = components(inner, len(xy))
    links: list[Pairs] = [np.zeros((0, 2), np.int32)]
    for g in range(int(group.max(initial=-1)) + 1):
        here = np.flatnonzero(group == g)
        labels, inside = np.unique(part[here], return_inverse=True)
        if len(labels) > 1:
            found = _shortest_links(inside.astype(np.int32), xy[here])
            links.append(here[found].astype(np.int32))
    return _with_links(adjacency, np.concatenate(links))


def _with_links(adjacency: Adjacency, links: Pairs) -> Adjacency:
    pairs = np.concatenate([adjacency.pairs, links])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    length = np.concatenate([adjacency.length_m, np.zeros(len(links))])
    link = np.concatenate([adjacency.link, np.ones(len(links), np.bool_)])
    return Adjacency(pairs[order], length[order], link[order])


def components(pairs: Pairs, n: int) -> NDArray[np.int32]:
    """Return the connected part, from 0, of each of ``n`` positions."""
    from scipy import sparse  # a third of a second that no page needs before it is drawn
    from scipy.sparse import csgraph

    ones = np.ones(len(pairs), np.bool_)
    graph = sparse.coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr()
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int32)


def _segments(polygons: Polygons) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return both ends of every border segment, smaller end first, and whose it is."""
    parts, polygon_of = shapely.get_parts(polygons, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    xy[xy[:, 0] == 180.0, 0] = -180.0
    joined = ring_of[1:] == ring_of[:-1]
    a, b = xy[:-1][joined] + 0.0, xy[1:][joined] + 0.0
    swap = ((a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1])))[:, None]
    owner = polygon_of[part_of[ring_of[:-1][joined]]].astype(np.int64)
    return np.where(swap, b, a), np.where(swap, a, b), owner


def _mixed(low: Floats, high: Floats) -> NDArray[np.uint64]:
    """Return one number for both ends of a segment; alike only for the same segment.

    Of ten million segments, two different ones get the same number with a
    chance of one in 300,000.
    """
    mixed = np.zeros(len(low), dtype=np.uint64)
    for column in (low[:, 0], low[:, 1], high[:, 0], high[:, 1]):
        mixed ^= np.ascontiguousarray(column).view(np.uint64)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _shortest_links(part: NDArray[np.int32], xy: Floats) -> Pairs:
    from scipy import sparse
    from scipy.sparse import csgraph

    tried = _candidates(xy)
    tried = tried[part[tried[:, 0]] != part[tried[:, 1]]]
    length = distance_m(xy[tried[:, 0]], xy[tried[:, 1]])
    sides = np.sort(part[tried], axis=1)
    order = np.lexsort((length, sides[:, 1], sides[:, 0]))
    tried, length, sides = tried[order], length[order], sides[order]
    best = np.flatnonzero(np.any(np.diff(sides, axis=0, prepend=-1) != 0, axis=1))
    n = int(part.max(initial=-1)) + 1
    graph = sparse.coo_array((length[best] + 1.0, tuple(sides[best].T)), shape=(n, n))
    tree = csgraph.minimum_spanning_tree(graph.tocsr()).tocoo()
    at = {tuple(pair): i for pair, i in zip(sides[best].tolist(), best.tolist(), strict=True)}
    joined = zip(tree.row.tolist(), tree.col.tolist(), strict=True)
    chosen = [at[min(i, j), max(i, j)] for i, j in joined]
    return np.sort(tried[np.array(chosen, dtype=np.intp)], axis=1).astype(np.int32)


def _candidates(xy: Floats) -> NDArray[np.intp]:
    """Return pairs of points that hold every shortest link: all, or those of a triangulation."""
    from scipy.spatial import Delaunay, QhullError

    if len(xy) <= ALL_PAIRS_BELOW:
        return np.column_stack(np.triu_indices(len(xy), 1))
    middle = np.degrees(_direction(unit_vectors(xy).sum(axis=0)))
    flat = equal_area(xy, middle)
    try:
        found = Delaunay(flat)
    except QhullError:
        along = np.lexsort((flat[:, 1], flat[:, 0]))
        return np.column_stack([along[:-1], along[1:]])
    corners = found.simplices
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    return np.concatenate([sides, found.coplanar[:, [0, 2]]]).astype(np.intp)


def _direction(vector: Floats) -> Floats:
    return np.array(
        [np.arctan2(vector[1], vector[0]), np.arctan2(vector[2], np.hypot(vector[0], vector[1]))]
    )
