"""What docs/tables.md says of columns is so."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tp_geo.domain.alignment import Items
from tp_geo.files.exports import SUFFIXES, TABLES
from tp_geo.workflow import supplement_items
from tp_geo.workflow.area_fields import FIELDS
from tp_geo.workflow.cells import find_column, folded
from tp_geo.workflow.model_tables import ID, NAME, PARENT, from_table

PAGE = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
MODEL = PAGE[: PAGE.index("## Supplement")]
ROWS = dict(re.findall(r"^\| `([\w ]+)` \| ([^|]*?) \|", MODEL, re.MULTILINE))
KNOWN = {"name": NAME, "parent": PARENT, "id": ID, **FIELDS}


@pytest.mark.parametrize("field", sorted(KNOWN))
def test_every_name_of_a_column_is_understood(field: str) -> None:
    known = {folded(n) for n in KNOWN[field]}
    assert {folded(field), *(folded(n) for n in ROWS[field].split(",") if n.strip())} <= known


def test_a_target_may_be_called_in_three_ways() -> None:
    assert ROWS["target population"] == "population target, population"
    for name in ("target population", "population target", "population"):
        table = pd.DataFrame({"name": ["A"], "parent": [""], name: ["5"]}, dtype=object)
        model = from_table(table, Items.only_containers(1), ["population"])
        assert next(iter(model.areas.values())).targets == {"population": 5.0}


def test_the_columns_of_a_supplement_are_understood() -> None:
    section = PAGE[len(MODEL) :]
    rows = dict(re.findall(r"^\| `(assign to|locked)` \| ([^|]*?) \|", section, re.MULTILINE))
    known = {"assign to": supplement_items.ASSIGN, "locked": supplement_items.LOCK}
    for field, others in rows.items():
        for name in (field, *others.split(",")):
            assert find_column(pd.DataFrame(columns=[name.strip()]), known[field])
    assert rows.keys() == known.keys()
    for name in ("code", "zip", "postal code"):
        assert name in supplement_items.IDS[False]
    for name in ("code", "id", "account id"):
        assert name in supplement_items.IDS[True]


def test_every_export_is_listed() -> None:
    assert all(f"`{suffix}`" in PAGE for suffix in SUFFIXES)
    assert all(what in PAGE for what in TABLES)
