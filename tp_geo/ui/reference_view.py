"""Reference layers: which there are, another one, one less; and what the map is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.store import LayerInfo
from tp_geo.ui import access, later, printing, state, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, plain
from tp_geo.ui.work import Task, Told
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.reference import (
    HOMES,
    HOMES_COLOR,
    LONGEST_NAME,
    Added,
    add_layer,
    change_layer,
    detail,
    homes_key,
    in_words,
    layer_list,
    next_color,
    packed_homes,
    packed_key,
    packed_layer,
    remove_layer,
    told_of,
)

ADD = Task("layer")


def show() -> None:
    """Show the layers and the ways to another or fewer."""
    st.subheader("Reference layers", anchor=False)
    found = layer_list(state.planner())
    if found:
        _listed(found)
    st.caption(
        "Roads, stores, districts of others: maps show them over the areas' colors and under the "
        "names. Nothing is assigned by them. *What is shown* on the map switches each on and off."
    )
    if not access.may(Action.DATA):
        return
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Add a layer", icon=":material/upload:", on_click=state.open_dialog, args=("layer",)
        )
        if found:
            st.button(
                "Change a layer", icon=":material/palette:",
                on_click=state.open_dialog, args=("other_layer",),
            )  # fmt: skip
            st.button(
                "Remove a layer", icon=":material/delete:",
                on_click=state.open_dialog, args=("no_layer",),
            )  # fmt: skip


def _listed(found: tuple[LayerInfo, ...]) -> None:
    table = pd.DataFrame(
        {
            "Color": [i.color for i in found],
            "Layer": [i.name for i in found],
            "Shapes": [i.count for i in found],
            "On maps": [_exactness(i) for i in found],
            "Names from": [i.label for i in found],
            "File": [i.source for i in found],
            "Added by": [i.by for i in found],
            "Added": [i.at[:10] for i in found],
        }
    )
    printing.dataframe(
        table.style.map(lambda color: f"color: {color}; background-color: {color}", ["Color"]),
        hide_index=True,
        column_config={
            "Color": st.column_config.TextColumn(width=60),
            "Shapes": st.column_config.NumberColumn(format="localized"),
        },
        alt="Reference layers",
    )


def _exactness(info: LayerInfo) -> str:
    found = detail(state.planner(), info)
    return in_words(found) if found else ""


@handled
def add() -> None:
    """Take in a layer."""
    if added := work.result(ADD):
        state.tell(_told(added))
        state.leave_dialog()
    upload = st.file_uploader(
        "GeoJSON, GeoPackage, GeoParquet, a zipped shapefile, KML, or a table with latitude and "
        "longitude", type=uploads.LAYERS, key="layer_file",
    )  # fmt: skip
    left, right = st.columns(2)
    name = left.text_input(
        "Name", key="layer_name", max_chars=LONGEST_NAME, placeholder="As the file",
        help="A layer of that name is replaced",
    )  # fmt: skip
    label = right.text_input("Column of names", key="layer_label", placeholder="Found by itself")
    color = left.color_picker("Color", next_color(state.planner()), key="layer_color")
    place = st.empty()
    if place.button("Add", type="primary", key="layer_add"):
        if upload is None:
            raise Refused("Choose a file.")
        planner, by, file = state.planner(), state.user(), upload
        work.start(ADD, lambda told: _added(planner, file, by, (name, label, color), told))
    work.show(ADD, place)


def _added(
    planner: Planner, upload: UploadedFile, by: str, asked: tuple[str, str, str], told: Told
) -> Added:
    name, label, color = asked
    with uploads.kept(upload) as path:
        return add_layer(
            planner, path, by=by, name=name, label=label or None, color=color, told=told
        )


def _told(added: Added) -> str:
    info = added.info
    return " ".join([f"{info.name}: {count(info.count, 'shapes')} for the map.", *told_of(added)])


@handled
def change() -> None:
    """Give a layer another name or color."""
    planner = state.planner()
    found = {i.name: i for i in layer_list(planner)}
    name = st.selectbox("Layer", found, key="layer_changed", format_func=plain)
    if name is None:
        raise Refused("Choose a layer.")
    title = st.text_input("Name", name, key=f"layer_title_{name}", max_chars=LONGEST_NAME)
    color = st.color_picker("Color", found[name].color, key=f"layer_color_{name}")
    if st.button("Change", type="primary", key="layer_change"):
        changed = change_layer(planner, name, by=state.user(), title=title, color=color)
        state.tell(f"{changed.name} is changed.")
        state.leave_dialog()


@handled
def remove() -> None:
    """Take a layer off all maps."""
    names = [i.name for i in layer_list(state.planner())]
    name = st.selectbox("Layer", names, key="layer_gone", format_func=plain)
    st.caption("It is no longer shown to anyone. Its file can be added again.")
    if st.button("Remove", type="primary", key="layer_remove"):
        if name is None:
            raise Refused("Choose a layer.")
        remove_layer(state.planner(), name, by=state.user())
        state.tell(f"{name} is no longer shown.")
        state.leave_dialog()


def offered(plan: Plan) -> list[Mapping[str, Any]]:
    """Return what the map of a plan can show: names, colors, and the names of the bytes."""
    planner, dataset = state.planner(), plan.dataset
    key = homes_key(planner, dataset, plan.alignment)
    shown = [(key, HOMES, HOMES_COLOR)] if key else []
    shown += [(packed_key(planner, dataset, i), i.name, i.color) for i in layer_list(planner)]
    return [{"key": key, "name": name, "color": color} for key, name, color in shown]


def blobs(plan: Plan) -> Mapping[str, Callable[[], bytes | None]]:
    """Return how to get each of them, by the name of its bytes; what takes long comes later."""
    planner, dataset, alignment = state.planner(), plan.dataset, plan.alignment
    found: dict[str, Callable[[], bytes | None]] = {
        packed_key(planner, dataset, i): partial(_soon, planner, plan, i)
        for i in layer_list(planner)
    }
    if key := homes_key(planner, dataset, alignment):
        found[key] = partial(packed_homes, planner, dataset, alignment)
    return found


def _soon(planner: Planner, plan: Plan, info: LayerInfo) -> bytes | None:
    key = packed_key(planner, plan.dataset, info)
    began, found = later.get(key, partial(packed_layer, planner, plan.dataset, info))
    if began and found is None:
        state.tell(f"{info.name} is being drawn for this map; it comes when it is ready.")
    return found
