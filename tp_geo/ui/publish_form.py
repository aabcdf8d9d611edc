"""What is published, how and where to: the choices of a publish."""

from __future__ import annotations

import streamlit as st

from tp_geo.crm.wanted import Access
from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.hierarchy import depths, path
from tp_geo.domain.periods import day_text
from tp_geo.ui import state
from tp_geo.ui.publish_desk import Desk
from tp_geo.ui.text import count, plain, shortened
from tp_geo.workflow import clock
from tp_geo.workflow.effective import not_yet, period_in
from tp_geo.workflow.publishing import Method, Request
from tp_geo.workflow.publishing_accounts import Overflow, Placing
from tp_geo.workflow.publishing_choices import Choices, Model

WHOLE, ONE = "Whole plan", "One area"
NEW_MODEL = ""
METHODS = {
    Method.OVERWRITE_MATCHING: (
        "Update what matches",
        "Territories of this plan, and others of the same name in the same place, are brought up "
        "to date. The rest stays.",
    ),
    Method.OVERWRITE_ALL: (
        "Replace everything below",
        "As above, and every other territory below the chosen one is deleted.",
    ),
    Method.NEW: ("Add as new", "All territories are made anew. What is there stays."),
}
LEVELS = {"Read": "See", "Edit": "See and edit", "All": "See, edit, transfer, delete"}
OTHERS = {"None": "Nothing", "Read": "See", "Edit": "See and edit"}
OVERFLOWS = {
    Overflow.CHILDREN: "to territories below it",
    Overflow.FIELD: "by a field of accounts",
    Overflow.ACCOUNTS: "account by account",
}
BY_ORG = "As the org shares"


def show(desk: Desk, now: state.Now) -> Request:
    """Show the choices, and return what they ask for."""
    known = desk.choices or Choices((), ())
    with st.container(border=True, key="publish_form", gap="small"):
        focus, level = _what(now.alignment)
        method = _how()
        model = _model(known, now)
        parent = _parent(desk, known, model)
        role, forecasts, access, placing, with_others = _people(known)
        early = _early(now)
    return Request(
        method, focus=focus, level=level, model=model, parent=parent, role=role,
        forecasts=forecasts, access=access, placing=placing, with_others=with_others,
        early=early,
    )  # fmt: skip


def _early(now: state.Now) -> bool:
    """Ask for the confirmation that a plan whose day has not come needs."""
    info = now.plan.info
    period = period_in(info)
    if period is None or not not_yet(info, clock.today()):
        return False
    return st.checkbox(
        f"Publish before {day_text(period.start)}", key=f"publish_early_{info.id}_{period.start}",
        help=f"{plain(info.name, 80)} is valid from {day_text(period.start)} on",
    )  # fmt: skip


def _what(alignment: Alignment) -> tuple[AreaId | None, int]:
    scope = st.segmented_control(
        "What is published", (WHOLE, ONE), default=WHOLE, required=True, key="publish_scope",
        width="stretch",
    )  # fmt: skip
    focus = None
    if scope == ONE:
        areas = {k: path(alignment, k).replace("/", " / ") for _, k in depths(alignment)}
        focus = st.selectbox(
            "Area, with all below it", list(areas), key="publish_focus",
            format_func=lambda k: shortened(areas.get(k, ""), 80),
        )  # fmt: skip
    names = _levels(alignment, focus)
    level = st.selectbox(
        "From level", list(names), key=f"publish_level_{focus or 0}",
        format_func=lambda depth: names.get(depth, ""),
        help="Areas of this level and of all levels below it become territories",
    )  # fmt: skip
    return focus, level or 1


def _levels(alignment: Alignment, focus: AreaId | None) -> dict[int, str]:
    inside = set(alignment.subtree(focus)) if focus is not None else None
    found: dict[int, list[AreaId]] = {}
    for depth, k in depths(alignment):
        if inside is None or k in inside:
            found.setdefault(depth, []).append(k)
    last = max(found, default=1)
    return {
        depth: f"{alignment.area(areas[0]).level} · {count(len(areas), 'areas')}"
        + (" and all below" if depth < last else "")
        for depth, areas in sorted(found.items())
    }


def _how() -> Method:
    chosen = st.radio(
        "Territories that are there already", list(METHODS), key="publish_method",
        format_func=lambda m: METHODS[m][0], captions=[why for _, why in METHODS.values()],
    )  # fmt: skip
    return chosen or Method.OVERWRITE_MATCHING


def _model(known: Choices, now: state.Now) -> str:
    open_ = {m.developer_name: m for m in known.models if m.open}
    own = known.model(now.plan.info.name)
    last = own.developer_name if own and own.open else NEW_MODEL
    options = [NEW_MODEL, *open_]
    chosen = st.selectbox(
        "Territory model", options, index=options.index(last), key=f"publish_model_{last}",
        format_func=lambda name: _called(open_.get(name)),
        help="Models that are archived or being changed take nothing, and are not listed",
    )  # fmt: skip
    if chosen:
        return known.asked(open_[chosen])
    return st.text_input(
        "Name of the new model", now.plan.info.name[:80], max_chars=80,
        key=f"publish_new_model_{now.plan.info.id}",
    ).strip()  # fmt: skip


def _called(model: Model | None) -> str:
    return f"{shortened(model.name, 60)} · {model.state}" if model else "A new model"


def _parent(desk: Desk, known: Choices, model: str) -> str:
    found = known.model(model)
    places = {p.developer_name: p.path for p in desk.places(found.developer_name)} if found else {}
    if not places:
        return ""
    return st.selectbox(
        "Below the territory", ["", *places], key=f"publish_parent_{model}",
        format_func=lambda name: shortened(places.get(name, "The top of the model"), 80),
    ) or ""  # fmt: skip


def _people(known: Choices) -> tuple[str | None, bool, Access, Placing, bool]:
    with st.expander("People, access, accounts"):
        role = st.selectbox(
            "Owners are", known.roles, index=None, placeholder="Without a role",
            key="publish_role",
        )  # fmt: skip
        forecasts = st.toggle("Owners forecast for their territories", key="publish_forecasts")
        account = st.selectbox(
            "With accounts, people can", list(LEVELS), key="publish_accounts",
            format_func=lambda name: LEVELS[name],
        )  # fmt: skip
        others = {kind: _access(kind) for kind in ("opportunities", "cases")}
        placing = _overflow(known)
        with_others = st.toggle(
            "Delete what others added", key="publish_with_others",
            help="People, rules and accounts that somebody else put into a territory of this plan "
            "go with it when it is deleted. Otherwise they stop the publish",
        )  # fmt: skip
    access = Access(account or "Read", others["opportunities"], others["cases"])
    return role, forecasts, access, placing, with_others


def _overflow(known: Choices) -> Placing:
    labels = {f.name: f"{f.label} ({f.name})" for f in known.fields}
    ways = [way for way in OVERFLOWS if way is not Overflow.FIELD or labels]
    chosen = st.selectbox(
        "Postal codes that do not fit one rule go", ways, key="publish_overflow",
        format_func=lambda way: OVERFLOWS[way],
        help="A rule holds ten conditions. By a field: the rule asks for a code in a field of "
        "accounts, and publishing gives the plan's accounts there that code",
    )  # fmt: skip
    field = ""
    if chosen is Overflow.FIELD:
        field = st.selectbox(
            "Field that gets the territory's code", list(labels), key="publish_overflow_field",
            format_func=lambda name: shortened(labels.get(name, ""), 60),
            help="What it holds in these accounts is replaced",
        )  # fmt: skip
    return Placing(chosen or Overflow.CHILDREN, field or "")


def _access(kind: str) -> str | None:
    return st.selectbox(
        f"With {kind}", [*OTHERS, None], key=f"publish_{kind}",
        format_func=lambda name: plain(OTHERS.get(name, BY_ORG)),
    )  # fmt: skip
