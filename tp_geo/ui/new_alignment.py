"""New alignment, in three steps: what to plan with, how it starts, what is assigned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from tp_geo.domain.alignment import Alignment, Profile
from tp_geo.domain.naming import new_names
from tp_geo.domain.shares import Overlap
from tp_geo.errors import Refused, TpGeoError
from tp_geo.files.intake import read_table
from tp_geo.store import AlignmentInfo, embedded
from tp_geo.ui import (
    area_fields,
    area_share,
    first_run,
    navigation,
    optimize_form,
    publish_result,
    publish_view,
    state,
    uploads,
)
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, plain
from tp_geo.workflow import default
from tp_geo.workflow.model_columns import from_columns, labels_of, within_of
from tp_geo.workflow.model_tables import from_table
from tp_geo.workflow.models import SAMPLES, Adopt, from_alignment
from tp_geo.workflow.plan import NOUNS, Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.reference import homes_in

MAX_AREAS = 1_000
TOP_DOWN, SAMPLE, COLUMNS, TABLE, COPY, ORG = (
    "From the top down",
    "A sample",
    "Columns",
    "A table",
    "Another plan",
    "Sales Territories",
)
STARTS = (TOP_DOWN, SAMPLE, COLUMNS, TABLE, COPY, ORG)
EMPTY = {TOP_DOWN, TABLE}
"""Starts that bring no assignment with them."""

LATER, AT_ONCE, AS_START = "Leave units unassigned", "Optimize now", "Assign them as the start says"

KINDS = {"postal": "Postal code", "county": "County", "state": "State"}


@dataclass(frozen=True, slots=True)
class Start:
    """What a new alignment begins with: top areas by name, or a model."""

    level: str = "Region"
    names: tuple[str, ...] = ()
    model: Callable[[], Alignment] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every new alignment, however it starts."""

    name: str
    dataset: str
    description: str
    profile: Profile
    units: str
    overlap: Overlap


def welcome(plans: Sequence[AlignmentInfo]) -> None:
    """Say to a new user what is here, in two lines."""
    if not plans:
        st.info("There is no alignment yet. Start one with **New alignment**.")
    elif len(plans) == 1 and plans[0].by == first_run.BY:
        st.markdown(
            "**Welcome.** This sample shows the Census divisions over the states, with real "
            "figures for every postal code. Open its map, move what you like, copy it or archive "
            "it.  \nFor a plan of your own choose **New alignment**; your accounts come in on "
            "the **Data** page."
        )


@handled
def body() -> None:
    """Show the dialog."""
    planner = state.planner()
    st.markdown("##### 1 · Name and data")
    left, middle, right = st.columns(3)
    name = left.text_input("Name of the alignment", key="new_name", max_chars=255)
    names = [default.NAME, *(i.name for i in planner.store.datasets() if i.name != default.NAME)]
    dataset = middle.selectbox("Dataset", names, key="new_dataset")
    about = right.text_input("Description (optional)", key="new_description", max_chars=1_000)
    st.caption(_about(planner, dataset))
    st.markdown("##### 2 · Top level")
    how = st.segmented_control(
        "Start", STARTS, default=TOP_DOWN, required=True, key="new_how", width="stretch",
        label_visibility="collapsed",
    )  # fmt: skip
    if how == ORG:
        _from_org()
        return
    start = _START[how or TOP_DOWN](planner, dataset)
    st.markdown("##### 3 · Units and new areas")
    units = _units(how or TOP_DOWN)
    left, right = st.columns(2)
    with left:
        profile = area_fields.ask_profile(
            "Geographic profile of new areas", help="Each area can have another one"
        )
    with right:
        overlap = area_share.ask_rule("May areas share what they hold?", key="new_overlap")
    if not st.button("Create alignment", type="primary"):
        return
    if start is None:
        st.error("The top level is not clear yet. Name it, or choose what to start from.")
    else:
        asked = Asked(name, dataset, about, profile, units, overlap)
        _create(planner, asked, start)


def _from_org() -> None:
    """Lead to the import of a model, which asks for name and data itself."""
    st.markdown(
        "A territory model of your org, or of the demo org, becomes an alignment with its areas, "
        "people and rules. **Import** on the page **Publish** asks which model, the name and the "
        "dataset, and shows first what it would bring."
    )
    if st.button("Go to Import", type="primary", icon=":material/arrow_forward:"):
        st.session_state[publish_result.VIEW] = publish_view.IMPORT
        state.close_dialog()
        navigation.go("pages/publish.py", {})


def _create(planner: Planner, asked: Asked, start: Start) -> None:
    try:
        with st.spinner("Setting up the areas"):
            plan = _made(planner, asked, start)
    except TpGeoError as fault:
        st.error(plain(fault, 600))
        return
    state.enter(plan.info)
    if asked.units == AT_ONCE:
        optimize_form.begin_at_once(plan)
    navigation.go("pages/map.py", {state.ADDRESS: plan.info.name})


def _made(planner: Planner, asked: Asked, start: Start) -> Plan:
    model = None
    if start.model is not None:
        found = start.model()
        if asked.units != AS_START:
            found = replace(Alignment.empty(found.items), areas=found.areas)
        model = Adopt(found, start.text)
    return planner.create(
        asked.name,
        asked.dataset,
        by=state.user(),
        level=start.level,
        areas=start.names,
        model=model,
        description=asked.description,
        profile=asked.profile,
        overlap=asked.overlap,
    )


def _about(planner: Planner, name: str) -> str:
    dataset = planner.dataset(name)
    layer = planner.boundaries(dataset)
    noun = NOUNS.get(dataset.boundaries, "containers")
    units = dataset.items.count - dataset.items.containers
    told = [count(dataset.items.containers, noun), f"{plain(layer.title)}, {plain(layer.vintage)}"]
    told += [count(units, "units")] if units else []
    told += ["approximate shapes"] if layer.approximate else []
    return " · ".join(told)


def _units(how: str) -> str:
    """Return what becomes of the units at first."""
    ways = [LATER, AT_ONCE] if how in EMPTY else [AS_START, LATER]
    return st.radio(
        "Units", ways, key=f"new_units_{how}", horizontal=True, label_visibility="collapsed",
        help="Optimize now shows a plan to look at; nothing is assigned before you apply it"
        if how in EMPTY else None,
    )  # fmt: skip


def _top_down(_planner: Planner, _dataset: str) -> Start | None:
    left, right = st.columns(2)
    level = left.text_input("Name of the level", "Region", key="new_level", max_chars=60)
    number = left.number_input("Number of areas", 1, MAX_AREAS, 4, key="new_number")
    text = right.text_area(
        "Names, one a line (optional)", key="new_names", height=112,
        placeholder="\n".join(f"{level} {i + 1}" for i in range(min(int(number), 4))),
    )  # fmt: skip
    given = [line.strip() for line in text.splitlines() if line.strip()]
    level = level.strip()
    return Start(level, new_names(level, int(number), given)) if level else None


def _sample(planner: Planner, dataset: str) -> Start | None:
    name = st.selectbox("Sample", list(SAMPLES), key="new_sample", index=2)
    data = planner.dataset(dataset)
    return Start(
        SAMPLES[name][0].title(),
        model=lambda: first_run.sample_model(planner, data, name),
        text=f"started from the sample {name}",
    )


def _columns(planner: Planner, dataset: str) -> Start | None:
    data = planner.dataset(dataset)
    within = within_of(data, planner.boundaries(data))
    choices = [*data.attributes, *(k for k in within if k != data.boundaries)]
    picked = st.multiselect(
        "Columns, from the top level down", choices, key="new_columns", max_selections=10,
        format_func=lambda c: c if c in data.attributes else f"{KINDS.get(c, c.title())}",
    )  # fmt: skip
    if not picked:
        st.caption("Each column becomes a level; the areas are its values.")
        return None
    return Start(
        picked[0].title(),
        model=lambda: from_columns(data, picked, within=within, labels=_labels()),
        text=f"started from the columns {', '.join(picked)}",
    )


def _table(planner: Planner, dataset: str) -> Start | None:
    upload = st.file_uploader(
        "Table of areas: columns name and parent, the parent blank at the top",
        type=uploads.TABLES, key="new_table",
    )  # fmt: skip
    if upload is None:
        return None
    data = planner.dataset(dataset)
    with uploads.kept(upload) as path:
        model = from_table(
            read_table(path), data.items, [m.name for m in data.measures],
            partial(homes_in, planner, data),
        )  # fmt: skip
    tops = ", ".join(plain(model.name(k), 40) for k in model.children(None)[:5])
    st.caption(f"{count(len(model.areas), 'areas')}; at the top {tops}")
    level = model.area(model.children(None)[0]).level
    return Start(level, model=lambda: model, text="started from a table of areas")


def _like(planner: Planner, dataset: str) -> Start | None:
    plans = {i.id: i.name for i in planner.plans()}
    if not plans:
        st.caption("There is no other plan.")
        return None
    other = st.selectbox("Alignment", list(plans), format_func=lambda k: plans[k], key="new_other")
    there, here = planner.open(other), planner.dataset(dataset)
    carried = from_alignment(there.alignment, there.dataset, here)
    st.caption(plain(carried, 300))
    if not carried.model.areas:
        raise Refused("That alignment has no areas to start from.")
    return Start(
        model=lambda: carried.model, text=f"started like {there.info.name}, revision {there.seq}"
    )


def _labels() -> Mapping[str, Mapping[str, str]]:
    return {kind: labels_of(embedded.load_boundaries(kind)) for kind in ("state", "county")}


_START: Mapping[str, Callable[[Planner, str], Start | None]] = {
    TOP_DOWN: _top_down,
    SAMPLE: _sample,
    COLUMNS: _columns,
    TABLE: _table,
    COPY: _like,
}
