"""The clock of a run: asks the stop rule after every slice, tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Protocol, TypeAlias

from tp_geo.optimize.problem import Ints
from tp_geo.optimize.stop import Progress, Stop

Told: TypeAlias = Callable[[Progress, Ints], None]
"""Hears how far a run is and where each item is now; may raise to abandon the run."""

POINTS = 400
"""How many points of the trace are kept; every other one goes when there are more."""


class Clock(Protocol):
    """What a search asks of a run."""

    @property
    def stopped(self) -> str:
        """Why the run ended, "" while it goes on."""

    def left(self, planned: int) -> int:
        """Return how many of the moves that are planned the rule leaves."""

    def goes_on(self, area_of: Ints, cost: float, tried: int) -> bool:
        """Note a slice of so many moves tried and the best cost by now; return whether to go on."""


class Run:
    """Knows when a run ends and why.

    Parameters
    ----------
    stop
        The rule that ends the run; without one it ends when its work is done.
    told
        Called after every slice of work.
    """

    def __init__(self, stop: Stop | None = None, told: Told | None = None) -> None:
        self._stop, self._told = stop, told
        self._start = perf_counter()
        self._best = float("inf")
        self._improved_at = 0
        self._heard = 0.0
        self.iterations = 0
        self.stopped = ""
        self.trace: list[tuple[float, int, float]] = []

    @property
    def seconds(self) -> float:
        """The seconds since the run began."""
        return perf_counter() - self._start

    def left(self, planned: int) -> int:
        """Return how many of the moves that are planned the rule leaves."""
        if self.stopped:
            return 0
        most = None if self._stop is None else self._stop.max_iterations
        return planned if most is None else max(0, min(planned, most - self.iterations))

    def goes_on(self, area_of: Ints, cost: float, tried: int) -> bool:
        """Note a slice of so many moves tried and the best cost by now; return whether to go on."""
        self.iterations += tried
        if cost < self._best:
            self._best, self._improved_at = cost, self.iterations
        progress = Progress(self.seconds, self.iterations, self._best, self._improved_at)
        self._note(progress)
        if self._told is not None:
            self._told(progress, area_of)
        if not self.stopped and self._stop is not None:
            self.stopped = self._stop.reached(progress) or self._too_late(progress.seconds)
        self._heard = progress.seconds
        return not self.stopped

    def _too_late(self, seconds: float) -> str:
        """Return "time" where another slice as long as the last one would not end in time."""
        most = float("inf") if self._stop is None else self._stop.max_runtime_s
        return "time" if 2 * seconds - self._heard > most else ""

    def _note(self, progress: Progress) -> None:
        if progress.best < float("inf"):
            self.trace.append((progress.seconds, progress.iterations, progress.best))
        if len(self.trace) > POINTS:
            del self.trace[1:-1:2]
