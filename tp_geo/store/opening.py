"""Opening stores: one home for each file in the process, shared by all who open it."""

from __future__ import annotations

import atexit
import os
import threading
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from tp_geo.errors import BadData, Refused, Unavailable
from tp_geo.store.duckdb_store import DuckDbStore
from tp_geo.store.home import Home
from tp_geo.store.protocol import Store

ADDRESS_VARIABLE: Final = "TP_GEO_STORE"
WAIT_S: Final = 2.0
"""How long another process may take to close the file, for example in a restart."""

_homes: Final[dict[Path, tuple[Home, int]]] = {}
_inherited: Final[list[tuple[Home, int]]] = []
_guard: Final = threading.Lock()


def open_store(address: str | None = None, *, wait_s: float = WAIT_S) -> Store:
    """Open a store, or share the one this process has open.

    Without an address: what ``TP_GEO_STORE`` says, else a file among the
    user's data. Raises ``StoreBusy`` when another process has the file for
    longer than ``wait_s`` seconds, and ``StoreDamaged`` when it can't be read.
    """
    path = store_path(address)
    with _guard:
        home, users = _homes.get(path) or (Home(path, wait_s=wait_s), 0)
        _homes[path] = (home, users + 1)
    return _Shared(home)


def recover(address: str | None = None) -> tuple[str, ...]:
    """Open a store that is damaged or gone, rebuilt from its journal, and say what was done.

    The damaged file is kept under another name. Alignments come back from
    the journal; datasets, boundaries and reference layers of a damaged file
    have to be imported again.
    """
    path = store_path(address)
    with _guard:
        if path in _homes:
            raise Refused(f"The store {path} is open. Close the app, then recover it.")
        home = Home(path, wait_s=WAIT_S, rebuild=True)
        home.close()
    return tuple(home.notes) or (f"The store {path} is in order; nothing had to be done.",)


def store_path(address: str | None = None) -> Path:
    """Return the file an address means; raise ``Unavailable`` for one that is no file."""
    where = address or os.environ.get(ADDRESS_VARIABLE)
    if not where:
        return user_data_path("tp-geo", appauthor=False) / "tp-geo.duckdb"
    if "://" in where:
        raise Unavailable(
            f"The store address {where.split('://')[0]}://… is not a file. "
            "This version keeps plans in a DuckDB file; give its path."
        )
    try:
        path = Path(where).expanduser().resolve()
        if path.is_dir():
            raise BadData(f"The store {path} is a folder. Give the path of a file in it.")
        if path.exists() and not path.is_file():
            raise BadData(f"The store {path} is not a file but a pipe or a device. Choose a file.")
    except (OSError, RuntimeError, ValueError) as error:
        raise BadData(f"The store address {where!r} is not a path: {error}.") from error
    return path


class _Shared(DuckDbStore):
    """A handle that leaves the file open as long as others of the process use it."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._open = True

    def close(self) -> None:
        """Give the handle back; a second time does nothing."""
        with _guard:
            home, users = _homes.get(self._home.path, (None, 0))
            if not self._open or home is not self._home:
                return
            self._open = False
            if users > 1:
                _homes[home.path] = (home, users - 1)
            else:
                del _homes[home.path]
                home.close()


def _close_all() -> None:
    """Close what is still open, so that the lock is given back after the file, not before."""
    with _guard:
        while _homes:
            _homes.popitem()[1][0].close()


def _forget() -> None:
    """In a forked child: the files are the parent's; keep them from being closed here."""
    _inherited.extend(_homes.values())
    _homes.clear()
    _guard.release()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_guard.acquire, after_in_parent=_guard.release, after_in_child=_forget
    )
