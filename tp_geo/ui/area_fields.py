"""Edit one area: name, owner, color, profile, lock, targets; saved as one change."""

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
    changed = {**_fields(now, at), **_targets(now, at)}
    if at.locked and changed.get("locked", True):
        st.caption("This area is locked. Unlock it first; then it can be changed.")
        changed = {}
    if at.locked and changed.get("locked") is False:
        changed = {"locked": False}
    if st.button("Save", type="primary"):
        finish(Change(area, changed))


def ask_profile(
    label: str, now: Profile = Profile.CONTIGUOUS, *, help: str | None = None
) -> Profile:
    """Ask whether areas are meant to be in one piece."""
    return st.selectbox(
        label, list(PROFILES), index=list(PROFILES).index(now), help=help,
        format_func=PROFILES.__getitem__,
    )  # fmt: skip


def _fields(now: state.Now, at: Area) -> dict[str, object]:
    left, right = st.columns(2)
    name = left.text_input("Name", at.name, max_chars=255).strip()
    owner = right.text_input("Owner", at.owner or "", max_chars=255, placeholder="Nobody").strip()
    level = left.text_input("Level", at.level, max_chars=60).strip()
    with right:
        profile = ask_profile("Geographic profile", at.profile)
    shown = palette.colors(now.alignment, now.plan.adjacency)[at.id]
    color = left.color_picker("Color", shown)
    own = right.checkbox("Keep this color", at.color is not None)
    locked = right.checkbox("Locked", at.locked)
    said = {
        "name": name or at.name,
        "owner": owner or None,
        "level": level or at.level,
        "profile": profile,
        "color": color if own or color != shown else None,
        "locked": locked,
    }
    return {k: v for k, v in said.items() if v != getattr(at, k)}


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
