"""Hand-over packs: each owner's workbook has just what that owner gains and loses."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from openpyxl import load_workbook
from planned import planned
from squares import dataset

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Change, Command, Move
from tp_geo.domain.comparison import Ground, compared
from tp_geo.files.exports_compare import Called, Compared
from tp_geo.files.exports_tables import Contents
from tp_geo.report.handover import SUMMARY, write_packs

DATA = dataset({"u1": "01", "u2": "03"}, {"open deals": {"u1": "2", "u2": "1"}})
START: list[Command] = [
    Branch(None, ("West", "East")),
    Move(np.array([0, 1]), AreaId(1)),
    Move(np.array([2, 3]), AreaId(2)),
]


def owned(*owners: str) -> list[Command]:
    return [Change(AreaId(i + 1), {"owner": o}) for i, o in enumerate(owners)]


def packs(before: Contents, after: Contents, folder: Path) -> dict[str, dict[str, list[tuple]]]:  # type: ignore[type-arg]
    """Each file of the packs: the rows of its sheets."""
    sides = Ground(before.alignment, DATA), Ground(after.alignment, DATA)
    found = compared(*sides, level=1, shared=9)
    write_packs(Compared(found, *sides), folder / "packs.zip")
    with zipfile.ZipFile(folder / "packs.zip") as packed:
        books = {n: load_workbook(io.BytesIO(packed.read(n))) for n in packed.namelist()}
    return {n: {s.title: list(s.values) for s in book} for n, book in books.items()}


def test_an_owner_reads_what_comes_and_goes_from_whom_to_whom(tmp_path: Path) -> None:
    before = planned(DATA, [*START, *owned("ann", "bob")])
    after = planned(DATA, [*START, *owned("ann", "bob"), Move(np.array([2]), AreaId(1))])
    found = packs(before, after, tmp_path)
    assert set(found) == {SUMMARY, "ann.xlsx", "bob.xlsx"}
    head, *gained = found["ann.xlsx"]["Gained"]
    rows = [dict(zip(head, row, strict=True)) for row in gained]
    assert [(r["kind"], r["code"]) for r in rows] == [("container", "03"), ("unit", "u2")]
    assert {(r["owner before"], r["owner after"]) for r in rows} == {("bob", "ann")}
    assert rows[1]["open deals"] == "1"
    assert found["ann.xlsx"]["Lost"][1:] == []
    assert found["bob.xlsx"]["Lost"][1:] == gained
    figures = {row[0]: row[1:] for row in found["ann.xlsx"]["Summary"]}
    assert figures["containers"] == (2, 3, 1, 0)


def test_who_neither_gains_nor_loses_gets_no_pack(tmp_path: Path) -> None:
    before = planned(DATA, [*START, *owned("ann", "bob")])
    assert set(packs(before, before, tmp_path)) == {SUMMARY}


def test_a_new_owner_takes_over_from_the_one_before_and_from_nobody(tmp_path: Path) -> None:
    before = planned(DATA, [*START, *owned("ann")])
    after = planned(DATA, [*START, *owned("cid", "ann")])
    found = packs(before, after, tmp_path)
    ann = found["ann.xlsx"]
    assert {row[1] for row in ann["Lost"][1:]} == {"01", "02", "u1"}
    assert {row[1] for row in ann["Gained"][1:]} == {"03", "04", "u2"}


def test_names_of_owners_are_files_on_every_system_and_no_two_alike(tmp_path: Path) -> None:
    before = planned(DATA, START)
    after = planned(DATA, [*START, *owned("../A/B", "..\\A?B")])
    names = set(packs(before, after, tmp_path))
    assert len(names) == 3
    assert not any(c in n for n in names for c in '/\\?<>:"|*')
    same = planned(DATA, [*START, *owned("=sum", "=SUM")])
    assert len({n.casefold() for n in packs(before, same, tmp_path)}) == 3


def test_each_pack_says_which_plans_and_from_which_day_on(tmp_path: Path) -> None:
    before = planned(DATA, [*START, *owned("ann", "bob")])
    after = planned(DATA, [*START, *owned("ann", "bob"), Move(np.array([2]), AreaId(1))])
    sides = Ground(before.alignment, DATA), Ground(after.alignment, DATA)
    called = Called("FY26", 3), Called("FY27", 9, "from 2027-01-01")
    contents = Compared(compared(*sides, level=1, shared=9), *sides, called)
    write_packs(contents, tmp_path / "packs.zip")
    with zipfile.ZipFile(tmp_path / "packs.zip") as packed:
        for name in packed.namelist():
            rows = list(load_workbook(io.BytesIO(packed.read(name)))["Plans"].values)
            assert rows[1:] == [
                ("before", "FY26", 3, "not said"),
                ("after", "FY27", 9, "from 2027-01-01"),
            ]
