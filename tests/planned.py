"""Plans on a small country of squares, as exports are made from them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
from squares import country, dataset

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Command, HoldItems, Move
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.revision import Revision
from tp_geo.domain.rules import decide
from tp_geo.files.exports_tables import Contents

HOSTILE = [
    '=HYPERLINK("http://x.test","click")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "<script>alert(1)</script>",
    "x" * 500,
    "שלום עולם \u202e مرحبا",
    "{=1}",
    "$\\frac{1}{2$",
    'quote " comma , line\nbreak',
    "nul\x00 and \ud800",
    "http://x.test",
    "＝1+1",
]


def planned(
    data: Dataset, commands: Iterable[Command], *, name: str = "Plan", boundaries: bool = True
) -> Contents:
    """What an export is made of after some commands, with their history."""
    alignment, history, ids = Alignment.empty(data.items), [], itertools.count(1)
    for seq, command in enumerate(commands, start=1):
        edits, after = decide(alignment, command, map(AreaId, ids))
        text = command.says(alignment, "squares")
        history.append(Revision(seq, "ann", "2026-11-22T03:00:00Z", command.kind, text, edits))
        alignment = after
    shapes = country() if boundaries else None
    return Contents(
        name, alignment, data, shapes, tuple(history), len(history), "2026-11-22T04:00:00Z"
    )


def plan() -> Contents:
    """West holds 01 02 05, East is divided: North holds 03 04, South 07; 06 and 08 are in none."""
    data = dataset({"u1": "01", "u2": "03", "u3": None}, {"tier": {"u1": "gold"}})
    return planned(
        data,
        [
            Branch(None, ("West", "East"), "Region"),
            Branch(AreaId(2), ("North", "South"), "District"),
            Move(np.array([0, 1, 4]), AreaId(1)),
            Move(np.array([2, 3]), AreaId(3)),
            Move(np.array([6]), AreaId(4)),
            Move(np.array([data.units["u2"]]), AreaId(1)),
            Change(AreaId(1), {"targets": {"people": 40.0}, "owner": "wes", "color": "#112233"}),
            Change(AreaId(2), {"owner": "eve", "attributes": {"tier": "silver", "geom": 7.0}}),
            HoldItems(np.array([0])),
        ],
    )


def hostile() -> Contents:
    names = tuple(h[:255] for h in HOSTILE)
    data = dataset(
        dict.fromkeys(HOSTILE[:8], "01"), {h: {"01": h, "02": h} for h in HOSTILE if h.strip()}
    )
    every = np.arange(8)
    moves = [Move(every[[i]], AreaId(i + 1)) for i in range(8)]
    owner = Change(AreaId(1), {"owner": HOSTILE[0], "attributes": {HOSTILE[1]: HOSTILE[2]}})
    return planned(data, [Branch(None, names, "=Level"), *moves, owner], name=HOSTILE[-3])
