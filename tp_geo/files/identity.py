"""An id for every row, its own where it has one; the same rows get the same ids."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tp_geo.domain.alignment import Flags
from tp_geo.domain.dataset import Texts
from tp_geo.files.columns import texts_of
from tp_geo.files.mapping import Columns

MADE = "row-"
"""What an id made from a row's content begins with."""

NO_CODE = "without a code"
"""What accounts without a postal code are called together, where they were rolled up."""

_CALLED = "called"


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """Ids, all different; which were missing, and which had been there before."""

    ids: Texts
    missing: Flags
    repeated: Flags


def identity_of(table: pd.DataFrame, columns: Columns) -> Identity:
    """Return an id for every row; one that stands for many accounts is called by its code."""
    if columns.count is None:
        return identify(table, columns.id, source=columns.source)
    parts = [table[c].str.strip() for c in (columns.country, columns.postal) if c is not None]
    called = pd.Series(list(map(" ".join, zip(*parts, strict=True))), dtype=object).str.strip()
    return identify(pd.DataFrame({_CALLED: called.where(called != "", NO_CODE)}), _CALLED)


def identify(table: pd.DataFrame, column: str | None, *, source: str | None = None) -> Identity:
    """Return an id for every row.

    Where there is none, it is made from the row's content, so that neither its
    order nor the file it is from (the column ``source``) matters. The second
    row of an id gets ``#2`` behind it, and so on.
    """
    n = len(table)
    given = np.full(n, "", dtype=object)
    if column is not None:
        given = texts_of(table[column].str.strip())
    missing = np.asarray(given == "", dtype=np.bool_)
    ids = given.copy()
    if missing.any():
        ids[missing] = _made(table[missing].drop(columns=[source] if source else []))
    turn = _turns(ids)
    repeated = turn > 0
    taken = set(ids.tolist()) if repeated.any() else set()
    for at in np.flatnonzero(repeated):
        ids[at] = _free(str(ids[at]), int(turn[at]) + 1, taken)
    return Identity(ids, missing, repeated & ~missing)


def _made(rows: pd.DataFrame) -> list[str]:
    columns = [texts_of(rows[c]) for c in sorted(rows.columns)]
    joined = ("\x1f".join(cells) for cells in zip(*columns, strict=True))
    return [
        MADE + hashlib.blake2b(row.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        for row in joined
    ]


def _turns(ids: Texts) -> NDArray[np.int64]:
    """Return how often each id was there before."""
    turns = pd.Series(ids).groupby(ids, sort=False).cumcount()
    return np.asarray(turns, dtype=np.int64)


def _free(name: str, number: int, taken: set[str]) -> str:
    while (found := f"{name}#{number}") in taken:
        number += 1
    taken.add(found)
    return found
