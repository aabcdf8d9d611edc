"""The tables of the Compare page: flows, winners and losers, areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from tp_geo.domain.comparison import Places
from tp_geo.domain.pairing import How
from tp_geo.files.exports_compare import Compared
from tp_geo.ui import printing
from tp_geo.ui.review_areas import bar
from tp_geo.ui.text import count, deviation, signed

ROW, ROWS, FEW = 33, 12, 11
"""Pixels of a row of a table, and how many are shown before it scrolls."""

MORE, LESS = "▲", "▼"


def flows(contents: Compared, names: Sequence[str], at: int) -> int | None:
    """Show what goes from where to where, most first; return the one that is looked at."""
    found = contents.found.areas.flows
    st.subheader(f"From where to where: {count(found.count, 'flows')}", anchor=False)
    order = found.largest(at)
    called = [contents.name(p) for p in contents.found.pairs]
    shown = [i for i in dict.fromkeys((at, 0, 1)) if contents.found.areas.before[:, i].any()]
    table = pd.DataFrame(
        {
            "From": [called[i] for i in found.source[order]],
            "To": [called[i] for i in found.target[order]],
            **{names[i]: found.amounts[order, i] for i in shown},
        }
    )
    picked = printing.dataframe(
        table, hide_index=True, height="content" if len(table) <= FEW else ROW * (FEW + 1),
        on_select="rerun", selection_mode="single-row",
        key=f"compare_flows_{at}_{contents.found.level}_{found.count}",
        column_config={n: _number() for n in table.columns[2:]},
        alt="What goes from which area to which",
    )  # fmt: skip
    st.caption(
        "Tick a flow to see it on the map." if found.count else "Nothing moves on this level."
    )
    chosen = next(iter(picked["selection"]["rows"]), None)
    return int(order[chosen]) if chosen is not None and chosen < len(order) else None


def owners(contents: Compared, names: Sequence[str], at: int) -> None:
    """Show who wins and who loses."""
    st.subheader("Winners and losers", anchor=False)
    places = contents.found.owners
    if places.count == 1:
        st.caption("No area has an owner on either side.")
        return
    rows = _order(places, at, by_net=True)
    table = _figures(places, rows, at)
    table.insert(0, "Owner", np.array(contents.owner_names(), dtype=object)[rows])
    _show(table, "Owner", f"{names[at]} of each owner before and after")


def areas(contents: Compared, names: Sequence[str], at: int) -> None:
    """Show every area of the level, those that change most first."""
    found, places = contents.found, contents.found.areas
    st.subheader(f"Areas: {names[at]}", anchor=False)
    rows = _order(places, at, by_net=False)
    table = _figures(places, rows, at)
    pairs = [found.pairs[i] for i in rows]
    table.insert(0, "Area", [contents.name(p) for p in pairs])
    if any(p.how is not How.ID for p in found.pairs):
        table.insert(1, "Found by", [str(p.how) for p in pairs])
    if found.owners.count > 1:
        table.insert(1, "Owner", [_owner(*contents.owners(p)) for p in pairs])
    _show(table, "Area", f"{names[at]} of each area before and after")


def _order(places: Places, at: int, *, by_net: bool) -> list[int]:
    """Return the places that hold something on either side, in the order they are shown."""
    net = places.after[:, at] - places.before[:, at]
    turnover = places.gained[:, at] + places.lost[:, at]
    weight = net if by_net else turnover
    there = np.logical_or(places.before.any(axis=1), places.after.any(axis=1))
    order = np.lexsort((np.arange(places.count), -weight)).tolist()
    return [i for i in order if bool(there[i]) or (i > 0 and not by_net)]


def _figures(places: Places, rows: Sequence[int], at: int) -> pd.DataFrame:
    before, after = places.before[rows, at], places.after[rows, at]
    net = after - before
    share = np.divide(net, before, out=np.full(len(net), np.nan), where=before > 0)
    return pd.DataFrame(
        {
            "Mark": np.where(net > 0, MORE, np.where(net < 0, LESS, "")),
            "Net": net,
            "Share": 100 * share,
            "Bar": [bar(s) for s in share.tolist()],
            "Before": before,
            "After": after,
            "Gained": places.gained[rows, at],
            "Lost": places.lost[rows, at],
        }
    )


def _show(table: pd.DataFrame, first: str, said: str) -> None:
    text = st.column_config.TextColumn
    columns: dict[str, ColumnConfig] = {
        first: text(pinned=True),
        "Mark": text("", width=28),
        "Share": st.column_config.NumberColumn("%", width=92),
        "Bar": st.column_config.ImageColumn("", width=104),
        **{n: _number() for n in ("Before", "After", "Gained", "Lost")},
    }
    printing.dataframe(
        table.style.format({"Net": _net, "Share": _share}),
        hide_index=True, column_config=columns, alt=said,
        texts={"Net": _net, "Share": _share},
        height="content" if len(table) <= ROWS else ROW * (ROWS + 1),
    )  # fmt: skip


def _number() -> ColumnConfig:
    return st.column_config.NumberColumn(format="localized")


def _owner(before: str, after: str) -> str:
    return after or "–" if before == after else f"{before or 'nobody'} → {after or 'nobody'}"


def _net(value: object) -> str:
    return signed(value) if isinstance(value, float) else ""


def _share(value: object) -> str:
    return deviation(value / 100) if isinstance(value, float) else ""
