"""The report of a refresh as tables: measures, areas, accounts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.measures import totals
from tp_geo.workflow.refreshing import Refresh

MEASURES, AREAS, ACCOUNTS = "measures", "areas", "accounts"
NEW, GONE, MOVED = "new", "gone", "moved"
NOWHERE = ""


def tables(refresh: Refresh) -> dict[str, pd.DataFrame]:
    """Return the tables of a report by name."""
    return {
        MEASURES: of_measures(refresh),
        AREAS: of_areas(refresh),
        ACCOUNTS: of_accounts(refresh),
    }


def of_measures(refresh: Refresh) -> pd.DataFrame:
    """Return for each measure of either data what all areas and the unassigned hold of it."""
    sides = ((refresh.before, refresh.start), (refresh.after, refresh.end))
    names = list(dict.fromkeys(m.name for data, _ in sides for m in data.measures))
    before, after = (whole_of(data) for data, _ in sides)
    labels = {m.name: m.label for data, _ in sides for m in data.measures}
    was = np.array([before.get(name, np.nan) for name in names])
    now = np.array([after.get(name, np.nan) for name in names])
    changed = [refresh.changed.get(labels[name], 0) for name in names]
    return pd.DataFrame(
        {
            "measure": [labels[name] for name in names],
            "before": was,
            "after": now,
            "difference": now - was,
            "figures changed": changed,
        }
    )


def of_areas(refresh: Refresh) -> pd.DataFrame:
    """Return a row for each leaf area that is affected, and what is unassigned first.

    Accounts new, gone, moved in from or out to other areas, and each measure
    of both data before and after.
    """
    start, end = refresh.start, refresh.end
    size = max((*start.areas, *end.areas), default=0) + 1
    was, now = start.resolved[refresh.moved[0]], end.resolved[refresh.moved[1]]
    other = was != now

    def counted(areas: np.ndarray) -> np.ndarray:
        return np.bincount(areas, minlength=size)

    columns = {
        "new": counted(end.resolved[refresh.new]),
        "gone": counted(start.resolved[refresh.gone]),
        "moved in": counted(now[other]),
        "moved out": counted(was[other]),
    }
    before, after = totals(refresh.before, start), totals(refresh.after, end)
    for measure in refresh.after.measures:
        if measure.name in before.names:
            columns[f"{measure.label} before"] = _figures(before.of, measure.name, start, size)
            columns[f"{measure.label} after"] = _figures(after.of, measure.name, end, size)
    leaves = [UNASSIGNED, *sorted(end.leaves)]
    table = pd.DataFrame({name: values[leaves] for name, values in columns.items()})
    table.insert(0, "area", [end.name(k) for k in leaves])
    table.insert(1, "locked", [k != UNASSIGNED and end.lock(k) is not None for k in leaves])
    return table[_touched(table)].reset_index(drop=True)


def of_accounts(refresh: Refresh) -> pd.DataFrame:
    """Return a row for each account that is new, gone or moved, with its place before and after."""
    before, after = refresh.before, refresh.after
    none = np.full(len(refresh.new), -1), np.full(len(refresh.gone), -1)
    was = np.concatenate([none[0], refresh.gone, refresh.moved[0]]).astype(np.intp)
    now = np.concatenate([refresh.new, none[1], refresh.moved[1]]).astype(np.intp)
    sizes = [len(refresh.new), len(refresh.gone), refresh.moved.shape[1]]
    data = [(before, refresh.start, was), (after, refresh.end, now)]
    (code, name, inside, area), (code_2, name_2, inside_2, area_2) = (_side(*d) for d in data)
    return pd.DataFrame(
        {
            "change": np.repeat([NEW, GONE, MOVED], sizes),
            "id": np.where(now >= 0, code_2, code),
            "name": np.where(now >= 0, name_2, name),
            "container before": inside,
            "container after": inside_2,
            "area before": area,
            "area after": area_2,
        }
    )


def _side(dataset: Dataset, alignment: Alignment, items: np.ndarray) -> list[np.ndarray]:
    """Return id, name, container and area of units; "" for -1."""
    n = dataset.items.containers
    there = items >= 0
    inside = np.full(len(items), -1)
    inside[there] = dataset.items.container_of[items[there] - n]
    names = {k: alignment.name(AreaId(k)) for k in np.unique(alignment.resolved[items[there]])}
    areas = [names[k] if ok else "" for k, ok in zip(alignment.resolved[items], there, strict=True)]
    codes = np.append(dataset.codes[:n], NOWHERE)
    return [
        np.where(there, dataset.codes[items], ""),
        np.where(there, dataset.names[items], ""),
        codes[inside],
        np.array(areas, dtype=object),
    ]


def whole_of(dataset: Dataset) -> dict[str, float]:
    """Return the whole of each measure: sums over everything, means over it."""
    amounts = dict(zip((m.name for m in dataset.measures), dataset.amounts, strict=True))
    n, whole = dataset.items.containers, {}
    stray = np.flatnonzero(dataset.items.container_of < 0) + n
    rows = np.concatenate([np.arange(n), stray])
    for measure in dataset.measures:
        total, weight = amounts[measure.name]
        if measure.aggregate.value == "sum":
            whole[measure.name] = float(total[rows].sum())
        else:
            by = float(weight[rows].sum())
            whole[measure.name] = float(total[rows].sum()) / by if by else float("nan")
    return whole


def _figures(
    of: Callable[[AreaId, str], float], measure: str, alignment: Alignment, size: int
) -> np.ndarray:
    known = {UNASSIGNED, *alignment.areas}
    return np.array([of(AreaId(k), measure) if k in known else np.nan for k in range(size)])


def _touched(table: pd.DataFrame) -> pd.Series[bool]:
    """Tell which areas have an account or a figure that differs."""
    some = table[["new", "gone", "moved in", "moved out"]].sum(axis=1) > 0
    for name in table.columns:
        if str(name).endswith(" before"):
            after = table[f"{str(name).removesuffix(' before')} after"]
            some |= ~np.isclose(table[name], after, rtol=1e-9, equal_nan=True)
    return some
