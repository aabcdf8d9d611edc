"""The flow matrix: who gives how much to whom, as a table in which much is dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.lib.column_types import ColumnConfig

from tp_geo.domain.comparison import Places
from tp_geo.domain.dataset import Floats
from tp_geo.files.exports_compare import Compared
from tp_geo.ui import printing
from tp_geo.ui.text import figure, plain, shortened

MOST = 12
"""So many places have a row and a column of their own, those that give and get most."""
OTHERS, TOTAL = "Others", "All"
HEAT = "79, 149, 224"
"""The color of heat, red, green and blue; it lies over light and dark pages alike."""
AREAS, OWNERS = "Areas", "Owners"
ROW, ROWS = 33, 14
LONGEST = 28
LETTER, MARGIN = 7, 20
"""Pixels of a letter or digit, and of the space round a cell."""
ROOM = 1_120
"""Pixels that all columns have together on a screen of 1,440, beside the names of the rows."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """From the rows to the columns; the last of both is the sum.

    Those that give nothing have no row, those that get nothing no column.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Floats


def show(contents: Compared, names: Sequence[str], at: int) -> None:
    """Show the matrix of areas or of owners."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f"Flow of {plain(names[at], 60)}", anchor=False, width="content")
        which = st.segmented_control(
            "Between", (AREAS, OWNERS), default=AREAS, required=True, key="compare_between",
            label_visibility="collapsed",
        )  # fmt: skip
    found = contents.found
    if which == OWNERS:
        places, called = found.owners, contents.owner_names()
    else:
        places, called = found.areas, tuple(contents.name(p) for p in found.pairs)
    if not places.flows.amounts[:, at].any():
        st.caption(f"Nothing of it goes from one of the {str(which).lower()} to another.")
        return
    made = matrix(places, called, at)
    printing.dataframe(
        heated(made), texts=_cell, height="content" if len(made.rows) < ROWS else ROW * ROWS,
        column_config=_widths(made),
        alt=f"{names[at]} that goes from the row to the column",
    )  # fmt: skip
    st.caption("From the row to the column. What stays is left out.")


def matrix(places: Places, called: Sequence[str], at: int, most: int = MOST) -> Matrix:
    """Return the matrix of those that give and get most, the others put together."""
    turnover = places.gained[:, at] + places.lost[:, at]
    moved = np.flatnonzero(places.gained.any(axis=1) | places.lost.any(axis=1))
    own = np.sort(moved[np.argsort(-turnover[moved], kind="stable")][:most])
    column = np.full(places.count, len(own), dtype=np.intp)
    column[own] = np.arange(len(own))
    rest = len(moved) > len(own)
    size = len(own) + rest
    flows = places.flows
    values = np.zeros((size + 1, size + 1))
    np.add.at(values, (column[flows.source], column[flows.target]), flows.amounts[:, at])
    values[-1, :-1] = values[:-1, :-1].sum(axis=0)
    values[:, -1] = values[:, :-1].sum(axis=1)
    names = _apart([*(shortened(called[i], LONGEST) for i in own), *[OTHERS] * rest, TOTAL])
    gives, gets = (
        np.flatnonzero(np.append(values[:-1, :-1].any(axis=axis), True)) for axis in (1, 0)
    )
    return Matrix(
        tuple(names[i] for i in gives), tuple(names[i] for i in gets), values[np.ix_(gives, gets)]
    )


def heated(made: Matrix) -> Styler:
    """Return the matrix as a table; the darker a cell, the larger its share of the largest."""
    top = float(made.values[:-1, :-1].max(initial=0.0)) or 1.0
    table = pd.DataFrame(made.values, index=made.rows, columns=made.columns)
    strength = np.sqrt(np.clip(made.values / top, 0.0, 1.0)) * 0.75
    strength[-1], strength[:, -1] = 0.0, 0.0
    paint = pd.DataFrame(
        [
            [f"background-color: rgba({HEAT}, {s:.2f})" if s else "" for s in row]
            for row in strength
        ],
        index=table.index,
        columns=table.columns,
    )
    styled = table.style.apply(lambda _: paint, axis=None)
    return styled.format(_cell)


def _cell(value: object) -> str:
    return figure(value) if isinstance(value, float) and value else ""


def _widths(made: Matrix) -> dict[str, ColumnConfig]:
    """Return columns wide enough for their figures, and for their names as far as there is room."""
    longest = [max(len(_cell(float(v))) for v in column) for column in made.values.T]
    most = ROOM // len(made.columns)
    return {
        name: st.column_config.Column(
            width=max(LETTER * n + MARGIN, min(LETTER * len(name) + MARGIN, most)), help=name
        )
        for name, n in zip(made.columns, longest, strict=True)
    }


def _apart(names: Sequence[str]) -> list[str]:
    """Return names that all differ: a later twin gets spaces nobody sees."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name + "\u200b" * (seen[name] - 1))
    return found
