"""What areas of a plan file share: a CSV of containers with a further area that holds each."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np

from tp_geo.domain.alignment import Alignment
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.shares import Shares
from tp_geo.errors import BadData
from tp_geo.files.plan_assignment import rows_of

HEADER = ("code", "area")

Shared: TypeAlias = tuple[tuple[str, int], ...]
"""Codes of containers, each with the id of a further area that holds it."""


def shared_of(alignment: Alignment, dataset: Dataset) -> Shared:
    """Return what is shared, by code."""
    shares = alignment.shares
    return tuple(zip(dataset.codes[shares.items].tolist(), shares.areas.tolist(), strict=True))


def shares_of(shared: Shared, dataset: Dataset) -> Shares:
    """Return what is shared on a dataset; containers that it doesn't have are left out."""
    here = [(dataset.containers[code], k) for code, k in shared if code in dataset.containers]
    return Shares.of(*np.array(here, dtype=np.int64).reshape(-1, 2).T)


def shares_to_csv(shared: Sequence[tuple[str, int]]) -> bytes:
    """Return what is shared as CSV: a row a container and area."""
    made = io.StringIO(newline="")
    csv.writer(made).writerows([HEADER, *shared])
    return made.getvalue().encode("utf-8", errors="surrogatepass")


def shares_from_csv(data: bytes, part: str, areas: Collection[int]) -> Shared:
    """Return what is shared, or raise ``BadData`` naming the row."""
    found = []
    for row, cells in rows_of(data, part, HEADER):
        code, area = cells[: len(HEADER)]
        if not (area.isascii() and area.isdigit() and int(area[:6]) in areas):
            raise BadData(f"{part}, row {row}: {area[:40]!r} is the id of no area of the plan.")
        found.append((code, int(area)))
    return tuple(found)
