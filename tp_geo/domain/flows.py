"""What went from where to where, added up: the sparse form of a flow matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import Positions
from tp_geo.domain.dataset import Floats


@dataclass(frozen=True, eq=False)
class Flows:
    """From place to place, by source and then target, with the amount of each figure.

    ``amounts`` is (flows, figures). ``of`` has for every item the flow it is
    part of, -1 for those that stay.
    """

    source: Positions
    target: Positions
    amounts: Floats
    of: Positions

    @property
    def count(self) -> int:
        """How many pairs of places exchange something."""
        return len(self.source)

    def gained(self, places: int) -> Floats:
        """Return what each place gets, (places, figures)."""
        return _added(self.target, self.amounts, places)

    def lost(self, places: int) -> Floats:
        """Return what leaves each place, (places, figures)."""
        return _added(self.source, self.amounts, places)

    def largest(self, figure: int) -> Positions:
        """Return the flows by the amount of a figure, the largest first."""
        found: Positions = np.lexsort((self.target, self.source, -np.abs(self.amounts[:, figure])))
        return found

    def matrix(self, figure: int, places: int) -> Floats:
        """Return one figure as (places, places), from the row to the column; 0 on the diagonal."""
        found = np.zeros((places, places))
        found[self.source, self.target] = self.amounts[:, figure]
        return found


def flows(left: Positions, right: Positions, figures: Sequence[Floats]) -> Flows:
    """Return what items carry from place to place, each figure given by item."""
    moved = np.flatnonzero(left != right)
    size = int(max(left.max(initial=0), right.max(initial=0))) + 1
    codes, at = np.unique(left[moved] * size + right[moved], return_inverse=True)
    source, target = np.divmod(codes, size)
    amounts = np.zeros((len(codes), len(figures)))
    for i, values in enumerate(figures):
        amounts[:, i] = np.bincount(at, values[moved], minlength=len(codes))
    of = np.full(len(left), -1, dtype=np.intp)
    of[moved] = at
    return Flows(source.astype(np.intp), target.astype(np.intp), amounts, of)


def _added(places: Positions, amounts: Floats, size: int) -> Floats:
    found = np.zeros((size, amounts.shape[1]))
    np.add.at(found, places, amounts)
    return found
