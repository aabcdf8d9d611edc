"""Fill as a command: what no area holds is given to areas by neighbors or by nearness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, AreaIds, Flags
from tp_geo.domain.commands import counted
from tp_geo.domain.edits import Edit, assigns
from tp_geo.errors import Refused
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.earth import Floats
from tp_geo.geometry.filling import fill_by_nearness, fill_by_neighbors
from tp_geo.workflow.plan import Plan

NAMED = 3
"""Up to so many areas are named in the history with what they got."""


class Way(StrEnum):
    """By what it is decided where a container goes."""

    NEIGHBORS = "neighbors"
    NEARNESS = "nearness"


@dataclass(frozen=True, slots=True, eq=False)
class Fill:
    """Give unassigned containers to areas; held ones stay, locked areas take nothing.

    With ``inside``, only what falls to these areas and those below them is
    given; what is nearer to others stays unassigned. ``among`` narrows which
    containers are filled, ``load`` is what each weighs where borders are equal.
    """

    way: Way
    adjacency: Adjacency
    xy: Floats
    load: Floats
    among: Flags
    inside: tuple[AreaId, ...] | None = None
    kind: ClassVar[str] = "fill"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return who gets what."""
        goes = self.goes(alignment)
        given = np.flatnonzero(goes)
        if not len(given):
            raise Refused(
                "Nothing can be filled: no unassigned container that is not held falls to an area "
                "that holds some and is not locked."
            )
        return assigns(given, goes[given])

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return how many containers go to how many areas."""
        got = self.preview(alignment)
        what = counted(sum(got.values()), noun)
        if len(got) > NAMED:
            return f"filled {what} into {counted(len(got), 'areas')} by {self.way}"
        names = ", ".join(f"{alignment.name(k)} {n:,}" for k, n in got.items())
        return f"filled {what} by {self.way}: {names}" if got else f"filled {what} by {self.way}"

    def preview(self, alignment: Alignment) -> Mapping[AreaId, int]:
        """Return how many containers each area would get, most first."""
        goes = self.goes(alignment)
        of, count = np.unique(goes[goes != UNASSIGNED], return_counts=True)
        order = np.lexsort((of, -count))
        return {AreaId(int(of[i])): int(count[i]) for i in order}

    def goes(self, alignment: Alignment) -> AreaIds:
        """Return the area each container goes to, ``UNASSIGNED`` where it stays as it is."""
        n = alignment.items.containers
        area_of = alignment.area_of[:n]
        fillable = (area_of == UNASSIGNED) & ~alignment.held[:n] & self.among
        taking = np.zeros(max(alignment.areas, default=0) + 1, dtype=np.bool_)
        taking[[k for k in alignment.leaves if alignment.shut(k) is None]] = True
        if self.way is Way.NEIGHBORS:
            goes = fill_by_neighbors(area_of, fillable, taking, self.adjacency, self.load)
        else:
            goes = fill_by_nearness(area_of, fillable, taking, self.xy)
        if self.inside is not None:
            wanted = [k for top in self.inside for k in alignment.subtree(alignment.area(top).id)]
            goes[~np.isin(goes, wanted)] = UNASSIGNED
        return goes


def fill(
    plan: Plan,
    way: Way,
    *,
    inside: tuple[AreaId, ...] | None = None,
    without_units: bool = False,
    measure: str | None = None,
) -> Fill:
    """Return the command that fills a plan's gaps.

    Parameters
    ----------
    inside
        Fill only what falls to these areas.
    without_units
        Fill only containers that hold no unit.
    measure
        What makes the load of an area; by default the number of its containers.
    """
    dataset, n = plan.dataset, plan.dataset.items.containers
    home = dataset.items.container_of
    crowded = np.bincount(home[home >= 0], minlength=n) > 0
    load = np.ones(n) if measure is None else np.nan_to_num(dataset.column(measure)[:n])
    among = ~crowded if without_units else np.ones(n, dtype=np.bool_)
    return Fill(way, plan.adjacency, plan.boundaries.xy, load, among, inside)
