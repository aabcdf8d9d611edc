"""The dialog that rolls accounts up in the warehouse of the settings."""

from __future__ import annotations

import os

import streamlit as st

from tp_geo.errors import Refused
from tp_geo.files.headers import called, may_be_measure
from tp_geo.ui import state, work
from tp_geo.ui.edge import handled
from tp_geo.ui.import_view import totals_table
from tp_geo.ui.text import count, plain
from tp_geo.ui.work import Task, Told
from tp_geo.workflow import clock
from tp_geo.workflow.boundary_list import boundary_sets
from tp_geo.workflow.importing import ImportReport, Order
from tp_geo.workflow.plan import NOUNS
from tp_geo.workflow.rolling_up import ADDRESS, Choice, columns_at, roll_up_warehouse, shown_at

RUN = Task("roll_up", "run")
NONE = ""


def button() -> None:
    """Show the way to the dialog, where the settings name a warehouse."""
    if os.environ.get(ADDRESS):
        st.button(
            "Roll up", icon=":material/database:", width="stretch", key="roll_up",
            on_click=state.open_dialog, args=("roll_up",),
            help="Accounts stay in the warehouse; a figure for each container comes over",
        )  # fmt: skip


@handled
def body() -> None:
    """Show the dialog."""
    if report := work.result(RUN):
        _done(report)
        return
    address = os.environ.get(ADDRESS, "")
    st.caption(f"One statement in {plain(shown_at(address))}; accounts stay there.")
    table = st.text_input(
        "Table or view", key="roll_up_table", placeholder="sales.accounts", max_chars=200
    ).strip()
    if not table:
        return
    known: tuple[str, ...] | None = work.of_itself(
        Task("roll_up", f"columns {table}"),
        lambda told: _columns(address, table, told),
        "Ask again",
    )
    if known is not None:
        _ask(address, table, known)


def _ask(address: str, table: str, known: tuple[str, ...]) -> None:
    left, right = st.columns(2)
    guessed = next(iter(called("postal", known)), None)
    postal = left.selectbox(
        "Postal code", known, index=known.index(guessed) if guessed else None,
        key=f"roll_up_postal_{table}", placeholder="Which column",
    )  # fmt: skip
    country = right.selectbox(
        "Country", known, index=None, key=f"roll_up_country_{table}", placeholder="Not needed"
    )
    measures = st.multiselect(
        "Measures: numbers to add up", [c for c in known if c not in (postal, country)],
        key=f"roll_up_measures_{table}", help=_hint(known),
    )  # fmt: skip
    kinds = sorted({b.kind for b in boundary_sets(state.planner())}, key=lambda k: k != "postal")
    left, right = st.columns(2)
    name = left.text_input(
        "Name of the dataset", table.rsplit(".", maxsplit=1)[-1].strip('"'), max_chars=255,
        key=f"roll_up_name_{table}",
    )  # fmt: skip
    kind = right.selectbox(
        "Boundaries to put codes into", kinds, key="roll_up_kind",
        format_func=lambda k: NOUNS[k].capitalize() if k in NOUNS else k,
    )  # fmt: skip
    place = st.empty()
    if place.button("Roll up", type="primary", key="roll_up_now"):
        if not postal:
            raise Refused("Choose the column of postal codes.")
        choice = Choice(postal, country or NONE, tuple(measures))
        store, by, called_so = state.planner().store, state.user(), name.strip()
        work.start(
            RUN,
            lambda told: roll_up_warehouse(
                store, address, table, choice, Order(called_so, by, clock.now(), progress=told),
                boundaries=kind,
            ),
        )  # fmt: skip
    work.show(RUN, place)


def _hint(known: tuple[str, ...]) -> str:
    likely = [c for c in known if may_be_measure(c)][:8]
    return f"Accounts are counted by themselves. Perhaps {plain(', '.join(likely), 200)}"


def _columns(address: str, table: str, told: Told) -> tuple[str, ...]:
    told("Asking for the columns", 0.3)
    return columns_at(address, table)


def _done(report: ImportReport) -> None:
    st.success(
        f"{plain(report.dataset)}: {report.matched:,} of {count(report.rows, 'accounts')} placed, "
        f"by {count(report.codes, 'codes')}.", icon=":material/check:",
    )  # fmt: skip
    st.markdown("**Totals to compare with your own**")
    st.dataframe(
        totals_table(report.totals, report.rows), hide_index=True, alt="Totals",
        column_config={"Total": st.column_config.NumberColumn(format="localized")},
    )  # fmt: skip
    for note in report.notes:
        st.caption(plain(note, 300))
    if st.button("Done", type="primary", key="roll_up_done"):
        st.session_state[state.DATASET] = report.dataset
        state.leave_dialog()
