"""The rule of an area by account fields, in its dialog: asked for, and what it takes."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.alignment import Area
from tp_geo.domain.criteria import RULE, read_criteria
from tp_geo.errors import Refused
from tp_geo.ui import state
from tp_geo.ui.text import count, plain
from tp_geo.workflow.area_rules import Taken, taken

EXAMPLE = "Industry = Technology, Media AND AnnualRevenue >= 1000000"
LONG = 600


def rule_of(at: Area) -> str:
    """Return the rule of an area as it is kept; "" for none."""
    return str(at.attributes.get(RULE, ""))


def ask(now: state.Now, at: Area) -> str:
    """Ask for the rule of an area, and tell what it takes; return it as it was typed."""
    with st.expander("Rule by account fields"):
        typed = st.text_area(
            "Rule", rule_of(at), height=70, placeholder=EXAMPLE, key=f"rule_{at.id}",
            label_visibility="collapsed",
        ).strip()  # fmt: skip
        st.caption(
            "Account fields by API name, joined by AND; commas between values mean or. "
            f"Accounts have to fit this and lie in the {now.plan.noun} of the area, if it has any."
        )
        if typed:
            st.caption(_told(now, at, typed))
    return typed


def _told(now: state.Now, at: Area, typed: str) -> str:
    try:
        found = taken(now.plan, at.id, read_criteria(typed))
    except Refused as refused:
        return f":material/error: {plain(refused, LONG)}"
    items = now.alignment.items
    return _said(found, items.count - items.containers, now.plan.noun)


def _said(found: Taken, accounts: int, noun: str) -> str:
    if not accounts:
        return "The dataset has no accounts, so it can't be told how many this takes."
    if found.unknown:
        names = ", ".join(plain(name) for name in found.unknown)
        return f"The dataset has no column {names}, so it can't be told how many this takes."
    fit, inside = len(found.fit), len(found.inside)
    text = f"Takes **{inside:,}** of {count(accounts, 'accounts')} of the dataset."
    if fit == inside:
        return text
    return f"{text} {fit - inside:,} more would fit, but not in the {noun} of this area."
