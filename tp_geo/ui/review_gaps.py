"""What a leader has to look at: gaps and risks, each of which leads to its place on the map."""

from __future__ import annotations

import math
from itertools import islice
from typing import NoReturn

import streamlit as st

from tp_geo.domain.alignment import AreaId, Positions
from tp_geo.domain.hierarchy import Focus
from tp_geo.ui import printing, review_desk, review_map, state
from tp_geo.ui.review_desk import Desk
from tp_geo.ui.text import figure, plain, singular
from tp_geo.workflow.coverage import Coverage, Risk
from tp_geo.workflow.coverage_gaps import TITLES, Gap, Sort

SHOWN = 12
MORE = 50
"""Rows of one sort at first, and that *Show more* adds."""

PRINTED = 4
_SORT, _LIMIT = "review_sort", "review_gaps_shown"
RISKS = "risks"
"""The pill that lists areas by how many sorts of gaps they have."""


def show(now: state.Now, desk: Desk, told: Coverage) -> None:
    """Show what there is by sort; a press goes to the place on the Map page."""
    st.subheader("To look at", anchor=False)
    counted, risks = told.counted, told.risks
    kinds: list[str] = [*([RISKS] if risks else []), *(k for k in Sort if counted.get(k))]
    if not kinds:
        st.success(
            "No gaps: everything is covered, owned and in one piece.", icon=":material/check:"
        )
        return
    if st.session_state.get(_SORT) not in kinds:
        st.session_state[_SORT] = kinds[0]
    numbers: dict[str, int] = {k: counted[k] for k in counted} | {RISKS: len(risks)}
    with st.container(key="review_sorts"):
        st.pills(
        "What", kinds, key=_SORT, required=True, label_visibility="collapsed",
        format_func=lambda k: f"{_title(k)} {numbers[k]:,}",
    )  # fmt: skip
    with st.container(
        height=560 if review_desk.presenting() else 330, border=False, key="review_gaps"
    ):
        _rows(now, desk, told, st.session_state[_SORT])
    _on_paper(told, kinds, numbers)
    clean = [TITLES[k].lower() for k in Sort if not counted.get(k)]
    if clean:
        st.caption(f":material/check: None: {', '.join(clean)}.")


def _rows(now: state.Now, desk: Desk, told: Coverage, sort: str) -> None:
    """List what there is of a sort, the largest first, and offer more of it."""
    limit = st.session_state.get(_LIMIT, {}).get(sort, SHOWN)
    if sort == RISKS:
        number = len(told.risks)
        for risk in told.risks[:limit]:
            _risk(now, desk, risk)
    else:
        of = [g for g in told.gaps if g.sort == sort]
        number = len(of)
        for i, gap in enumerate(of[:limit]):
            _gap(now, desk, told, gap, i)
    if number > limit:
        st.button(
            f"Show more of {number:,}", key="review_gaps_more", type="tertiary",
            icon=":material/expand_more:", on_click=_show_more, args=(sort,),
        )  # fmt: skip


def _show_more(sort: str) -> None:
    limits = st.session_state.setdefault(_LIMIT, {})
    limits[sort] = limits.get(sort, SHOWN) + MORE


def _on_paper(told: Coverage, kinds: list[str], numbers: dict[str, int]) -> None:
    """List all sorts on paper, where nothing is chosen."""
    for kind in kinds:
        if kind == RISKS:
            items = [f"{r.name}: {_reasons(r)}" for r in told.risks[:PRINTED]]
        else:
            first = islice((g for g in told.gaps if g.sort == kind), PRINTED)
            items = [f"{g.title}: {_said(told, g)}" for g in first]
        rest = [f"{numbers[kind] - PRINTED:,} more"] if numbers[kind] > PRINTED else []
        printing.listed(f"{_title(kind)}: {numbers[kind]:,}", [*items, *rest])


def visit_area(now: state.Now, desk: Desk, area: AreaId) -> NoReturn:
    """Go to the Map page, focused on an area."""
    _visit(now, desk, area, review_map.places(now, area))


def _visit(now: state.Now, desk: Desk, area: AreaId | None, places: Positions) -> NoReturn:
    focus = None if desk.scope is None else (desk.scope,)
    state.look(Focus(focus, desk.level, desk.scope is None))
    if desk.measure:
        st.session_state[state.MEASURE] = desk.measure
    state.choose(area)
    if len(places):
        state.point(places, selected=False)
    st.switch_page("pages/map.py", query_params={state.ADDRESS: now.plan.info.name})


def _gap(now: state.Now, desk: Desk, told: Coverage, gap: Gap, at: int) -> None:
    label = f"**{plain(gap.title, 60)}**  \n:gray[{plain(_said(told, gap), 160)}]"
    if _row(label, f"review_gap_{at}"):
        _visit(now, desk, next(iter(gap.areas), None), gap.containers)


def _risk(now: state.Now, desk: Desk, risk: Risk) -> None:
    text = plain(_reasons(risk), 160)
    if _row(f"**{plain(risk.name, 60)}**  \n:gray[{text}]", f"review_risk_{risk.area}"):
        visit_area(now, desk, risk.area)


def _said(told: Coverage, gap: Gap) -> str:
    amount = "" if math.isnan(gap.amount) else f" · {figure(gap.amount)} {_unit(told, gap.amount)}"
    return gap.text + amount


def _reasons(risk: Risk) -> str:
    """Return why an area is at risk and whose it is; that nobody has it is said once."""
    reasons = ", ".join(s.value for s in risk.sorts)
    return f"{reasons} · owned by {risk.owner}" if risk.owner else reasons


def _row(label: str, key: str) -> bool:
    return st.button(label, key=key, type="tertiary", width="stretch", icon=":material/pin_drop:")


def _title(kind: str) -> str:
    return "Areas at risk" if kind == RISKS else TITLES[Sort(kind)]


def _unit(told: Coverage, amount: float) -> str:
    unit = told.unit or told.label.lower()
    return singular(unit) if amount == 1 else unit
