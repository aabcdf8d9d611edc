"""``kill -9`` at random moments of commits, and what is looked at after each.

The app as the map drives it, a client of the store, and a publisher, each a process of its
own. The tests kill each some times, ``python -m benchmarks reliability`` two hundred times.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import states

from store.children import THREADS, append_until_killed, killed
from tp_geo.crm.auth import SessionId
from tp_geo.crm.client import Salesforce
from tp_geo.crm.criteria import Criteria
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import FileJournal, read_journal
from tp_geo.crm.ours import called, ours
from tp_geo.crm.packing import pack
from tp_geo.crm.publish import publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import Rows
from tp_geo.crm.wanted import Publication, Staffed, wanted
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items
from tp_geo.domain.problems import problems
from tp_geo.store import open_store
from tp_geo.store.home import journal_path
from tp_geo.store.journal import read
from tp_geo.ui.edits import Answers
from tp_geo.ui.wire import encode_positions
from tp_geo.workflow.planner import Planner

PLAN = "Killed"
LATE_S = 0.05
"""A child is killed within so long after it first confirmed something."""


@dataclass
class Outcome:
    """What was confirmed before kills, and what was wrong after them."""

    kills: int = 0
    confirmed: int = 0
    wrong: tuple[str, ...] = ()

    def note(self, *wrong: str) -> None:
        """Keep what is wrong."""
        self.wrong += wrong


def kill_the_app(address: str, kills: int, chance: random.Random) -> Outcome:
    """Kill the app while planners assign, hold and undo; look at the plan after each kill."""
    _prepared(address)
    told, outcome = Counter[str](), Outcome()
    for _ in range(kills):
        told.update(killed(edit_until_killed, address, chance.random() * LATE_S, 1))
        outcome.kills += 1
        store = open_store(address, wait_s=5)
        entries = store.entries(store.alignments()[0].id)
        origins = Counter(e.origin for e in entries if e.origin)
        outcome.note(*(f"{o} was confirmed and is not there" for o in told if not origins[o]))
        outcome.note(*(f"{o} is there {n} times" for o, n in origins.items() if n > 1))
        outcome.note(*_in_order(address, [e.seq for e in entries]))
        outcome.note(*(str(p) for p in problems(Planner(store).open(PLAN).alignment)))
        outcome.note(*getattr(store, "notes", ()))
        store.close()
    outcome.confirmed = len(told)
    return outcome


def kill_a_client(address: str, kills: int, chance: random.Random) -> Outcome:
    """Kill who appends to the store by four threads."""
    heads, outcome = dict.fromkeys(map(str, range(THREADS)), 0), Outcome()
    for _ in range(kills):
        for line in killed(append_until_killed, address, chance.random() * LATE_S, 1):
            kind, who, seq = line.split()
            if kind == "r":
                heads[who] = max(heads[who], int(seq))
        outcome.kills += 1
        store = open_store(address, wait_s=5)
        for who, head in heads.items():
            found = store.entries(who)
            outcome.note(*([] if len(found) >= head else [f"{who} has {len(found)} of {head}"]))
            gaps = [e.seq for e in found] != [*range(1, len(found) + 1)]
            mixed = any(not e.payload.startswith(f"{who}:{e.seq} ") for e in found)
            outcome.note(*(["there is a gap"] * gaps), *(["a revision is another's"] * mixed))
        outcome.note(*getattr(store, "notes", ()))
        store.close()
    outcome.confirmed = sum(heads.values())
    return outcome


def edit_until_killed(address: str, pipe: Connection) -> None:
    """Four pages edit one plan, each containers of its own, and tell what the map is told."""
    plan = Planner(open_store(address, wait_s=5)).open(PLAN)

    def work(who: int) -> None:
        answers, client, items = (
            Answers(),
            f"{os.getpid()}-{who}",
            encode_positions(np.array([who])),
        )
        for seq in count(1):
            holder = int(plan.alignment.area_of[who])
            held = bool(plan.alignment.held[who])
            op: dict[str, object] = {"kind": "assign", "to": 3 - holder or 1, "items": items}
            if held or seq % 5 == 0:
                op = {"kind": "hold", "held": not held, "items": items}
            elif seq % 7 == 0:
                op = {"kind": "undo"}
            answers.take({"client": client, "ops": [{**op, "seq": seq}]}, plan, by=f"ann{who}")
            assert not answers.refused, answers.refused
            os.write(pipe.fileno(), f"{client}:{seq}\n".encode())

    for who in range(THREADS):
        threading.Thread(target=work, args=(who,), daemon=True).start()
    time.sleep(600)


def _prepared(address: str) -> None:
    store = open_store(address)
    states.keep(store)
    plan = Planner(store).create(PLAN, states.NAME, by="ann", areas=("West", "East"))
    for who in range(THREADS):
        op = {"kind": "assign", "to": 1, "items": encode_positions(np.array([who])), "seq": 1}
        Answers().take({"client": f"first{who}", "ops": [op]}, plan, by=f"ann{who}")
    store.close()


def _in_order(address: str, seqs: list[int]) -> list[str]:
    """Return what is wrong with a log and, where there is one, the journal beside it."""
    wrong = [] if seqs == [*range(1, len(seqs) + 1)] else ["revisions are not in order"]
    if "://" not in address:
        journaled = [
            x.row["seq"] for x in read(journal_path(Path(address))) if x.kind == "revision"
        ]
        wrong += [] if journaled == seqs else ["the journal says otherwise"]
    return wrong


# Publishing

FY = Publication("ab12cd", "FY27", "FY 27", {"Region": "Region", "District": "District"})
CODES = [f"{i:05}" for i in range(10_000, 10_100)]
NAMES = (("Reno", "Elko", "Ely"), ("Reno", "Tahoe"), ("Elko", "Tahoe", "Winnemucca", "Ely"))


@contextmanager
def served_org(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve a simulated org by a process of its own; give its address and a token."""
    seed = folder / "seed.json"
    seed.write_text(json.dumps({"roles": [], "records": {}}))
    line = [sys.executable, "-c", "from tp_geo.cli import main; main()"]
    line += ["--store", str(folder / "org.db"), "org", "serve", "--port", "0"]
    with subprocess.Popen([*line, "--seed", str(seed)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        yield told["instance_url"], told["access_token"]
        child.terminate()


def kill_the_publisher(
    url: str, token: str, folder: Path, kills: int, chance: random.Random
) -> Outcome:
    """Kill who publishes one plan after the other; publish once more, and look at the org."""
    outcome, turn = Outcome(), 0
    for _ in range(kills):
        told = killed(
            publish_until_killed,
            url,
            chance.random() * 20 * LATE_S,
            int(chance.random() < 0.5),  # half of them in a later publish than the first
            more=(token, str(folder / "publish.jsonl"), turn),
        )
        outcome.kills += 1
        outcome.confirmed += len(told)
        turn += len(told)
        crm = Salesforce(SessionId(url, token))
        _publish(crm, folder / "publish.jsonl", turn)
        there = read_model(crm, FY.model)
        rows = _wanted(there, turn)
        again = _compared(rows, there, folder / "publish.jsonl")
        outcome.note(*([] if again.empty else ["another publish would still write"]))
        names = Counter(str(r.fields["Name"]) for r in there.of_object("Territory2"))
        expected = {"West": 1, **dict.fromkeys(NAMES[turn % len(NAMES)], 1)}
        outcome.note(*([] if names == expected else [f"the org has {dict(names)}"]))
        turn += 1
    return outcome


def publish_until_killed(url: str, token: str, journal: str, first: int, pipe: Connection) -> None:
    """Publish one plan after the other, and tell each that was done."""
    crm = Salesforce(SessionId(url, token))
    for turn in count(first):
        _publish(crm, Path(journal), turn)
        os.write(pipe.fileno(), f"{turn}\n".encode())


def _publish(crm: Salesforce, journal: Path, turn: int) -> None:
    there = read_model(crm, FY.model)
    publish(
        crm,
        _wanted(there, turn),
        read=lambda: read_model(crm, FY.model),
        compare=lambda actual: _compared(_wanted(actual, turn), actual, journal),
        journal=FileJournal(journal),
    )


def _wanted(there: Rows, turn: int) -> Rows:
    """Return West with the districts of a turn, and their codes."""
    names = NAMES[turn % len(NAMES)]
    areas = {AreaId(1): Area(AreaId(1), "West", level="Region")}
    for i, name in enumerate(names, start=2):
        areas[AreaId(i)] = Area(AreaId(i), name, AreaId(1), "District")
    alignment = replace(Alignment.empty(Items.only_containers(0)), areas=areas)
    owner = np.random.default_rng(turn).integers(0, len(names), len(CODES)).astype(np.int32)
    ruled: list[tuple[Criteria, ...]] = [
        p.criteria for p in pack(CODES, owner, country=("United States", "US", "USA"))
    ]
    staffed = {AreaId(1): Staffed(())}
    for i, criteria in enumerate(ruled, start=2):
        staffed[AreaId(i)] = Staffed((), criteria=criteria)
    return wanted(alignment, tuple(areas), FY, staffed, called=called(there, FY))


def _compared(rows: Rows, actual: Rows, journal: Path) -> ChangeSet:
    written = [w.key for w in read_journal(journal).written] if journal.exists() else []
    return reconcile(rows, actual, ours=ours(FY, actual, written))
