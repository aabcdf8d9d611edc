"""The best shares of items for given centers, exactly: a linear program solved by HiGHS."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack

from tp_geo.optimize.problem import Floats, Ints
from tp_geo.optimize.state import Task


class Shares(NamedTuple):
    """The least a plan about given centers costs, the area most of each item goes to, and prices.

    ``price`` (k, width) is what a unit of each column costs more in an area
    than elsewhere, so that bands are kept when items go where they are cheapest.
    """

    value: float
    label: Ints
    price: Floats


def shares(task: Task, cost: Floats) -> Shares | None:
    """Share items out over areas at least cost (n, k) within all bands; ``None``: can't be done.

    Items may be parted, and areas may be in pieces, so that no plan costs
    less. Held items and closed areas stay as they are.
    """
    n, k = cost.shape
    column = np.arange(n * k).reshape(n, k)
    item = np.repeat(np.arange(n), k)
    once = coo_matrix((np.ones(n * k), (item, column.ravel())), shape=(n, n * k)).tocsr()
    rows, least, most, place = [], [], [], []
    for q in range(task.weights.shape[1]):
        held = coo_matrix(
            (np.repeat(task.weights[:, q], k), (np.tile(np.arange(k), n), column.ravel())),
            shape=(k, n * k),
        ).tocsr()
        for j in np.flatnonzero(task.per[:k, q] > 0).tolist():
            rows.append(held[j] * task.per[j, q])
            least.append(task.low[j, q] * task.per[j, q])
            most.append(task.high[j, q] * task.per[j, q])
            place.append((j, q))
    price = np.zeros((k, task.weights.shape[1]))
    upper = np.where(task.fixed[:, None] | task.closed[None, :k], 0.0, 1.0)
    own = np.flatnonzero(task.fixed & (task.home < k))
    upper[own, task.home[own]] = 1.0
    bands = vstack(rows, format="csr") if rows else None
    found = linprog(
        cost.ravel(),
        A_ub=None if bands is None else vstack([bands, -bands], format="csr"),
        b_ub=None if bands is None else np.concatenate([most, -np.array(least)]),
        A_eq=once,
        b_eq=np.where(task.fixed & (task.home >= k), 0.0, 1.0),
        bounds=np.column_stack([np.zeros(n * k), upper.ravel()]),
        method="highs",
    )
    if found.x is None:
        return None
    for at, (j, q) in enumerate(place):
        push = found.ineqlin.marginals[at] - found.ineqlin.marginals[at + len(place)]
        price[j, q] = -push * task.per[j, q]
    part = found.x.reshape(n, k)
    label = np.where(part.sum(axis=1) > 0.5, part.argmax(axis=1), k)
    return Shares(float(found.fun), label.astype(np.int32), price)
