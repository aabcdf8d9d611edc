"""The log of a plan: who did what, when; taken back, restored, carried away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.edits import Assign, Hold
from tp_geo.domain.revision import Revision
from tp_geo.errors import TpGeoError
from tp_geo.ui import state, uploads
from tp_geo.ui.edge import handled
from tp_geo.ui.text import ago, count, plain, sentence, when
from tp_geo.workflow.plan import Plan

TABLE = "history_table"
SHOWN = 1_000


def show(now: state.Now) -> None:
    """Show revisions and snapshots, and what can be done with them."""
    log, side = st.columns([9, 4], gap="large")
    with log:
        found = _filtered(now.plan.history())
        chosen = _table(now, found)
    with side:
        _one(now, chosen)
        _snapshots(now)


def size(revision: Revision) -> int:
    """Return how many items a revision touched."""
    return sum(len(e.items) for e in revision.edits if isinstance(e, Assign | Hold))


def _filtered(history: Sequence[Revision]) -> list[Revision]:
    people = sorted({r.by for r in history})
    kinds = sorted({r.kind for r in history})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        who = st.selectbox(
            "Person", people, index=None, placeholder="Anybody", width=200, key="history_who"
        )
        kind = st.selectbox(
            "Kind", kinds, index=None, placeholder="Anything", width=200, key="history_kind"
        )
        text = st.text_input(
            "Text", type="search", live="300ms", placeholder="Search what was done, and notes",
            key="history_text", width="stretch",
        )  # fmt: skip
    return [
        r
        for r in reversed(history)
        if (who is None or r.by == who)
        and (kind is None or r.kind == kind)
        and text.casefold() in f"{r.text} {r.note}".casefold()
    ]


def _table(now: state.Now, found: Sequence[Revision]) -> Revision | None:
    names: dict[int, list[str]] = {}
    for s in now.plan.snapshots():
        names.setdefault(s.seq, []).append(s.name)
    shown = found[:SHOWN]
    table = pd.DataFrame(
        {
            "Rev": [r.seq for r in shown],
            "When": [when(r.at) for r in shown],
            "Who": [r.by for r in shown],
            "What": [sentence(r.text) for r in shown],
            "Items": [size(r) or None for r in shown],
            "Note": [r.note for r in shown],
            "Snapshot": [", ".join(names.get(r.seq, ())) for r in shown],
        }
    )
    picked = st.dataframe(
        table,
        key=f"{TABLE}_{now.plan.info.id}",
        hide_index=True,
        height=min(38 + 35 * max(len(table), 1), 600),
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Rev": st.column_config.NumberColumn(width=60),
            "When": st.column_config.TextColumn(width=130, help="UTC"),
            "Who": st.column_config.TextColumn(width=90),
            "What": st.column_config.TextColumn(width="large"),
            "Items": st.column_config.NumberColumn(format="localized", width=80),
        },
        alt="Revisions, newest first",
    )
    cut = f"; the first {SHOWN:,} are shown" * (len(found) > SHOWN)
    st.caption(f"{count(len(found), 'revisions')}{cut}")
    st.download_button(
        "Export as CSV",
        lambda: uploads.csv_of(log_table(now.plan.history())),
        file_name="history.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    rows = [i for i in picked["selection"]["rows"] if i < len(shown)]
    return shown[rows[0]] if rows else None


def log_table(history: Sequence[Revision]) -> pd.DataFrame:
    """Return the whole log as a table, newest first."""
    return pd.DataFrame(
        [
            {
                "revision": r.seq, "at": r.at, "by": r.by, "kind": r.kind, "what": r.text,
                "items": size(r), "note": r.note, "takes_back": r.reverts or "",
            }
            for r in reversed(history)
        ]
    )  # fmt: skip


def _one(now: state.Now, revision: Revision | None) -> None:
    if revision is None:
        st.subheader("Revision", anchor=False)
        st.caption("Choose a revision to see what it changed, or to take it back.")
        return
    st.subheader(f"Revision {revision.seq:,}", anchor=False)
    st.markdown(plain(sentence(revision.text), 400))
    said = f"{plain(revision.by)}, {ago(revision.at, datetime.now(UTC))}"
    st.caption(f"{said} · {plain(revision.note, 400)}" if revision.note else said)
    changes = changes_of(now.plan, revision.seq)
    if len(changes):
        st.dataframe(
            changes, hide_index=True, height=min(38 + 35 * len(changes), 300),
            column_config={
                c: st.column_config.NumberColumn(format="localized")
                for c in ("Before", "After")
            },
            alt="Containers by area before and after",
        )  # fmt: skip
    st.button(
        "Take back", icon=":material/undo:", on_click=_take_back, args=(revision.seq,),
        help="Undoes this revision alone; what was done later stays",
    )  # fmt: skip


def changes_of(plan: Plan, seq: int) -> pd.DataFrame:
    """Return the areas whose containers a revision changed, with how many before and after."""
    before, after = plan.at(seq - 1), plan.at(seq)
    n = plan.dataset.items.containers
    moved = before.area_of[:n] != after.area_of[:n]
    touched = {int(k) for a in (before, after) for k in a.area_of[:n][moved]}
    rows = []
    for k in sorted(touched):
        area = after.areas.get(AreaId(k)) or before.areas.get(AreaId(k))
        name = "Unassigned" if k == UNASSIGNED else area.name if area else f"area {k}"
        rows.append(
            {
                "Area": name,
                "Before": int((before.area_of[:n] == k).sum()),
                "After": int((after.area_of[:n] == k).sum()),
            }
        )
    return pd.DataFrame(rows)


def _take_back(seq: int) -> None:
    try:
        done = state.open_plan().take_back(seq, by=state.user())
    except TpGeoError as why:
        state.tell(str(why), bad=True)
        return
    left = f" Left as it is: {'; '.join(done.left[:5])}." if done.left else ""
    state.tell(f"{sentence(done.revision.text)}{left}")


def _snapshots(now: state.Now) -> None:
    st.subheader("Snapshots", anchor=False)
    found = now.plan.snapshots()
    if not found:
        st.caption("A snapshot is a revision with a name; it does not expire.")
    for i, snap in enumerate(reversed(found)):
        left, right = st.columns([5, 2], vertical_alignment="center")
        about = f"rev {snap.seq:,} · {plain(snap.by, 30)} · {ago(snap.at, datetime.now(UTC))}"
        left.markdown(f":material/push_pin: **{plain(snap.name, 60)}**  \n:small[{about}]")
        right.button(
            "Restore", key=f"restore_{i}", on_click=_restore, args=(snap.name,), width="stretch",
            disabled=snap.seq == now.plan.seq,
        )  # fmt: skip
    with st.form("snapshot", clear_on_submit=True, border=False):
        left, right = st.columns([5, 2], vertical_alignment="bottom")
        name = left.text_input(f"Name for revision {now.plan.seq:,}", max_chars=120)
        taken = right.form_submit_button("Take", width="stretch")
    if taken:
        _take(name)


@handled
def _take(name: str) -> None:
    snap = state.open_plan().snapshot(name, by=state.user())
    state.tell(f"Snapshot {snap.name} taken at revision {snap.seq}.")
    st.rerun()


def _restore(name: str) -> None:
    plan = state.open_plan()
    revision = state.attempt(lambda: plan.restore(name, by=state.user()))
    if revision is not None:
        state.tell(sentence(revision.text))
