"""A store damaged at every byte: it is whole, a beginning without gaps, or says what is wrong.

The write-ahead log of a store as a kill leaves it is cut after each of its bytes, with the
journal beside it and without; so is the journal. Bits are turned at places by chance.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # whose helpers import each other from there

from store.damaging import (  # noqa: E402
    JOURNAL,
    WAL,
    check_prefix,
    check_whole,
    close,
    crash,
    flipped,
)

from tp_geo.errors import StoreDamaged  # noqa: E402
from tp_geo.store import open_store, recover  # noqa: E402

FLIPS = 2_000
STORE = "store.duckdb"
Harm = Callable[[bytes], bytes]


def main() -> None:
    """Print the table; exit with 1 when anything was silently other than confirmed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=int, default=1, help="cut after each so many bytes")
    parser.add_argument("--flips", type=int, default=FLIPS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print("\n| damaged | times | whole | a beginning | told and rebuilt | wrong | seconds |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    wrong = 0
    with tempfile.TemporaryDirectory() as room, ProcessPoolExecutor(2) as pool:
        folder = Path(room)
        (folder / "closed").mkdir()
        places = {"crashed": crash(folder), "closed": close(folder / "closed")}
        for what, state, file, kept, harms in _rows(places, asked):
            began = time.perf_counter()
            run = partial(_ends, places[state], folder, file, kept)
            found = Counter(pool.map(run, harms, chunksize=8))
            bad = {said: n for said, n in found.items() if said not in ENDS}
            shown = " | ".join(f"{found[end]:,}" for end in ENDS)
            took = time.perf_counter() - began
            print(
                f"| {what} | {found.total():,} | {shown} | {sum(bad.values())} | {took:.0f} |",
                flush=True,
            )
            for said, times in bad.items():
                print(f"{times} x {said}", file=sys.stderr)
            wrong += len(bad)
    sys.exit(wrong > 0)


ENDS = ("whole", "beginning", "rebuilt")
Row = tuple[str, str, str, bool, list[tuple[int, Harm]]]


def _rows(places: dict[str, Path], asked: argparse.Namespace) -> Iterator[Row]:
    """Give what is damaged: words, which store, file, whether its journal stays, how."""
    chance = random.Random(asked.seed)

    def cuts(state: str, file: str) -> list[tuple[int, Harm]]:
        size = (places[state] / file).stat().st_size
        return list(enumerate(partial(_cut, n) for n in range(0, size, asked.step)))

    def flips() -> list[tuple[int, Harm]]:
        return [(n, partial(_flipped, chance.random())) for n in range(asked.flips)]

    yield "log cut after each byte", "crashed", WAL, True, cuts("crashed", WAL)
    yield "log cut, no journal", "crashed", WAL, False, cuts("crashed", WAL)
    yield "a bit of the log", "crashed", WAL, True, flips()
    yield "a bit of the log, no journal", "crashed", WAL, False, flips()
    yield "journal cut after each byte", "closed", JOURNAL, True, cuts("closed", JOURNAL)
    yield "a bit of the journal", "closed", JOURNAL, True, flips()
    yield "a bit of the file", "closed", STORE, True, flips()


def _cut(keep: int, data: bytes) -> bytes:
    return data[:keep]


def _flipped(seed: float, data: bytes) -> bytes:
    return flipped(bytearray(data), random.Random(seed))


def _ends(state: Path, room: Path, file: str, journal: bool, harm: tuple[int, Harm]) -> str:
    """Damage a copy of a store and open it; return how that ended."""
    number, how = harm
    logging.disable()  # thousands of notes on what was put back
    folder = Path(tempfile.mkdtemp(dir=room))
    try:
        shutil.copytree(state, folder, dirs_exist_ok=True)
        if not journal:
            (folder / JOURNAL).unlink()
        (folder / file).write_bytes(how((folder / file).read_bytes()))
        return _opened(folder / STORE, journal)
    except AssertionError as why:
        return f"{file}, {number}: not as confirmed: {str(why)[:200]}"
    except Exception as why:  # noqa: BLE001 - what nobody foresaw is what is looked for
        return f"{file}, {number}: {type(why).__name__}: {str(why)[:200]}"
    finally:
        shutil.rmtree(folder)


def _opened(path: Path, journal: bool) -> str:
    told = False
    try:
        store = open_store(str(path))
    except StoreDamaged:
        recover(str(path))
        told = True
        store = open_store(str(path))
    try:
        if journal:
            try:
                check_whole(store)
            except StoreDamaged:
                store.close()
                recover(str(path))
                told = True
                store = open_store(str(path))
                check_whole(store)
            return "rebuilt" if told else "whole"
        check_prefix(store)
        if told:
            return "rebuilt"
        try:
            check_whole(store)
        except AssertionError:
            return "beginning"
        return "whole"
    finally:
        store.close()


if __name__ == "__main__":
    main()
