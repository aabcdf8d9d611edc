"""What coloring costs, how well neighbors are told apart, and what an edit repaints.

Blocks of the embedded postal areas, of one level or as territories in
districts in regions. An edit moves up to 40 containers from one area to the
one beside it. The peers get the same map and the same palette: plain greedy
coloring by number, DSATUR (Brelaz, CACM 22(4), 1979), and mending the colors
from before, which depends on the way.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import Alignment, Area, AreaId, Items, frozen
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.coloring import Beginning, Choice, beside, borders, colored, shown
from tp_geo.geometry.vision import EYES, difference, lab, rgb
from tp_geo.store import embedded

EDITS, MOST, REPEATS = 200, 40, 15
SIZE = len(palette.COLORS)
PEERS = {
    "Okabe-Ito": "E69F00 56B4E9 009E73 F0E442 0072B2 D55E00 CC79A7 000000",
    "Tol bright": "4477AA EE6677 228833 CCBB44 66CCEE AA3377",
    "Tol muted": "332288 88CCEE 44AA99 117733 999933 DDCC77 CC6677 882255 AA4499",
    "Tol light": "77AADD EE8866 EEDD88 FFAABB 99DDFF 44BB99 BBCC33 AAAA00",
    "Tableau 10": "1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf",
    "ColorBrewer Set3": (
        "8dd3c7 ffffb3 bebada fb8072 80b1d3 fdb462 b3de69 fccde5 d9d9d9 bc80bd ccebc5 ffed6f"
    ),
}

Found = Mapping[AreaId, int]
Way = Callable[[Alignment, Adjacency, Found], Found]


def main() -> None:
    """Print the tables."""
    _palettes()
    adjacency, xy = embedded.load_adjacency("postal"), embedded.load_boundaries("postal").xy
    plans = {f"{k:,} areas": _flat(xy, k) for k in (50, 200, 1_000)}
    plans["1,000 territories, 100 districts, 10 regions"] = _tree(xy)
    ways: dict[str, Way] = {"TP Geo": _ours, "greedy": _greedy, "DSATUR": _dsatur, "mend": _mend}
    print("\nColoring, and what an edit repaints; milliseconds of processor time\n")
    print("| plan | by | ms | neighbors apart, mean (least) | repainted, mean | most | edits |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name, plan in plans.items():
        for way, color in ways.items():
            _row(name, way, color, plan, adjacency, xy)
    print("\n| step at 1,110 areas | cpu ms |\n|---|---:|")
    for name, step in _steps(plans["1,000 territories, 100 districts, 10 regions"], adjacency):
        print(f"| {name} | {_cpu_ms(step):.1f} |")


def _palettes() -> None:
    print("\nLeast CIEDE2000 difference of any two colors, on light and on dark pages\n")
    print(f"| palette | colors | {' | '.join(EYES)} |\n|---|---:|{'---:|' * len(EYES)}")
    ours = {"TP Geo": palette.COLORS}
    for name, colors in {**ours, **{n: _hex(c) for n, c in PEERS.items()}}.items():
        found = [min(_least(rgb(colors), e), _least(rgb(colors) * palette.DARK, e)) for e in EYES]
        print(f"| {name} | {len(colors)} | {' | '.join(f'{d:.1f}' for d in found)} |")


def _hex(colors: str) -> tuple[str, ...]:
    return tuple(f"#{c}" for c in colors.split())


def _least(srgb: NDArray[np.float64], eye: str) -> float:
    seen = lab(srgb, eye)
    apart = difference(seen[:, None], seen[None])
    return float(apart[np.triu_indices(len(apart), 1)].min())


def _row(
    name: str,
    way: str,
    color: Way,
    plan: Alignment,
    adjacency: Adjacency,
    xy: NDArray[np.float64],
) -> None:
    rng = np.random.default_rng(1)
    now = color(plan, adjacency, {})
    took = _cpu_ms(lambda: color(plan, adjacency, {}))
    apart = _apart(plan, adjacency, now)
    repainted = []
    for _ in range(EDITS):
        plan = _edited(plan, adjacency, xy, rng)
        then = color(plan, adjacency, now)
        repainted.append(sum(then[k] != now[k] for k in plan.areas))
        now = then
    some = np.mean([n > 0 for n in repainted])
    print(
        f"| {name} | {way} | {took:.1f} | {apart.mean():.1f} ({apart.min():.1f}) "
        f"| {np.mean(repainted):.2f} | {max(repainted)} | {some:.0%} |",
        flush=True,
    )


def _ours(plan: Alignment, adjacency: Adjacency, before: Found) -> Found:
    return colored(Beginning.of(plan, _choice(), {}), borders(plan.area_of, adjacency))


@cache
def _choice() -> Choice:
    near = palette.least_apart(rgb(palette.COLORS), rgb(palette.COLORS)) < palette.NEAR
    bits = 1 << np.arange(SIZE, dtype=np.int64)
    return Choice(SIZE, bits, near @ bits)


def _greedy(plan: Alignment, adjacency: Adjacency, before: Found) -> Found:
    around, found = _around(plan, adjacency), dict[AreaId, int]()
    for k in sorted(plan.areas):
        taken = {found.get(n) for n in around[k]}
        found[k] = next(c for c in range(len(plan.areas)) if c not in taken)
    return found


def _dsatur(plan: Alignment, adjacency: Adjacency, before: Found) -> Found:
    around, found = _around(plan, adjacency), dict[AreaId, int]()
    taken: dict[AreaId, set[int]] = {k: set() for k in plan.areas}
    left = set(plan.areas)
    while left:
        k = max(left, key=lambda a: (len(taken[a]), len(around[a]), -a))
        left.remove(k)
        found[k] = next(c for c in range(len(plan.areas)) if c not in taken[k])
        for n in around[k]:
            taken[n].add(found[k])
    return found


def _mend(plan: Alignment, adjacency: Adjacency, before: Found) -> Found:
    if not before:
        return _ours(plan, adjacency, before)
    around, found = _around(plan, adjacency), dict(before)
    for k in sorted(plan.areas):
        taken = {found[n] for n in around[k]}
        if found[k] in taken:
            found[k] = next(c for c in range(len(plan.areas)) if c not in taken)
    return found


def _around(plan: Alignment, adjacency: Adjacency) -> Mapping[AreaId, Sequence[AreaId]]:
    around: dict[AreaId, list[AreaId]] = {k: [] for k in plan.areas}
    for i, j in beside(shown(plan), borders(plan.area_of, adjacency))[0].tolist():
        around[i].append(j)
        around[j].append(i)
    return around


def _apart(plan: Alignment, adjacency: Adjacency, found: Found) -> NDArray[np.float64]:
    """Return how far apart neighbors look to those who tell them apart least."""
    pairs = beside(shown(plan), borders(plan.area_of, adjacency))[0].tolist()
    apart = palette.least_apart(rgb(palette.COLORS), rgb(palette.COLORS))
    return np.array([apart[found[AreaId(i)] % SIZE, found[AreaId(j)] % SIZE] for i, j in pairs])


def _edited(
    plan: Alignment, adjacency: Adjacency, xy: NDArray[np.float64], rng: np.random.Generator
) -> Alignment:
    """Return the plan after containers near a border went to the other side."""
    sides = plan.area_of[adjacency.pairs]
    i, j = adjacency.pairs[rng.choice(np.flatnonzero(sides[:, 0] != sides[:, 1]))].tolist()
    some = np.argsort(((xy - xy[i]) ** 2).sum(axis=1))[: int(rng.integers(1, MOST))]
    entries = plan.area_of.copy()
    entries[some[entries[some] == entries[i]]] = entries[j]
    return replace(plan, area_of=frozen(entries))


def anew_ms(areas: int) -> float:
    """Return the processor time of coloring a plan of so many areas of which nothing is known."""
    xy = embedded.load_boundaries("postal").xy
    steps = dict(_steps(_flat(xy, areas), embedded.load_adjacency("postal")))
    return _cpu_ms(steps["colors, areas or borders changed"])


def _steps(plan: Alignment, adjacency: Adjacency) -> list[tuple[str, Callable[[], object]]]:
    def anew() -> object:
        palette._painted.cache_clear()
        return palette.colors(plan, adjacency)

    return [
        ("which areas touch", lambda: borders(plan.area_of, adjacency)),
        ("colors, areas or borders changed", anew),
        ("colors, neither changed", lambda: palette.colors(plan, adjacency)),
    ]


def _cpu_ms(step: Callable[[], object]) -> float:
    step()
    took = []
    for _ in range(REPEATS):
        began = time.process_time()
        step()
        took.append(1000 * (time.process_time() - began))
    return statistics.median(took)


def _flat(xy: NDArray[np.float64], areas: int) -> Alignment:
    made = {AreaId(k): Area(AreaId(k), f"Territory {k}") for k in range(1, areas + 1)}
    return _plan(made, list(made), xy)


def _tree(xy: NDArray[np.float64]) -> Alignment:
    areas: dict[AreaId, Area] = {}

    def put(parent: AreaId | None) -> AreaId:
        k = AreaId(len(areas) + 1)
        areas[k] = Area(k, f"Area {k}", parent)
        return k

    tops = [put(None) for _ in range(10)]
    districts = [put(top) for top in tops for _ in range(10)]
    return _plan(areas, [put(d) for d in districts for _ in range(10)], xy)


def _plan(
    areas: Mapping[AreaId, Area], leaves: Sequence[AreaId], xy: NDArray[np.float64]
) -> Alignment:
    entries = np.array(leaves, dtype=np.int32)[blocks(xy, len(leaves))]
    empty = Alignment.empty(Items.only_containers(len(xy)))
    return replace(empty, areas=areas, area_of=frozen(entries))


def blocks(xy: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return the number of a compact block for each place, by halving again and again."""
    found = np.zeros(len(xy), dtype=np.intp)
    waiting = [(np.arange(len(xy)), count, 0)]
    while waiting:
        here, n, first = waiting.pop()
        if n == 1:
            found[here] = first
            continue
        wide = 0.8 * np.ptp(xy[here, 0]) > np.ptp(xy[here, 1])
        ordered = here[np.argsort(xy[here, 0 if wide else 1], kind="stable")]
        cut = len(here) * (n // 2) // n
        waiting += [(ordered[:cut], n // 2, first), (ordered[cut:], n - n // 2, first + n // 2)]
    return found


if __name__ == "__main__":
    main()
