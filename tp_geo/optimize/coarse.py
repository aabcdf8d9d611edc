"""Many starts at the price of one: diagrams of clumps of items, the best of them made finer."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize.graph import Graph
from tp_geo.optimize.newton import Points
from tp_geo.optimize.problem import Flags, Floats, Ints
from tp_geo.optimize.seeds import halved

EACH = 6
"""How many items a clump has at least, ..."""
PER_AREA, ENOUGH, LEAST = 12, 40, 1000
"""... unless an area had fewer clumps than that; there are none where that can't be; and how many
clumps for each area, and in all, are enough."""


def clumps_for(held: Flags, areas: int) -> int:
    """Return how many clumps to make of items, which ``held`` are among; 0: none."""
    n = len(held)
    count = max(min(n // EACH, max(LEAST, ENOUGH * areas)), PER_AREA * areas)
    return 0 if count > n // 2 or held.any() else count


def clumps_of(points: Points, areas: int) -> tuple[Points, Ints] | None:
    """Return clumps of neighboring items as points, and the clump of each item; else ``None``."""
    n, count = len(points.xy), clumps_for(points.held, areas)
    if not count:
        return None
    clump = halved(points.xy, np.full(n, 1.0 / n), np.full(count, 1.0 / count), 0)
    graph = Graph(points.indptr, points.indices, np.zeros(len(points.indices)))
    a, b = clump[graph.sources], clump[graph.indices]
    pairs = np.unique(a.astype(np.int64) * count + b)[:, None]
    edges = np.column_stack([pairs // count, pairs % count]).astype(np.int32)
    between = Graph.from_edges(count, edges[edges[:, 0] < edges[:, 1]], _none(edges))
    weight = np.bincount(clump, points.weight, count).astype(np.float64)
    xy = np.column_stack(
        [np.bincount(clump, points.weight * points.xy[:, q], count) / weight for q in (0, 1)]
    )
    return (
        Points(
            between.indptr,
            between.indices,
            xy,
            weight,
            np.zeros(count, np.bool_),
            np.full(count, -1, np.int32),
            np.zeros(count),
        ),
        clump,
    )


def _none(edges: Ints) -> Floats:
    return np.zeros(int((edges[:, 0] < edges[:, 1]).sum()))
