"""Datasets that add up: every container's row is what its records say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from planners import ITEMS

from tp_geo.domain.alignment import Items
from tp_geo.domain.dataset import Aggregate, Dataset, Floats, Measure

MEASURES = (
    Measure("people", "People"),
    Measure("income", "Income", aggregate=Aggregate.MEAN, weight="people"),
    Measure("score", "Score", aggregate=Aggregate.MEAN),
)


@dataclass(frozen=True)
class Books:
    """A dataset, and the records behind it: (container or unit, people, income, score)."""

    dataset: Dataset
    records: tuple[tuple[int, float, float, float], ...]


def dataset(items: Items, values: Floats) -> Dataset:
    """Return a dataset of ``MEASURES`` on a frame."""
    codes = np.array([f"{i:05d}" for i in range(items.count)], dtype=object)
    return Dataset("books", "b" * 16, "postal", items, codes, codes, MEASURES, values)


def _row(digits: int) -> tuple[float, float, float]:
    """Return three figures of 0 to 9, or unknown, out of one number."""
    people, income, score = (digits // 11**i % 11 for i in range(3))
    return _figure(people), _figure(income), _figure(score)


def _figure(digit: int) -> float:
    return float("nan") if digit == 10 else float(digit)


def books() -> st.SearchStrategy[Books]:
    """Units with gaps; containers with figures of their own besides, or with none."""
    one = st.integers(0, 11**3 - 1)
    return st.lists(one, min_size=ITEMS.count, max_size=ITEMS.count).map(_books)


def _books(drawn: list[int]) -> Books:
    n, rows = ITEMS.containers, list(map(_row, drawn))
    records: list[tuple[int, float, float, float]] = []
    values = np.full((ITEMS.count, 3), np.nan)
    for c in range(n):
        units = [(n + u, *rows[n + u]) for u in np.flatnonzero(ITEMS.container_of == c)]
        found = list(_with_own((c, *rows[c]), units))
        records += found
        values[c] = [_total(found), _mean(found, 2, weighted=True), _mean(found, 3, weighted=False)]
    strays = (n + u for u in np.flatnonzero(ITEMS.container_of < 0))
    records += [(int(u), *rows[u]) for u in strays]
    values[n:] = rows[n:]
    return Books(dataset(ITEMS, values), tuple(records))


def _with_own(
    own: tuple[int, float, float, float], units: list[tuple[int, float, float, float]]
) -> Iterator[tuple[int, float, float, float]]:
    """Yield what lies in a container: a mean of its own only where no unit brings one."""
    at, people, income, score = own
    income = float("nan") if units else income
    people = float("nan") if np.isnan(income) and units else people
    score = float("nan") if units else score
    yield at, people, income, score
    yield from units


def _total(found: list[tuple[int, float, float, float]]) -> float:
    people = [r[1] for r in found if not np.isnan(r[1])]
    return sum(people) if people else float("nan")


def _mean(found: list[tuple[int, float, float, float]], at: int, *, weighted: bool) -> float:
    """Return the mean of one figure, record by record: the plainest way there is."""
    known = [(r[at], np.nan_to_num(r[1]) if weighted else 1.0) for r in found if r[at] == r[at]]
    weight = sum(w for _, w in known)
    return sum(v * w for v, w in known) / weight if weight else float("nan")


def expected(records: list[tuple[int, float, float, float]]) -> list[float]:
    """Return people, income and score of some records together."""
    people = sum(r[1] for r in records if r[1] == r[1])
    return [people, _mean(records, 2, weighted=True), _mean(records, 3, weighted=False)]
