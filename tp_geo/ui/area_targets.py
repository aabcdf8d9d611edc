"""Targets for all areas of a level at once, as one change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Apply
from tp_geo.domain.dataset import Aggregate
from tp_geo.domain.edits import PutArea
from tp_geo.domain.hierarchy import depths, levels
from tp_geo.ui import state
from tp_geo.ui.asking import finish
from tp_geo.ui.text import count, heading

EVEN_TOTAL = "Even split of everything"
EVEN_PARENT = "Even split of what each parent holds"
HELD = "What each holds now"
NONE = "No target"
LARGE = 100
WAYS = (EVEN_TOTAL, EVEN_PARENT, HELD, NONE)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which areas get what target of which measure; ``None`` takes it away."""

    measure: str
    targets: Mapping[AreaId, float | None]


def body(now: state.Now, _area: AreaId | None) -> None:
    """Show the dialog."""
    names = levels(now.alignment)
    left, right = st.columns(2)
    level = left.selectbox(
        "Level", range(1, len(names) + 1), index=min(now.focus.level, len(names)) - 1,
        format_func=lambda n: f"{n} · {names[n - 1]}",
    )  # fmt: skip
    summed = {m.name: m for m in now.dataset.measures if m.aggregate is Aggregate.SUM}
    if not summed:
        st.caption("This dataset has no measure that adds up.")
        return
    measure = right.selectbox("Measure", list(summed), format_func=lambda m: summed[m].label)
    ways = [w for w in WAYS if w != EVEN_PARENT or level > 1]
    way = st.radio("Target", ways, horizontal=False)
    made = planned(now, int(level), measure, way)
    st.dataframe(
        pd.DataFrame(
            {
                "Area": [now.alignment.name(k) for k in made.targets],
                heading(summed[measure]): [now.plan.totals().of(k, measure) for k in made.targets],
                "Target": list(made.targets.values()),
            }
        ),
        hide_index=True,
        height=240,
        column_config={
            c: st.column_config.NumberColumn(format="localized")
            for c in (heading(summed[measure]), "Target")
        },
    )
    if st.button("Set targets", type="primary", disabled=not made.targets):
        finish(command(now.alignment, made))


def planned(now: state.Now, level: int, measure: str, way: str) -> Plan:
    """Return the target each area of a level gets."""
    alignment, figures = now.alignment, now.plan.totals()
    areas = [k for depth, k in depths(alignment) if depth == level]
    tops = alignment.children(None)
    total = sum(figures.of(k, measure) for k in tops) + figures.of(UNASSIGNED, measure)
    match way:
        case _ if way == EVEN_TOTAL:
            found: dict[AreaId, float | None] = {k: _whole(total / len(areas)) for k in areas}
        case _ if way == EVEN_PARENT:
            found = {k: _of_parent(alignment, k, figures.of, measure) for k in areas}
        case _ if way == HELD:
            found = {k: figures.of(k, measure) for k in areas}
        case _:
            found = dict.fromkeys(areas)
    return Plan(measure, found)


def command(alignment: Alignment, plan: Plan) -> Apply:
    """Return the one command that sets all targets."""
    puts = []
    for k, target in plan.targets.items():
        area = alignment.area(k)
        kept = {m: v for m, v in area.targets.items() if m != plan.measure}
        made = kept if target is None else {**kept, plan.measure: target}
        if made != dict(area.targets):
            puts.append(PutArea(replace(area, targets=made)))
    text = f"set the target of {plan.measure} for {count(len(puts), 'areas')}"
    return Apply(tuple(puts), "targets", text)


def _whole(target: float) -> float:
    return float(round(target)) if target >= LARGE else round(target, 2)


def _of_parent(alignment: Alignment, area: AreaId, of: object, measure: str) -> float:
    parent = alignment.area(area).parent
    if parent is None or not callable(of):
        return 0.0
    held: float = of(parent, measure)
    return _whole(held / len(alignment.children(parent)))
