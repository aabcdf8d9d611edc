"""Plan files with anything in any place of them, taken in as a person would take them in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import states
from hypothesis import strategies as st
from made_up_json import misplace
from states import at

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.challenges import Wish
from tp_geo.domain.commands import Branch, Change, HoldItems, Move
from tp_geo.files import plan_file
from tp_geo.store import open_store
from tp_geo.workflow import comments, signoff
from tp_geo.workflow.challenging import challenge
from tp_geo.workflow.exporting import plan_file_of
from tp_geo.workflow.plan_import import take_in
from tp_geo.workflow.planner import Planner

BETWEEN = b"\n=== "


class Reader:
    """Takes plan files in, each into an alignment of its own."""

    def __init__(self, folder: Path) -> None:
        self._planner = Planner(open_store(str(folder / "plans.duckdb")))
        states.keep(self._planner.store)
        self._numbers = count()

    def parts(self, data: bytes) -> None:
        """Take in a plan whose parts are what stands between lines of ``=== name``."""
        parts = dict(part.split(b"\n", 1) for part in data.split(BETWEEN) if b"\n" in part)
        made = BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, held in parts.items():
                if (known := name.decode("latin-1")) in plan_file.LARGEST:
                    archive.writestr(known, held)
        file = plan_file.loads(made.getvalue())
        opened = take_in(self._planner, file, by="ann", name=f"Plan {next(self._numbers)}")
        plan_file.dumps(plan_file_of(opened.plan, seq=opened.plan.seq))
        str(opened)

    def example(self) -> bytes:
        """Return a plan with something in every part, figures too."""
        plan = self._planner.create("Example", states.NAME, by="ann", areas=("West", "East"))
        plan.ask(Move(at("CA", "NV", "u5"), AreaId(1)), by="ann")
        plan.ask(Branch(AreaId(2), ("North", "South"), "District"), by="ben", note="as agreed")
        plan.ask(HoldItems(at("CA")), by="ann")
        targets = {"targets": {"people": 40.0}, "attributes": {"tier": "gold", "n": 7.0}}
        plan.ask(Change(AreaId(1), {"owner": "wes", **targets}), by="ann")
        plan.snapshot("before review", by="ann")
        signoff.submit(plan, AreaId(1), by="ben")
        comments.comment(plan, "Why?", by="ann", area=AreaId(1))
        challenge(plan, Wish.KEEP, AreaId(1), ["CA"], by="wes", reason="mine")
        return plan_file.dumps(plan_file_of(plan, seq=plan.seq, figures=True))

    def close(self) -> None:
        """Give up the store."""
        self._planner.store.close()


def as_parts(packed: bytes) -> bytes:
    """Return a plan file as `Reader.parts` reads it; it may be changed anywhere."""
    return b"".join(BETWEEN + name.encode() + b"\n" + part for name, part in _held(packed).items())


def _held(packed: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(held[plan_file.MANIFEST])
    del manifest["files"]
    return held | {plan_file.MANIFEST: json.dumps(manifest).encode()}


@st.composite
def misplaced(draw: st.DrawFn, packed: bytes) -> bytes:
    """A plan file with anything in a place of one of its parts."""
    held = dict(_held(packed))
    names = [name for name in held if name.endswith((".json", ".jsonl"))]
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
        said: list[Any] = (
            [json.loads(line) for line in held[name].splitlines() if line.strip()]
            if name.endswith("l")
            else [json.loads(held[name])]
        )
        misplace(draw, said)
        held[name] = b"\n".join(json.dumps(one).encode() for one in said)
    return b"".join(BETWEEN + name.encode() + b"\n" + part for name, part in held.items())
