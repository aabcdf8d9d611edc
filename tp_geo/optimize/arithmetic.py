"""Random numbers, exponentials and logarithms that are the same on every machine."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.optimize.compiled import bare

Words: TypeAlias = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_ODD = tuple(1.0 / i for i in range(1, 19, 2))
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_LN2 = 0.6931471805599453
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
_PER_LN2 = 1.4426950408889634


def seeded(seed: int) -> Words:
    """Return the state of a generator (splitmix64) that starts at a seed."""
    return np.array([seed % 2**64], np.uint64)


@bare
def draw(state: Words) -> Any:
    """Return 64 random bits."""
    state[0] += _STEP
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * _MIX_A
    z = (z ^ (z >> np.uint64(27))) * _MIX_B
    return z ^ (z >> np.uint64(31))


@bare
def below(state: Words, n: int) -> Any:
    """Return a random whole number of 0 to n - 1."""
    return np.int64(((draw(state) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@bare
def fraction(state: Words) -> float:
    """Return a random number of 0 or more and below 1."""
    return np.float64(draw(state) >> np.uint64(11)) * 1.1102230246251565e-16


@bare
def exp_minus(x: float) -> float:
    """Return exp(-x) for x of 0 or more: whole halvings and a polynomial."""
    if x > 700.0:
        return 0.0
    halvings = int(x * _PER_LN2 + 0.5)
    r = _LN2_HIGH * halvings - x + _LN2_LOW * halvings
    p = 1.0 + r * (1.0 / 11)
    p = 1.0 + r * p * (1.0 / 10)
    p = 1.0 + r * p * (1.0 / 9)
    p = 1.0 + r * p * (1.0 / 8)
    p = 1.0 + r * p * (1.0 / 7)
    p = 1.0 + r * p * (1.0 / 6)
    p = 1.0 + r * p * (1.0 / 5)
    p = 1.0 + r * p * (1.0 / 4)
    p = 1.0 + r * p * (1.0 / 3)
    p = 1.0 + r * p * (1.0 / 2)
    p = 1.0 + r * p
    while halvings >= 32:
        p *= 2.3283064365386963e-10
        halvings -= 32
    return p / np.float64(np.int64(1) << halvings)


@bare
def log_of(x: float) -> float:
    """Return the natural logarithm of a number above 0: whole doublings and a series."""
    doublings = 0
    while x > 1.4142135623730951:
        x *= 0.5
        doublings += 1
    while x < 0.7071067811865476:
        x *= 2.0
        doublings -= 1
    t = (x - 1.0) / (x + 1.0)
    tt = t * t
    s = 0.0
    for i in range(8, -1, -1):
        s = s * tt + _ODD[i]
    return 2.0 * t * s + doublings * _LN2
