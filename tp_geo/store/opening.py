"""Opening stores: one home for each store in the process, shared by all who open it."""

from __future__ import annotations

import atexit
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from platformdirs import user_data_path

from tp_geo.errors import BadData, Refused, Unavailable
from tp_geo.store.home import Home
from tp_geo.store.keeper import Keeper
from tp_geo.store.protocol import Store
from tp_geo.store.sql_store import SqlStore

if TYPE_CHECKING:
    from tp_geo.store.postgres_home import PostgresHome

ADDRESS_VARIABLE: Final = "TP_GEO_STORE"
_POSTGRES: Final = ("postgresql://", "postgres://")
WAIT_S: Final = 2.0
"""How long another process may take to close the file, for example in a restart."""

_homes: Final[dict[str, tuple[Keeper, int]]] = {}
_inherited: Final[list[tuple[Keeper, int]]] = []
_guard: Final = threading.Lock()


def open_store(address: str | None = None, *, wait_s: float = WAIT_S) -> Store:
    """Open a store, or share the one this process has open.

    Without an address: what ``TP_GEO_STORE`` says, else a file among the
    user's data. Raises ``StoreBusy`` when another process has the file for
    longer than ``wait_s`` seconds, and ``StoreDamaged`` when it can't be read.
    """
    return _opened(address, wait_s)


def copy_store(source: str | None, target: str | None) -> str:
    """Copy all that a store holds into a new one, of either engine.

    Returns the new one's address as it may be shown. Raises ``Refused`` for
    a file that exists, and for a database that is not empty.
    """
    if not is_postgres(store_address(source)) and not (path := store_path(source)).exists():
        raise BadData(f"There is no store {path}. Give the file or the database to copy.")
    store = _opened(source, WAIT_S)
    try:
        where = store_address(target)
        if not is_postgres(where):
            path = store_path(where)
            store.backup(path)
            return str(path)
        home = _postgres(where)
        try:
            home.fill(store.home)
            return home.address
        finally:
            home.close()
    finally:
        store.close()


def recover(address: str | None = None) -> tuple[str, ...]:
    """Open a store that is damaged or gone, rebuilt from its journal, and say what was done.

    The damaged file is kept under another name. Alignments come back from
    the journal; datasets, boundaries and reference layers of a damaged file
    have to be imported again.
    """
    if is_postgres(where := store_address(address)):
        raise Refused(
            f"The store {_shown(where)} is kept by its server, which mends itself. If it is lost, "
            "put a backup into an empty database with `tp-geo store restore`."
        )
    path = store_path(address)
    with _guard:
        if str(path) in _homes:
            raise Refused(f"The store {path} is open. Close the app, then recover it.")
        home = Home(path, wait_s=WAIT_S, rebuild=True)
        home.close()
    return tuple(home.notes) or (f"The store {path} is in order; nothing had to be done.",)


def is_postgres(address: str) -> bool:
    """Whether an address means a PostgreSQL database."""
    return address.lower().startswith(_POSTGRES)


def store_address(address: str | None = None) -> str:
    """Return the address that is meant: the one given, else what ``TP_GEO_STORE`` says, or ""."""
    return address or os.environ.get(ADDRESS_VARIABLE) or ""


def store_path(address: str | None = None) -> Path:
    """Return the file an address means; raise ``Unavailable`` for one that is no file."""
    where = store_address(address)
    if not where:
        return user_data_path("tp-geo", appauthor=False) / "tp-geo.duckdb"
    if "://" in where:
        raise Unavailable(
            f"The store address {where.split('://')[0]}://… is not a file. "
            "Give the path of a DuckDB file, or postgresql://user@host:5432/database."
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


def _opened(address: str | None, wait_s: float) -> _Shared:
    with _guard:
        home, users = _taken(address, wait_s)
        _homes[home.key] = (home, users + 1)
    return _Shared(home)


def _taken(address: str | None, wait_s: float) -> tuple[Keeper, int]:
    where = store_address(address)
    if is_postgres(where):
        return _homes.get(where) or (_postgres(where), 0)
    path = store_path(where)
    return _homes.get(str(path)) or (Home(path, wait_s=wait_s), 0)


def _postgres(address: str) -> PostgresHome:
    from tp_geo.store.postgres_home import PostgresHome  # only teams need its client

    return PostgresHome(address)


def _shown(address: str) -> str:
    from tp_geo.store.postgres import shown

    return shown(address)


class _Shared(SqlStore):
    """A handle that leaves the store open as long as others of the process use it."""

    def __init__(self, home: Keeper) -> None:
        super().__init__(home)
        self._open = True

    @property
    def home(self) -> Keeper:
        """What all handles share."""
        return self._home

    def close(self) -> None:
        """Give the handle back; a second time does nothing."""
        with _guard:
            home, users = _homes.get(self._home.key, (None, 0))
            if not self._open or home is not self._home:
                return
            self._open = False
            if users > 1:
                _homes[home.key] = (home, users - 1)
            else:
                del _homes[home.key]
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
