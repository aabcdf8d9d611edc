"""Figures others have published for the same instances."""

from __future__ import annotations

from dataclasses import dataclass

TERRITORY_OPTIMA = {
    "2DU60-05-1": 5305.57,
    "2DU60-05-2": 5451.68,
    "2DU60-05-3": 5507.88,
    "2DU60-05-4": 5935.67,
    "2DU60-05-5": 5303.20,
    "2DU60-05-6": 5253.94,
    "2DU60-05-7": 5460.18,
    "2DU60-05-8": 5309.96,
    "2DU60-05-9": 5224.52,
    "2DU60-05-10": 5350.16,
    "2DU60-05-11": 5150.91,
    "2DU60-05-12": 5597.51,
    "2DU60-05-13": 5731.98,
    "2DU60-05-14": 5462.96,
    "2DU60-05-15": 5332.77,
    "2DU60-05-16": 5399.54,
    "2DU60-05-17": 5602.85,
    "2DU60-05-18": 5773.96,
    "2DU60-05-19": 5543.44,
    "2DU60-05-20": 5767.54,
    "2DU80-05-1": 5825.92,
    "2DU80-05-2": 5944.74,
    "2DU80-05-3": 6323.66,
    "2DU80-05-4": 6244.59,
    "2DU80-05-5": 5564.83,
    "2DU80-05-6": 5724.31,
    "2DU80-05-7": 5580.49,
    "2DU80-05-9": 5798.44,
    "2DU80-05-10": 5866.38,
    "2DU100-05-1": 6535.21,
}
"""Least dispersion of commercial-territory instances, proved by HiGHS in runs of our own."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A state divided with the fewest cut edges, within 0.5 % of the same population.

    ``chain`` and ``seconds`` are what 10,000 steps of GerryChain found and took, ``optimum`` is
    proved where it is known, ``goal`` is what ours should reach where it is not. All from
    Validi and Buchanan, Political districting to minimize cut edges, and its repository.
    """

    state: str
    level: str
    areas: int
    chain: int | None
    seconds: float | None
    optimum: int | None
    goal: int | None = None


CUTS = (
    Cut("NM", "county", 3, 17, 148.0, 17),
    Cut("ID", "county", 2, 10, 404.5, 10),
    Cut("WV", "county", 3, 23, 831.2, 23),
    Cut("LA", "county", 6, None, None, 49),
    Cut("AL", "county", 7, 55, 281.5, 55),
    Cut("AR", "county", 4, 33, 402.5, 33),
    Cut("OK", "county", 5, 40, 415.2, 40),
    Cut("MS", "county", 4, 34, 485.4, 34),
    Cut("NE", "county", 3, 19, 279.0, 19),
    Cut("IA", "county", 4, 33, 577.5, 33),
    Cut("KS", "county", 4, 32, 1_294.3, 32),
    Cut("NH", "tract", 2, 26, 1_319.1, 26),
    Cut("ID", "tract", 2, 17, 3_249.6, 17),
    Cut("ME", "tract", 2, 20, 1_471.2, 20),
    Cut("WV", "tract", 3, 44, 2_310.9, 43),
    Cut("NM", "tract", 3, 46, 2_481.3, 43),
    Cut("NE", "tract", 3, 47, 1_802.4, 44),
    Cut("UT", "tract", 4, 97, 2_310.3, None, 86),
    Cut("MS", "tract", 4, 69, 2_035.8, None, 62),
    Cut("AR", "tract", 4, 79, 1_903.9, None, 74),
    Cut("NV", "tract", 4, 89, 2_195.9, None, 79),
)


@dataclass(frozen=True, slots=True)
class Hess:
    """A state's tracts divided with the least moment of inertia, within 0.5 %.

    ``seconds`` is what Gurobi took for the contiguous plan; without ``proved`` it was stopped.
    ``worse`` is how much worse than that plan ours may be, in %. From Validi, Buchanan and
    Lykhovyd, Imposing contiguity constraints in political districting models.
    """

    state: str
    areas: int
    seconds: float
    proved: bool
    worse: float


HESS = (
    Hess("AR", 4, 25, True, 0.05),
    Hess("ID", 2, 1.4, True, 0.05),
    Hess("ME", 2, 2.0, True, 0.05),
    Hess("NE", 3, 5.2, True, 0.05),
    Hess("UT", 4, 24, True, 0.05),
    Hess("NV", 4, 3_615, False, -0.98),
    Hess("WV", 3, 28_989, True, 0.5),
)
