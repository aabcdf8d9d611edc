"""Edit one area: name, owner and home, color, profile, lock, targets; saved as one change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from tp_geo.domain.alignment import Area, AreaId, Profile
from tp_geo.domain.commands import Change
from tp_geo.domain.dataset import Aggregate, Measure
from tp_geo.geometry import palette
from tp_geo.ui import state
from tp_geo.ui.asking import finish
from tp_geo.ui.text import deviation, figure, heading, plain
from tp_geo.workflow.homes import home_of, with_home
from tp_geo.workflow.reference import homes_in

PROFILES = {
    Profile.CONTIGUOUS: "Contiguous: in one piece",
    Profile.NON_CONTIGUOUS: "Non-contiguous: may be in pieces",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A measure with what the area holds and should hold."""

    measure: Measure
    total: float
    target: float | None


def body(now: state.Now, area: AreaId) -> None:
    """Show the dialog."""
    at = now.alignment.area(area)
    fields, home = _fields(now, at)
    changed = {**fields, **_targets(now, at)}
    if at.locked and changed.get("locked", True):
        st.caption("This area is locked. Unlock it first; then it can be changed.")
        changed, home = {}, home_of(at)
    if at.locked and changed.get("locked") is False:
        changed, home = {"locked": False}, home_of(at)
    if st.button("Save", type="primary"):
        finish(Change(area, {**changed, **_home(now, at, home)}))


def ask_profile(
    label: str, now: Profile = Profile.CONTIGUOUS, *, help: str | None = None
) -> Profile:
    """Ask whether areas are meant to be in one piece."""
    return st.selectbox(
        label, list(PROFILES), index=list(PROFILES).index(now), help=help,
        format_func=PROFILES.__getitem__,
    )  # fmt: skip


def _fields(now: state.Now, at: Area) -> tuple[dict[str, object], str]:
    """Return what changed, and the owner's home as it was typed."""
    left, right = st.columns(2)
    name = left.text_input("Name", at.name, max_chars=255).strip()
    owner = right.text_input("Owner", at.owner or "", max_chars=255, placeholder="Nobody").strip()
    level = left.text_input("Level", at.level, max_chars=60).strip()
    with right:
        profile = ask_profile("Geographic profile", at.profile)
    shown = palette.colors(now.alignment, now.plan.adjacency)[at.id]
    color = left.color_picker("Color", shown)
    home = right.text_input(
        "Owner's home", home_of(at), max_chars=60, placeholder="Not known",
        help="A code of the map, such as a postal code, or latitude and longitude, as in "
        "37.76, -122.42. The map shows it.",
    ).strip()  # fmt: skip
    with st.container(horizontal=True):
        own = st.checkbox("Keep this color", at.color is not None)
        locked = st.checkbox("Locked", at.locked)
    said = {
        "name": name or at.name,
        "owner": owner or None,
        "level": level or at.level,
        "profile": profile,
        "color": color if own or color != shown else None,
        "locked": locked,
    }
    return {k: v for k, v in said.items() if v != getattr(at, k)}, home


def _home(now: state.Now, at: Area, typed: str) -> dict[str, object]:
    """Return the attributes with another owner's home; refuse one that is no place."""
    if typed == home_of(at):
        return {}
    home = homes_in(state.planner(), now.dataset).find(typed).text if typed else ""
    return {"attributes": with_home(at, home)}


def _targets(now: state.Now, at: Area) -> Mapping[str, object]:
    rows = rows_of(now, at)
    if not rows:
        return {}
    st.markdown("**Targets**")
    made = dict(at.targets)
    lines = st.container(key="area_targets")
    for row in rows:
        left, right = lines.columns([3, 2], vertical_alignment="center")
        off = "" if not row.target else f" · {deviation((row.total - row.target) / row.target)}"
        left.markdown(f"{plain(heading(row.measure))}  \n:small[holds {figure(row.total)}{off}]")
        value = right.number_input(
            f"Target, {row.measure.label}", min_value=0.0, value=row.target, format="%.0f",
            key=f"target_{at.id}_{row.measure.name}", label_visibility="collapsed",
            placeholder="No target",
        )  # fmt: skip
        if value is None or value == 0:
            made.pop(row.measure.name, None)
        else:
            made[row.measure.name] = float(value)
    return {"targets": made} if made != dict(at.targets) else {}


def rows_of(now: state.Now, at: Area) -> list[Row]:
    """Return the measures that can have a target: those that add up."""
    figures = now.plan.totals()
    return [
        Row(m, figures.of(at.id, m.name), at.targets.get(m.name))
        for m in now.dataset.measures
        if m.aggregate is Aggregate.SUM
    ]
