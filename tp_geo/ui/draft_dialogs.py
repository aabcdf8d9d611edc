"""A draft begun of a branch, and merged: what it brings, and who decides what both changed."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.drafts import Brought, Conflict, Keep
from tp_geo.store import AlignmentInfo
from tp_geo.ui import guest, state
from tp_geo.ui.area_bar import listed
from tp_geo.ui.text import count, plain, shortened
from tp_geo.workflow import drafts
from tp_geo.workflow.scenarios import base_name

NAMES = 6
"""Areas of each sort that are named at most."""

MOST = 40
"""Conflicts that are decided one by one; more at once."""

EACH = "each"
ANSWERS = {Keep.BASE: "Keep theirs", Keep.DRAFT: "Take the draft's"}


def said(info: AlignmentInfo) -> str:
    """Return what an alignment is a draft of, "" of what is none and for guests."""
    if not info.draft or guest.here():
        return ""
    branch = drafts.branch_of(state.planner().open(info.id))
    of = base_name(state.planner(), info)
    return f"draft of {of}{f', {branch}' if branch else ''}"


def begin(now: state.Now, area: AreaId | None) -> None:
    """Ask for the branch that is edited apart, and go there; in a draft say where that is done."""
    if now.plan.info.draft:
        merge(now, area)
        return
    names: dict[AreaId | None, str] = {None: "All areas"}
    names |= {k: shortened(n, 60) for k, n in listed(now.alignment).items()}
    branch = st.selectbox(
        "Branch", list(names), index=list(names).index(area), format_func=names.__getitem__,
        key="draft_branch", help="Only this and what is below it can change in the draft.",
    )  # fmt: skip
    name = st.text_input(
        "Name (optional)", max_chars=255, key="draft_name",
        placeholder=f"{now.plan.info.name} · {state.user()}",
    )  # fmt: skip
    st.caption(
        f"{plain(now.plan.info.name, 80)} stays as it is, and others go on in it. "
        "*Arrange › Draft* in the draft merges it back."
    )
    if st.button("Start the draft", type="primary"):
        made = drafts.begin(state.planner(), now.plan, name, area=branch, by=state.user())
        state.enter(made.info)
        state.tell(f"Started {made.info.name}. {now.plan.info.name} stays as it is.")
        state.leave_dialog()


def merge(now: state.Now, _area: AreaId | None) -> None:
    """Show what a draft brings, ask whose change stays where both changed, and merge it."""
    told = drafts.report(state.planner(), now.plan)
    base = plain(told.base.info.name, 80)
    since = f", which had {count(told.since, 'revisions')} since" if told.since else ""
    st.markdown(f"Into **{base}**{since}:")
    if not told.brings:
        st.info("Nothing has changed in this draft so far.")
        return
    noun = now.plan.noun if not len(now.dataset.items.container_of) else "items"
    st.markdown("\n".join(f"- {line}" for line in _lines(told.brings, noun)))
    decided = _decided(now, told.conflicts)
    note = st.text_input("Note (optional)", max_chars=1_000, key="draft_note")
    if st.button("Merge", type="primary"):
        done = drafts.merge(state.planner(), now.plan, decided, by=state.user(), note=note)
        state.enter(done.base.info)
        if done.revision is None:
            state.tell(f"{done.base.info.name} had all of it already.")
        else:
            state.tell_revision(done.revision)
        state.leave_dialog()


def _lines(brings: Brought, noun: str) -> list[str]:
    lines = [f"{count(brings.items, noun)} elsewhere"] if brings.items else []
    sorts = (("New", brings.new), ("Changed", brings.changed), ("Gone", brings.gone))
    for sort, names in sorts:
        if names:
            more = f" and {len(names) - NAMES:,} more" if len(names) > NAMES else ""
            lines.append(f"{sort}: {', '.join(plain(n, 60) for n in names[:NAMES])}{more}")
    return lines


def _decided(now: state.Now, conflicts: tuple[Conflict, ...]) -> dict[str, Keep]:
    """Ask whose change stays, of all conflicts or of each; what nobody decided is left out."""
    if not conflicts:
        st.caption(":material/check: Nothing that both changed.")
        return {}
    st.markdown(f"**{count(len(conflicts), 'conflicts')}**: both changed this, and not to the same")
    ways = {**{k.value: f"{v}, all" for k, v in ANSWERS.items()}, EACH: "Decide each"}
    offered = [*[k.value for k in ANSWERS], *([EACH] if len(conflicts) <= MOST else [])]
    way = st.segmented_control(
        "Conflicts", offered, key="draft_way", default=offered[-1], required=True,
        format_func=ways.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    if way != EACH:
        for conflict in conflicts[:MOST]:
            st.caption(f"{plain(conflict.label, 80)}: {_both(conflict)}")
        return {c.key: Keep(way) for c in conflicts}
    decided = {}
    with st.container(height=260 if len(conflicts) > 3 else "content", border=False):
        for i, conflict in enumerate(conflicts):
            if answer := _one(now, conflict, i):
                decided[conflict.key] = answer
    return decided


def _one(now: state.Now, conflict: Conflict, at: int) -> Keep | None:
    with st.container(border=True, key=f"conflict_{at}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(conflict.label, 80)}**", width="stretch")
            if len(conflict.items) and st.button(
                "Show on map",
                key=f"conflict_show_{at}",
                icon=":material/pin_drop:",
                type="tertiary",
            ):
                state.point(conflict.items)
                state.leave_dialog()
        sides = {Keep.BASE: conflict.base, Keep.DRAFT: conflict.draft}
        return st.radio(
            plain(conflict.label, 80), list(ANSWERS), index=None, key=f"conflict_{conflict.key}",
            horizontal=True, label_visibility="collapsed",
            format_func=lambda k: f"{ANSWERS[k]}: {plain(sides[k], 60)}",
        )  # fmt: skip


def _both(conflict: Conflict) -> str:
    return f"theirs {plain(conflict.base, 60)}, the draft's {plain(conflict.draft, 60)}"
