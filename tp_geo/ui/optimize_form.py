"""What is asked of the optimizer: sensible as it stands, everything else a field away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import TpGeoError
from tp_geo.ui import map_ground, optimize_words, panel, state
from tp_geo.ui.optimize_desk import Desk, at_hand
from tp_geo.ui.optimize_fields import PRIORITIES, request_of, sliders_of, values_of
from tp_geo.ui.text import plain
from tp_geo.ui.work import SOON_S
from tp_geo.workflow.optimizing import ITEMS, PRESETS, UNITS, Request, Way, default, summed
from tp_geo.workflow.optimizing_problem import Scope, scope
from tp_geo.workflow.plan import Plan

KEY = "optimize_of_"
"""Before the name of a field."""

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
    before = _fill(now, desk)
    with st.container(key="optimize_body", gap="small"):
        place = st.empty()
        _priorities()
        _measures(now)
        _takes_part(now)
        _limits(now)
        _more()
        told = _told(now, desk, before)
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
    if now is None:
        return
    desk = at_hand(now.plan)
    if desk.asked is None:
        return
    try:
        request = _asked(desk.asked)
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
    st.rerun(panel.KEY if run.under_way else panel.BOTH)


def _fill(now: state.Now, desk: Desk) -> Request:
    """Have the fields say what was asked last, or what is asked by default in another focus."""
    if desk.asked is None or _apart(desk.asked, now):
        desk.asked = default(now.plan, now.focus, map_ground.measure(now))
        for name in [k for k in st.session_state if str(k).startswith(KEY)]:
            del st.session_state[name]
    for name, value in values_of(desk.asked).items():
        st.session_state.setdefault(KEY + name, value)
    return desk.asked


def _apart(asked: Request, now: state.Now) -> bool:
    return (asked.focus.areas, asked.focus.level) != (now.focus.areas, now.focus.level)


def _asked(before: Request) -> Request:
    """Return what the fields ask for, those that are not shown as before."""
    fields = {
        str(k).removeprefix(KEY): v for k, v in st.session_state.items() if str(k).startswith(KEY)
    }
    weights = {f"weight_{name}": 1.0 for name in fields["measures"]}
    return request_of({**weights, **values_of(before), **fields}, before)


def _told(now: state.Now, desk: Desk, before: Request) -> Scope | str:
    """Return what is optimized, and note what was asked; or why that can't be."""
    try:
        desk.asked = _asked(before)
    except TpGeoError as why:
        return str(why)
    found = scope(now.plan, desk.asked)
    return found.problems[0] if found.problems else found


def _priorities() -> None:
    st.segmented_control(
        "Priority", list(optimize_words.PRESETS), key=KEY + "preset",
        format_func=optimize_words.PRESETS.__getitem__,
        on_change=_preset, width="stretch", label_visibility="collapsed",
    )  # fmt: skip
    for name, column in zip(PRIORITIES, st.columns(len(PRIORITIES), gap="small"), strict=True):
        column.slider(
            optimize_words.PRIORITIES[name], 0, 100, step=5, key=KEY + name, help=SAID[name],
            on_change=_slid,
        )  # fmt: skip


def _preset() -> None:
    """Set the sliders to what was chosen."""
    if name := st.session_state[KEY + "preset"]:
        for field, value in sliders_of(PRESETS[name]).items():
            st.session_state[KEY + field] = value


def _slid() -> None:
    """Choose the preset the sliders stand for, or none."""
    at = {name: st.session_state[KEY + name] for name in (*PRIORITIES, "tolerance")}
    found = next((name for name, of in PRESETS.items() if sliders_of(of) == at), None)
    st.session_state[KEY + "preset"] = found


def _measures(now: state.Now) -> None:
    labels = {name: now.dataset.measure(name).label for name in summed(now.dataset)}
    chosen: Sequence[str] = st.multiselect(
        "Balance on", list(labels), key=KEY + "measures", format_func=labels.__getitem__,
        placeholder="Choose a measure",
    )  # fmt: skip
    if len(chosen) > 1:
        with st.container(horizontal=True, gap="small"):
            for name in chosen:
                st.session_state.setdefault(f"{KEY}weight_{name}", 1.0)
                st.number_input(
                    f"Weight of {labels[name]}", 0.1, 100.0, step=0.5, key=f"{KEY}weight_{name}"
                )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.number_input(
            "Good enough within ± %", 0.0, 100.0, step=1.0, key=KEY + "tolerance", format="%g",
            on_change=_slid, help="Inside of this an area counts as on its target, and shape and "
            "present assignments decide; 0 asks for the smallest deviation there is",
        )  # fmt: skip
        st.button("Targets…", key="optimize_targets", on_click=state.open_dialog, args=("targets",))
    st.caption(optimize_words.targets(now, tuple(chosen)))


def _takes_part(now: state.Now) -> None:
    noun, held = now.plan.noun, now.plan.totals()
    left = held.containers[UNASSIGNED] + held.units[UNASSIGNED]
    if left:
        st.checkbox(f"Give out unassigned {noun}", key=KEY + "unassigned")
    if left and any(held.containers[k] for k in now.alignment.children(None)):
        st.checkbox("Only those: what has an area stays there", key=KEY + "only_unassigned")
    if optimize_words.undivided(now):
        st.checkbox("Areas that are not divided take part", key=KEY + "placeholders")
    st.selectbox("Start from", list(WAYS), key=KEY + "way", format_func=WAYS.__getitem__)
    if optimize_words.homes(now):
        st.checkbox("Areas lie round the homes of their owners", key=KEY + "homes")


def _limits(now: state.Now) -> None:
    with st.expander("Limits"):
        _change(now)
        if st.session_state.get(KEY + "homes"):
            st.number_input(
                "Farthest from home, km", 1.0, key=KEY + "km", value=None, placeholder="no limit"
            )
        _caps(now)
        levels = [name for name in now.plan.boundaries.within if name in optimize_words.WHOLE]
        if levels:
            st.multiselect(
                "Keep together where possible", levels, key=KEY + "respect",
                format_func=optimize_words.WHOLE.__getitem__, placeholder="States, counties",
            )  # fmt: skip


def _change(now: state.Now) -> None:
    measures = {name: now.dataset.measure(name).label for name in summed(now.dataset)}
    units = [UNITS] if len(now.dataset.items.container_of) else []
    said = {**{k: v.format(noun=now.plan.noun) for k, v in CHANGE.items()}, **measures}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.number_input(
            "At most … % may move", 0.0, 100.0, step=1.0, key=KEY + "change", value=None,
            placeholder="no limit", format="%g",
        )  # fmt: skip
        st.selectbox(
            "of",
            ["", ITEMS, *units, *measures],
            key=KEY + "change_of",
            format_func=said.__getitem__,
        )


def _caps(now: state.Now) -> None:
    labels = {name: now.dataset.measure(name).label for name in summed(now.dataset)}
    if len(now.dataset.items.container_of):
        labels[UNITS] = "Units"
    capped = st.multiselect(
        "What one area may hold", list(labels), key=KEY + "caps", format_func=labels.__getitem__,
        placeholder="Choose a measure to limit",
    )  # fmt: skip
    for name in capped:
        with st.container(horizontal=True, gap="small"):
            for end, word in (("least", "at least"), ("most", "at most")):
                st.number_input(
                    f"{labels[name]}, {word}", 0.0, key=f"{KEY}{end}_{name}", value=None,
                    placeholder="no limit", format="%g",
                )  # fmt: skip


def _more() -> None:
    with st.expander("Advanced"), st.container(horizontal=True, gap="small"):
        st.number_input(
            "Seconds at most", 0.5, LONGEST_S, step=5.0, key=KEY + "seconds", value=None,
            placeholder="no limit", format="%g",
        )  # fmt: skip
        st.number_input(
            "Seed", 0, 2**31 - 1, key=KEY + "seed", help="The same seed gives the same plan"
        )
