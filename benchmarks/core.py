"""What one click costs in the core, on the largest plan we promise: ``python -m benchmarks core``.

33,791 containers, 250,000 units (2,500 of them exceptions, 1 % held), five
measures, areas on three levels with 1,000 leaves. Milliseconds:
the median of processor time, which neighbors on the machine leave alone, and
of wall-clock time, which they do not.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np

from tp_geo.domain.alignment import FOLLOW, Alignment, Area, AreaId, Items, frozen
from tp_geo.domain.commands import Branch, Change, Combine, Command, HoldItems, Move, Split
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.domain.edits import Assign, Edit, PutArea, diff, replay
from tp_geo.domain.hierarchy import Focus, in_view, shown_at
from tp_geo.domain.measures import totals
from tp_geo.domain.merge import merge, revert
from tp_geo.domain.problems import problems
from tp_geo.domain.rules import EVERYTHING, Remit, decide

CONTAINERS, UNITS, REVISIONS = 33_791, 250_000, 5_000
MEASURES = (
    Measure("people", "People"),
    Measure("households", "Households"),
    Measure("sales", "Sales"),
    Measure("income", "Income", aggregate=Aggregate.MEAN, weight="households"),
    Measure("score", "Score", aggregate=Aggregate.MEAN),
)


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(1)
    data = _dataset(rng)
    plan = _plan(data.items, rng, leaves=1_000)
    print(f"\ncore: {CONTAINERS:,} containers, {UNITS:,} units, {len(plan.areas):,} areas")
    print(f"\n| {'step':<58} | {'cpu ms':>9} | {'wall ms':>9} |")
    print(f"|{'-' * 60}|{'-' * 10}:|{'-' * 10}:|")
    for name, step, times in (*_clicks(plan, rng), *_views(data, plan), *_history(plan, rng)):
        _row(name, step, times)


def _clicks(plan: Alignment, rng: np.random.Generator) -> Iterator[tuple[str, object, int]]:
    """Yield what a planner asks for, each through the gate."""
    leaves = sorted(plan.leaves)
    hundred = _free(plan, rng, 100)
    owner = Remit(next(plan.ancestry(leaves[0])).parent)
    home = np.flatnonzero((plan.area_of[:CONTAINERS] == leaves[0]) & ~plan.held[:CONTAINERS])
    first = plan.area_of[:CONTAINERS] == leaves[0]
    for k in (10, 100, 1_000):
        smaller = _plan(plan.items, np.random.default_rng(2), leaves=k)
        move = Move(_free(smaller, rng, 100), max(smaller.leaves))
        yield f"move 100 containers, {k:,} leaves", _asked(smaller, move), 60
    yield "move 1 container", _asked(plan, Move(hundred[:1], leaves[-1])), 60
    yield "move 100 containers within a remit", _asked(plan, Move(home, leaves[1]), owner), 60
    far = _free(plan, rng, 10_000)
    yield "move 10,000 containers", _asked(plan, Move(far, leaves[-1])), 30
    yield "rename an area", _asked(plan, Change(leaves[0], {"name": "new"})), 30
    yield "branch an area in ten", _asked(plan, Branch(leaves[0], tuple("abcdefghij"))), 30
    part_of = np.where(first, np.arange(CONTAINERS) % 50, 0)
    part = np.concatenate([part_of, np.full(UNITS, -1)]).astype(np.int32)
    split = Split(leaves[0], tuple(f"part {i}" for i in range(50)), part)
    yield "split an area in fifty", _asked(plan, split), 30
    loose = _released(plan)
    ten = frozenset(loose.children(loose.areas[leaves[0]].parent)[1:])
    yield "combine ten areas", _asked(loose, Combine(leaves[0], ten)), 30
    yield "hold 10,000 containers", _asked(plan, HoldItems(far)), 30
    yield "hold every item there is", _asked(plan, HoldItems(np.arange(plan.items.count))), 10


def _views(data: Dataset, plan: Alignment) -> Iterator[tuple[str, object, int]]:
    """Yield what a page computes after a click; nothing is remembered from the one before."""
    yield "resolve every item", lambda: _fresh(plan).resolved, 60
    yield "exceptions", lambda: _fresh(plan).exceptions, 60
    _ = data.amounts
    yield "totals of 5 measures", lambda: totals(data, _fresh(plan)), 60
    yield "problems, all of them", lambda: problems(_fresh(plan)), 30
    yield "areas in view, second level", lambda: in_view(plan, Focus(level=2)), 30
    yield "what every area shows as, second level", lambda: shown_at(plan, 2), 30


def _history(plan: Alignment, rng: np.random.Generator) -> Iterator[tuple[str, object, int]]:
    """Yield what history costs: all of it again, or two states compared and merged."""
    log = _log(plan, rng)
    after = replay(plan, log)
    theirs = replay(plan, _log(plan, rng)[: REVISIONS // 10])
    last = replay(plan, log[:1])
    every = _reassigned(plan, rng)
    yield f"replay {REVISIONS:,} revisions", lambda: replay(plan, log), 10
    yield "replay one revision", lambda: replay(plan, log[:1]), 60
    yield "diff after 5,000 revisions", lambda: diff(plan, after), 20
    yield "diff, every container elsewhere", lambda: diff(plan, every), 20
    yield "merge 500 revisions into 5,000", lambda: merge(plan, after, theirs), 20
    yield "revert one revision", lambda: revert(last, last, plan), 20


def _asked(plan: Alignment, command: Command, remit: Remit = EVERYTHING) -> Callable[[], object]:
    """Return the decision on a plan that was never asked before, as after a refresh."""
    return lambda: decide(_fresh(plan), command, map(AreaId, count(10_000)), remit)


def _row(name: str, step: object, times: int) -> None:
    assert callable(step)
    step()
    cpu, wall = [], []
    for _ in range(times):
        began, start = time.process_time(), time.perf_counter()
        step()
        cpu.append((time.process_time() - began) * 1000)
        wall.append((time.perf_counter() - start) * 1000)
    took = (f"{statistics.median(t):>9.2f}" for t in (cpu, wall))
    print(f"| {name:<58} | {' | '.join(took)} |", flush=True)


def _fresh(plan: Alignment) -> Alignment:
    return Alignment(plan.items, plan.areas, plan.area_of, plan.held)


def _released(plan: Alignment) -> Alignment:
    return Alignment(plan.items, plan.areas, plan.area_of, np.zeros_like(plan.held))


def _dataset(rng: np.random.Generator) -> Dataset:
    inside = rng.integers(0, CONTAINERS, UNITS, dtype=np.int32)
    inside[: UNITS // 100] = -1
    items = Items(CONTAINERS, frozen(inside))
    values = rng.random((items.count, len(MEASURES))) * 100
    located = inside >= 0
    for i in range(3):
        values[:CONTAINERS, i] += np.bincount(
            inside[located], values[CONTAINERS:, i][located], CONTAINERS
        )
    codes = np.array([f"{i:05d}" for i in range(items.count)], dtype=object)
    return Dataset("core", "core", "postal", items, codes, codes, MEASURES, frozen(values))


def _plan(items: Items, rng: np.random.Generator, leaves: int) -> Alignment:
    """Ten leaves to a district, ten districts to a region; one container in a hundred held."""
    areas: dict[AreaId, Area] = {}

    def put(level: str, parent: AreaId | None) -> AreaId:
        k = AreaId(len(areas) + 1)
        areas[k] = Area(k, f"{level} {k}", parent, level, targets={"people": 1.0})
        return k

    ends = []
    for region in range(0, leaves, 100):
        top = put("Region", None)
        for district in range(region, min(region + 100, leaves), 10):
            middle = put("District", top)
            ends += [put("Territory", middle) for _ in range(district, min(district + 10, leaves))]
    entries = np.full(items.count, FOLLOW, dtype=np.int32)
    entries[:CONTAINERS] = np.sort(rng.choice(ends, CONTAINERS))
    moved = rng.choice(np.arange(CONTAINERS, items.count), 2_500, replace=False)
    entries[moved] = rng.choice(ends, len(moved))
    held = (rng.random(items.count) < 0.01) & (entries != FOLLOW)
    return Alignment(items, areas, frozen(entries), frozen(held))


def _free(plan: Alignment, rng: np.random.Generator, n: int) -> np.ndarray:  # type: ignore[type-arg]
    return rng.choice(np.flatnonzero(~plan.held[:CONTAINERS]), n, replace=False)


def _reassigned(plan: Alignment, rng: np.random.Generator) -> Alignment:
    entries = plan.area_of.copy()
    entries[:CONTAINERS] = rng.permutation(entries[:CONTAINERS])
    return Alignment(plan.items, plan.areas, frozen(entries), plan.held)


def _log(plan: Alignment, rng: np.random.Generator) -> tuple[Edit, ...]:
    """Forty containers moved in each revision; in one of ten, an area renamed."""
    leaves = sorted(plan.leaves)
    log: list[Edit] = []
    for i in range(REVISIONS):
        to = leaves[int(rng.integers(len(leaves)))]
        if i % 10 == 9:
            area = plan.areas[to]
            log.append(PutArea(Area(to, f"{area.name} {i}", area.parent, area.level)))
        else:
            log.append(Assign(_free(plan, rng, 40), to))
    return tuple(log)


if __name__ == "__main__":
    main()
