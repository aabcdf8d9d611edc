"""Accounts of an org that are associated by jobs, in the tests of publishing."""

from __future__ import annotations

import pytest
from wired import Wire, wired

from tp_geo.crm import bulk
from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import FileJournal, read_journal
from tp_geo.crm.org.service import Org
from tp_geo.crm.publish import publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import Rows
from tp_geo.crm.wanted import Publication, Staffed, wanted
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items

FY27 = Publication("ab12cd", "FY27", "FY 27", {"Area": "Area"})


class Place:
    """An org with accounts, a client and the wire between them; it works while somebody waits."""

    def __init__(self, accounts: int, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(bulk, "FROM", 3)
        patch.setattr("tp_geo.crm.bulk.time.sleep", lambda seconds: self.org.work())
        self.org = Org()
        self.crm: Salesforce
        self.wire: Wire
        self.crm, self.wire = wired(self.org)
        with self.org.state.step():
            self.accounts = [
                self.org.records.create("Account", {"Name": f"A {i}"}, by_org=True)
                for i in range(accounts)
            ]

    def read(self) -> Rows:
        return read_model(self.crm, "FY27")


def plan(accounts: list[str]) -> Rows:
    alignment = Alignment.empty(Items.only_containers(0))
    areas = {AreaId(1): Area(AreaId(1), "West")}
    staffed = {AreaId(1): Staffed(accounts=tuple(accounts))}
    return wanted(type(alignment)(alignment.items, areas, alignment.area_of, alignment.held),
                  (AreaId(1),), FY27, staffed)  # fmt: skip


def compare(rows: Rows, actual: Rows, journal: FileJournal) -> ChangeSet:
    written = {w.key for w in read_journal(journal.path).written} if journal.path.exists() else ()
    return reconcile(rows, actual, ours=lambda row: row.key in written)


def sent(place: Place, rows: Rows, journal: FileJournal) -> int:
    receipt = publish(
        place.crm, rows, read=place.read, compare=lambda a: compare(rows, a, journal),
        journal=journal,
    )  # fmt: skip
    return len(receipt.written)
