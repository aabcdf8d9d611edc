"""Boundaries: which sets there are, the official ones, one's own."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from platformdirs import user_cache_path

from tp_geo.errors import Unavailable
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.mending import Mending
from tp_geo.store import embedded
from tp_geo.ui import state, uploads
from tp_geo.ui.edge import handled
from tp_geo.ui.progress import Told, told
from tp_geo.ui.text import plain
from tp_geo.workflow.boundaries import get_official, official_boundaries, own_boundaries
from tp_geo.workflow.boundary_list import boundary_sets
from tp_geo.workflow.layers import carry_over, take_in

MEGABYTE = 1_000_000
HOME = "US"
"""Where the built-in kinds are at home."""
SHAPES_TO = 0.7
"""The share of the work that is done once the shapes are ready."""


def show() -> None:
    """Show the sets and the ways to more."""
    st.subheader("Boundaries", anchor=False)
    found = boundary_sets(state.planner())
    st.dataframe(
        pd.DataFrame(
            {
                "Layer": [b.title for b in found],
                "Kind": [b.kind for b in found],
                "Polygons": [b.count for b in found],
                "Vintage": [b.vintage for b in found],
                "Shapes": ["approximate" if b.approximate else "exact" for b in found],
                "In use": ["in use" if b.active else "" for b in found],
                "Source": [b.source for b in found],
                "License": [b.licence for b in found],
            }
        ),
        hide_index=True,
        column_config={"Polygons": st.column_config.NumberColumn(format="localized")},
        alt="Boundary sets",
    )
    if any(b.approximate and b.active for b in found):
        st.caption(
            "Approximate postal areas are built from the place, size and county of every postal "
            "code. The official ones are one download away; plans carry over by code."
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Get official boundaries", icon=":material/download:",
            on_click=state.open_dialog, args=("official",),
        )  # fmt: skip
        st.button(
            "Add your own", icon=":material/upload:", on_click=state.open_dialog, args=("own",)
        )


@handled
def official() -> None:
    """Fetch the official postal areas and put the plans on them."""
    st.write(
        "Downloads the postal areas of the 2020 Census (ZCTA, about 60 MB) from the Census Bureau, "
        "mends and simplifies them, and puts datasets and plans on postal codes onto them. "
        "It takes some minutes; close this dialog to cancel. A download that broke off goes on "
        "where it stopped."
    )
    if not st.button("Get them", type="primary", key="official_get"):
        return
    bar = st.progress(0.0, "Asking the Census Bureau")

    def have(got: int, total: int | None) -> None:
        of = f" of {total / MEGABYTE:,.0f}" if total else ""
        share = got / total if total else 0.0
        bar.progress(min(share, 1.0) * 0.4, f"Fetching {got / MEGABYTE:,.0f}{of} MB")

    try:
        file = get_official(cache_dir=user_cache_path("tp-geo", appauthor=False), progress=have)
    except Unavailable as away:
        bar.empty()
        st.error(plain(away, 800), icon=":material/cloud_off:")
        st.caption("A file fetched by hand comes in through **Add your own**.")
        return
    made, mendings = official_boundaries(file, told=told(bar, 0.4, SHAPES_TO))
    _take(made, mendings, told(bar, SHAPES_TO, 1.0))


@handled
def own() -> None:
    """Take in polygons of a person's own."""
    upload = st.file_uploader(
        "GeoParquet, GeoJSON, GeoPackage or a zipped shapefile", type=uploads.SHAPES,
        key="own_file",
    )  # fmt: skip
    left, right = st.columns(2)
    kind = left.selectbox(
        "Kind", embedded.KINDS, accept_new_options=True, key="own_kind",
        help="Of a kind that is there already, this set is used from then on",
    )  # fmt: skip
    title = right.text_input("Title", key="own_title", max_chars=120, placeholder="As the file")
    code = left.text_input("Column of codes", key="own_code", placeholder="Found by itself")
    name = right.text_input("Column of names", key="own_name", placeholder="Found by itself")
    vintage = left.text_input("Vintage", key="own_vintage", max_chars=40)
    licence = right.text_input("License", key="own_licence", max_chars=200)
    home = HOME if kind in embedded.KINDS else ""
    country = left.text_input("Country, two letters", home, key=f"own_country_{home}", max_chars=2)
    ready = upload is not None and bool(kind)
    if not st.button("Add", type="primary", disabled=not ready, key="own_add") or upload is None:
        return
    bar = st.progress(0.0, "Reading the file")
    with uploads.kept(upload) as path:
        made, mendings = own_boundaries(
            path, code=code or None, name=name or None, told=told(bar, 0.0, SHAPES_TO),
            kind=str(kind).strip(), title=title or upload.name, vintage=vintage,
            source=upload.name, licence=licence, country=country.upper(),
        )  # fmt: skip
    _take(made, mendings, told(bar, SHAPES_TO, 1.0))


def _take(made: Boundaries, mendings: Sequence[Mending], progress: Told) -> None:
    planner = state.planner()
    info = take_in(planner, made, progress=progress)
    carried = carry_over(planner, made)
    st.success(f"{plain(info.title)}: {info.count:,} shapes.", icon=":material/check:")
    if mendings:
        st.markdown("**Mended**")
        st.dataframe(
            pd.DataFrame(
                {
                    "What": [m.what for m in mendings],
                    "Shapes": [m.count for m in mendings],
                    "First": [m.example for m in mendings],
                }
            ),
            hide_index=True,
        )
    if carried:
        st.markdown("**Plans carried over**")
        st.dataframe(
            pd.DataFrame(
                {
                    "Alignment": [c.alignment for c in carried],
                    "Kept": [c.kept for c in carried],
                    "New": [c.new for c in carried],
                    "Gone": [c.gone for c in carried],
                    "Gone, was assigned": [len(c.unassigned) for c in carried],
                    "First of these": [next(iter(c.unassigned), "") for c in carried],
                }
            ),
            hide_index=True,
            alt="What became of each plan",
        )
    if st.button("Done", type="primary", key="boundaries_done"):
        st.rerun()
