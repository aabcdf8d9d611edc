"""An area made two: across the middle, along a line, or what is selected apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Command
from tp_geo.domain.dataset import Aggregate, Floats
from tp_geo.domain.measures import amount
from tp_geo.errors import Refused
from tp_geo.ui import map_ground, state
from tp_geo.ui.asking import finish
from tp_geo.ui.text import count, figure, heading, plain
from tp_geo.workflow.search import index_of
from tp_geo.workflow.splitting import (
    Half,
    Halves,
    Line,
    below,
    beside,
    halves_by_choice,
    halves_by_line,
    halves_through_middle,
)

UPRIGHT, LEVEL, LINE, CHOICE = "West and east", "North and south", "Along a line", "Selection"


def body(now: state.Now, area: AreaId) -> None:
    """Show the dialog."""
    if now.alignment.children(area):
        st.caption(f"{plain(now.alignment.name(area))} is divided. Choose an area below it.")
        return
    way = st.segmented_control(
        "How", [UPRIGHT, LEVEL, LINE, CHOICE], default=CHOICE if len(now.selection) else UPRIGHT,
        required=True, label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    pair = _halves(now, area, way or UPRIGHT)
    if pair is None:
        return
    command = offered(now, area, pair, "split")
    if command is not None:
        finish(command)


def offered(
    now: state.Now,
    area: AreaId,
    pair: Halves,
    of: str,
    shown: Callable[[Half], None] | None = None,
) -> Command | None:
    """Show two parts of an area and ask how to split it; return the command once that is wanted.

    ``of`` tells the widgets from those of another place; ``shown`` is told the part
    that was chosen for the new area.
    """
    _preview(now, pair)
    key = f"{of}_given"
    given = st.selectbox(
        "The new area takes", [1, 0], key=key, on_change=_choose, args=(key, pair, shown),
        format_func=lambda i: f"The {pair[i].side} ({count(pair[i].containers, now.plan.noun)})",
    )  # fmt: skip
    name, side = now.alignment.name(area), pair[given].side
    called = st.text_input(
        "Name of the new area", f"{name} {side}", max_chars=255, key=f"{of}_{side}_{area}"
    )
    both = st.checkbox(f"Keep {plain(name, 60)} above both parts", key=f"{of}_both")
    rest = f"{name} {pair[1 - given].side}"
    if both:
        rest = st.text_input(
            "Name of the other part", rest, max_chars=255, key=f"{of}_rest_{side}_{area}"
        )
    if not st.button("Split", type="primary", key=f"{of}_do"):
        return None
    if not both:
        return beside(area, called.strip(), pair[given])
    names = rest.strip(), called.strip()
    return below(now.alignment, area, names, (pair[1 - given], pair[given]))


def _choose(key: str, pair: Halves, shown: Callable[[Half], None] | None) -> None:
    if shown is not None:
        shown(pair[st.session_state[key]])


def _halves(now: state.Now, area: AreaId, way: str) -> Halves | None:
    plan, alignment = now.plan, now.alignment
    if way == CHOICE:
        if not len(now.selection):
            st.caption("Select on the map what becomes an area of its own, for example by lasso.")
            return None
        return halves_by_choice(alignment, plan.boundaries, plan.adjacency, area, now.selection)
    if way == LINE:
        line = _line(now)
        if line is None:
            return None
        return halves_by_line(alignment, plan.boundaries, plan.adjacency, area, line)
    st.caption("Through the middle: both parts hold about as much.")
    return halves_through_middle(
        alignment, plan.boundaries, plan.adjacency, area, _weight(now), upright=way == UPRIGHT
    )


def _weight(now: state.Now) -> Floats:
    """Return what the middle is measured by; where nothing adds up, the number of containers."""
    n, name = now.dataset.items.containers, map_ground.measure(now)
    adds_up = name and now.dataset.measure(name).aggregate is Aggregate.SUM
    return now.dataset.column(name)[:n] if adds_up else np.ones(n)


def _line(now: state.Now) -> Line | None:
    text = st.text_area(
        "Places of the line, one a line", height=110,
        placeholder="Reno, NV\n89501\n-115.1, 36.2",
        help="A city, a code, or longitude and latitude. The line goes on beyond its ends. "
        "The map's tool Split (K) draws one.",
    )  # fmt: skip
    wanted = [line.strip() for line in text.splitlines() if line.strip()]
    if len(wanted) < 2:
        st.caption("Name two places or more.")
        return None
    return tuple(_place(now, text) for text in wanted)


def _place(now: state.Now, text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        hits = index_of(state.planner(), now.dataset).search(text, now.alignment, 10)
        found = next((hit.containers for hit in hits if len(hit.containers)), None)
        if found is None:
            raise Refused(f"There is no place called {text!r}. Give longitude, latitude.") from None
        lon, lat = now.plan.boundaries.xy[found].mean(axis=0).tolist()
    return lon, lat


def _preview(now: state.Now, pair: Halves) -> None:
    name, n = map_ground.measure(now), now.dataset.items.containers
    table = {
        "Part": [half.side.capitalize() for half in pair],
        now.plan.noun.capitalize(): [f"{half.containers:,}" for half in pair],
    }
    if name:
        inside = [half.items[half.items < n] for half in pair]
        held = [figure(amount(now.dataset, name, items)) for items in inside]
        table[heading(now.dataset.measure(name))] = held
    table["Pieces"] = [f"{half.pieces:,}" for half in pair]
    st.dataframe(pd.DataFrame(table), hide_index=True, alt="The two parts with what they hold")
    apart = [half.side for half in pair if half.pieces > 1]
    if apart:
        st.caption(f":material/warning: The {' and the '.join(apart)} would not be in one piece.")
