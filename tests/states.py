"""A dataset on the built-in states: small enough for every test, with real shapes behind it."""

from __future__ import annotations

import numpy as np

from tp_geo.domain.alignment import Items, Positions, frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import DatasetInfo, Store, embedded

NAME = "accounts"
UNITS = {"u1": "CA", "u2": "CA", "u3": "NV", "u4": "OR", "u5": "NY", "stray": ""}
"""By id, the state each unit lies in; ``stray`` lies in none. Unit ``u<i>`` is worth i."""

_layer: list[Boundaries] = []


def layer() -> Boundaries:
    """The built-in states, loaded once."""
    if not _layer:
        _layer.append(embedded.load_boundaries("state"))
    return _layer[0]


def dataset(key: str = "accounts00000001") -> Dataset:
    """51 states of 100 people each, and six accounts; revenue of a state is that of its units."""
    states, units = layer(), list(UNITS)
    n = len(states)
    at = {code: i for i, code in enumerate(states.codes)}
    home = np.array([at.get(UNITS[u], -1) for u in units], dtype=np.int32)
    revenue = np.array([float(i + 1) for i in range(len(units))])
    values = np.zeros((n + len(units), 3))
    values[:n, 0] = 100.0
    np.add.at(values[:, 1], home[home >= 0], revenue[home >= 0])
    values[n:, 1] = revenue
    values[:, 2] = np.nan
    values[:n, 2] = 50.0
    rep = ["Ana" if UNITS[u] in ("CA", "OR") else "Ben" for u in units]
    return Dataset(
        name=NAME,
        key=key,
        boundaries="state",
        items=Items(n, frozen(home)),
        codes=np.array([*states.codes, *units], dtype=object),
        names=np.array([*states.names, *(f"Account {u}" for u in units)], dtype=object),
        measures=(
            Measure("people", "People"),
            Measure("revenue", "Revenue", "USD"),
            Measure("income", "Income", "USD", Aggregate.MEAN, "people"),
        ),
        values=values,
        attributes={"rep": np.array([""] * n + rep, dtype=object)},
        source="made for tests",
    )


def keep(store: Store, data: Dataset | None = None) -> Dataset:
    """Put the dataset into a store."""
    data = data or dataset()
    info = DatasetInfo(data.name, data.key, "state", "", "2026-01-01T00:00:00Z", "tests", {})
    store.put_dataset(info, data)
    return data


def at(*codes: str) -> Positions:
    """The positions of codes and ids."""
    return dataset().positions(codes)
