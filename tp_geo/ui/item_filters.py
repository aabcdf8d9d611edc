"""What narrows the rows of the table: state, county, owner, a range of a measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from tp_geo.domain.alignment import Alignment, Positions
from tp_geo.ui import item_table, state
from tp_geo.ui.text import heading

NOBODY = "Nobody"


@dataclass(frozen=True, slots=True)
class Filters:
    """Only rows that are all of this; what is empty or ``None`` narrows nothing."""

    states: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    measure: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def number(self) -> int:
        """How many filters are on."""
        ranged = bool(self.measure) and (self.low is not None or self.high is not None)
        return sum(map(bool, (self.states, self.counties, self.owners, ranged)))


def show(now: state.Now) -> Filters:
    """Show the controls and return what they say."""
    on = _number_on()
    with st.popover(f"Filter · {on}" if on else "Filter", icon=":material/filter_alt:"):
        return _asked(now)


def kept(now: state.Now, rows: Positions, filters: Filters) -> Positions:
    """Return the rows that pass."""
    if not filters.number or not len(rows):
        return rows
    keep = np.ones(len(rows), dtype=np.bool_)
    inside = item_table.container_of(now.dataset, rows)
    for name, wanted in (("State", filters.states), ("County", filters.counties)):
        if wanted:
            there = np.where(inside >= 0, item_table.where(now)[name][inside], "")
            keep &= np.isin(there.astype(str), wanted)
    if filters.owners:
        owner = owners_of(now.alignment)[now.alignment.resolved[rows]]
        keep &= np.isin(owner.astype(str), filters.owners)
    if filters.measure:
        values = now.dataset.column(filters.measure)[rows]
        if filters.low is not None:
            keep &= values >= filters.low
        if filters.high is not None:
            keep &= values <= filters.high
    return rows[keep]


def owners_of(alignment: Alignment) -> item_table.Texts:
    """Return by area id who owns it, or what lies above it; 0 is owned by nobody."""
    owners = np.full(max(alignment.areas, default=0) + 1, NOBODY, dtype=object)
    for k in alignment.areas:
        owners[k] = next((a.owner for a in alignment.ancestry(k) if a.owner), NOBODY)
    return owners


def _number_on() -> int:
    """Return how many filters are on, from the controls as they were left."""
    said = st.session_state
    lists = sum(bool(said.get(f"filter_{name}")) for name in ("state", "county", "owner"))
    ends = (said.get("filter_low"), said.get("filter_high"))
    return lists + bool(said.get("filter_measure") and any(end is not None for end in ends))


def _asked(now: state.Now) -> Filters:
    where = item_table.where(now)
    states, counties = _chosen(where, "State"), ()
    if "County" in where and states:
        lying = np.isin(where["State"].astype(str), states)
        counties = tuple(
            st.multiselect("County", sorted({*where["County"][lying]} - {""}), key="filter_county")
        )
    owners = st.multiselect("Owner", sorted({*owners_of(now.alignment)}), key="filter_owner")
    measures = {m.name: m for m in now.dataset.measures}
    measure = st.selectbox(
        "Measure", list(measures), index=None, key="filter_measure", placeholder="Any",
        format_func=lambda m: heading(measures[m]),
    )  # fmt: skip
    low, high = None, None
    if measure:
        left, right = st.columns(2)
        low = left.number_input("From", value=None, key="filter_low", placeholder="Any")
        high = right.number_input("To", value=None, key="filter_high", placeholder="Any")
    return Filters(states, counties, tuple(owners), measure or "", low, high)


def _chosen(where: item_table.Where, name: str) -> tuple[str, ...]:
    if name not in where:
        return ()
    return tuple(st.multiselect(name, sorted({*where[name]} - {""}), key=f"filter_{name.lower()}"))
