"""``kill -9`` at random moments, two hundred times each: what was confirmed is there, once.

The app as the map drives it and a client that appends, on a DuckDB file and on a PostgreSQL
server; who publishes to a simulated org; and the whole app, with planners on websockets.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks._visitor import Visitor
from tests.browser.serving import Server, free_port

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # whose helpers import each other from there

from store.killing import (  # noqa: E402
    Outcome,
    kill_a_client,
    kill_the_app,
    kill_the_publisher,
    served_org,
)
from store.postgres_server import shared  # noqa: E402

from benchmarks.soak import AREAS, OWN, prepared, revisions  # noqa: E402
from tp_geo.store import open_store  # noqa: E402

KILLS, SERVERS, PLANNERS = 200, 20, 4


def main() -> None:
    """Print the table; exit with 1 when anything was lost, doubled or half done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--servers", type=int, default=SERVERS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print("\n| killed | times | confirmed before | lost, doubled or half done | seconds |")
    print("|---|---:|---:|---:|---:|")
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for what, run in _runs(Path(folder), asked):
            began = time.perf_counter()
            found = run()
            print(
                f"| {what} | {found.kills} | {found.confirmed:,} | {len(found.wrong)} "
                f"| {time.perf_counter() - began:.0f} |",
                flush=True,
            )
            wrong += found.wrong
    for said, times in Counter(wrong).most_common(20):
        print(f"\n{times} x {said}")
    if wrong:
        raise SystemExit(1)


def _runs(folder: Path, asked: argparse.Namespace) -> Iterator[tuple[str, Callable[[], Outcome]]]:
    chance, kills = random.Random(asked.seed), asked.kills
    for what, kill in (("the app", kill_the_app), ("a client of the store", kill_a_client)):
        for engine in ("DuckDB", "PostgreSQL"):
            file = folder / f"{what} {engine}" / "store.duckdb"
            address = str(file) if engine == "DuckDB" else shared().fresh()
            yield f"{what}, {engine}", lambda k=kill, a=address: k(a, kills, chance)
    yield "the publisher", lambda: _publisher(folder, kills, chance)
    if asked.servers:
        yield (
            "the whole server, DuckDB",
            lambda: asyncio.run(_servers(folder, asked.servers, chance)),
        )


def _publisher(folder: Path, kills: int, chance: random.Random) -> Outcome:
    with served_org(folder) as (url, token):
        return kill_the_publisher(url, token, folder, kills, chance)


async def _servers(folder: Path, kills: int, chance: random.Random) -> Outcome:
    """Kill the server of pages while planners edit by websockets, and start it again."""
    path, told, outcome = folder / "pages.duckdb", list[str](), Outcome()
    prepared(path, ["Plan"], PLANNERS * kills)
    for turn in range(kills):
        server = Server(path, free_port())
        server.start()
        pages = [Visitor(server.url, f"page{turn}-{k}", "Plan") for k in range(PLANNERS)]
        for page in pages:
            await page.open()
        working = [
            asyncio.create_task(_edit(turn * PLANNERS + k, page, told))
            for k, page in enumerate(pages)
        ]
        await asyncio.sleep(0.5 + chance.random())
        server.kill()
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        for page in pages:
            await page.close()
        store = open_store(str(path), wait_s=30)
        origins = Counter(e.origin for e in revisions(store) if e.origin)
        outcome.kills += 1
        outcome.note(*(f"{o} was confirmed and is not there" for o in told if not origins[o]))
        outcome.note(*(f"{o} is there {n} times" for o, n in origins.items() if n > 1))
        outcome.note(*getattr(store, "notes", ()))
        store.close()
    outcome.confirmed = len(told)
    return outcome


async def _edit(k: int, page: Visitor, told: list[str]) -> None:
    with suppress(OSError):
        for seq in range(1, 1_000):
            to = (seq - 1) // OWN % len(AREAS) + 1  # another one in each round of its own
            await page.edit(to, [k * OWN + seq % OWN])
            told.append(f"{page.name}:{seq}")


if __name__ == "__main__":
    main()
