"""What is asked of the optimizer: sensible as it stands, everything else a field away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import TpGeoError
from tp_geo.ui import map_ground, optimize_words, panel, parts, state
from tp_geo.ui.optimize_desk import Desk, at_hand
from tp_geo.ui.optimize_fields import PRIORITIES
from tp_geo.ui.optimize_mounted import PRESET, Mounted
from tp_geo.ui.text import plain
from tp_geo.ui.work import SOON_S
from tp_geo.workflow.optimizing import ITEMS, UNITS, Request, Way, default, summed
from tp_geo.workflow.optimizing_problem import Scope, scope
from tp_geo.workflow.plan import Plan

SAID = {
    "balance": "Each area comes near its target",
    "continuity": "What has an area stays there",
    "compactness": "Areas are round and their borders short",
}
WAYS = {Way.AUTO: "As it fits", Way.PRESENT: "The present areas", Way.SCRATCH: "From scratch"}
CHANGE = {"": "each measure", ITEMS: "all {noun}", UNITS: "all units"}
LONGEST_S = 600.0


def show(now: state.Now, desk: Desk) -> None:
    """Show the form."""
    fields = _fields(now, desk)
    with st.container(key="optimize_body", gap="small"):
        place = st.empty()
        _priorities(fields)
        _measures(now, fields)
        _takes_part(now, fields)
        _limits(now, fields)
        _more(fields)
        told = _told(now, desk, fields)
        if isinstance(told, Scope):
            place.markdown(optimize_words.what(now, told))
    with st.container(key="optimize_foot", gap="small"):
        fault = told if isinstance(told, str) else desk.run.fault if desk.run else ""
        if fault:
            st.error(plain(fault, 600), icon=":material/error:")
        st.button(
            "Preview", type="primary", key="optimize_preview", icon=":material/auto_awesome:",
            width="stretch", disabled=isinstance(told, str), on_click=preview,
        )  # fmt: skip


def preview() -> None:
    """Begin to optimize as the fields ask for; the map stays as it is meanwhile."""
    now = state.now()
    desk = at_hand(now.plan) if now else None
    if now is None or desk is None or desk.asked is None or desk.fields is None:
        return
    try:
        request = desk.fields.asked(desk.asked)
    except TpGeoError:
        return  # the form says why
    _begin(now, desk, request)


def preview_again() -> None:
    """Begin anew with what was asked, on the plan as it is now."""
    now = state.now()
    desk = at_hand(now.plan) if now else None
    if now and desk and desk.asked:
        _begin(now, desk, desk.asked)


def begin_at_once(plan: Plan) -> None:
    """Optimize all of a new plan as is usual, with the panel open."""
    panel.show(panel.OPTIMIZE)
    at_hand(plan).begin(plan, default(plan, Focus()))


def _begin(now: state.Now, desk: Desk, request: Request) -> None:
    run = desk.begin(now.plan, request)
    run.wait(SOON_S)
    parts.run(*([panel.KEY] if run.under_way else panel.BOTH))


def _fields(now: state.Now, desk: Desk) -> Mounted:
    """Return the fields: they say what was asked last, or what is usual in another focus."""
    asked = desk.asked
    if asked is None or (asked.focus.areas, asked.focus.level) != (
        now.focus.areas,
        now.focus.level,
    ):
        asked = default(now.plan, now.focus, map_ground.measure(now))
    return desk.mount(asked)


def _told(now: state.Now, desk: Desk, fields: Mounted) -> Scope | str:
    """Return what is optimized, and note what was asked; or why that can't be."""
    try:
        desk.asked = fields.asked(desk.asked or fields.first)
    except TpGeoError as why:
        return str(why)
    found = scope(now.plan, desk.asked)
    return found.problems[0] if found.problems else found


def _priorities(fields: Mounted) -> None:
    st.segmented_control(
        "Priority", list(optimize_words.PRESETS), key=fields.key(PRESET),
        default=fields.value(PRESET), format_func=optimize_words.PRESETS.__getitem__,
        on_change=fields.press, width="stretch", label_visibility="collapsed",
    )  # fmt: skip
    for name, column in zip(PRIORITIES, st.columns(len(PRIORITIES), gap="small"), strict=True):
        column.slider(
            optimize_words.PRIORITIES[name], 0, 100, fields.value(name), step=5,
            key=fields.key(name), help=SAID[name], on_change=fields.turn,
        )  # fmt: skip


def _measures(now: state.Now, fields: Mounted) -> None:
    labels = {name: now.dataset.measure(name).label for name in summed(now.dataset)}
    chosen: Sequence[str] = st.multiselect(
        "Balance on", list(labels), fields.value("measures"), key=fields.key("measures"),
        format_func=labels.__getitem__, placeholder="Choose a measure",
    )  # fmt: skip
    if len(chosen) > 1:
        with st.container(horizontal=True, gap="small"):
            for name in chosen:
                weight = f"weight_{name}"
                st.number_input(
                    f"Weight of {labels[name]}", 0.1, 100.0, fields.value(weight) or 1.0,
                    step=0.5, key=fields.key(weight),
                )  # fmt: skip
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.number_input(
            "Good enough within ± %", 0.0, 100.0, fields.value("tolerance"), step=1.0,
            key=fields.key("tolerance"), format="%g", on_change=fields.turn,
            help="Inside of this an area counts as on its target, and shape and present "
            "assignments decide; 0 asks for the smallest deviation there is",
        )  # fmt: skip
        st.button(
            "Targets…", key="optimize_targets", on_click=state.enter_dialog, args=("targets",)
        )
    st.caption(optimize_words.targets(now, tuple(chosen)))


def _takes_part(now: state.Now, fields: Mounted) -> None:
    noun, held = now.plan.noun, now.plan.totals()
    left = held.containers[UNASSIGNED] + held.units[UNASSIGNED]
    if left:
        _check(fields, f"Give out unassigned {noun}", "unassigned")
    if left and any(held.containers[k] for k in now.alignment.children(None)):
        _check(fields, "Only those: what has an area stays there", "only_unassigned")
    if optimize_words.undivided(now):
        _check(fields, "Areas that are not divided take part", "placeholders")
    st.selectbox(
        "Start from", list(WAYS), list(WAYS).index(fields.value("way")), key=fields.key("way"),
        format_func=WAYS.__getitem__,
    )  # fmt: skip
    if optimize_words.homes(now):
        _check(fields, "Areas lie round the homes of their owners", "homes")


def _check(fields: Mounted, label: str, name: str) -> None:
    st.checkbox(label, fields.value(name), key=fields.key(name))


def _amount(fields: Mounted, label: str, name: str, least: float, most: float | None) -> None:
    """Ask for a number that may be left open."""
    st.number_input(
        label, least, most, fields.value(name), key=fields.key(name), placeholder="no limit",
        format="%g",
    )  # fmt: skip


def _limits(now: state.Now, fields: Mounted) -> None:
    with st.expander("Limits"):
        _change(now, fields)
        if fields.at("homes"):
            _amount(fields, "Farthest from home, km", "km", 1.0, None)
        _caps(now, fields)
        levels = [name for name in now.plan.boundaries.within if name in optimize_words.WHOLE]
        if levels:
            st.multiselect(
                "Keep together where possible", levels, fields.value("respect"),
                key=fields.key("respect"), format_func=optimize_words.WHOLE.__getitem__,
                placeholder="States, counties",
            )  # fmt: skip


def _change(now: state.Now, fields: Mounted) -> None:
    measures = {name: now.dataset.measure(name).label for name in summed(now.dataset)}
    units = [UNITS] if len(now.dataset.items.container_of) else []
    said = {**{k: v.format(noun=now.plan.noun) for k, v in CHANGE.items()}, **measures}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _amount(fields, "At most … % may move", "change", 0.0, 100.0)
        whole = ["", ITEMS, *units, *measures]
        st.selectbox(
            "of", whole, whole.index(fields.value("change_of")), key=fields.key("change_of"),
            format_func=said.__getitem__,
        )  # fmt: skip


def _caps(now: state.Now, fields: Mounted) -> None:
    labels = {name: now.dataset.measure(name).label for name in summed(now.dataset)}
    if len(now.dataset.items.container_of):
        labels[UNITS] = "Units"
    capped = st.multiselect(
        "What one area may hold", list(labels), fields.value("caps"), key=fields.key("caps"),
        format_func=labels.__getitem__, placeholder="Choose a measure to limit",
    )  # fmt: skip
    for name in capped:
        with st.container(horizontal=True, gap="small"):
            for end, word in (("least", "at least"), ("most", "at most")):
                _amount(fields, f"{labels[name]}, {word}", f"{end}_{name}", 0.0, None)


def _more(fields: Mounted) -> None:
    with st.expander("Advanced"), st.container(horizontal=True, gap="small"):
        _amount(fields, "Seconds at most", "seconds", 0.5, LONGEST_S)
        st.number_input(
            "Seed", 0, 2**31 - 1, fields.value("seed"), key=fields.key("seed"),
            help="The same seed gives the same plan",
        )  # fmt: skip
