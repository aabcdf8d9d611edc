"""When a run ends: rules that are asked after every slice of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: seconds since its start, moves tried, the best cost, and since when."""

    seconds: float
    iterations: int
    best: float
    improved_at: int
    """How many moves had been tried when the best plan was found."""


class Stop(Protocol):
    """A rule that ends a run."""

    @property
    def max_runtime_s(self) -> float:
        """The seconds that may pass at most; infinite where it does not matter."""

    @property
    def max_iterations(self) -> int | None:
        """The moves tried at most; ``None`` where it does not matter."""

    def reached(self, progress: Progress) -> str:
        """Return why the run ends now, "" while it goes on."""


@dataclass(frozen=True, slots=True)
class MaxRuntime:
    """Ends after some seconds; what is found by then may differ from machine to machine."""

    max_runtime_s: float
    max_iterations: int | None = None

    def __post_init__(self) -> None:
        if not self.max_runtime_s > 0:
            raise ValueError(f"Expected a runtime above 0 s, got {self.max_runtime_s}.")

    def reached(self, progress: Progress) -> str:
        """Return why the run ends now, "" while it goes on."""
        return "time" if progress.seconds >= self.max_runtime_s else ""


@dataclass(frozen=True, slots=True)
class MaxIterations:
    """Ends after so many moves were tried: the same on every machine."""

    max_iterations: int
    max_runtime_s: float = float("inf")

    def __post_init__(self) -> None:
        if self.max_iterations < 0:
            raise ValueError(f"Expected 0 iterations or more, got {self.max_iterations}.")

    def reached(self, progress: Progress) -> str:
        """Return why the run ends now, "" while it goes on."""
        return "iterations" if progress.iterations >= self.max_iterations else ""


@dataclass(frozen=True, slots=True)
class NoImprovement:
    """Ends when so many moves brought nothing better."""

    iterations: int
    max_runtime_s: float = float("inf")
    max_iterations: int | None = None

    def __post_init__(self) -> None:
        if self.iterations < 1:
            raise ValueError(f"Expected 1 iteration or more, got {self.iterations}.")

    def reached(self, progress: Progress) -> str:
        """Return why the run ends now, "" while it goes on."""
        still = progress.iterations - progress.improved_at
        return "no improvement" if still >= self.iterations else ""


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Ends when the first of several rules says so."""

    rules: tuple[Stop, ...]

    @property
    def max_runtime_s(self) -> float:
        """The seconds that may pass at most; infinite where it does not matter."""
        return min((r.max_runtime_s for r in self.rules), default=float("inf"))

    @property
    def max_iterations(self) -> int | None:
        """The moves tried at most; ``None`` where it does not matter."""
        return min((n for r in self.rules if (n := r.max_iterations) is not None), default=None)

    def reached(self, progress: Progress) -> str:
        """Return why the run ends now, "" while it goes on."""
        return next((why for r in self.rules if (why := r.reached(progress))), "")
