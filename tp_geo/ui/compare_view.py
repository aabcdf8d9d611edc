"""The Compare page: what changes, for whom?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from tp_geo.domain.comparison import Comparison
from tp_geo.domain.hierarchy import levels
from tp_geo.files.exports_compare import Compared
from tp_geo.ui import (
    compare_map,
    compare_matrix,
    compare_sides,
    compare_tables,
    printing,
    state,
)
from tp_geo.ui.text import count, figure, heading, percent, plain, shortened
from tp_geo.workflow.compare import compare_sides as compared
from tp_geo.workflow.compare import exported, exports_of, handed_over
from tp_geo.workflow.differences import Side

LEVEL, FIGURE = "compare_level", "compare_figure"
CSS = """<style>
  .st-key-compare_map { --tp-map-height: clamp(360px, calc(100vh - 420px), 640px); }
  .st-key-compare_choices h1 { padding: 0 0 .35rem; }
  .st-key-compare_choices [data-testid="stPopover"] button
    { background-image: linear-gradient(rgb(0 0 0 / 25%), rgb(0 0 0 / 25%)); }
  .st-key-compare_swap button { padding: .25rem .5rem; }
</style>"""


def show(now: state.Now) -> None:
    """Show the figures, the map beside the flows, the matrix, owners and areas."""
    st.html(CSS)
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_choices"):
        st.title("Compare", anchor=False, width="content")
        sides = compare_sides.choose(now)
        contents = found(_version(sides), _level(sides), sides)
        names = _figures(contents, sides[1])
        at = _figure(contents.found, names)
        _export(contents, sides)
    _headline(contents.found, names, at)
    _told(contents.found, sides)
    printing.line(f"{names[at]}, level {_level_name(sides)}")
    left, right = st.columns([10, 8], gap="medium")
    with right, st.container(key="compare_flows"):
        flow = compare_tables.flows(contents, names, at)
    with left:
        compare_map.show(contents, sides, flow)
    compare_tables.owners(contents, names, at)
    compare_matrix.show(contents, names, at)
    compare_tables.areas(contents, names, at)


@st.cache_resource(max_entries=8, show_spinner="Comparing")
def found(
    version: tuple[tuple[str, str, int], ...], level: int, _sides: tuple[Side, Side]
) -> Compared:
    """Return what changes from one side to the other; worked out once for all sessions."""
    return exports_of(compared(state.planner(), *_sides, level=level), *_sides)


def _version(sides: tuple[Side, Side]) -> tuple[tuple[str, str, int], ...]:
    return tuple((s.plan.info.id, s.dataset.seen_key, s.revision) for s in sides)


def _level(sides: tuple[Side, Side]) -> int:
    """Choose the level of areas."""
    deepest = max((levels(s.alignment) for s in reversed(sides)), key=len)
    options = list(range(1, max(len(deepest), 1) + 1))
    if st.session_state.get(LEVEL) not in options:
        st.session_state[LEVEL] = 1
    if len(options) == 1:
        return 1
    chosen: int = st.selectbox(
        "Level", options, key=LEVEL, width=150,
        format_func=lambda d: shortened(f"{d} · {deepest[d - 1]}", 40),
    )  # fmt: skip
    return chosen


def _level_name(sides: tuple[Side, Side]) -> str:
    """Return what the chosen level is called."""
    deepest = max((levels(s.alignment) for s in reversed(sides)), key=len)
    at = st.session_state.get(LEVEL, 1)
    return f"{at} · {deepest[at - 1]}" if deepest else str(at)


def _figures(contents: Compared, after: Side) -> tuple[str, ...]:
    """Return what to call each figure."""
    labels = {m.name: heading(m) for m in contents.after.dataset.measures}
    first = after.plan.noun
    return (
        f"{first[0].upper()}{first[1:]}",
        "Units",
        *(labels.get(name, name) for name in contents.found.figures[2:]),
    )


def _figure(told: Comparison, names: tuple[str, ...]) -> int:
    """Choose what tables and the matrix go by; a figure that is nothing anywhere is left out."""
    options = [i for i in range(len(names)) if told.areas.before[:, i].any()] or [0]
    first = next((i for i in options if i > 1), options[-1])
    if st.session_state.get(FIGURE) not in options:
        st.session_state[FIGURE] = first
    chosen: int = st.selectbox(
        "Measure", options, key=FIGURE, width=190, format_func=lambda i: shortened(names[i], 60)
    )
    return chosen


def _export(contents: Compared, sides: tuple[Side, Side]) -> None:
    """Offer the hand-over: every table, and every item that moves with its old and new owner."""
    name = shortened(f"{sides[0].plan.info.name} - {sides[1].plan.info.name}", 80)
    with st.popover("Export hand-over", icon=":material/download:", type="primary"):
        st.caption("Every table of this page, and each item that moves with its areas and owners.")
        for label, suffix in (("Workbook (.xlsx)", ".xlsx"), ("CSV tables (.zip)", ".zip")):
            st.download_button(
                label, partial(exported, contents, suffix), file_name=f"{name}{suffix}",
                on_click="ignore", width="stretch", key=f"compare_export{suffix}",
            )  # fmt: skip
        st.caption("For each owner a workbook of what is gained and lost, from whom and to whom.")
        st.download_button(
            "A workbook per owner (.zip)", partial(handed_over, contents),
            file_name=f"{name} - packs.zip", on_click="ignore", width="stretch",
            key="compare_packs", disabled=contents.found.owners.count == 1,
        )  # fmt: skip


def _headline(told: Comparison, names: tuple[str, ...], at: int) -> None:
    areas, kept = told.areas, told.relations
    what = names[at].rpartition(" (")[0] or names[at]
    noun = "Accounts" if areas.before[:, 1].any() else names[0]
    moved = f"{areas.moved(1 if noun == 'Accounts' else 0):,.0f}"
    alone = sum(p.before is None or p.after is None for p in told.pairs)
    figures = (
        (f"{what} in another area", percent(areas.share(at)), f"{figure(areas.moved(at))} in all"),
        (f"{what} with another owner", percent(told.owners.share(at)),
         f"{figure(told.owners.moved(at))} in all"),
        (f"{noun} that move", moved, f"{areas.moved(0):,.0f} {names[0].lower()} in all"),
        (f"{noun} keep their owner", percent(kept.kept / kept.had) if kept.had else "–",
         _relations(told)),
        ("Areas only on one side", f"{alone:,}", f"{len(told.pairs) - 1:,} areas in all"),
    )  # fmt: skip
    for column, (name, value, why) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(plain(name, 60), value, help=plain(why, 200), border=True)


def _relations(told: Comparison) -> str:
    r = told.relations
    if not r.had:
        return "Nothing had an owner before"
    return (
        f"Kept: {r.kept:,} of {r.had:,}; with another one: {r.other:,}; with none after: "
        f"{r.dropped:,}; new for those without one: {r.begun:,}"
    )


def _told(told: Comparison, sides: tuple[Side, Side]) -> None:
    """Say openly what is not compared, and which areas were found by name or overlap."""
    said = [f"From **{plain(compare_sides.title(sides[0]), 90)}** "
            f"to **{plain(compare_sides.title(sides[1]), 90)}**."]  # fmt: skip
    for how in ("same name", "largest overlap"):
        if n := sum(p.how == how for p in told.pairs):
            said.append(f"{count(n, 'areas')} found by {how}.")
    if told.only_before or told.only_after:
        said.append(
            f"Left out: {count(told.only_before, 'items')} only before, {told.only_after:,} only "
            "after."
        )
    st.caption(" ".join(said))
