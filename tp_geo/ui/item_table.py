"""Rows of containers or units: which are meant, and what a table says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray
from streamlit.elements.lib.column_types import ColumnConfig

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Positions
from tp_geo.domain.dataset import Dataset
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import embedded
from tp_geo.ui import state
from tp_geo.ui.text import heading
from tp_geo.workflow.model_columns import labels_of, within_of

CONTAINERS, UNITS = "containers", "units"
SELECTION, EXCEPTIONS = "Selection on the map", "Exceptions"
LARGE = 10
Texts = NDArray[np.object_]
Where: TypeAlias = Mapping[str, Texts]


def rows_of(now: state.Now, source: AreaId | str, kind: str) -> Positions:
    """Return the items a source means: the selection, unassigned, exceptions, all, an area's."""
    items = now.dataset.items
    there = (
        np.arange(items.containers)
        if kind == CONTAINERS
        else np.arange(items.containers, items.count)
    )
    if source == "All":
        return there
    if source == SELECTION:
        return _selected(now, kind)
    if source == EXCEPTIONS:
        return now.alignment.exceptions if kind == UNITS else there[:0]
    areas = [UNASSIGNED] if isinstance(source, str) else list(now.alignment.subtree(source))
    return there[np.isin(now.alignment.resolved[there], areas)]


def found(now: state.Now, rows: Positions, search: str) -> Positions:
    """Return the rows in which every word of a search occurs."""
    words = search.casefold().split()
    if not words or not len(rows):
        return rows
    haystack = _searchable(now.dataset.key, now.dataset, now.plan.boundaries)[rows]
    area = area_names(now.alignment)[now.alignment.resolved[rows]]
    keep = np.ones(len(rows), dtype=np.bool_)
    for word in words:
        inside = np.array([word in text for text in haystack])
        of_area = np.array([word in str(name).casefold() for name in area])
        keep &= inside | of_area
    return rows[keep]


def table(now: state.Now, rows: Positions) -> pd.DataFrame:
    """Return what is known of items: code, name, where, area, figures."""
    dataset, lying = now.dataset, where(now)
    inside = container_of(dataset, rows)
    lies = inside >= 0
    columns: dict[str, object] = {
        "Code": dataset.codes[rows],
        "Name": dataset.names[rows],
    }
    for name in ("State", "County"):
        if name in lying:
            columns[name] = np.where(lies, lying[name][inside], "")
    columns["Assigned to"] = area_names(now.alignment)[now.alignment.resolved[rows]]
    columns["Held"] = np.where(now.alignment.held[rows], "held", "")
    containers = bool(len(rows)) and rows[-1] < dataset.items.containers
    if len(rows) and not containers:
        odd = np.isin(rows, now.alignment.exceptions)
        columns["Exception"] = np.where(odd, "elsewhere", "")
    if containers:
        columns["Area (km²)"] = now.plan.boundaries.area_km2[rows]
    for i, measure in enumerate(dataset.measures):
        values = dataset.values[rows, i]
        if containers or not np.isnan(values).all():
            columns[heading(measure)] = _rounded(values)
    return pd.DataFrame(columns)


def columns(now: state.Now) -> Mapping[str, ColumnConfig]:
    """Return how the columns of figures are written."""
    return {
        heading(m): st.column_config.NumberColumn(format="localized") for m in now.dataset.measures
    } | {"Area (km²)": st.column_config.NumberColumn(format="%.1f")}


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return figures without decimals nobody reads: none where they are large, else two."""
    known = values[~np.isnan(values)]
    digits = 0 if len(known) and np.median(np.abs(known)) >= LARGE else 2
    rounded: NDArray[np.float64] = np.round(values, digits)
    return rounded


def area_names(alignment: Alignment) -> Texts:
    """Return the name of each area by id; 0 is what is unassigned."""
    names = np.full(max(alignment.areas, default=0) + 1, "Unassigned", dtype=object)
    for k, area in alignment.areas.items():
        names[k] = area.name
    return names


def where(now: state.Now) -> Where:
    """Return the state and county of each container, as far as they are known."""
    return _where(now.dataset.key, now.dataset, now.plan.boundaries)


def container_of(dataset: Dataset, rows: Positions) -> Positions:
    """Return the container each row is or lies in; -1 where none."""
    n = dataset.items.containers
    inside = rows.copy()
    units = rows >= n
    inside[units] = dataset.items.container_of[rows[units] - n]
    return inside


def _selected(now: state.Now, kind: str) -> Positions:
    if kind == CONTAINERS:
        return now.selection[now.selection < now.dataset.items.containers]
    units = np.isin(now.dataset.items.container_of, now.selection)
    return now.dataset.items.containers + np.flatnonzero(units)


@st.cache_resource(max_entries=4, show_spinner=False)
def _where(key: str, _dataset: Dataset, _layer: Boundaries) -> Mapping[str, Texts]:
    """Return the state and county of each container, as a reader knows them."""
    within = within_of(_dataset, _layer)
    told: dict[str, Texts] = {}
    if "state" in within:
        told["State"] = within["state"]
    if "county" in within:
        names = labels_of(embedded.load_boundaries("county"))
        told["County"] = np.array([names.get(c, c) for c in within["county"]], dtype=object)
    return told


@st.cache_resource(max_entries=4, show_spinner=False)
def _searchable(key: str, _dataset: Dataset, _layer: Boundaries) -> Texts:
    where = _where(key, _dataset, _layer)
    rows = np.arange(_dataset.items.count)
    inside = container_of(_dataset, rows)
    parts = [_dataset.codes, _dataset.names]
    parts += [np.where(inside >= 0, texts[inside], "") for texts in where.values()]
    joined = [" ".join(map(str, row)).casefold() for row in zip(*parts, strict=True)]
    return np.array(joined, dtype=object)
