"""Arcs: the borders of a coverage, each stored once with the item on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Rings:
    """Closed lines of whole-number corners, one after another; none repeats its first corner."""

    xy: Integers
    start: Integers
    item: Integers
    hole: Integers

    def __len__(self) -> int:
        return len(self.item)


@dataclass(frozen=True, eq=False)
class Arcs:
    """Lines between the corners where three borders meet, and the rings made of them.

    ``sides`` is (arcs, 2): the item whose ring runs along the arc, and the one
    beyond, -1 where there is none. ``used`` lists the arcs of all rings, ``~i``
    where arc ``i`` is run backwards; ``per_ring`` counts them.
    """

    xy: Integers
    length: Integers
    sides: Integers
    used: Integers
    per_ring: Integers
    item: Integers
    hole: Integers


def build_arcs(rings: Rings) -> Arcs:
    """Return the arcs of rings that share corners exactly; none of none."""
    if not len(rings):
        return _none()
    corners, vertex = _vertices(rings.xy)
    ring = np.repeat(np.arange(len(rings)), np.diff(rings.start))
    sides, edge = _edges(vertex, rings.start, rings.item[ring])
    turned = _from_a_node(rings.start, vertex, _nodes(vertex, edge, sides, rings.start))
    walk = _Walk(vertex[turned.order], edge[turned.order], ring, rings.start)
    return _cut(corners, walk, np.flatnonzero(turned.begins), rings, sides)


def _none() -> Arcs:
    xy, none = np.zeros((0, 2), dtype=np.int64), np.zeros(0, dtype=np.int64)
    return Arcs(xy, none, xy, none, none, none, none)


@dataclass(frozen=True, eq=False)
class _Turned:
    """Where each ring begins anew: at a node; and where arcs begin in that order."""

    order: Integers
    begins: Flags


@dataclass(frozen=True, eq=False)
class _Walk:
    """All rings one after another: vertex and edge after it at each step, and the ring."""

    vertex: Integers
    edge: Integers
    ring: Integers
    start: Integers

    def along(self, begin: Integers, length: Integers) -> Integers:
        """Return the vertices met from each beginning on, round the ring where need be."""
        before = np.repeat(np.cumsum(length) - length, length)
        offset = np.arange(length.sum()) - before
        begin = np.repeat(begin, length)
        start, size = self.start[self.ring[begin]], np.diff(self.start)[self.ring[begin]]
        found: Integers = self.vertex[start + (begin - start + offset) % size]
        return found


def _vertices(xy: Integers) -> tuple[Integers, Integers]:
    low, high = xy.min(axis=0, initial=0), xy.max(axis=0, initial=0)
    span = int(high[1] - low[1]) + 1
    unique, vertex = np.unique(
        (xy[:, 0] - low[0]) * span + (xy[:, 1] - low[1]), return_inverse=True
    )
    return np.column_stack([unique // span + low[0], unique % span + low[1]]), vertex


def _edges(vertex: Integers, start: Integers, item: Integers) -> tuple[Integers, Integers]:
    """Return the (lower, higher) items of each undirected edge, and the edge after each corner."""
    after = _following(vertex, start)
    size = int(vertex.max(initial=0)) + 1
    name = np.minimum(vertex, after) * size + np.maximum(vertex, after)
    _, edge, count = np.unique(name, return_inverse=True, return_counts=True)
    order = np.argsort(edge, kind="stable")
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    one = item[order[first]]
    second = order[np.minimum(first + 1, len(order) - 1)]
    other = np.where(count > 1, item[second], -1)
    return np.column_stack([np.minimum(one, other), np.maximum(one, other)]), edge


def _following(values: Integers, start: Integers) -> Integers:
    after = np.roll(values, -1)
    after[start[1:] - 1] = values[start[:-1]]
    return after


def _nodes(vertex: Integers, edge: Integers, sides: Integers, start: Integers) -> Flags:
    """Return whether each corner ends an arc: borders part there, or the items change."""
    before = np.roll(edge, 1)
    before[start[:-1]] = edge[start[1:] - 1]
    once = np.unique(np.column_stack([np.tile(vertex, 2), np.concatenate([edge, before])]), axis=0)
    node = np.bincount(once[:, 0], minlength=int(vertex.max(initial=0)) + 1) != 2
    node[vertex[(sides[edge] != sides[before]).any(axis=1)]] = True
    ends: Flags = node[vertex]
    return ends


def _from_a_node(start: Integers, vertex: Integers, node: Flags) -> _Turned:
    """Turn each ring so that it begins at a node, or at its least vertex where it has none."""
    size = np.diff(start)
    ring = np.repeat(np.arange(len(size)), size)
    within = np.arange(len(vertex)) - start[ring]
    least = vertex == np.minimum.reduceat(vertex, start[:-1])[ring]
    at_node = np.minimum.reduceat(np.where(node, within, _FAR), start[:-1])
    at_least = np.minimum.reduceat(np.where(least, within, _FAR), start[:-1])
    first = np.where(at_node < _FAR, at_node, at_least)
    order = start[ring] + (within + first[ring]) % size[ring]
    return _Turned(order, node[order] | (within == 0))


def _cut(corners: Integers, walk: _Walk, at: Integers, rings: Rings, sides: Integers) -> Arcs:
    """Return the arcs that begin ``at`` these places of the walk; each is met once or twice."""
    until = np.append(at[1:], len(walk.vertex))
    name = np.minimum(walk.edge[at], walk.edge[until - 1])
    _, first, arc = np.unique(name, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    arc, first = rank[arc], np.sort(first)
    one, two = walk.vertex[at], _following(walk.vertex, walk.start)[at]
    forward = (one == one[first][arc]) & (two == two[first][arc])
    own = rings.item[walk.ring[at[first]]]
    pair = sides[walk.edge[at[first]]]
    length = (until - at)[first] + 1
    return Arcs(
        xy=corners[walk.along(at[first], length)],
        length=length,
        sides=np.column_stack([own, np.where(pair[:, 0] == own, pair[:, 1], pair[:, 0])]),
        used=np.where(forward, arc, ~arc),
        per_ring=np.bincount(walk.ring[at], minlength=len(rings)),
        item=rings.item,
        hole=rings.hole,
    )
