"""What a publish costs: packing, dry run, calls as the simulated org counts them, and jobs.

The org runs in a process of its own. Peers in the same run: the naive way to
turn codes into rules (every code in full, commas between), and
simple-salesforce used as its pages show it, one record a call.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import requests
from simple_salesforce.api import Salesforce as Library

from tp_geo.crm.auth import SessionId
from tp_geo.crm.client import Salesforce
from tp_geo.crm.criteria import MAX_ITEMS, MAX_VALUE, POSTAL, Criteria, Item
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import FileJournal, read_journal
from tp_geo.crm.ours import called, ours
from tp_geo.crm.packing import pack
from tp_geo.crm.publish import publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import Rows
from tp_geo.crm.steps import calls
from tp_geo.crm.wanted import Member, Publication, Staffed, wanted
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items
from tp_geo.store import embedded

LEVELS = (("Nation", 4), ("Region", 46), ("District", 150), ("Territory", 800))
COUNTS = (20, 250, 1_000)
USERS, ACCOUNTS, PEER = 2_000, 250_000, 60
COUNTRY = ("United States", "US", "USA")
BENCH = Publication("bench001", "Bench", "Bench", {name: name for name, _ in LEVELS})


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--only", choices=("packing", "model", "accounts"))
    asked = parser.parse_args()
    if asked.only in (None, "packing"):
        packing()
    if asked.only == "packing":
        return
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), asked.accounts) as org:
        if asked.only in (None, "model"):
            model(org, Path(folder))
        if asked.only in (None, "accounts"):
            associations(org, Path(folder))


def packing() -> None:
    """Pack all postal codes into the rules of 250 and 1,000 territories, ours and the naive way."""
    lookup = embedded.load_lookup()
    codes = sorted({str(code) for code in lookup["code"]})
    print(f"\n{len(codes):,} postal codes into rules\n")
    print("| territories | by | cpu s | items | most of one territory | over ten items |")
    print("|---|---|---:|---:|---:|---:|")
    rng = np.random.default_rng(1)
    dealt = [(f"{n:,}, codes in a row", np.arange(len(codes)) * n // len(codes)) for n in COUNTS]
    dealt.append(("20, dealt out at random", rng.integers(0, 20, len(codes))))
    for name, owner in dealt:
        for who, way in (("TP Geo", ours_packed), ("full codes", naive)):
            start = time.process_time()
            found = way(codes, owner.astype(np.int32))
            seconds = time.process_time() - start
            over = sum(n > MAX_ITEMS for n in found)
            print(f"| {name} | {who} | {seconds:.2f} | {sum(found):,} | {max(found)} | {over} |")


def ours_packed(codes: list[str], owner: np.ndarray[Any, Any]) -> list[int]:
    """Return how many items each territory has with prefixes."""
    return [
        sum(len(c.items) for c in packed.criteria) for packed in pack(codes, owner, country=COUNTRY)
    ]


def naive(codes: list[str], owner: np.ndarray[Any, Any]) -> list[int]:
    """Return how many items each territory has with every code in full and the country."""
    each: dict[int, list[str]] = {}
    for code, k in zip(codes, owner.tolist(), strict=True):
        each.setdefault(k, []).append(code)
    room = (MAX_VALUE + 1) // 6
    return [1 + -(-len(some) // room) for some in each.values()]


@dataclass(frozen=True)
class Served:
    """A simulated org in another process."""

    url: str
    token: str

    def client(self) -> Salesforce:
        """Return a client."""
        return Salesforce(SessionId(self.url, self.token))

    def counted(self) -> dict[str, int]:
        """Return the calls since they were counted last."""
        told: dict[str, int] = requests.get(f"{self.url}/__calls", timeout=60).json()
        requests.delete(f"{self.url}/__calls", timeout=60)
        return told


@contextmanager
def served(folder: Path, accounts: int) -> Iterator[Served]:
    """Serve an org with users and accounts."""
    seed = folder / "seed.json"
    users = [
        {"Username": f"u{i}@x.example", "LastName": f"User {i}", "Email": f"u{i}@x.example",
         "Alias": f"u{i}", "ForecastEnabled": True} for i in range(USERS)
    ]  # fmt: skip
    with (folder / "accounts.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "BillingPostalCode"])
        writer.writerows([f"Account {i}", f"{i % 90_000 + 10_000}"] for i in range(accounts))
    told = {"roles": ["Owner"], "records": {"User": users}, "files": {"Account": "accounts.csv"}}
    seed.write_text(json.dumps(told))
    command = [
        sys.executable,
        "-c",
        "from tp_geo.cli import main; main()",
        "org",
        "serve",
        "--port",
        "0",
    ]
    command += ["--edition", "Unlimited", "--seed", str(seed), "--store", str(folder / "org.db")]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        line = json.loads(child.stdout.readline())
        yield Served(line["instance_url"], line["access_token"])
    finally:
        child.terminate()
        child.wait()


@dataclass(frozen=True)
class Desk:
    """What publishes rows of one model to an org, with a journal."""

    crm: Salesforce
    journal: FileJournal

    def read(self) -> Rows:
        """Return what the org holds."""
        return read_model(self.crm, BENCH.model)

    def compare(self, rows: Rows, actual: Rows) -> ChangeSet:
        """Return what would change."""
        path = self.journal.path
        written = [w.key for w in read_journal(path).written] if path.exists() else []
        return reconcile(rows, actual, ours=ours(BENCH, actual, written))

    def publish(self, rows: Rows) -> int:
        """Publish and return how many records were written."""
        receipt = publish(
            self.crm,
            rows,
            read=self.read,
            compare=lambda actual: self.compare(rows, actual),
            journal=self.journal,
        )
        return len(receipt.written)


def model(org: Served, folder: Path) -> None:
    """Publish 1,000 territories on four levels, each with a full rule, and 2,000 users."""
    crm = org.client()
    desk = Desk(crm, FileJournal(folder / "model.jsonl"))
    users = [str(r["Id"]) for r in crm.query("SELECT Id FROM User WHERE Alias LIKE 'u%'")]
    alignment = tree()
    staffed = {
        k: Staffed(
            tuple(Member(u, "Owner") for u in users[2 * i : 2 * i + 2]),
            forecasts=users[2 * i],
            criteria=(full_rule(int(k)),),
        )
        for i, k in enumerate(alignment.areas)
    }

    def dry() -> ChangeSet:
        actual = desk.read()
        names = called(actual, BENCH)
        rows = wanted(alignment, tuple(alignment.areas), BENCH, staffed, called=names)
        changes = desk.compare(rows, actual)
        calls(changes)
        return changes

    print("\n1,000 territories, 1,000 full rules, 2,000 users, 1,000 who forecast\n")
    print("| step | cpu s | wall s | reads | writes | records written |")
    print("|---|---:|---:|---:|---:|---:|")
    org.counted()
    changes = step(org, "dry run, empty org", dry, lambda found: 0)
    step(org, "publish", lambda: desk.publish(changes.wanted), int)
    again = step(org, "dry run, published org", dry, lambda found: 0)
    step(org, "publish again, unchanged", lambda: desk.publish(again.wanted), int)
    step(org, f"simple-salesforce, {PEER} records", lambda: peer(org), int)
    records = len(changes.create) + len(alignment.areas) * 2
    print(f"\nOne record a call, the whole would take {records:,} writes.")


def associations(org: Served, folder: Path) -> None:
    """Associate every account of the org with a territory by jobs of Bulk API 2.0."""
    crm = org.client()
    desk = Desk(crm, FileJournal(folder / "direct.jsonl"))
    ids = [str(r["Id"]) for r in crm.query("SELECT Id FROM Account ORDER BY Id")]
    alignment = tree()
    leaves = sorted(alignment.leaves)
    share = -(-len(ids) // len(leaves))
    staffed = {
        k: Staffed(accounts=tuple(ids[i * share : (i + 1) * share])) for i, k in enumerate(leaves)
    }
    own = replace(BENCH, plan="bench001")

    def rows() -> Rows:
        there = called(desk.read(), own)
        return wanted(alignment, tuple(alignment.areas), own, staffed, called=there)

    print(f"\n{len(ids):,} accounts associated with 800 territories\n")
    print("| step | cpu s | wall s | reads | writes | records written |")
    print("|---|---:|---:|---:|---:|---:|")
    org.counted()
    asked = step(org, "read the model, work out the rows", rows, lambda found: 0)
    there = desk.read()
    only = Rows.of((*asked, *(row for row in there if row.key not in asked)))
    org.counted()
    step(org, "publish", lambda: desk.publish(only), int)
    step(org, "publish again, unchanged", lambda: desk.publish(only), int)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of the publisher: {peak:,.0f} MB.")


def tree() -> Alignment:
    """Return areas on four levels, dealt out evenly below those above."""
    areas: dict[AreaId, Area] = {}
    above: list[AreaId] = []
    for level, count in LEVELS:
        start = len(areas) + 1
        here = [AreaId(start + i) for i in range(count)]
        for i, k in enumerate(here):
            parent = above[i * len(above) // count] if above else None
            areas[k] = Area(k, f"{level} {i + 1}", parent, level)
        above = here
    return replace(Alignment.empty(Items.only_containers(0)), areas=areas)


def full_rule(number: int) -> Criteria:
    """Return a rule of ten items: the country, and nine times 166 codes."""
    codes = [f"{number % 100:02}{i:03}" for i in range(1_494 // 2)]
    more = [f"{(number + 1) % 100:02}{i:03}" for i in range(1_494 - len(codes))]
    every = sorted({*codes, *more})
    values = [",".join(every[i : i + 166]) for i in range(0, len(every), 166)]
    items: tuple[Item, ...] = (Item("Account.BillingCountry", "equals", ",".join(COUNTRY)),)
    items += tuple(Item(POSTAL, "startsWith", value) for value in values)
    either = " OR ".join(str(i + 2) for i in range(len(values)))
    return Criteria(items, f"1 AND ({either})")


def peer(org: Served) -> int:
    """Write types, a model and some territories one record a call; return how many."""
    session = requests.Session()
    session.mount(org.url.replace("http://", "https://"), _Plain())
    library: Any = Library(
        session_id=org.token, instance_url=org.url, session=session, version="62.0"
    )
    kind = library.Territory2Type.create(
        {"DeveloperName": "Peer", "MasterLabel": "Peer", "Priority": 900}
    )["id"]
    model_id = library.Territory2Model.create({"DeveloperName": "Peer", "Name": "Peer"})["id"]
    for i in range(PEER - 2):
        library.Territory2.create(
            {"DeveloperName": f"Peer_{i}", "Name": f"Peer {i}", "Territory2ModelId": model_id,
             "Territory2TypeId": kind, "AccountAccessLevel": "Read",
             "OpportunityAccessLevel": "None", "CaseAccessLevel": "None"}
        )  # fmt: skip
    return PEER


class _Plain(requests.adapters.HTTPAdapter):
    """Sends what the library addresses to https over http."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **options)


def step(org: Served, name: str, run: Callable[[], Any], written: Callable[[Any], int]) -> Any:
    """Run a step and print what it took and what the org counted."""
    found, cpu, wall = timed(run)
    told = org.counted()
    print(
        f"| {name} | {cpu:.2f} | {wall:.1f} | {told['read']} | {told['write']} "
        f"| {written(found):,} |",
        flush=True,
    )
    return found


def timed(run: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return a result, and the processor's and the clock's seconds it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = run()
    return found, time.process_time() - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    main()
