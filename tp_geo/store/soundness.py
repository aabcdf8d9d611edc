"""Whether a store's file can be read: every row, and every row again through its primary key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import duckdb

from tp_geo.errors import StoreDamaged
from tp_geo.store.connect import DuckDbFile
from tp_geo.store.migrate import migrate

PRIMARY_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "store_identity": ("id",),
    "alignment_version": ("id", "n"),
    "revision": ("alignment", "draft", "seq"),
    "snapshot": ("alignment", "name"),
    "comment_version": ("alignment", "number", "n"),
    "challenge_version": ("alignment", "number", "n"),
    "grant_version": ("subject", "object", "n"),
    "setting": ("key", "n"),
    "dataset_version": ("name", "n"),
    "boundary_version": ("kind", "n"),
    "layer_version": ("name", "n"),
    "blob": ("key",),
}
"""The tables and their keys; ``migration`` is read by `migrate`."""


def readable(file: DuckDbFile) -> bool:
    """Whether all that a store's file holds is there to read; takes a while when it holds much."""
    try:
        migrate(file)
        return all(_whole(file, table) for table in PRIMARY_KEYS)
    except (StoreDamaged, duckdb.Error):
        return False


def _whole(file: DuckDbFile, table: str) -> bool:
    key = PRIMARY_KEYS[table]
    where = " and ".join(f"{column} = ${k}" for k, column in enumerate(key, 1))
    one = f"select * from {table} where {where}"
    return all(file.rows(one, *at) for at in file.rows(f"select {', '.join(key)} from {table}"))
