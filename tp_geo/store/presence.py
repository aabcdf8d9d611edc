"""Who is here: people whose pages look at an alignment now, in this process and in others.

Nothing of it is stored. Processes on one database tell each other by the
connection that listens for commits.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from typing import Final, TypeAlias

Seen: TypeAlias = tuple[str, str]
"""An alignment by id, and a person."""

GONE_S: Final = 6.0
"""Who has not been seen for so long is gone: pages show up every second and a half."""

AGAIN_S: Final = 5.0
"""So often a process tells others who is here, also when nobody came or went."""

_MOST_BYTES: Final = 7_900
"""PostgreSQL takes 8,000 bytes with a notification."""


class Attendance:
    """Who has shown up here lately, and who others say is with them. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._process = uuid.uuid4().hex
        self._guard = threading.Lock()
        self._mine: dict[str, tuple[float, Seen]] = {}
        self._theirs: dict[str, tuple[float, frozenset[Seen]]] = {}
        self._told: tuple[float, frozenset[Seen]] = (-AGAIN_S, frozenset())

    def show_up(self, alignment: str, window: str, person: str) -> None:
        """Say that a person looks at an alignment in a window, which was at none before."""
        with self._guard:
            self._mine[window] = self._clock(), (alignment, person)

    def people(self, alignment: str) -> frozenset[str]:
        """Return who looks at an alignment."""
        with self._guard:
            late = self._clock() - AGAIN_S - GONE_S
            told = [seen for at, seen in self._theirs.values() if at > late]
            return frozenset(
                person for seen in (self._here(), *told) for of, person in seen if of == alignment
            )

    def message(self) -> str:
        """Return what to tell other processes now, "" for nothing."""
        with self._guard:
            here, (at, told) = self._here(), self._told
            if here == told and (not here or self._clock() - at < AGAIN_S):
                return ""
            self._told = self._clock(), here
            listed = sorted(here)
            while len(text := json.dumps([self._process, listed])) > _MOST_BYTES:
                del listed[len(listed) // 2 :]
            return text

    def hear(self, text: str) -> None:
        """Take in what another process told; its own words are no news."""
        process, listed = json.loads(text)
        with self._guard:
            if process != self._process:
                seen = frozenset((str(of), str(person)) for of, person in listed)
                self._theirs[process] = self._clock(), seen
                late = self._clock() - AGAIN_S - GONE_S
                self._theirs = {k: v for k, v in self._theirs.items() if v[0] > late}

    def _here(self) -> frozenset[Seen]:
        late = self._clock() - GONE_S
        self._mine = {k: v for k, v in self._mine.items() if v[0] > late}
        return frozenset(seen for _, seen in self._mine.values())
