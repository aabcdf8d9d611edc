"""Boundaries: which sets there are, the official ones, one's own, those of several countries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from platformdirs import user_cache_path
from streamlit.typing import UploadedFile

from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.files.countries import country_name, every_country
from tp_geo.geometry.boundaries import About, Boundaries
from tp_geo.geometry.mending import Mending
from tp_geo.store import BoundaryInfo, embedded
from tp_geo.ui import access, printing, state, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, plain
from tp_geo.ui.work import Task, Told, part
from tp_geo.workflow.boundaries import get_official, official_boundaries, own_boundaries
from tp_geo.workflow.boundary_list import BoundarySet, boundary_sets
from tp_geo.workflow.countries import choices, combination, combine, sets_of
from tp_geo.workflow.layers import CarriedOver, carry_over, take_in
from tp_geo.workflow.planner import Planner

MEGABYTE = 1_000_000
FETCHED, SHAPES_TO, TAKEN_IN = 0.4, 0.7, 0.8
"""The shares of the work that are done once there is a file, shapes, a layer."""
FIGURES = ("Shapes", "Kept", "New", "Gone", "Gone, was assigned")
AGAIN = " A combination keeps the sets it was made of: combine its countries again afterwards."
OFFICIAL, OWN, COMBINED = Task("official"), Task("own"), Task("combine")


@dataclass(frozen=True, slots=True)
class Taken:
    """A boundary set that was taken in, what was mended in it, and what moved onto it."""

    info: BoundaryInfo
    mendings: tuple[Mending, ...]
    carried: tuple[CarriedOver, ...]


def show() -> None:
    """Show the sets and the ways to more."""
    st.subheader("Boundaries", anchor=False)
    found = boundary_sets(state.planner())
    printing.dataframe(
        pd.DataFrame(
            {
                "Layer": [b.title for b in found],
                "Kind": [b.kind for b in found],
                "Country": [b.country for b in found],
                "Polygons": [b.count for b in found],
                "Vintage": [b.vintage for b in found],
                "Shapes": ["approximate" if b.approximate else "exact" for b in found],
                "In use": ["in use" if b.active else "" for b in found],
                "Source": [b.source for b in found],
                "License": [b.licence for b in found],
            }
        ),
        hide_index=True,
        column_config={
            "Kind": st.column_config.TextColumn(width=120),
            "Country": st.column_config.TextColumn(width=100),
            "Polygons": st.column_config.NumberColumn(format="localized"),
        },
        alt="Boundary sets",
    )
    if any(b.approximate and b.active for b in found):
        st.caption(
            "Approximate postal areas are built from the place, size and county of every postal "
            "code. The official ones are one download away; plans carry over by code."
            + (AGAIN if any(combination(b) for b in found) else "")
        )
    if not access.may(Action.DATA):
        return
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Get official boundaries", icon=":material/download:",
            on_click=state.open_dialog, args=("official",),
        )  # fmt: skip
        st.button(
            "Add your own", icon=":material/upload:", on_click=state.open_dialog, args=("own",)
        )
        st.button(
            "Move a plan", icon=":material/move_down:", key="migrate",
            on_click=state.open_dialog, args=("migrate",),
            help="To a newer edition of its boundaries, by a crosswalk or by where areas overlap",
        )  # fmt: skip
        st.button(
            "Combine countries", icon=":material/public:",
            on_click=state.open_dialog, args=("combine",),
        )  # fmt: skip


@handled
def official() -> None:
    """Fetch the official postal areas and put the plans on them."""
    if taken := work.result(OFFICIAL):
        _done(taken)
        return
    st.write(
        "Downloads the postal areas of the 2020 Census (ZCTA, about 60 MB) from the Census Bureau, "
        "mends and simplifies them, and puts datasets and plans on postal codes onto them. "
        "It takes some minutes, and can be cancelled; a download that broke off goes on where it "
        "stopped."
    )
    if any(combination(b) for b in boundary_sets(state.planner())):
        st.write(AGAIN)
    place = st.empty()
    if place.button("Get them", type="primary", key="official_get"):
        planner = state.planner()
        work.start(OFFICIAL, lambda told: _fetched(planner, told))
    work.show(OFFICIAL, place)
    if work.failed(OFFICIAL):
        st.caption("A file fetched by hand comes in through **Add your own**.")


def _fetched(planner: Planner, told: Told) -> Taken:
    def have(got: int, total: int | None) -> None:
        of = f" of {total / MEGABYTE:,.0f}" if total else ""
        share = min(got / total, 1.0) if total else 0.0
        told(f"Fetching {got / MEGABYTE:,.0f}{of} MB", share * FETCHED)

    told("Asking the Census Bureau", 0.0)
    file = get_official(cache_dir=user_cache_path("tp-geo", appauthor=False), progress=have)
    made, mendings = official_boundaries(file, told=part(told, FETCHED, SHAPES_TO))
    return _take(planner, made, mendings, part(told, SHAPES_TO, 1.0))


@handled
def own() -> None:
    """Take in polygons of a person's own."""
    if taken := work.result(OWN):
        _done(taken)
        return
    upload = st.file_uploader(
        "GeoParquet, GeoJSON, GeoPackage or a zipped shapefile", type=uploads.SHAPES,
        key="own_file",
    )  # fmt: skip
    st.caption(
        "Forward sortation areas of Canada are in lfsa000b21a_e.zip of Statistics Canada: kind "
        "fsa, column of codes CFSAUID, country CA."
    )
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
    country = left.text_input(
        "Country, two letters", key="own_country", max_chars=2,
        placeholder="The USA is found by itself",
    )  # fmt: skip
    leave = st.checkbox(
        "Plans stay on the boundaries they have", key="own_leave",
        help="To be moved by a crosswalk: *Move a plan*",
    )  # fmt: skip
    place = st.empty()
    if place.button("Add", type="primary", key="own_add"):
        if upload is None or not kind:
            raise Refused("Choose a file and the kind of its polygons.")
        about = About(
            kind=str(kind).strip(), title=title or upload.name, vintage=vintage,
            source=upload.name, licence=licence, country=country.upper(),
        )  # fmt: skip
        columns, planner = (code or None, name or None), state.planner()
        work.start(OWN, lambda told: _read(planner, upload, columns, about, told, carry=not leave))
    work.show(OWN, place)


def _read(
    planner: Planner,
    upload: UploadedFile,
    columns: tuple[str | None, str | None],
    about: About,
    told: Told,
    *,
    carry: bool,
) -> Taken:
    with uploads.kept(upload) as path:
        made, mendings = own_boundaries(
            path, code=columns[0], name=columns[1], told=part(told, 0.0, SHAPES_TO), **about
        )
    return _take(planner, made, mendings, part(told, SHAPES_TO, 1.0), carry=carry)


@handled
def countries() -> None:
    """Combine boundary sets of several countries."""
    if taken := work.result(COMBINED):
        _done(taken)
        return
    st.write(
        "One set of boundaries for several countries, each with a kind of its own. Combine them "
        "again under the same name to put in newer boundaries, more countries or fewer; plans "
        "carry over by code."
    )
    sets = boundary_sets(state.planner())
    name = st.selectbox(
        "Name", list(dict.fromkeys(s.kind for s in sets if combination(s))), index=None,
        accept_new_options=True, key="combine_name", placeholder="Such as North America",
    )  # fmt: skip
    earlier = sets_of(state.planner(), str(name)) if name else {}
    there = list(earlier) or sorted({s.country for s in sets if s.country and not combination(s)})
    picked = st.multiselect(
        "Countries", every_country(), there, format_func=country_name,
        key=f"combine_countries_{'_'.join(earlier)}",
    )  # fmt: skip
    lost = [c for c in earlier if c not in picked]
    asked = {c: _set_of(c, choices(sets, c), earlier.get(c, "")) for c in picked}
    chosen = {c: found.key for c, found in asked.items() if found}
    place = st.empty()
    if place.button("Combine", type="primary", key="combine_now"):
        if not name:
            raise Refused("Give the combination a name.")
        if missing := [country_name(c) for c in picked if c not in chosen]:
            raise Refused(f"Choose boundaries of {missing[0]}, or leave it out.")
        planner = state.planner()
        work.start(COMBINED, lambda told: _combined(planner, str(name), chosen, lost, told))
    work.show(COMBINED, place)


def _set_of(country: str, known: tuple[BoundarySet, ...], now: str) -> BoundarySet | None:
    """Ask which of the sets known is a country's; at first the one of the key it has now."""
    first = next((i for i, s in enumerate(known) if s.key == now), 0)
    found: BoundarySet | None = st.selectbox(
        country_name(country), known, index=first, key=f"combine_{country}_{now}",
        format_func=lambda s: f"{s.title}, {count(s.count, 'shapes')}",
        placeholder="No boundaries of this country yet; add them first",
    )  # fmt: skip
    return found


def _combined(
    planner: Planner, name: str, chosen: Mapping[str, str], lost: list[str], told: Told
) -> Taken:
    made, mendings = combine(planner, name, chosen, without=lost, told=part(told, 0.0, SHAPES_TO))
    return _take(planner, made, mendings, part(told, SHAPES_TO, 1.0))


def _take(
    planner: Planner,
    made: Boundaries,
    mendings: tuple[Mending, ...],
    told: Told,
    *,
    carry: bool = True,
) -> Taken:
    info = take_in(planner, made, progress=part(told, 0.0, TAKEN_IN))
    told("Carrying plans over", TAKEN_IN)
    return Taken(info, mendings, carry_over(planner, made) if carry else ())


def _done(taken: Taken) -> None:
    """Show what was taken in, and what became of each plan."""
    shapes = count(taken.info.count, "shapes")
    st.success(f"{plain(taken.info.title)}: {shapes}.", icon=":material/check:")
    if taken.mendings:
        st.markdown("**Mended**")
        st.dataframe(
            pd.DataFrame(
                {
                    "What": [m.what for m in taken.mendings],
                    "Shapes": [m.count for m in taken.mendings],
                    "First": [m.example for m in taken.mendings],
                }
            ),
            hide_index=True,
            column_config=dict.fromkeys(FIGURES, st.column_config.NumberColumn(format="localized")),
            alt="What was mended",
        )
    if taken.carried:
        st.markdown("**Plans carried over**")
        st.dataframe(
            pd.DataFrame(
                {
                    "Alignment": [c.alignment for c in taken.carried],
                    "Kept": [c.kept for c in taken.carried],
                    "New": [c.new for c in taken.carried],
                    "Gone": [c.gone for c in taken.carried],
                    "Gone, was assigned": [len(c.unassigned) for c in taken.carried],
                    "First of these": [next(iter(c.unassigned), "") for c in taken.carried],
                }
            ),
            hide_index=True,
            column_config=dict.fromkeys(FIGURES, st.column_config.NumberColumn(format="localized")),
            alt="What became of each plan",
        )
    if st.button("Done", type="primary", key="boundaries_done"):
        state.leave_dialog()
