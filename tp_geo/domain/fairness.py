"""How evenly something is spread over areas: the measures of inequality that people ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.dataset import Floats


@dataclass(frozen=True, slots=True)
class Fairness:
    """What some areas hold, and how unevenly. NaN where a figure has no meaning.

    Of values x_1 <= ... <= x_n with mean m:

    variation
        The coefficient of variation, sqrt(sum((x_i - m)^2) / n) / m.
        Pearson, Phil. Trans. R. Soc. A 187 (1896), 253-318.
    gini
        sum((2 i - n - 1) x_i) / (n^2 m): half the mean difference of two
        areas, as a share of the mean. 0: all alike; 1 - 1/n: one holds all.
        Gini, Variabilita e mutabilita (1912); in this form Damgaard and
        Weiner, Ecology 81(4), 2000, 1139-1142.
    ratio
        x_n / x_1; infinite where one of them holds nothing.
    """

    count: int
    mean: float
    lowest: float
    highest: float
    variation: float
    gini: float
    ratio: float


NOTHING = Fairness(0, *(math.nan,) * 6)
"""What there is to say of no areas at all."""


def fairness(values: Floats) -> Fairness:
    """Return how evenly values are spread; those not known (NaN) have no say.

    The inequality of values below 0, or of nothing but zeros, is NaN.
    """
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return NOTHING
    low, high, mean = float(known[0]), float(known[-1]), float(known.mean())
    if low < 0 or mean <= 0:
        return Fairness(len(known), mean, low, high, math.nan, math.nan, math.nan)
    shares = known / high
    n, whole = len(known), float(shares.sum())
    ranks = 2.0 * np.arange(1, n + 1) - n - 1
    return Fairness(
        count=n,
        mean=mean,
        lowest=low,
        highest=high,
        variation=float(shares.std()) * n / whole,
        gini=max(float(ranks @ shares) / (n * whole), 0.0),
        ratio=high / low if low else math.inf,
    )
