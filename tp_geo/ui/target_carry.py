"""Carry a target down: whose, how much, how deep, by what, and the figures before it is done."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.dataset import Measure
from tp_geo.domain.targets import NO_AIM, Aim, SetTargets, aim_of, effective
from tp_geo.errors import Refused
from tp_geo.ui.text import count, figure, heading, plain, shortened
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.targets import CarryDown, carry_down, summed_measures

EVENLY, POTENTIAL = "Evenly", "By what areas hold"
INDENT = "\u2003"
HEIGHT = 330


def ask(plan: Plan, measure: Measure, area: AreaId | None) -> SetTargets | None:
    """Show the form with its preview; return the command once it is asked for."""
    alignment = plan.alignment
    divided: list[AreaId | None] = [None, *(k for k in alignment.areas if alignment.children(k))]
    if not alignment.areas:
        st.caption("There are no areas so far. Add areas first.")
        return None
    left, right = st.columns(2)
    source = left.selectbox(
        "From", divided, index=divided.index(area) if area in divided else 0,
        format_func=lambda k: "The top" if k is None else _indented(alignment, k),
        help="An area's target is split over the areas below it. From the top, a total is split "
        "over the areas there.",
    )  # fmt: skip
    total = _total(right, alignment, measure, source)
    levels = _levels(left, alignment, source)
    potential = _potential(right, plan, measure)
    if total is None:
        st.caption("Say how much there is to split.")
        return None
    return _previewed(plan, CarryDown(measure.name, source, total, potential, levels=levels))


def _total(
    place: st.delta_generator.DeltaGenerator,
    alignment: Alignment,
    measure: Measure,
    source: AreaId | None,
) -> float | None:
    """Ask how much there is to split; at first what the area should hold."""
    targets = effective(alignment, measure.name)
    tops = [targets[k] for k in alignment.children(None) if k in targets]
    known = (math.fsum(tops) if tops else None) if source is None else targets.get(source)
    found: float | None = place.number_input(
        f"Target, {heading(measure)}", min_value=0.0, value=known, format="%.10g",
        key=f"carry_total_{measure.name}_{source}", placeholder="How much to split",
    )  # fmt: skip
    return found


def _levels(
    place: st.delta_generator.DeltaGenerator, alignment: Alignment, source: AreaId | None
) -> int:
    depth = 0 if source is None else alignment.depth(source)
    inside = alignment.areas if source is None else alignment.subtree(source)
    deepest = max(max(alignment.depth(k) for k in inside) - depth, 1)
    return place.selectbox(
        "How deep", range(1, deepest + 1), format_func=lambda n: count(n, "levels"),
        key=f"carry_levels_{source}_{deepest}",
    )  # fmt: skip


def _potential(place: st.delta_generator.DeltaGenerator, plan: Plan, measure: Measure) -> str:
    names = {m.name: f"{POTENTIAL}: {heading(m)}" for m in summed_measures(plan)}
    order = [measure.name, *(n for n in names if n != measure.name)]
    return place.selectbox(
        "How", ["", *order], format_func=lambda n: names.get(n, EVENLY),
        key=f"carry_by_{measure.name}",
    )  # fmt: skip


def _previewed(plan: Plan, asked: CarryDown) -> SetTargets | None:
    """Show what each area gets, some by hand; return the command once it is asked for."""
    key = f"carry_{plan.info.id}_{asked.measure}_{asked.area}_{asked.levels}"
    below = tuple(_below(plan.alignment, asked))
    said = _by_hand(key, below)
    try:
        command = carry_down(plan, CarryDown(
            asked.measure, asked.area, asked.total, asked.potential, said, asked.levels,
        ))  # fmt: skip
        wrong = ""
    except Refused as refused:
        command, wrong = None, str(refused)
    new = {} if command is None else command.aims
    _editor(plan, asked.measure, key, {k: new.get(k, NO_AIM) for k in below})
    if command is None:
        st.error(plain(wrong, 400), icon=":material/error:")
        return None
    _sum(plan.alignment, asked, new)
    changes = len(command.edits(plan.alignment, iter(())))
    pressed = st.button("Carry down", type="primary", key="carry_down", disabled=not changes)
    return command if pressed else None


def _below(alignment: Alignment, asked: CarryDown) -> list[AreaId]:
    top = 0 if asked.area is None else alignment.depth(asked.area)
    inside = [k for child in alignment.children(asked.area) for k in alignment.subtree(child)]
    return [k for k in inside if alignment.depth(k) <= top + asked.levels]


def _by_hand(key: str, below: tuple[AreaId, ...]) -> Mapping[AreaId, float]:
    """Return what was typed into the table that is shown next."""
    rows: Mapping[int, Mapping[str, object]] = st.session_state.get(key, {}).get("edited_rows", {})
    found = {below[int(at)]: cells.get("By hand") for at, cells in rows.items()}
    return {k: float(v) for k, v in found.items() if isinstance(v, int | float)}


def _editor(plan: Plan, measure: str, key: str, new: Mapping[AreaId, Aim]) -> None:
    alignment, figures, below = plan.alignment, plan.totals(), list(new)
    old, aims = [aim_of(alignment.area(k), measure) for k in below], list(new.values())
    shown = {
        "Area": [_indented(alignment, k) for k in below],
        "Planned": [figures.of(k, measure) for k in below],
        "Target now": _floats([aim.ideal for aim in old]),
        "By hand": _floats([None for _ in below]),
        "New target": _floats([aim.ideal for aim in aims]),
    }
    if any(aim.ranged for aim in aims):
        shown["New minimum"] = _floats([aim.minimum for aim in aims])
        shown["New maximum"] = _floats([aim.maximum for aim in aims])
    number = st.column_config.NumberColumn
    st.data_editor(
        pd.DataFrame(shown),
        key=key,
        hide_index=True,
        height=min(HEIGHT, 38 + 35 * max(len(below), 1)),
        disabled=[c for c in shown if c != "By hand"],
        column_config={
            "Area": st.column_config.TextColumn(pinned=True, width="medium"),
            **{c: number(format="localized", min_value=0.0) for c in shown if c != "Area"},
        },
        placeholder="–",
        alt="What each area gets",
    )


def _sum(alignment: Alignment, asked: CarryDown, new: Mapping[AreaId, Aim]) -> None:
    parts = [new[k].ideal or 0.0 for k in alignment.children(asked.area)]
    split, total = math.fsum(parts), asked.total or 0.0
    off = split - total
    if math.isclose(split, total, rel_tol=1e-9):
        st.caption(f":material/check: The parts add up to {figure(total)}.")
    else:
        side = "more" if off > 0 else "less"
        st.warning(
            f"The parts are {figure(abs(off))} {side} than {figure(total)}. Leave one area "
            "without a part by hand, and it gets the rest.",
            icon=":material/warning:",
        )


def _indented(alignment: Alignment, area: AreaId) -> str:
    return INDENT * (alignment.depth(area) - 1) + shortened(alignment.name(area), 80)


def _floats(values: list[float | None]) -> pd.Series[float]:
    return pd.Series([math.nan if v is None else v for v in values], dtype="float64")
