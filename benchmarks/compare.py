"""What comparing costs on the largest plan we promise: ``python -m benchmarks compare``.

33,791 containers, 250,000 units, 1,000 leaves. Two changes: every leaf gives
one in twelve of its containers to the next one, and every container goes
somewhere else. Milliseconds of processor time, the median, and the bytes that
the map of what moved is told.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

import numpy as np

from benchmarks.core import CONTAINERS, UNITS, _dataset, _plan
from tp_geo.domain.alignment import Alignment, Area, AreaIds, frozen
from tp_geo.domain.comparison import Ground, compared
from tp_geo.files.exports_compare import Compared, areas_table, flows_table, items_table
from tp_geo.ui.compare_matrix import heated, matrix
from tp_geo.ui.compare_picture import picture
from tp_geo.ui.wire import Picture, full_state

LEVEL, TIMES = 3, 5
SHARED = 1_000_000


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(1)
    data = _dataset(rng)
    plan = _owned(_plan(data.items, rng, leaves=1_000))
    print(f"\ncompare: {CONTAINERS:,} containers, {UNITS:,} units, {len(plan.leaves):,} leaves\n")
    print("| step | a twelfth to the next | all elsewhere |\n|---|---:|---:|")
    sides = _next(plan), _all(plan, rng)
    columns = [_column(Ground(after, data), plan) for after in sides]
    for name in columns[0]:
        print(f"| {name} | {columns[0][name]:,.0f} | {columns[1][name]:,.0f} |")


def _column(after: Ground, plan: Alignment) -> dict[str, float]:
    before = Ground(plan, after.dataset)
    found = compared(before, after, level=LEVEL, shared=SHARED)
    made = Compared(found, before, after)
    names = [made.name(p) for p in found.pairs]
    colors = ["#4f8fd0"] * len(found.pairs)
    seen = picture(made, colors)
    state = full_state(Picture.of(seen.alignment, after.dataset, seen.colors))
    return {
        "flows": found.areas.flows.count,
        "compare by id, ms": _ms(lambda: compared(before, after, level=LEVEL, shared=SHARED)),
        "compare by name, ms": _ms(lambda: compared(before, after, level=LEVEL, shared=0)),
        "picture of what moved, ms": _ms(lambda: picture(made, colors)),
        "the map's message, ms": _ms(
            lambda: full_state(Picture.of(seen.alignment, after.dataset, seen.colors))
        ),
        "the map's message, bytes": len(json.dumps(state)),
        "flow matrix, ms": _ms(lambda: heated(matrix(found.areas, names, 2))),
        "tables of areas and flows, ms": _ms(lambda: (areas_table(made), flows_table(made))),
        "table of every item that moves, ms": _ms(lambda: items_table(made)),
    }


def _owned(plan: Alignment) -> Alignment:
    areas = {k: Area(k, a.name, a.parent, a.level, f"owner {k}") for k, a in plan.areas.items()}
    return Alignment(plan.items, areas, plan.area_of, plan.held)


def _next(plan: Alignment) -> Alignment:
    """Return the plan with one in twelve containers in the next leaf."""
    moved = np.arange(0, CONTAINERS, 12)
    return _with(plan, moved, np.ones(len(moved), dtype=np.int64))


def _all(plan: Alignment, rng: np.random.Generator) -> Alignment:
    return _with(plan, np.arange(CONTAINERS), rng.integers(1, len(plan.leaves), CONTAINERS))


def _with(plan: Alignment, moved: np.ndarray, steps: np.ndarray) -> Alignment:  # type: ignore[type-arg]
    leaves = np.array(sorted(plan.leaves))
    entries: AreaIds = plan.area_of.copy()
    at = np.searchsorted(leaves, entries[moved])
    entries[moved] = leaves[(at + steps) % len(leaves)]
    return Alignment(plan.items, plan.areas, frozen(entries), plan.held)


def _ms(step: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        step()
        took.append(1000 * (time.process_time() - began))
    return statistics.median(took)


if __name__ == "__main__":
    main()
