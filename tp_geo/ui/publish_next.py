"""After a publish: what a person presses in Salesforce, and the same from here, unverified."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tp_geo.ui import publish_progress, state
from tp_geo.ui.publish_desk import Desk, Finished
from tp_geo.ui.text import plain

LONG = 1_000


def steps(model: str) -> None:
    """Tell what is left to do by hand in Salesforce."""
    name = plain(model, 80)
    st.markdown(
        "Publishing gives nobody access by itself. When all is written, in Salesforce:\n\n"
        f"1. **Setup** › **Territory Models** › **{name}** › **View Hierarchy**: look it over.\n"
        "2. **Run Assignment Rules**: accounts go to territories by the rules of the plan. "
        "Owners of accounts, opportunities and cases stay as they are.\n"
        f"3. **Activate**, if **{name}** is still in Planning. An org has one active model: "
        "archive the other one first.\n"
        "4. People see their accounts once sharing is worked out; Salesforce mails when it is."
    )


def actions(desk: Desk, model: str) -> None:
    """Offer the same from here, behind an explicit choice."""
    org = desk.connection
    if org is None:
        return
    with st.expander("Do it from here", expanded=desk.finishing is not None):
        st.markdown(
            ":orange-badge[:material/warning: not verified] Documented, but never tried by us in "
            "a real org; Setup is the sure way."
        )
        if desk.finishing and desk.finishing.under_way:
            publish_progress.show(desk.finishing, "Asking the org", pausing=False)
            return
        with st.container(horizontal=True, gap="small"):
            if org.demo is not None:
                st.button(
                    "Run rules", icon=":material/rule:", on_click=desk.run_rules, args=(model,),
                    help="There is no call for it in Salesforce; the demo org can be asked",
                )  # fmt: skip
            st.button(
                "Activate", icon=":material/power_settings_new:", on_click=desk.activate,
                args=(state.open_plan(), model),
            )  # fmt: skip
        _came(desk)


def _came(desk: Desk) -> None:
    run = desk.finishing
    if run is None:
        return
    if run.fault:
        st.error(plain(run.fault, LONG), icon=":material/error:")
    if isinstance(found := run.result, Finished):
        st.success(plain(found.text), icon=":material/check_circle:")
        if found.accounts:
            columns = {"Territory": [t for t, _ in found.accounts],
                       "Accounts": [n for _, n in found.accounts]}  # fmt: skip
            st.dataframe(pd.DataFrame(columns), hide_index=True, height=240, alt="Accounts")
