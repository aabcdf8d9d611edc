"""The comments on a plan, and a form for one more. Whatever is in them is only ever text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.comments import MAX_TEXT
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.rights import Action
from tp_geo.errors import TpGeoError
from tp_geo.ui import access, map_comments, panel, state
from tp_geo.ui.area_bar import listed
from tp_geo.ui.text import ago, count, plain
from tp_geo.workflow import comments
from tp_geo.workflow.comments import Remark
from tp_geo.workflow.plan import Plan

SHOWN = 20
RESOLVED = "review_resolved"


def show(now: state.Now) -> None:
    """Show the open comments, the resolved ones when asked for, and the form."""
    plan = now.plan
    every = comments.comments(plan)
    still_open = [r for r in every if r.open]
    head, switch = st.columns([3, 2], vertical_alignment="center")
    head.subheader("Comments", anchor=False)
    hidden = len(every) - len(still_open)
    more = switch.toggle("Resolved too", key=RESOLVED) if hidden else False
    found = every if more else still_open
    if not found:
        st.caption("No open comments.")
    for remark in found[:SHOWN]:
        _row(now, remark)
    if len(found) > SHOWN:
        st.caption(f"{count(len(found) - SHOWN, 'comments')} more, older.")
    if access.may(Action.COMMENT, plan):
        _form(plan)


def _row(now: state.Now, remark: Remark) -> None:
    about = f"{plain(remark.by, 40)} · {plain(remark.about, 60)} · {_ago(remark.at)}"
    if not remark.open:
        about += f" · resolved by {plain(remark.resolved_by, 40)}"
    with st.container(gap=None):
        st.markdown(f"{plain(remark.text, MAX_TEXT)}  \n:small[{about}]")
        with st.container(horizontal=True, gap="small"):
            if len(map_comments.places(now, remark)) and st.button(
                "Show on map", key=f"comment_go_{remark.number}", type="tertiary"
            ):
                _visit(now, remark)
            if access.may(Action.COMMENT, now.plan):
                st.button(
                    "Resolve" if remark.open else "Reopen", key=f"comment_{remark.number}",
                    type="tertiary", on_click=_settle, args=(remark.number, remark.open),
                )  # fmt: skip


def _visit(now: state.Now, remark: Remark) -> NoReturn:
    """Go to the place of a comment on the Map page, with the comments beside it."""
    state.look(Focus())
    map_comments.go(now, remark)
    panel.show(panel.COMMENTS)
    st.switch_page("pages/map.py", query_params={state.ADDRESS: now.plan.info.name})


def _form(plan: Plan) -> None:
    names: dict[AreaId | None, str] = {None: comments.WHOLE}
    names.update(listed(plan.alignment).items())
    with st.form("comment", clear_on_submit=True, border=False):
        about = st.selectbox("About", list(names), format_func=names.__getitem__)
        text = st.text_area("Comment", max_chars=MAX_TEXT, height=80)
        said = st.form_submit_button("Comment")
    if said:
        try:
            comments.comment(plan, text, by=state.user(), area=about)
        except TpGeoError as why:
            state.tell(str(why), bad=True)
        st.rerun()


def _settle(number: int, resolved: bool) -> None:
    plan = state.open_plan()
    if resolved:
        comments.resolve(plan, number, by=state.user())
    else:
        comments.reopen(plan, number)


def _ago(at: str) -> str:
    return ago(at, datetime.now(UTC))
