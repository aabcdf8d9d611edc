"""Edit one area: name, owner and home, color, profile, lock, rule, targets; saved as one change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from tp_geo.domain.alignment import Area, AreaId, Profile
from tp_geo.domain.commands import Change
from tp_geo.domain.criteria import with_criteria
from tp_geo.domain.dataset import Aggregate, Measure
from tp_geo.geometry import palette
from tp_geo.ui import area_rule, state
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
    rule = area_rule.ask(now, at)
    changed = {**fields, **_targets(now, at)}
    if at.locked:
        home, rule = home_of(at), area_rule.rule_of(at)
        changed = {k: v for k, v in changed.items() if k == "locked"}
        if not changed:
            st.caption("This area is locked. Unlock it first; then it can be changed.")
    if st.button("Save", type="primary"):
        finish(Change(area, {**changed, **_attributes(now, at, home, rule)}))


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
    with left.container(horizontal=True, vertical_alignment="bottom"):
        color = st.color_picker("Color", shown)
        own = st.checkbox("Keep this color", at.color is not None)
        locked = st.checkbox("Locked", at.locked)
    home = right.text_input(
        "Owner's home", home_of(at), max_chars=60, placeholder="Not known",
        help="A code of the map, such as a postal code, or latitude and longitude, as in "
        "37.76, -122.42. The map shows it.",
    ).strip()  # fmt: skip
    said = {
        "name": name or at.name,
        "owner": owner or None,
        "level": level or at.level,
        "profile": profile,
        "color": color if own or color != shown else None,
        "locked": locked,
    }
    return {k: v for k, v in said.items() if v != getattr(at, k)}, home


def _attributes(now: state.Now, at: Area, home: str, rule: str) -> dict[str, object]:
    """Return the attributes with another home or rule; refuse what is no place, or no rule."""
    made = at
    if home != home_of(at):
        place = homes_in(state.planner(), now.dataset).find(home).text if home else ""
        made = replace(made, attributes=with_home(made, place))
    if rule != area_rule.rule_of(at):
        made = replace(made, attributes=with_criteria(made, rule))
    return {} if made is at else {"attributes": made.attributes}


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
