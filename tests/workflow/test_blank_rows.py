"""Tables with blank rows: problems are told by the row a spreadsheet shows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import states

from tp_geo.domain.alignment import Alignment
from tp_geo.errors import BadData
from tp_geo.files.intake import read_table
from tp_geo.workflow.grouping import group_by_table
from tp_geo.workflow.model_tables import from_table
from tp_geo.workflow.supplement import preview_supplement

DATA = states.dataset()


def table(folder: Path, text: str) -> pd.DataFrame:
    path = folder / "table.csv"
    path.write_text(text)
    return read_table(path)


def test_of_a_model(tmp_path: Path) -> None:
    model = from_table(
        table(tmp_path, "name,parent,owner\n\nWest,,ann\n\nBay,West,bob\n"), DATA.items
    )
    assert {a.name: a.owner for a in model.areas.values()} == {"West": "ann", "Bay": "bob"}
    with pytest.raises(BadData, match="Row 5"):
        from_table(table(tmp_path, "name,parent\n\nWest,\n\nBay,East\n"), DATA.items)


def test_of_a_supplement(tmp_path: Path) -> None:
    found = table(tmp_path, "code,assign to\n\nCA,\n\nNV,Nowhere\n")
    preview = preview_supplement(Alignment.empty(DATA.items), DATA, found)
    assert [p.row for p in preview.problems] == [5]


def test_of_a_grouping(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="Row 3, area"):
        group_by_table(
            Alignment.empty(DATA.items), table(tmp_path, "area,region\n\nNowhere,West\n")
        )
