"""The commits that are under way in this process, so that it does not end in the middle of one."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Final


class UnderWay:
    """Counts what is begun and not ended. Safe to use from many threads."""

    def __init__(self) -> None:
        self._some = threading.Condition()
        self._count = 0

    def __enter__(self) -> None:
        """Begin something."""
        with self._some:
            self._count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        with self._some:
            self._count -= 1
            self._some.notify_all()

    def ended(self, within_s: float) -> bool:
        """Wait until nothing is under way; return whether that was so in time."""
        with self._some:
            return self._some.wait_for(lambda: self._count == 0, within_s)


COMMITS: Final = UnderWay()
