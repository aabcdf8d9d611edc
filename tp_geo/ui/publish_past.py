"""The publishes of a plan to an org, the newest first, and what somebody changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from tp_geo.crm.journal import UNDO, Past, Written, past, read_journal
from tp_geo.crm.rows import Verb
from tp_geo.ui import publish_progress, publish_result, publish_tree_view, state
from tp_geo.ui.publish_desk import Desk, Drifted, users_in
from tp_geo.ui.text import count, plain, when
from tp_geo.workflow.publishing import journals
from tp_geo.workflow.publishing_tree import settled, titles

LONG = 1_000
FEW, HEIGHT = 6, 248


@dataclass(frozen=True, slots=True)
class One:
    """A publish of the list; ``last`` says that none to the same model came after it."""

    model: str
    past: Past
    last: bool

    @property
    def written(self) -> tuple[Written, ...]:
        """What was written, each record once."""
        return settled(self.past.written)

    @property
    def at(self) -> str:
        """When it was."""
        return self.past.about.get("at", "")


def show(desk: Desk, now: state.Now) -> None:
    """Show the list, the chosen publish, and the drift that was looked for."""
    found = listed(desk, now)
    if not found:
        st.info("Nothing of this plan was published to this org so far.")
        return
    one = found[_pick(found)]
    if desk.busy:
        publish_progress.show(desk.busy, desk.busy.name.capitalize(), pausing=False)
    elif desk.drift:
        _drifted(desk, now, one)
    else:
        _one(desk, now, one)


def listed(desk: Desk, now: state.Now) -> list[One]:
    """Return the publishes of a plan to the org that is connected, the newest first."""
    if desk.connection is None:
        return []
    found = []
    for model, path in journals(now.plan, desk.connection.crm.org).items():
        all_ = past(path)
        found += [One(model, p, p is all_[-1]) for p in all_]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _pick(found: Sequence[One]) -> int:
    columns = {
        "When": [when(one.at) for one in found],
        "Who": [one.past.about.get("by", "") for one in found],
        "What": ["Undo" if _undo(one) else "Publish" for one in found],
        "Revision": [one.past.about.get("revision", "") for one in found],
        "Model": [one.past.about.get("model", one.model) for one in found],
        **{
            f"{verb.capitalize()}d": [sum(w.verb is verb for w in one.written) for one in found]
            for verb in Verb
        },
        "State": ["complete" if one.past.ended else "interrupted" for one in found],
    }
    picked = st.dataframe(
        pd.DataFrame(columns), key=f"publish_past_{len(found)}", hide_index=True,
        height="content" if len(found) < FEW else HEIGHT, on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}}, alt="Publishes, newest first",
    )  # fmt: skip
    at = next(iter(picked["selection"]["rows"]), 0)
    return min(at, len(found) - 1)


def _one(desk: Desk, now: state.Now, one: One) -> None:
    if desk.connection is None:
        return
    journal = read_journal(journals(now.plan, desk.connection.crm.org)[one.model])
    title = titles((journal.wanted, journal.before), desk.names(users_in(one.written)))
    if not one.past.ended:
        st.warning(
            "This publish was interrupted. A dry run shows what is still missing, and publishing "
            "that completes it.", icon=":material/pause_circle:",
        )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        publish_result.download(one.written, title, now.plan.info.name)
        if one.last:
            publish_result.after(desk, now, one.model)
    publish_result.table(one.written, title)


def _undo(one: One) -> bool:
    return one.past.about.get("kind") == UNDO


def _drifted(desk: Desk, now: state.Now, one: One) -> None:
    run = desk.drift
    if run is not None and run.fault:
        st.error(plain(run.fault, LONG), icon=":material/error:")
    if run is None or not isinstance(found := run.result, Drifted):
        _one(desk, now, one)
        return
    head, back = st.columns([7, 2], vertical_alignment="center")
    back.button(
        "Back to records", icon=":material/arrow_back:", on_click=desk.clear, width="stretch"
    )
    if not found.records:
        head.success(f"{plain(found.model)} holds what was published.", icon=":material/verified:")
        return
    head.markdown(f"##### Changed in the org since: {count(found.records, 'records')}")
    st.caption("Publishing again brings them back. Records that others added are no drift.")
    publish_tree_view.show(found.nodes, "drift_tree", drift=True)
