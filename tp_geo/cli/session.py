"""What the commands of one call share: the store, the person, how progress is told."""

from __future__ import annotations

import sys
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tp_geo.cli.reply import one_line
from tp_geo.errors import BadData

if TYPE_CHECKING:
    import typer

    from tp_geo.store import Store
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.planner import Planner


EVERY_S = 10.0
"""How often progress is told where it is kept: in a log, or for another program."""


class Session:
    """One call of the command line. The store is opened when it is first needed."""

    def __init__(self, address: str | None, user: str | None) -> None:
        self.address = address
        self._user = user

    @cached_property
    def _opened(self) -> Store:
        """The store at the address, else at ``TP_GEO_STORE``, else the user's own."""
        from tp_geo.store import open_store

        store = open_store(self.address)
        for note in store.notes:
            tell(note)
        return store

    @property
    def full_address(self) -> str:
        """What another process opens the same store by; may hold a password."""
        from tp_geo.store.opening import is_postgres, store_address

        given = store_address(self.address)
        return given if is_postgres(given) else self.store.address

    @cached_property
    def planner(self) -> Planner:
        """The plans of the store, as far as they are shared with who does this."""
        from tp_geo.workflow.planner import Planner

        return Planner(self._opened).of(self.user)

    @property
    def store(self) -> Store:
        """The store, with the rights of who does this."""
        return self.planner.store

    @cached_property
    def user(self) -> str:
        """Who does this: ``--user``, else who is logged in."""
        from tp_geo.workflow.clock import local_user

        return (self._user or local_user()).strip()

    def open(self) -> None:
        """Open the store now: refuses when another process has it."""
        _ = self._opened

    def plan(self, name: str) -> Plan:
        """Return an alignment by name or id."""
        return self.planner.open(name)

    def close(self) -> None:
        """Give the store back, when it was opened."""
        if "_opened" in self.__dict__:
            self._opened.close()


def session_of(ctx: typer.Context) -> Session:
    """Return the session that the root command put into the context."""
    return cast(Session, ctx.obj)


def tell(text: str) -> None:
    """Say something on standard error, on one line."""
    sys.stderr.write(one_line(text) + "\n")
    sys.stderr.flush()


def existing(path: Path) -> Path:
    """Return the path of a file, or raise ``BadData`` when there is none."""
    if path.is_dir():
        raise BadData(f"{path} is a directory. Give the path of a file.")
    if not path.exists():
        raise BadData(f"There is no file {path}. Check the path.")
    return path


class Progress:
    """Tells on standard error how far a long step is.

    On a terminal in place, at once; elsewhere a line every so many seconds,
    so that what is quick leaves none and what fails no more than its reason.
    """

    def __init__(self, every_s: float | None = None) -> None:
        self._live = sys.stderr.isatty()
        self._every_s = EVERY_S if every_s is None else every_s
        self._told = time.monotonic()
        self._last = ""

    def __call__(self, what: str, share: float = 0.0) -> None:
        """Tell what is being done, and the share of all that is done, in [0, 1]."""
        text = f"{one_line(what)} {share:4.0%}"
        if text == self._last:
            return
        if self._live:
            self._write(f"\r\x1b[K{text}")
        elif time.monotonic() - self._told >= self._every_s:
            self._write(f"{text}\n")
        else:
            return
        self._last, self._told = text, time.monotonic()

    def done(self) -> None:
        """Clear the line."""
        if self._live and self._last:
            self._write("\r\x1b[K")
            self._last = ""

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
