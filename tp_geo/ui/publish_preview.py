"""What a dry run found: counts, the tree, the map, the checks, what is left to do by hand."""

from __future__ import annotations

import streamlit as st

from tp_geo.ui import publish_map, publish_next, publish_tree_view, state
from tp_geo.ui.publish_desk import Desk, Dry
from tp_geo.ui.publish_tree_view import MARKS
from tp_geo.ui.text import count, plain
from tp_geo.workflow.account_fields import FieldsPreview
from tp_geo.workflow.publishing import Request
from tp_geo.workflow.publishing_checks import Proof
from tp_geo.workflow.publishing_limits import Limit
from tp_geo.workflow.publishing_tree import Change
from tp_geo.workflow.publishing_words import COUNTED

TERRITORIES, MAP, CHECKS, AFTER = "Territories", "On the map", "Checks", "Afterwards"
TIGHT = 0.9


def show(desk: Desk, now: state.Now, dry: Dry, request: Request) -> None:
    """Show a dry run, with the button that publishes it."""
    fresh = dry.request == request and dry.seq == now.plan.seq
    _head(desk, now, dry, fresh=fresh)
    for problem in dry.found.stopped:
        st.error(plain(problem.text, 600), icon=":material/block:")
    _counts(dry)
    if dry.stamps is not None:
        _stamped(dry.stamps, dry.request.placing.field)
    view = st.segmented_control(
        "Dry run", (TERRITORIES, MAP, CHECKS, AFTER), default=TERRITORIES, required=True,
        key="publish_shown", label_visibility="collapsed",
    )  # fmt: skip
    if view == MAP:
        publish_map.show(dry.nodes, dry.seq)
    elif view == CHECKS:
        _checks(dry)
    elif view == AFTER:
        publish_next.steps(dry.found.publication.model_name)
    else:
        publish_tree_view.show(dry.nodes, "publish_tree")


def _head(desk: Desk, now: state.Now, dry: Dry, *, fresh: bool) -> None:
    total = _total(dry)
    to = plain(dry.found.publication.model_name, 80)
    left, right = st.columns([5, 3], vertical_alignment="center")
    if not total:
        left.markdown(f"##### :material/check_circle: Nothing to do: {to} holds this plan already")
        return
    left.markdown(f"##### Dry run of revision {dry.seq:,} to {to}: nothing is written yet")
    with right:
        if not fresh:
            st.warning("The plan or the choices changed. Run the dry run again.")
        elif not dry.found.stopped:
            st.button(
                f"Publish {count(total, 'changes')}", type="primary", icon=":material/publish:",
                width="stretch", on_click=desk.publish, args=(now.plan, now.user),
            )  # fmt: skip


def _total(dry: Dry) -> int:
    changes = dry.found.changes
    stamped = len(dry.stamps.changes.update) if dry.stamps else 0
    return len(changes.create) + len(changes.update) + len(changes.delete) + stamped


def _counts(dry: Dry) -> None:
    counts = dry.found.changes.counts()
    with st.container(horizontal=True, gap="small", key="publish_counts"):
        for change in Change:
            found = counts[change]
            told = ", ".join(count(number, COUNTED[name]) for name, number in found.items())
            st.metric(
                MARKS[change], f"{sum(found.values()):,}", border=True,
                delta=told or "nothing", delta_color="off", delta_arrow="off",
            )  # fmt: skip


def _stamped(stamps: FieldsPreview, field: str) -> None:
    changed, same = len(stamps.changes.update), len(stamps.changes.unchanged)
    told = [f"**{count(changed, 'accounts')}** would get a code in {plain(field)}"]
    told += [f"{same:,} have theirs already"] if same else []
    told += [f"{len(stamps.missing):,} of the plan are not in the org"] if stamps.missing else []
    st.markdown(f":material/sell: {', '.join(told)}.")


def _checks(dry: Dry) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("###### Limits of the org")
        for limit in dry.found.limits:
            _bar(limit)
    with right:
        st.markdown("###### Postal codes")
        _proved(dry.proof)
        st.markdown("###### To know")
        _problems(dry)


def _bar(limit: Limit) -> None:
    mark = ":orange[:material/warning:] " if limit.share >= TIGHT else ""
    st.progress(limit.share, f"{mark}{limit.name}: **{limit.used:,}** of {limit.most:,}")


def _proved(proof: Proof | None) -> None:
    if proof is None:
        st.caption("The plan is not of postal codes of one country, so territories get no rules.")
        return
    text = (
        f"{count(proof.codes, 'postal codes')} in {count(proof.rules, 'rules')}, read back as they "
        "will be written and compared one by one with the plan."
    )
    if proof.other:
        st.error(f"{text} {count(len(proof.other), 'areas')} differ.", icon=":material/error:")
    else:
        st.success(f"**Equal.** {text}", icon=":material/verified:")
    if proof.by_fields:
        st.caption(
            f"{count(len(proof.by_fields), 'areas')} without postal codes of their own ask for "
            "some by their rule by account fields: the plan has nothing to compare these with."
        )


def _problems(dry: Dry) -> None:
    notes = [p for p in dry.found.problems if not p.stops]
    if not notes:
        st.caption("Nothing else.")
    for problem in notes[:50]:
        st.markdown(f":material/info: {plain(problem.text, 600)}")
    if len(notes) > 50:
        st.caption(f"{len(notes) - 50:,} more like these.")
