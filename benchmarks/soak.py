"""Many planners at once, at human speed: what they are told is done is done, soon, and once.

Each planner is a websocket that says what a browser with the Map page open says. They
look at the map's answers, think, and give containers of their own to another area of the
plan they share with others. In the end the store is held against what they were told.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks._visitor import Visitor
from tests.browser.serving import Server, free_port
from tp_geo.domain.commands import Split
from tp_geo.store import Entry, Store, open_store
from tp_geo.workflow.planner import Planner

PLANNERS, MINUTES, PLANS = 50, 10.0, 10
THINKS_S = (5.0, 15.0)
"""From being told that an edit is done to the next one: between these, evenly."""
OWN = 20
AREAS = tuple(f"Region {k}" for k in range(1, 21))


@dataclass
class Told:
    """What the planners were told, and when."""

    edits: list[tuple[str, int, float, float, int]] = field(default_factory=list)
    """Plan, planner, when it was told, seconds it took, revision."""
    faults: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)


def main() -> None:
    """Print the table; exit with 1 when an edit was lost, doubled or refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planners", type=int, default=PLANNERS)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--plans", type=int, default=PLANS, help="shared by that many planners")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "plans.duckdb"
        names = [f"Plan {k}" for k in range(1, asked.plans + 1)]
        before = prepared(store, names, asked.planners)
        server = Server(store, free_port())
        with server.running():
            load = os.getloadavg()[0]
            told, visitors = asyncio.run(_soak(server, asked, names))
            refused = _log(server)
        lost = _table(asked, told, visitors, store, before, (load, os.getloadavg()[0], refused))
    if lost or told.faults:
        raise SystemExit(1)


def prepared(path: Path, names: Sequence[str], planners: int) -> int:
    """Make the plans, the nation cut into twenty areas; return how many revisions that took."""
    store = open_store(str(path))
    planner = Planner(store)
    for name in names:
        plan = planner.create(name, by="soak")
        order = np.argsort(plan.boundaries.xy[:, 0], kind="stable")
        part = np.empty(plan.dataset.items.count, dtype=np.int32)
        part[order] = np.arange(len(order)) * len(AREAS) // len(order)
        part[: planners * OWN] = -1  # unassigned: every edit of them changes something
        plan.ask(Split(None, AREAS, part), by="soak")
    made = len(revisions(store))
    store.close()
    return made


async def _soak(
    server: Server, asked: argparse.Namespace, names: Sequence[str]
) -> tuple[Told, list[Visitor]]:
    told, chance = Told(), random.Random(asked.seed)
    visitors = [
        Visitor(server.url, f"planner{k}", names[k % len(names)]) for k in range(asked.planners)
    ]
    for visitor in visitors:  # they come to work one after the other
        await visitor.open()
    end = time.perf_counter() + asked.minutes * 60
    working = [
        asyncio.create_task(_work(k, visitor, told, end, random.Random(chance.random())))
        for k, visitor in enumerate(visitors)
    ]
    while time.perf_counter() < end:
        told.memory_mb.append(_resident_mb(server))
        await asyncio.sleep(min(10, max(end - time.perf_counter(), 0)))
    for k, done in enumerate(await asyncio.gather(*working, return_exceptions=True)):
        if isinstance(done, BaseException):
            told.faults.append(f"planner {k}: {done!r}")
    await asyncio.sleep(3)  # what others did is on every map within two seconds
    told.memory_mb.append(_resident_mb(server))
    for visitor in visitors:
        told.faults += visitor.faults
        await visitor.close()
    return told, visitors


async def _work(k: int, visitor: Visitor, told: Told, end: float, chance: random.Random) -> None:
    """Give containers of one's own to another area, think, and so on."""
    first, holds = k * OWN, dict[int, int]()
    await asyncio.sleep(chance.uniform(0, THINKS_S[1]))
    while time.perf_counter() < end:
        item = first + chance.randrange(OWN)
        to = chance.choice([a for a in range(1, len(AREAS) + 1) if a != holds.get(item)])
        took = await visitor.edit(to, [item])
        holds[item] = to
        told.edits.append((visitor.plan, k, time.perf_counter(), took, visitor.revision))
        await asyncio.sleep(chance.uniform(*THINKS_S))


def revisions(store: Store) -> list[Entry]:
    return [entry for alignment in store.heads() for entry in store.entries(alignment)]


def _resident_mb(server: Server) -> float:
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _log(server: Server) -> int:
    """Return how many lines of the server's log tell of an error, and print them."""
    lines = (server.store.parent / "server.log").read_text().splitlines()
    found = [x for x in lines if '"level": "error"' in x or "Traceback" in x or "Error" in x]
    for line in found[:20]:
        print(line[:2_000], file=sys.stderr)
    return len(found)


def _lags(told: Told, visitors: Sequence[Visitor]) -> list[float]:
    """Return how long each edit took to be on the map of each other planner of its plan."""
    found = []
    for plan, who, at, _, rev in told.edits:
        for k, other in enumerate(visitors):
            if k != who and other.plan == plan:
                seen = next((t for t, r in other.seen if r >= rev), None)
                found.append(float("inf") if seen is None else max(seen - at, 0.0))
    return found


def _table(
    asked: argparse.Namespace,
    told: Told,
    visitors: Sequence[Visitor],
    path: Path,
    before: int,
    facts: tuple[float, float, int],
) -> int:
    """Print what came of it; return how many edits were lost or doubled."""
    store = open_store(str(path), wait_s=60)
    logged = revisions(store)
    store.close()
    origins, in_store = Counter(e.origin for e in logged if e.origin), len(logged) - before
    count = Counter(who for _, who, *_ in told.edits)
    wanted = {f"planner{k}:{seq}" for k, n in count.items() for seq in range(1, n + 1)}
    lost, doubled = len(wanted - origins.keys()), sum(n > 1 for n in origins.values())
    took = sorted(t for *_, t, _ in told.edits)
    lags = sorted(_lags(told, visitors)) or [0.0]
    memory = told.memory_mb
    rows = {
        "planners, plans, minutes": f"{asked.planners}, {asked.plans}, {asked.minutes:g}",
        "load of the machine before, after": f"{facts[0]:.1f}, {facts[1]:.1f}",
        "edits confirmed": f"{len(told.edits):,}",
        "edits in the store": f"{in_store:,}",
        "lost, doubled": f"{lost}, {doubled}",
        "errors told, in the log": f"{len(told.faults)}, {facts[2]}",
        "an edit, ms: median, 95 %, longest": _ms(took),
        "until others see it, ms: median, 95 %, longest": _ms(lags),
        "runs of the script a second": f"{sum(v.runs for v in visitors) / asked.minutes / 60:.1f}",
        "memory, MB: start, middle, end": ", ".join(
            f"{m:.0f}" for m in (memory[0], memory[len(memory) // 2], memory[-1])
        ),
    }
    print("\n| what | figure |\n|---|---:|")
    for what, figure in rows.items():
        print(f"| {what} | {figure} |")
    for fault, n in Counter(told.faults).most_common(10):
        print(f"\n{n} x {fault[:300]}")
    return lost + doubled


def _ms(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    at = (statistics.median(seconds), seconds[int(0.95 * (len(seconds) - 1))], seconds[-1])
    return ", ".join(f"{1e3 * s:,.0f}" for s in at)


if __name__ == "__main__":
    main()
