"""Which items touch which, as rows of neighbors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from tp_geo.optimize.problem import Floats, Ints, Problem

NEAR = 6
"""How many of its nearest items a point is linked with."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Neighbors of item i: ``indices[indptr[i]:indptr[i + 1]]``, ascending, each with a ``length``.

    Both directions of a pair are there; no item is its own neighbor.
    """

    indptr: Ints
    indices: Ints
    length: Floats

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.indptr) - 1

    @property
    def sources(self) -> Ints:
        """The item each entry of ``indices`` is a neighbor of."""
        return np.repeat(np.arange(self.items, dtype=np.int32), np.diff(self.indptr))

    def pieces(self, label: Ints | None = None) -> tuple[int, Ints]:
        """Return how many connected pieces there are, within labels if given, and each item's."""
        source = self.sources
        keep = slice(None) if label is None else label[source] == label[self.indices]
        a, b = source[keep], self.indices[keep]
        links = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(self.items, self.items))
        count, piece = connected_components(links, directed=False)
        return int(count), piece.astype(np.int32)

    @classmethod
    def of(cls, problem: Problem) -> Graph:
        """Return the graph of a problem's edges, without barriers."""
        open_ = ~problem.barriers
        return cls.from_edges(problem.items, problem.edges[open_], problem.length[open_])

    @classmethod
    def from_edges(cls, n: int, edges: Ints, length: Floats) -> Graph:
        """Return the graph of pairs; the lengths of pairs that are given twice add up."""
        keep = edges[:, 0] != edges[:, 1]
        a, b, length = edges[keep, 0], edges[keep, 1], length[keep]
        pair = np.concatenate([a.astype(np.int64) * n + b, b.astype(np.int64) * n + a])
        code, back = np.unique(pair, return_inverse=True)
        total = np.bincount(back, np.concatenate([length, length]), len(code)).astype(np.float64)
        indptr = np.zeros(n + 1, np.int32)
        np.cumsum(np.bincount(code // max(n, 1), minlength=n), out=indptr[1:])
        return cls(indptr, (code % max(n, 1)).astype(np.int32), total)

    @classmethod
    def near(cls, xy: Floats) -> Graph:
        """Return links of every point with those nearest to it, of no length."""
        n = len(xy)
        if n < 2:
            return cls.from_edges(n, np.empty((0, 2), np.int32), np.empty(0))
        if not np.ptp(xy, axis=0).any():
            return cls._mixed(n)
        found = cKDTree(xy).query(xy, min(NEAR + 1, n))[1]
        pairs = np.column_stack([np.repeat(np.arange(n), found.shape[1]), found.ravel()])
        pairs = np.unique(np.sort(pairs.astype(np.int32), axis=1), axis=0)
        return cls.from_edges(n, pairs, np.zeros(len(pairs)))

    @classmethod
    def _mixed(cls, n: int) -> Graph:
        """Return links of items that are all in one place: each with some far from it in number."""
        item = np.arange(n)
        steps = sorted({1 + (n - 1) * t // (2 * NEAR) for t in range(NEAR)})
        pairs = np.concatenate([np.column_stack([item, (item + s) % n]) for s in steps])
        pairs = np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int32)
        return cls.from_edges(n, pairs, np.zeros(len(pairs)))

    def with_links(self, xy: Floats) -> Graph:
        """Return this graph, or where it is in pieces one that holds together, by short links."""
        if self.pieces()[0] <= 1:
            return self
        both = np.concatenate(
            [np.column_stack([g.sources, g.indices]) for g in (self, Graph.near(xy))]
        )
        joined = Graph.from_edges(len(xy), both, np.zeros(len(both)))
        first = np.unique(joined.pieces()[1], return_index=True)[1]
        chain = first[np.lexsort((xy[first, 1], xy[first, 0]))]
        edges = np.concatenate([both, np.column_stack([chain[:-1], chain[1:]])]).astype(np.int32)
        return Graph.from_edges(len(xy), edges, np.zeros(len(edges)))
