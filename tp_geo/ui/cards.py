"""The alignments as cards: a small map, how it is doing, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.balance import TOLERANCE, deviations
from tp_geo.domain.dataset import Aggregate, Dataset
from tp_geo.domain.hierarchy import depths
from tp_geo.domain.rights import Action
from tp_geo.domain.signoff import Status
from tp_geo.geometry import palette
from tp_geo.store import AlignmentInfo
from tp_geo.ui import access, draft_dialogs, navigation, state, thumbnail
from tp_geo.ui.text import ago, count, deviation, percent, plain
from tp_geo.workflow import clock
from tp_geo.workflow.effective import period_text
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing_kept import last_published
from tp_geo.workflow.scenarios import base_name
from tp_geo.workflow.signoff import agreed

SHOWN = 24
COLUMNS = 4
ACTIONS = {
    "copy": ":material/content_copy: Copy",
    "rename": ":material/edit: Name and description",
    "targets": ":material/flag: Targets",
    "scenarios": ":material/science: Scenarios",
    "valid": ":material/event: Valid from",
    "share": ":material/group_add: Share",
    "export": ":material/download: Export",
    "archive": ":material/archive: Archive",
}


RIGHTS = {
    "copy": Action.CREATE,
    "rename": Action.MANAGE,
    "targets": Action.EDIT,
    "scenarios": Action.CREATE,
    "valid": Action.MANAGE,
    "archive": Action.MANAGE,
}
"""What an action takes; the others anybody can who sees the card."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. ``assigned`` is a share of ``measured``, or of the containers.

    ``untold`` says why there is no deviation to tell.
    """

    status: str
    areas: str
    changed: str
    assigned: float
    measured: str
    worst: float | None
    untold: str


def show(plans: Sequence[AlignmentInfo]) -> None:
    """Show the cards of alignments, side by side."""
    grid = st.grid(COLUMNS, min_column_width=300, border=True, gap="medium")
    for info in plans[:SHOWN]:
        with grid.cell():
            _card(info)
    if len(plans) > SHOWN:
        st.caption(f"{len(plans) - SHOWN:,} more. Search by name to find them.")


def card(plan: Plan) -> Card:
    """Return what the card of a plan says."""
    alignment, figures = plan.alignment, plan.totals()
    measure = main_measure(plan.dataset)
    assigned, total = _share(plan, measure)
    aimed = _aimed(alignment) if assigned else ()
    off = [share for k in aimed for share in deviations(alignment, figures, k).values()]
    history = plan.history()
    return Card(
        status=_status(plan),
        areas=count(len(alignment.areas), "areas"),
        changed=history[-1].at if history else plan.info.at,
        assigned=assigned / total if total else 0.0,
        measured=measure or plan.noun,
        worst=max(off, key=abs, default=None),
        untold=_untold(alignment, assigned),
    )


def main_measure(dataset: Dataset) -> str | None:
    """Return the name of the first measure that adds up; ``None`` when there is none."""
    return next((m.name for m in dataset.measures if m.aggregate is Aggregate.SUM), None)


def map_of(plan: Plan) -> bytes:
    """Return the small map of a plan as a picture."""
    return _picture(plan.info.id, plan.seq, plan.dataset.layer or plan.dataset.boundaries, plan)


def _card(info: AlignmentInfo) -> None:
    plan = state.planner().open(info.id)
    says = card(plan)
    st.image(map_of(plan), width="stretch", alt=f"Map of {info.name}")
    name, menu = st.columns([6, 1], vertical_alignment="center")
    name.markdown(f"**{plain(info.name, 80)}**", width="stretch")
    with menu:
        key = f"card_menu_{info.id}"
        st.menu_button(
            ":material/more_horiz:",
            _offered(plan),
            key=key,
            format_func=lambda action: ACTIONS[action],
            type="tertiary",
            on_click=_act,
            args=(key, info.id),
        )
    by = plain(info.by, 30)
    st.caption(f"{says.status} {by} · {ago(says.changed, datetime.now(UTC))} · {says.areas}")
    if info.scenario:
        st.caption(f":blue-badge[scenario] of {plain(base_name(state.planner(), info), 60)}")
    if of := draft_dialogs.said(info):
        st.caption(f":blue-badge[draft] {plain(of.removeprefix('draft '), 120)}")
    if valid := period_text(info, clock.today()):
        st.caption(f":material/event: {valid}")
    if info.note:
        st.markdown(f":small[{plain(info.note, 160)}]")
    left, right = st.columns(2)
    left.markdown(f"**{percent(says.assigned)}**  \n:small[assigned, by {plain(says.measured)}]")
    _worst(right, says)
    st.space("stretch")
    st.button(
        "Open map",
        key=f"card_open_{info.id}",
        width="stretch",
        on_click=_open,
        args=(info,),
    )


def _offered(plan: Plan) -> list[str]:
    """Return what whoever is here can do with an alignment."""
    kept = {k for k, action in RIGHTS.items() if not access.may(action, plan)}
    if not access.shares(plan):
        kept.add("share")
    return [k for k in ACTIONS if k not in kept]


def _worst(place: st.delta_generator.DeltaGenerator, says: Card) -> None:
    if says.worst is None:
        place.markdown(f"**–**  \n:small[{says.untold}]")
        return
    mark = "" if abs(says.worst) <= TOLERANCE else " :orange[:material/warning:]"
    place.markdown(f"**{deviation(says.worst)}**{mark}  \n:small[largest deviation]")


def _act(key: str, alignment: str) -> None:
    action = st.session_state[key]
    if action == "archive":
        plan = state.planner().open(alignment)
        state.planner().archive(plan)
        state.tell(f"Archived {plan.info.name}. It is listed below; nothing is deleted.")
    elif action == "share":
        state.open_dialog(access.SHARE, alignment)
    elif action == "scenarios":
        state.enter(state.planner().open(alignment).info)
        st.session_state[navigation.GOING] = "pages/scenarios.py", {}
    elif action:
        state.open_dialog(action, alignment)


def _open(info: AlignmentInfo) -> None:
    state.enter(info)
    st.switch_page("pages/map.py", query_params={state.ADDRESS: info.name})


def _aimed(alignment: Alignment) -> tuple[AreaId, ...]:
    """Return the areas of every level on which all areas have a target."""
    on: dict[int, list[AreaId]] = {}
    for depth, k in depths(alignment):
        on.setdefault(depth, []).append(k)
    aimed = (areas for areas in on.values() if all(alignment.area(k).targets for k in areas))
    return tuple(k for areas in aimed for k in areas)


def _untold(alignment: Alignment, assigned: float) -> str:
    if not any(area.targets for area in alignment.areas.values()):
        return "no targets set"
    return "targets not set for all areas" if assigned else "nothing assigned yet"


def _status(plan: Plan) -> str:
    published = last_published(plan)
    if published is not None and published.seq == plan.seq:
        return ":violet-badge[as last published]"
    if agreed(plan):
        return ":green-badge[approved]"
    if any(s.status is Status.SUBMITTED for s in plan.alignment.signoffs.values()):
        return ":blue-badge[in review]"
    if published is None:
        return ":gray-badge[draft]"
    return f":gray-badge[draft, {count(plan.seq - published.seq, 'revisions')} after the publish]"


def _share(plan: Plan, measure: str | None) -> tuple[float, float]:
    figures = plan.totals()
    tops = plan.alignment.children(None)
    if measure is None:
        held = [float(figures.containers[k]) for k in tops]
        return sum(held), sum(held) + float(figures.containers[UNASSIGNED])
    held = [figures.of(k, measure) for k in tops]
    return sum(held), sum(held) + figures.of(UNASSIGNED, measure)


@st.cache_data(max_entries=256, show_spinner=False)
def _picture(alignment: str, seq: int, layer: str, _plan: Plan) -> bytes:
    under = state.planner().once("pixels", layer, lambda: thumbnail.pixels(_plan.boundaries))
    shown = _plan.at(seq)
    return thumbnail.picture(under, shown, palette.colors(shown, _plan.adjacency))
