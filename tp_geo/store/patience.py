"""How long is waited for an answer: a line that is silent for longer is closed."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

import psycopg

_LOOK_S: Final = 0.25


class Line(Protocol):
    """A connection by its socket."""

    def fileno(self) -> int:
        """Return the number of the socket; raise when it is closed."""


class Patience:
    """Closes the lines of those who wait too long, so that they hear of it.

    A server that ends its statements after a while, and a network that tells
    of lost packets, end most waits by themselves. What is left is a server,
    or a box in between, that takes all and answers nothing.
    """

    def __init__(self) -> None:
        self._waiting: dict[object, tuple[Line, float]] = {}
        self._some = threading.Condition()
        self._watch: threading.Thread | None = None

    @contextmanager
    def within(self, line: Line, most_s: float) -> Iterator[None]:
        """Wait for an answer on a line, so many seconds at most."""
        me = object()
        with self._some:
            self._waiting[me] = line, time.monotonic() + most_s
            if self._watch is None or not self._watch.is_alive():
                self._watch = threading.Thread(
                    target=self._watching, name="store-patience", daemon=True
                )
                self._watch.start()
            self._some.notify()
        try:
            yield
        finally:
            with self._some:
                self._waiting.pop(me, None)

    def _watching(self) -> None:
        while True:
            with self._some:
                while not self._waiting:
                    self._some.wait()
                now = time.monotonic()
                late = [me for me, (_, until) in self._waiting.items() if until < now]
                for me in late:  # while nobody can give the line back and close its socket
                    _shut(self._waiting.pop(me)[0])
            time.sleep(_LOOK_S)


def _shut(line: Line) -> None:
    """End a line under those who wait on it; they close it."""
    with (
        contextlib.suppress(OSError, psycopg.OperationalError),  # it may be closed already
        socket.socket(fileno=os.dup(line.fileno())) as found,
    ):
        found.shutdown(socket.SHUT_RDWR)
