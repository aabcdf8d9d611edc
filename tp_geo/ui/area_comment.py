"""What people say of a place, beside the map: of an area, or of what is selected."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.ui import guest, review_comments, state
from tp_geo.ui.text import plain
from tp_geo.workflow import comments
from tp_geo.workflow.comments import MAX_TEXT

MOST_PLACES = 20
"""Of a larger selection nobody wants to say something place by place."""


def body(now: state.Now, area: AreaId | None) -> None:
    """Show the open comments on an area and on what is selected, and take one more."""
    codes = now.dataset.codes[now.selection[:MOST_PLACES]].tolist()
    places = {f"code:{code}": _called(now, str(code)) for code in codes}
    about = {"": comments.WHOLE}
    if area is not None:
        about[f"area:{area}"] = now.alignment.name(area)
    about |= places
    still_open = comments.comments(now.plan, still_open=True)
    for remark in [r for r in still_open if r.area == area or r.code in codes][:MOST_PLACES]:
        review_comments.row(remark)
    if guest.here():
        return
    chosen = st.selectbox(
        "About", list(about), format_func=lambda k: plain(about[k], 80), key="comment_about",
        index=len(about) - len(places) if places else len(about) - 1,
    )  # fmt: skip
    text = st.text_area("Comment", max_chars=MAX_TEXT, height=90, key="comment_text")
    if st.button("Comment", type="primary"):
        code = chosen.removeprefix("code:") if chosen in places else ""
        made = comments.comment(
            now.plan, text, by=state.user(), code=code,
            area=area if chosen.startswith("area:") else None,
        )  # fmt: skip
        state.tell(f"Comment {made.number:,} on {plain(made.about, 60)} is kept.")
        state.leave_dialog()


def _called(now: state.Now, code: str) -> str:
    at = now.dataset.find(code)
    name = str(now.dataset.names[at]) if at is not None else ""
    return f"{code} {name}" if name and name != code else code
