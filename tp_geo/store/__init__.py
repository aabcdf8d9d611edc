"""Where plans, datasets, boundaries and reference layers are kept: `open_store` gives a `Store`."""

from __future__ import annotations

from tp_geo.store.opening import copy_store, open_store, recover
from tp_geo.store.protocol import Store
from tp_geo.store.records import (
    AlignmentInfo,
    BoundaryInfo,
    ChallengeRow,
    Comment,
    DatasetInfo,
    Entry,
    Grant,
    LayerInfo,
    Snapshot,
)

__all__ = [
    "AlignmentInfo",
    "BoundaryInfo",
    "ChallengeRow",
    "Comment",
    "DatasetInfo",
    "Entry",
    "Grant",
    "LayerInfo",
    "Snapshot",
    "Store",
    "copy_store",
    "open_store",
    "recover",
]
