"""A report of what is going to change, as tables to look at and to take away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st

from tp_geo.ui import uploads
from tp_geo.ui.text import count

HEIGHT = 215
MOST = 2_000
"""So many rows are shown; files have all of them."""


def show(tables: Mapping[str, pd.DataFrame], key: str) -> None:
    """Show the tables of a report behind tabs, each with its file."""
    named = {name: table for name, table in tables.items() if len(table)}
    if not named:
        st.caption("Nothing differs.")
        return
    tabs = st.tabs([f"{name.capitalize()} · {len(table):,}" for name, table in named.items()])
    for tab, (name, table) in zip(tabs, named.items(), strict=True):
        with tab:
            figures = table.select_dtypes("number").columns
            st.dataframe(
                table.head(MOST), hide_index=True, alt=name.capitalize(),
                height=min(HEIGHT, 38 + 35 * len(table)),
                column_config={
                    str(c): st.column_config.NumberColumn(
                        format="percent" if c == "share" else "localized"
                    )
                    for c in figures
                },
            )  # fmt: skip
            if len(table) > MOST:
                st.caption(f"The first {MOST:,} of {count(len(table), 'rows')}.")
            st.download_button(
                f"Save {name}", partial(uploads.csv_of, table), file_name=f"{name}.csv",
                mime="text/csv", icon=":material/download:", on_click="ignore",
                key=f"{key}_{name}",
            )  # fmt: skip
