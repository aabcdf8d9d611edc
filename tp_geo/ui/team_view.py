"""Who may do what, as a person sees and says it: roles in the team, and what is shared."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import EVERYBODY, Action, Level, Role
from tp_geo.errors import TpGeoError
from tp_geo.ui import access, guest, signing_in, state
from tp_geo.ui.access import LEVELS
from tp_geo.ui.area_bar import listed
from tp_geo.ui.edge import handled
from tp_geo.ui.text import plain, shortened
from tp_geo.workflow import team
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.team import Given, Member

TEAM = "team"
ROLES = {
    Role.ADMINISTRATOR: "Administrator",
    Role.PLANNER: "Planner",
    Role.BRANCH_OWNER: "Branch owner",
    Role.REVIEWER: "Reviewer",
    Role.PUBLISHER: "Publisher",
}
ENDS = "No longer"
SHOWN = 60
"""People or grants at most in a dialog; the command line lists all."""


def offered() -> bool:
    """Whether roles are spoken of here: where people sign in, or have rights already."""
    if guest.here() or not access.may(Action.TEAM):
        return False
    return signing_in.wanted() or state.planner().rights.on


def show() -> None:
    """Show the dialog that is open, if it is one of these."""
    match state.wanted_dialog():
        case (name, _) if name == TEAM and offered():
            state.show_dialog("Team", _team, width="large")
        case (name, (str(alignment), *_)) if name == access.SHARE:
            state.show_dialog("Share", _sharing, alignment, width="large")


@handled
def _team() -> None:
    planner = state.planner()
    if not planner.rights.on:
        st.info(
            "Everybody may do everything now. With the first administrator there are rights: "
            "then people see what they made and what is shared with them."
        )
    members = team.members(planner)
    for at, member in enumerate(members[:SHOWN]):
        _member(at, member)
    if len(members) > SHOWN:
        st.caption(f"{len(members) - SHOWN:,} more; `tp-geo team` lists all.")
    with st.form("team_new", clear_on_submit=True, border=False):
        person, roles, add = st.columns([5, 6, 2], vertical_alignment="bottom")
        name = person.text_input(
            "Person", placeholder="Address they sign in with", max_chars=254,
            help=f"{EVERYBODY} stands for everybody who signs in and has no role of their own",
        )  # fmt: skip
        wanted = roles.multiselect("Roles", list(Role), format_func=ROLES.__getitem__)
        if add.form_submit_button("Add", type="primary", width="stretch"):
            _put(name, wanted)
    st.caption(
        "**Planner** starts, changes and shares alignments · **Branch owner** changes the areas "
        "shared with them · **Reviewer** approves and sends back · **Publisher** publishes. "
        "Everybody sees and comments what is shared with them."
    )


def _member(at: int, member: Member) -> None:
    person, roles = st.columns([5, 8], vertical_alignment="center")
    called = "Everybody else" if member.person == EVERYBODY else member.person
    told = "by the settings" if member.fixed else f"by {member.by[:40]}, {member.at[:10]}"
    _who(person, called, told)
    key = f"team_roles_{at}_{member.person}"
    st.session_state[key] = [r for r in Role if r in member.roles]
    roles.multiselect(
        f"Roles of {plain(called, 80)}", list(Role), key=key, format_func=ROLES.__getitem__,
        label_visibility="collapsed", placeholder="No role", disabled=member.fixed,
        on_change=_change, args=(member.person, key),
    )  # fmt: skip


def _who(place: DeltaGenerator, called: str, told: str) -> None:
    """Show who, as text: an address is no link here."""
    with place.container(gap=None):
        st.text(shortened(called, 60))
        st.caption(plain(told, 120))


def _change(person: str, key: str) -> None:
    _put(person, st.session_state.get(key, []), again=False)


def _put(person: str, roles: list[Role], *, again: bool = True) -> None:
    try:
        team.put_roles(state.planner(), person, roles, by=state.user())
    except TpGeoError as why:
        st.error(plain(str(why), 400), icon=":material/error:")
        return
    if again:
        st.rerun()


@handled
def _sharing(alignment: str) -> None:
    plan = state.planner().open(alignment)
    st.markdown(f"**{plain(plan.info.name, 80)}** is of {plain(plan.info.by, 60)}.")
    given = team.given(plan)
    for at, one in enumerate(given[:SHOWN]):
        _given(plan, at, one)
    if not given:
        st.caption("Nobody else sees it, but administrators.")
    if len(given) > SHOWN:
        st.caption(f"{len(given) - SHOWN:,} more; `tp-geo team share` lists all.")
    with st.form("share_new", clear_on_submit=True, border=False):
        person, what, level, add = st.columns([5, 4, 3, 2], vertical_alignment="bottom")
        people = [m.person for m in team.members(state.planner())]
        name = person.selectbox(
            "With", [EVERYBODY, *(p for p in people if p != EVERYBODY)], index=None,
            accept_new_options=True, placeholder="Address, or choose",
            format_func=lambda p: "Everybody who signs in" if p == EVERYBODY else p,
        )  # fmt: skip
        parts, first = _parts(plan)
        names = listed(plan.alignment)
        area = what.selectbox(
            "What", parts, first,
            format_func=lambda k: "The whole" if k is None else names.get(k, ""),
        )  # fmt: skip
        how = level.selectbox("May", list(Level), format_func=LEVELS.__getitem__)
        if add.form_submit_button("Share", type="primary", width="stretch"):
            team.share(plan, name or "", how, area=area, by=state.user())
            st.rerun()
    st.caption(
        "Of an area people change what lies in it, if that is their role, and see the alignment. "
        "Of the whole, planners change everything."
    )


def _parts(plan: Plan) -> tuple[list[AreaId | None], int]:
    """Return what can be shared: the whole and the areas, and which is chosen first."""
    parts: list[AreaId | None] = [
        k for k in (None, *plan.alignment.areas) if access.within(Action.SHARE, plan, k)
    ]
    chosen = state.chosen(plan.alignment)
    return parts, parts.index(chosen) if chosen in parts else 0


def _given(plan: Plan, at: int, one: Given) -> None:
    who, what, level = st.columns([5, 4, 3], vertical_alignment="center")
    called = "Everybody who signs in" if one.person == EVERYBODY else one.person
    _who(who, called, f"by {one.by[:40]}, {one.at[:10]}")
    what.markdown("The whole" if one.area is None else plain(one.name, 60))
    key = f"share_level_{at}_{one.person}_{one.area}"
    st.session_state[key] = one.level
    level.selectbox(
        f"{shortened(one.name, 40)}, {plain(called, 80)}", [*Level, ENDS], key=key,
        format_func=lambda k: LEVELS.get(k, ENDS), label_visibility="collapsed",
        disabled=not access.within(Action.SHARE, plan, one.area),
        on_change=_reshare, args=(plan.info.id, one.person, one.area, key),
    )  # fmt: skip


def _reshare(alignment: str, person: str, area: AreaId | None, key: str) -> None:
    wanted = st.session_state.get(key)
    level = next((k for k in Level if k == wanted), None)
    plan = state.planner().open(alignment)
    try:
        team.share(plan, person, level, area=area, by=state.user())
    except TpGeoError as why:
        state.tell(str(why), bad=True)
