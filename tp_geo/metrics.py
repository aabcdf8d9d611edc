"""Figures of a running app in the text format of Prometheus."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Final

BOUNDS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_Labels = tuple[tuple[str, str], ...]

_guard: Final = threading.Lock()
_all: Final[dict[str, Counter | Timer | Gauge]] = {}


class Counter:
    """How often something happened since the process began."""

    kind = "counter"

    def __init__(self, name: str, about: str) -> None:
        self.name, self.about = name, about
        self._counts: dict[_Labels, float] = {}
        _all[name] = self

    def add(self, count: float = 1, **labels: str) -> None:
        """Count it."""
        key = tuple(sorted(labels.items()))
        with _guard:
            self._counts[key] = self._counts.get(key, 0) + count

    def lines(self) -> Iterator[str]:
        """Yield the figures."""
        with _guard:
            counts = dict(self._counts)
        for labels, count in sorted(counts.items()):
            yield f"{self.name}{_said(labels)} {_number(count)}"


class Timer:
    """How long something took, as a histogram in seconds."""

    kind = "histogram"

    def __init__(self, name: str, about: str) -> None:
        self.name, self.about = name, about
        self._counts = [0] * (len(BOUNDS_S) + 1)
        self._sum_s = 0.0
        _all[name] = self

    def add(self, seconds: float) -> None:
        """Count one of so many seconds."""
        with _guard:
            self._counts[bisect_left(BOUNDS_S, seconds)] += 1
            self._sum_s += seconds

    def lines(self) -> Iterator[str]:
        """Yield the figures; each bucket has all that is no longer than its bound."""
        with _guard:
            counts, sum_s = [*self._counts], self._sum_s
        total = 0
        for bound, count in zip((*BOUNDS_S, None), counts, strict=True):
            total += count
            le = "+Inf" if bound is None else f"{bound:g}"
            yield f'{self.name}_bucket{{le="{le}"}} {total}'
        yield f"{self.name}_sum {_number(sum_s)}"
        yield f"{self.name}_count {total}"


class Gauge:
    """How much there is of something, asked when the figures are."""

    kind = "gauge"

    def __init__(self, name: str, about: str, read: Callable[[], float]) -> None:
        self.name, self.about, self._read = name, about, read
        _all[name] = self

    def lines(self) -> Iterator[str]:
        """Yield the figure."""
        yield f"{self.name} {_number(self._read())}"


EDITS: Final = Counter("tp_geo_edits_total", "Changes asked for, by kind and what came of them.")
EDIT_S: Final = Timer("tp_geo_edit_seconds", "How long a change took, until it was on the disk.")
ERRORS: Final = Counter("tp_geo_errors_total", "What nobody foresaw, by where it happened.")


def text() -> str:
    """Return all figures."""
    found: list[str] = []
    for name, metric in sorted(_all.items()):
        found += [f"# HELP {name} {metric.about}", f"# TYPE {name} {metric.kind}", *metric.lines()]
    return "\n".join(found) + "\n"


def _said(labels: _Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{k}="{_escaped(v)}"' for k, v in labels) + "}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value == round(value) else repr(float(value))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
