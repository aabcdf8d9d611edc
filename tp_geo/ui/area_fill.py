"""Gaps filled: told by area before it is done."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.errors import Refused
from tp_geo.ui import state
from tp_geo.ui.area_bar import listed
from tp_geo.ui.asking import finish
from tp_geo.ui.text import count
from tp_geo.workflow.filling import Way, fill

WAYS = {Way.NEIGHBORS: "From neighbor to neighbor", Way.NEARNESS: "To the nearest"}
SAID = {
    Way.NEIGHBORS: "Ring by ring: each goes to the area it has most border with; of equal ones, "
    "to the smaller.",
    Way.NEARNESS: "Each goes to the area of the nearest one that has an area.",
}
EVERY, FOCUS = "All areas", "The areas in focus"


def body(now: state.Now, area: AreaId | None) -> None:
    """Show the dialog."""
    noun = now.plan.noun
    way = st.segmented_control(
        "How", list(WAYS), default=Way.NEIGHBORS, required=True, format_func=WAYS.__getitem__,
        label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    way = way or Way.NEIGHBORS
    st.caption(SAID[way])
    inside = _inside(now, area)
    without = bool(len(now.dataset.items.container_of)) and st.checkbox(
        f"Only {noun} without units"
    )
    command = fill(now.plan, way, inside=inside, without_units=without)
    got = command.preview(now.alignment)
    number = sum(got.values())
    left = int(now.plan.totals().containers[UNASSIGNED]) - number
    st.dataframe(
        pd.DataFrame({"Area": [now.alignment.name(k) for k in got], "Gets": list(got.values())}),
        hide_index=True,
        placeholder="–",
        column_config={
            "Gets": st.column_config.NumberColumn(noun.capitalize(), format="localized")
        },
        alt=f"How many {noun} each area gets",
    )
    if left:
        st.caption(
            f"{count(left, noun)} stay unassigned. Held ones stay, and locked areas take nothing."
        )
    if st.button(f"Fill {count(number, noun)}", type="primary"):
        if not number:
            raise Refused(f"There are no {noun} to fill. Assign some to an area first.")
        finish(command)


def _inside(now: state.Now, area: AreaId | None) -> tuple[AreaId, ...] | None:
    names, focus = listed(now.alignment), now.focus.areas
    wholes: list[AreaId | str] = [EVERY, *([FOCUS] if focus else [])]
    options: list[AreaId | str] = [*wholes, *names]
    index = options.index(area) if area is not None else len(wholes) - 1
    chosen = st.selectbox(
        "Give to", options, index=index,
        format_func=lambda k: k if isinstance(k, str) else names[k],
        help="What falls to other areas stays unassigned",
    )  # fmt: skip
    if isinstance(chosen, str):
        return focus if chosen == FOCUS else None
    return (chosen,)
