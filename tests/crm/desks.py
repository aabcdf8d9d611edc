"""A planner's desk in the tests of publishing: an org, a client, and plans to publish."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from wired import Wire, wired

from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import FileJournal, read_journal
from tp_geo.crm.org.ids import PROFILE_ID
from tp_geo.crm.org.service import Org
from tp_geo.crm.ours import called, ours
from tp_geo.crm.packing import pack
from tp_geo.crm.publish import Receipt, publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import Key, Rows
from tp_geo.crm.wanted import Member, Publication, Staffed, wanted
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items

FY27 = Publication("ab12cd", "FY27", "FY 27", {"Region": "Region", "District": "District"})
CODES = [f"{i:05}" for i in range(10_000, 10_400)]


class Desk:
    """A planner's desk: an org with two users, a client of it, and a journal."""

    def __init__(self, folder: Path) -> None:
        self.org = Org()
        self.journal = FileJournal(folder / "publish.jsonl")
        self.users = tuple(self._user(name) for name in ("ann", "ben"))
        self.crm: Salesforce
        self.wire: Wire
        self.crm, self.wire = wired(self.org)

    def _user(self, name: str) -> str:
        fields = {"Username": f"{name}@x.example", "LastName": name, "Email": f"{name}@x.example",
                  "Alias": name, "IsActive": True, "ForecastEnabled": True,
                  "ProfileId": PROFILE_ID}  # fmt: skip
        with self.org.state.step():
            return self.org.records.create("User", fields, by_org=True)

    def plan(self, *, names: tuple[str, ...] = ("Reno", "Elko"), seed: int = 0) -> Rows:
        """A region with districts; each has its codes, and users who forecast."""
        areas = {AreaId(1): Area(AreaId(1), "West", level="Region")}
        for i, name in enumerate(names, start=2):
            areas[AreaId(i)] = Area(AreaId(i), name, AreaId(1), "District")
        alignment = replace(Alignment.empty(Items.only_containers(0)), areas=areas)
        owner = np.random.default_rng(seed).integers(0, len(names), len(CODES)).astype(np.int32)
        packed = pack(CODES, owner, country=("United States", "US", "USA"))
        staffed = {AreaId(1): Staffed((Member(self.users[0], "Owner"),), forecasts=self.users[0])}
        for i, one in enumerate(packed, start=2):
            staffed[AreaId(i)] = Staffed((Member(self.users[i % 2]),), criteria=one.criteria)
        there = called(self.read(), FY27)
        return wanted(alignment, tuple(areas), FY27, staffed, called=there)

    def read(self) -> Rows:
        return read_model(self.crm, "FY27")

    def compare(self, rows: Rows, actual: Rows) -> ChangeSet:
        written = [w.key for w in read_journal(self.journal.path).written] if (
            self.journal.path.exists()) else []  # fmt: skip
        return reconcile(rows, actual, ours=ours(FY27, actual, written))

    def publish(self, rows: Rows) -> Receipt:
        return publish(
            self.crm,
            rows,
            read=self.read,
            compare=lambda actual: self.compare(rows, actual),
            journal=self.journal,
        )

    def holds(self) -> dict[Key, dict[str, object]]:
        return {
            row.key: {k: v for k, v in row.fields.items() if v is not None} for row in self.read()
        }
