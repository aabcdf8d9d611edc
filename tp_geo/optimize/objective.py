"""What a good plan is: the three priorities, and how near a target is near enough."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Objective:
    """How much each priority counts, each 0 or more; only their ratios matter.

    ``balance`` pulls every area to its targets, ``continuity`` keeps items
    where they are, ``compactness`` makes areas round. Within ``tolerance``
    (a share of the target) of its target an area is as good as on it: 0 asks
    for the smallest deviation there is, 0.05 lets shape win inside a band of
    5 %. ``borders`` is how much the length of borders counts within
    compactness, beside the moment of inertia.
    """

    balance: float = 1.0
    continuity: float = 0.0
    compactness: float = 0.2
    tolerance: float = 0.0
    borders: float = 0.15

    def __post_init__(self) -> None:
        for name in ("balance", "continuity", "compactness", "tolerance", "borders"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"Expected {name} to be a number of 0 or more, got {value}.")
        if not (self.balance or self.continuity or self.compactness):
            raise ValueError("Expected one of balance, continuity, compactness above 0.")


BALANCE = Objective()
"""Every area as near to its targets as can be."""

BAND = Objective(tolerance=0.05, compactness=1.0, borders=0.6)
"""Within 5 % of the targets, and round."""

KEEP = Objective(continuity=1.0, compactness=0.3, tolerance=0.05)
"""Within 5 % of the targets with the fewest changes."""
