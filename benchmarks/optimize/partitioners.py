"""The peers, each a function of one graph: run as a script by an interpreter that has them.

``partitioners.py METHOD GRAPH.npz AREAS SEED OUT.npy`` writes the area of each place and
prints the seconds of processor time and the peak memory as JSON. Needs numpy and the peer.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]
Graph = Any
"""xy (km), edges, length, and in CSR form indptr, indices and lengths; weight, weights, shares."""

ECO, RECOM_STEPS = 2, 200


def whole(values: NDArray[np.float64], top: int) -> NDArray[np.int64]:
    """Return values as integers of at least 1, which is what partitioners take."""
    return np.maximum(1, np.round(values / values.max() * top)).astype(np.int64)


def metis(g: Graph, areas: int, seed: int) -> Labels:
    """METIS, k-way, contiguous."""
    return _metis(g, areas, seed, recursive=False)


def metis_recursive(g: Graph, areas: int, seed: int) -> Labels:
    """METIS, recursive bisection, which knows no contiguity."""
    return _metis(g, areas, seed, recursive=True)


def _metis(g: Graph, areas: int, seed: int, *, recursive: bool) -> Labels:
    import pymetis

    options = pymetis.Options(seed=seed)
    if not recursive:
        options.contig = 1
    found = pymetis.part_graph(
        areas, xadj=g.indptr.tolist(), adjncy=g.indices.tolist(),
        vweights=whole(g.weight, min(2_000_000, 10**9 // len(g.xy))).tolist(),
        eweights=whole(g.lengths, 1000).tolist(), recursive=recursive, options=options,
    )  # fmt: skip
    return np.array(found.vertex_part)


def metis_measures(g: Graph, areas: int, seed: int) -> Labels:
    """METIS with several measures and unequal targets, through its C library."""
    import ctypes

    base = Path(sys.prefix) / "lib"
    for library in ("libGKlib", "libmetis"):
        path = next(base.glob(f"python*/site-packages/cmeel.prefix/lib/{library}.so*"), None)
        if path is None:
            raise ImportError("no cmeel-metis")
        lib = ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    n, m = g.weights.shape
    options, cut, part = np.zeros(40, np.int32), np.zeros(1, np.int32), np.zeros(n, np.int32)
    weights = np.round(g.weights / g.weights.sum(axis=0) * 5e7).astype(np.int32)
    shares = np.repeat(g.shares[:, None], m, axis=1)
    sizes = [np.array([s], np.int32) for s in (n, m, areas)]

    def at(array: NDArray[Any]) -> ctypes.c_void_p:
        return ctypes.c_void_p(array.ctypes.data)

    for real in (np.float32, np.float64):
        lib.METIS_SetDefaultOptions(at(options))
        options[13], options[9] = 1, seed  # contiguous; seed
        targets, slack = np.ascontiguousarray(shares, real), np.full(m, 1.01, real)
        arrays = [g.indptr, g.indices, weights, whole(g.lengths, 1000).astype(np.int32)]
        xadj, adjacent, held, borders = (np.ascontiguousarray(a, np.int32) for a in arrays)
        status = lib.METIS_PartGraphKway(
            at(sizes[0]), at(sizes[1]), at(xadj), at(adjacent), at(held), None, at(borders),
            at(sizes[2]), at(targets), at(slack), at(options), at(cut), at(part),
        )  # fmt: skip
        if status == 1:
            return part.astype(np.int64)
    raise RuntimeError(f"METIS gave up with status {status}.")


def kahip(g: Graph, areas: int, seed: int) -> Labels:
    """KaHIP, eco, 3 % overweight."""
    import kahip as library

    weight, borders = whole(g.weight, 20_000), whole(g.lengths, 1000)
    arrays = (weight, g.indptr, borders, g.indices)
    lists = [a.tolist() for a in arrays]
    return np.array(library.kaffpa(*lists, areas, 0.03, True, seed, library.ECO)[1])


def mtkahypar(g: Graph, areas: int, seed: int) -> Labels:
    """Mt-KaHyPar, default, 3 % overweight, one thread."""
    import mtkahypar as library

    kit = library.initialize(1)
    context = kit.context_from_preset(library.PresetType.DEFAULT)
    context.set_partitioning_parameters(areas, 0.03, library.Objective.CUT)
    library.set_seed(seed)
    context.logging = False
    pairs = [(int(i), int(j)) for i, j in g.edges]
    weight, borders = whole(g.weight, 20_000), whole(g.length, 1000)
    graph = kit.create_graph(
        context, len(g.xy), len(pairs), pairs, weight.tolist(), borders.tolist()
    )
    found = graph.partition(context)
    return np.array([found.block_id(i) for i in range(len(g.xy))])


def flow(g: Graph, areas: int, seed: int, rounds: int = 8, nearest: int = 12) -> Labels:
    """Balanced k-means: OR-tools' min-cost flow between moves of the centers."""
    from ortools.graph.python import min_cost_flow
    from scipy.spatial import cKDTree

    n, near = len(g.xy), areas if areas <= nearest else nearest
    weight = np.maximum(1, np.round(g.weight / g.weight.sum() * 5_000_000)).astype(np.int64)
    capacity = np.full(areas, weight.sum() // areas)
    capacity[: weight.sum() - capacity.sum()] += 1
    labels = halved(g.xy, weight.astype(float), areas)
    for _ in range(rounds):
        total = np.maximum(np.bincount(labels, weight, areas), 1)
        sums = [np.bincount(labels, weight * c, areas) / total for c in g.xy.T]
        centers = np.column_stack(sums)
        choices = np.c_[cKDTree(centers).query(g.xy, k=near)[1].reshape(n, near), labels]
        cost = ((g.xy[:, None] - centers[choices]) ** 2).sum(axis=-1)
        network = min_cost_flow.SimpleMinCostFlow()
        arcs = network.add_arcs_with_capacity_and_unit_cost(
            np.repeat(np.arange(n), near + 1), n + choices.ravel(), np.repeat(weight, near + 1),
            np.round(cost.ravel()).astype(np.int64),
        )  # fmt: skip
        network.set_nodes_supplies(np.arange(n), weight)
        network.set_nodes_supplies(n + np.arange(areas), -capacity)
        network.solve_max_flow_with_min_cost()
        sent = np.asarray(network.flows(arcs)).reshape(n, near + 1)
        labels = choices[np.arange(n), sent.argmax(axis=1)]
    return labels


def halved(xy: NDArray[np.float64], weight: NDArray[np.float64], areas: int) -> Labels:
    """Return areas of about equal weight by cutting across the longer side again and again."""
    found = np.zeros(len(xy), np.int64)
    waiting = [(np.arange(len(xy)), areas, 0)]
    while waiting:
        here, count, first = waiting.pop()
        found[here] = first
        if count == 1:
            continue
        wide = int(np.ptp(xy[here, 1]) > np.ptp(xy[here, 0]))
        ordered = here[np.argsort(xy[here, wide], kind="stable")]
        along, left = np.cumsum(weight[ordered]), count // 2
        cut = int(np.searchsorted(along, along[-1] * left / count))
        waiting.append((ordered[:cut], left, first))
        waiting.append((ordered[cut:], count - left, first + left))
    return found


def gerrychain(g: Graph, areas: int, seed: int) -> Labels:
    """GerryChain's recursive tree partition, 5 %."""
    import random

    from gerrychain import Graph as Chained
    from gerrychain.tree import recursive_tree_part

    random.seed(seed)
    network = Chained.from_networkx(_network(g))
    total = float(g.weight.sum())
    found = recursive_tree_part(network, range(areas), total / areas, "pop", 0.05, node_repeats=1)
    return np.array([found[i] for i in range(len(g.xy))])


def recom(g: Graph, areas: int, seed: int) -> Labels:
    """GerryChain's tree partition, then 200 steps of ReCom that cut no more edges."""
    from functools import partial

    import gerrychain as library
    from gerrychain.proposals import recom as proposal

    labels = gerrychain(g, areas, seed)
    network = library.Graph.from_networkx(_network(g))
    tally = {"pop": library.updaters.Tally("pop"), "cut": library.updaters.cut_edges}
    start = library.Partition(network, dict(enumerate(labels.tolist())), tally)
    target = float(g.weight.sum() / areas)
    merged = partial(proposal, pop_col="pop", pop_target=target, epsilon=0.05, node_repeats=1)

    def fewer(plan: Any) -> bool:
        return len(plan["cut"]) <= len(plan.parent["cut"])

    for plan in library.MarkovChain(merged, [], fewer, start, RECOM_STEPS):
        last = plan
    return np.array([last.assignment[i] for i in range(len(g.xy))])


def _network(g: Graph) -> Any:
    import networkx

    network = networkx.Graph()
    network.add_nodes_from((i, {"pop": float(w)}) for i, w in enumerate(g.weight))
    network.add_edges_from(g.edges.tolist())
    return network


def ward(g: Graph, areas: int, seed: int) -> Labels:
    """Ward's clustering with contiguity (spopt), which knows no balance."""
    import geopandas
    import shapely
    from libpysal.weights import W
    from spopt.region import WardSpatial

    frame = geopandas.GeoDataFrame(
        {"x": g.xy[:, 0], "y": g.xy[:, 1]}, geometry=shapely.points(g.xy)
    )
    around = np.split(g.indices, g.indptr[1:-1])
    neighbors = W({i: a.tolist() for i, a in enumerate(around)}, silence_warnings=True)
    model = WardSpatial(frame, neighbors, ["x", "y"], n_clusters=areas)
    model.solve()
    return np.asarray(model.labels_).astype(np.int64)


METHODS: dict[str, Callable[[Graph, int, int], Labels]] = {
    f.__name__: f
    for f in (
        metis, metis_recursive, metis_measures, kahip, mtkahypar, flow, gerrychain, recom, ward,
    )
}  # fmt: skip


def main() -> None:
    """Run one method on one graph."""
    method, path, areas, seed, out = sys.argv[1:]
    with np.load(path) as kept:
        graph = SimpleNamespace(**{k: kept[k] for k in kept.files})
    began = time.process_time()
    labels = METHODS[method](graph, int(areas), int(seed))
    took = time.process_time() - began
    np.save(out, labels.astype(np.int32))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": took, "megabytes": peak}))


if __name__ == "__main__":
    main()
