"""Tables of goals beside what we reach and what others do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.optimize.evaluate import Quality

QUALITY = (
    "| instance | areas | by | max % | mean % | split | R km | cut | km | PP | cpu s | x METIS |",
    "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
)


@dataclass(frozen=True, slots=True)
class Check:
    """A figure beside the most (or least) it should be."""

    name: str
    value: float
    limit: float
    unit: str = ""
    digits: int = 2
    least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the figure, as it is printed, is as good as the goal."""
        value = round(self.value, self.digits)
        return value >= self.limit if self.least else value <= self.limit

    @property
    def goal(self) -> str:
        """The goal in a few letters."""
        sign = ">=" if self.least else "<="
        return f"{self.name} {sign} {self._said(self.limit)}".strip()

    @property
    def ours(self) -> str:
        """The figure, bold where it misses its goal."""
        said = f"{self.name} {self._said(self.value)}".strip()
        return said if self.reached else f"**{said}**"

    def _said(self, value: float) -> str:
        digits = 0 if value == int(value) and (value >= 10 or value == 0) else self.digits
        return f"{value:,.{digits}f}{self.unit}"


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of the table of goals."""

    what: str
    checks: tuple[Check, ...]
    peers: str = ""


def print_goals(goals: Sequence[Goal]) -> None:
    """Print every goal, what we reach, and the peers; what is missed is bold."""
    reached = sum(c.reached for g in goals for c in g.checks)
    total = sum(len(g.checks) for g in goals)
    print(f"\n{reached} of {total} goals reached; what is missed is bold\n")
    print("| what | goal | TP Geo | peers |\n|---|---|---|---|")
    for g in goals:
        wanted, ours = _list(c.goal for c in g.checks), _list(c.ours for c in g.checks)
        print(f"| {g.what} | {wanted} | {ours} | {g.peers} |", flush=True)


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def quality_row(
    instance: str, areas: int, by: str, q: Quality, seconds: float, ratio: float | None
) -> str:
    """Return a row of the table of plans."""
    round_mean = "" if q.round_mean != q.round_mean else f"{q.round_mean:.2f}"
    return (
        f"| {instance} | {areas:,} | {by} | {100 * q.largest:.2f} | {100 * q.mean:.2f} "
        f"| {q.split} | {q.radius:.1f} | {q.cut:,} | {q.border:,.0f} | {round_mean} "
        f"| {seconds:.2f} | {'' if ratio is None else f'{ratio:.1f}'} |"
    )


def heading(title: str, *said: str) -> None:
    """Print a title and the sentences under it."""
    print(f"\n### {title}\n", flush=True)
    if said:
        print(" ".join(said) + "\n", flush=True)
