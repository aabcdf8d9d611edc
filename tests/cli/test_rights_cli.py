"""Every role times how an alignment is shared, by command: the allowed passes, no more.

Who may do what stands here by hand, as in ``tests/workflow/test_rights_matrix.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import states

from tp_geo.store import open_store

Run = Callable[..., Any]
EVA = "eva@x.org"

CASES = {
    ("", "nothing"): "",
    ("", "view"): "see",
    ("publisher", "view"): "see snap publish",
    ("reviewer", "comment"): "see talk snap review",
    ("branch-owner", "area edit"): "see talk snap west",
    ("planner", "edit"): "see talk snap west whole start data",
    ("planner", "area edit"): "see talk snap west start data",
    ("administrator", "nothing"): "see talk snap west whole start data review publish team",
}
"""What somebody of a role may do, by how P is shared with them."""

ACTS: tuple[tuple[str, str], ...] = (
    ("see", "show P"),
    ("see", "history P"),
    ("see", "export P --to {}/p.csv"),
    ("see", "export P --to {}/p.tpgeo"),
    ("see", "compare P@1 P --level 1"),
    ("see", "team share P"),
    ("talk", "comment P why --area West"),
    ("talk", "challenge P West take NY --why near"),
    ("snap", "snapshot P mine"),
    ("west", "target P West people=5"),
    ("whole", "target P East people=5"),
    ("west", "lock P West"),
    ("west", "unlock P West"),
    ("whole", "assign P NY --to West"),
    ("whole", "assign P CA --to East"),
    ("whole", "fill P"),
    ("west", "branch P West --names A,B"),
    ("west", "draft new P Apart --area West"),
    ("whole", "draft new P Everything --area East"),
    ("west", "submit P West"),
    ("review", "approve P North"),
    ("publish", "publish P --package {}/package.zip"),
    ("whole", "sign-off require P alignment"),
    ("whole", "describe P words"),
    ("whole", "valid P --from 2030-01-01"),
    ("whole", "link P new"),
    ("west", "team share P bob@x.org edit --area West"),
    ("whole", "team share P bob@x.org edit --area East"),
    ("whole", "team share P bob@x.org view"),
    ("start", "copy P Copy"),
    ("start", "scenario new P Tried"),
    ("data", f"new Mine --dataset {states.NAME} --areas 2"),
    ("data", "import {}/new.csv --dataset fresh --boundaries state --postal code --measure n"),
    ("team", f"team hide {states.NAME} people --from publisher"),
    ("team", f"team share-dataset {states.NAME} bob@x.org view"),
    ("team", "team set bob@x.org planner"),
    ("team", f"team set {EVA} administrator"),
    ("team", "team remove ana@x.org"),
    ("team", "backup {}/backup.duckdb"),
    ("team", "store backup {}/backup2.duckdb"),
    ("team", "store copy {}/store.duckdb {}/copy.duckdb"),
    ("whole", "archive P"),
)
"""What may be done, and the command that does it; {} is a folder of the test's own."""


@dataclass(frozen=True)
class World:
    """The store of a case, and how to run a command in it."""

    say: Run
    address: Path

    def everything(self) -> tuple[object, ...]:
        """Return all that the store keeps of plans and rights."""
        store = open_store(str(self.address))
        try:
            plans = store.alignments()
            return (
                plans,
                store.heads(),
                store.grants(),
                store.datasets(),
                [(store.snapshots(i.id), store.comments(i.id)) for i in plans],
                [store.challenges(i.id) for i in plans],
                sorted(
                    p.name for p in self.address.parent.iterdir() if "store.duckdb" not in p.name
                ),
            )
        finally:
            store.close()


@pytest.fixture
def world(do: Run, say: Run, address: Path) -> World:
    """P of Tess, with West (CA), East (NY) and North (ME), which is submitted."""
    do("new", "P", "--dataset", states.NAME, "--names", "West,East,North")
    for code, area in (("CA", "West"), ("NY", "East"), ("ME", "North")):
        do("assign", "P", code, "--to", area)
    do("submit", "P", "North")
    do("team", "set", "tess", "administrator")
    do("team", "set", "ana@x.org", "planner")
    (address.parent / "new.csv").write_text("id,code,n\na,CA,1\n")
    return World(say, address)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0] or 'no role'}-{c[1]}")
def test_exactly_the_allowed_commands_pass(
    case: tuple[str, str], world: World, do: Run, tmp_path: Path
) -> None:
    role, shared = case
    if role:
        do("team", "set", EVA, role)
    if role == "planner":
        do("team", "share-dataset", states.NAME, EVA, "view")
    if shared != "nothing":
        area = ("--area", "West") if shared.startswith("area") else ()
        do("team", "share", "P", EVA, shared.removeprefix("area "), *area)
    wrong: list[tuple[str, str]] = []
    done: list[str] = []
    before = world.everything()
    for right, command in ACTS:
        words = [w.replace("{}", str(tmp_path)) for w in command.split()]
        said = world.say(*words, "--user", EVA)
        if (said.code == 0) != (right in CASES[case].split()):
            wrong.append((command, said.err or "done"))
        if said.code == 0 and right not in ("see", "publish"):
            done.append(command)
    assert not wrong
    if not done:
        kept = slice(None, None if not CASES[case] else -1)  # exports are files of their own
        assert world.everything()[kept] == before[kept], "what was refused left something"
