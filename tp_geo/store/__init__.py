"""Where alignments, datasets and boundaries are kept: `open_store` returns a `Store`."""

from __future__ import annotations

from tp_geo.store.opening import open_store, recover
from tp_geo.store.protocol import Store
from tp_geo.store.records import (
    AlignmentInfo,
    BoundaryInfo,
    DatasetInfo,
    Entry,
    Snapshot,
)

__all__ = [
    "AlignmentInfo",
    "BoundaryInfo",
    "DatasetInfo",
    "Entry",
    "Snapshot",
    "Store",
    "open_store",
    "recover",
]
