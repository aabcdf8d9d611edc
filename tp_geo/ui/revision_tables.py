"""One revision in figures: items by area, and fields of areas, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from tp_geo.domain.alignment import HOME, MAX_AREA_ID, UNASSIGNED, Alignment, AreaId
from tp_geo.domain.dataset import Dataset
from tp_geo.ui import printing
from tp_geo.ui.text import figure, heading
from tp_geo.workflow.differences import Differences, Side, differences
from tp_geo.workflow.plan import Plan

FEW, HEIGHT = 7, 248
KEY = "color"
FIELDS = {
    "name": "Name",
    "parent": "Below",
    "level": "Level",
    "owner": "Owner",
    "locked": "Lock",
    "status": "Status",
    "profile": "Profile",
    "color": "Color",
}
ATTRIBUTES = {HOME: "Owner's home"}


def show(plan: Plan, seq: int, colors: Mapping[AreaId, str]) -> None:
    """Show the tables that have something to tell; ``colors`` are those on the map."""
    counts = changes_of(plan, seq)
    if len(counts):
        printing.dataframe(
            _keyed(counts, colors),
            hide_index=True,
            height="content" if len(counts) < FEW else HEIGHT,
            width="content",
            column_config={
                KEY: st.column_config.Column("", width=26),
                "Area": st.column_config.TextColumn(width=250),
            }
            | {
                c: st.column_config.NumberColumn(format="localized", width=110)
                for c in counts.columns[1:]
            },
            alt="Items by area before and after",
        )
    fields = fields_of(differences(Side(plan, seq - 1), Side(plan, seq), MAX_AREA_ID), plan.dataset)
    if len(fields):
        printing.dataframe(
            fields,
            hide_index=True,
            height="content" if len(fields) < FEW else HEIGHT,
            alt="Fields of areas before and after",
        )


def changes_of(plan: Plan, seq: int) -> pd.DataFrame:
    """Return the areas a revision gave or took items, by id: how many they had and have."""
    before, after, n = plan.at(seq - 1), plan.at(seq), plan.dataset.items.containers
    moved = before.resolved != after.resolved
    areas = np.union1d(before.resolved[moved], after.resolved[moved])
    size = int(areas.max(initial=UNASSIGNED)) + 1
    columns: dict[str, object] = {"Area": [_name(before, after, AreaId(k)) for k in areas.tolist()]}
    for names, part in (
        (("Before", "After"), slice(None, n)),
        (("Units before", "Units after"), slice(n, None)),
    ):
        if moved[part].any():
            for name, state in zip(names, (before, after), strict=True):
                columns[name] = np.bincount(state.resolved[part], minlength=size)[areas]
    return pd.DataFrame(columns, index=areas)


def _keyed(counts: pd.DataFrame, colors: Mapping[AreaId, str]) -> Styler:
    """Return the table with the color of each area before its name: the key to the map."""
    table = counts.copy()
    table.insert(0, KEY, "")
    painted = [f"background-color: {colors[AreaId(k)]}" for k in counts.index]
    return table.style.apply(lambda _: painted, subset=[KEY])


def fields_of(found: Differences, dataset: Dataset) -> pd.DataFrame:
    """Return the areas that came and went, and each field of an area that changed."""
    rows = [(path, "Added", "", "") for path in found.added]
    rows += [(path, "Removed", "", "") for path in found.removed]
    rows += [
        (change.area, *told)
        for change in found.changed
        for name, (was, now) in change.fields.items()
        for told in _told(name, was, now, dataset)
    ]
    return pd.DataFrame(rows, columns=["Area", "What", "Before", "After"])


def _told(name: str, was: object, now: object, dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    """Yield what is called how, before and after; a line for each target and attribute."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        labels = {m.name: heading(m) for m in dataset.measures} if name == "targets" else ATTRIBUTES
        prefix = "Target, " if name == "targets" else ""
        for key in sorted(was.keys() | now.keys()):
            if was.get(key) != now.get(key):
                label = f"{prefix}{labels.get(key, key)}"
                yield label, _value(name, was.get(key)), _value(name, now.get(key))
    else:
        yield FIELDS.get(name, name), _value(name, was), _value(name, now)


def _value(name: str, value: object) -> str:
    match value:
        case bool():
            return "locked" if value else "open"
        case None:
            return "the top" if name == "parent" else "–"
        case int() | float():
            return figure(value)
        case _:
            return str(value)


def _name(before: Alignment, after: Alignment, area: AreaId) -> str:
    return (after if area in after.areas or area == UNASSIGNED else before).name(area)
