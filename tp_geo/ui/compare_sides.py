"""What the Compare page compares: two sides, chosen from what there is or typed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from tp_geo.errors import TpGeoError
from tp_geo.store import AlignmentInfo
from tp_geo.ui import state
from tp_geo.ui.text import shortened
from tp_geo.workflow import clock
from tp_geo.workflow.differences import Side, find_side
from tp_geo.workflow.effective import line_of, period_text
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.signoff import taken_by_step

BEFORE, AFTER, OF = "compare_before", "compare_after", "compare_of"
RECENT, OTHERS = 5, 20
LONGEST = 70
HELP = "Or type a revision, such as 12, or ALIGNMENT@12, ALIGNMENT@SNAPSHOT, ALIGNMENT@published."


def choose(now: state.Now) -> tuple[Side, Side]:
    """Show the choice of both sides and return them; refuse a text that means none."""
    options = offered(now.plan)
    _begin(now, options)
    before = _select("Before", BEFORE, options)
    st.button(
        "Swap", icon=":material/swap_horiz:", on_click=_swap, help="Exchange before and after",
        key="compare_swap",
    )  # fmt: skip
    after = _select("After", AFTER, options)
    return side(now.plan, before), side(now.plan, after)


def offered(plan: Plan) -> Mapping[str, str]:
    """Return what can be chosen, by what `find_side` takes it for.

    The plan now; its snapshots, newest first; what it was copied from; what
    is in force and what follows; snapshots that sign-off took; its last
    revisions and its start; then other alignments.
    """
    history, own = plan.history(), plan.info
    found = {own.id: f"{own.name}, now (rev {plan.seq:,})"}
    taken = sorted(plan.snapshots(), key=lambda s: -s.seq)
    named = {f"{own.id}@{s.name}": f"{s.name} (rev {s.seq:,})" for s in taken}
    by_step = {f"{own.id}@{s.name}" for s in taken if taken_by_step(s)}
    found |= {k: said for k, said in named.items() if k not in by_step}
    found |= _origin(plan)
    found |= _dated(own)
    found |= named
    recent = {*range(max(plan.seq - RECENT, 1), plan.seq), 1} - {plan.seq, 0}
    for seq in sorted(recent - {s.seq for s in taken}, reverse=True):
        if seq <= plan.seq:
            found[f"{own.id}@{seq}"] = f"Rev {seq:,}: {history[seq - 1].text}"
    others = [i for i in state.planner().plans() if i.id not in found]
    found |= {i.id: f"{i.name}, now" for i in others[:OTHERS]}
    return {k: shortened(said, LONGEST) for k, said in found.items()}


def side(plan: Plan, text: str) -> Side:
    """Return the side a choice means; a number alone is a revision of the plan."""
    text = text.strip()
    return find_side(state.planner(), f"{plan.info.id}@{text}" if text.isdigit() else text)


def title(side: Side) -> str:
    """Return what to call a side."""
    named = next((s.name for s in side.plan.snapshots() if s.seq == side.revision), "")
    at = named or f"revision {side.revision:,}"
    return f"{side.plan.info.name}, {at}"


def _dated(info: AlignmentInfo) -> Mapping[str, str]:
    """Return the others of its line that are valid on some day, in the order of their days."""
    today = clock.today()
    dated = line_of(state.planner(), info).dated
    return {i.id: f"{i.name}, {period_text(i, today)}" for i in dated if i.id != info.id}


def _origin(plan: Plan) -> Mapping[str, str]:
    base, _, seq = plan.info.base.rpartition("@")
    try:
        name = state.planner().find(base).name if base else ""
    except TpGeoError:
        return {}
    return {plan.info.base: f"{name}, rev {seq}: copied from"} if name else {}


def _begin(now: state.Now, options: Mapping[str, str]) -> None:
    """Begin with the plan now against the newest of what it can be compared with."""
    if st.session_state.get(OF) == now.plan.info.id and BEFORE in st.session_state:
        return
    own = now.plan.info.id
    st.session_state[OF] = own
    st.session_state[BEFORE] = next((k for k in options if k != own), own)
    st.session_state[AFTER] = own


def _select(label: str, key: str, options: Mapping[str, str]) -> str:
    chosen = st.session_state[key]
    known = [*options, *([chosen] if chosen not in options else [])]
    found = st.selectbox(
        label, known, key=key, format_func=lambda k: options.get(k, k), help=HELP,
        accept_new_options=True, width=300,
    )  # fmt: skip
    return str(found)


def _swap() -> None:
    kept = st.session_state[BEFORE], st.session_state[AFTER]
    st.session_state[AFTER], st.session_state[BEFORE] = kept
