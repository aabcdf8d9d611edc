"""What a book of maps shows, worked out once: shapes on the plane, figures, what changed hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.balance import deviations, off_target
from tp_geo.domain.dataset import Texts
from tp_geo.domain.formula_areas import areas_worked
from tp_geo.domain.formula_values import Worked
from tp_geo.domain.hierarchy import Focus, in_view, levels, shown_at
from tp_geo.domain.targets import NO_AIM, Aim, aim_of
from tp_geo.files.exports_plane import Plane, plane_of
from tp_geo.files.exports_shapes import polygons_of
from tp_geo.files.exports_tables import Contents
from tp_geo.geometry.earth import Polygons
from tp_geo.geometry.flatten import on_plane
from tp_geo.geometry.outline import dissolved

NAMED = ("state", "county")
"""Boundaries that people know by name; others they know by code."""


class Handed(NamedTuple):
    """How many containers and units an area got from another one, or gave it."""

    other: str
    containers: int
    units: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What each area got and gave since another state of the plan, and what that is called."""

    since: str
    gained: Mapping[AreaId, tuple[Handed, ...]]
    lost: Mapping[AreaId, tuple[Handed, ...]]


class Figure(NamedTuple):
    """One line of an area's figures; NaN for a target it has not. ``off``: it counts as off."""

    label: str
    planned: float
    target: float
    deviation: float
    off: bool
    aim: Aim = NO_AIM

    @property
    def mark(self) -> str:
        """An arrow the way it is off, else nothing."""
        if not self.off:
            return ""
        return "▲" if self.deviation > 0 else "▼"


@dataclass(frozen=True, eq=False)
class Atlas:
    """A plan at a level, ready to be drawn."""

    contents: Contents
    depth: int
    changes: Changes | None = None

    @cached_property
    def plane(self) -> Plane:
        """The areas of the level on the plane."""
        return plane_of(self.contents, self.depth)

    @cached_property
    def areas(self) -> tuple[AreaId, ...]:
        """The areas of the level in the order of the tree, those without containers too."""
        return in_view(self.contents.alignment, Focus(level=self.depth))

    @cached_property
    def level(self) -> str:
        """What areas of the level are called."""
        named = levels(self.contents.alignment)
        return named[self.depth - 1] if named else ""

    @cached_property
    def place(self) -> Mapping[AreaId, int]:
        """Where in the plane's arrays each area stands."""
        return {k: i for i, k in enumerate(self.plane.ids)}

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Finds the areas in a box."""
        return shapely.STRtree(self.plane.shapes)

    @cached_property
    def containers(self) -> Polygons:
        """The shape of each container on the plane."""
        return on_plane(polygons_of(self.contents), self.plane.projection)

    @cached_property
    def all(self) -> shapely.Geometry:
        """Everything, coarse: a small map to find an area on."""
        whole = dissolved(self.plane.shapes)
        west, south, east, north = whole.bounds
        return shapely.simplify(whole, max(east - west, north - south) / 800)

    @cached_property
    def labels(self) -> Texts:
        """What people call each container: the name of a county or state, else its code."""
        dataset = self.contents.dataset
        named = dataset.names if dataset.boundaries in NAMED else dataset.codes
        return named[self.contents.containers]

    def held(self, area: AreaId) -> NDArray[np.intp]:
        """Return the containers of an area by their place in the dataset, in order of codes."""
        return self._held.get(area, np.zeros(0, dtype=np.intp))

    def figures(self, area: AreaId) -> list[Figure]:
        """Return what an area holds and should hold, by measure."""
        alignment, totals = self.contents.alignment, self.contents.totals
        assigned = area != UNASSIGNED
        targets = alignment.areas[area].targets if assigned else {}
        deviation = deviations(alignment, totals, area) if assigned else {}
        off = off_target(alignment, totals, area) if assigned else {}
        return [
            Figure(
                self.contents.dataset.measure(name).label,
                totals.of(area, name),
                targets.get(name, float("nan")),
                deviation.get(name, float("nan")),
                name in off,
                aim_of(alignment.areas[area], name) if assigned else NO_AIM,
            )
            for name in totals.names
        ]

    def calculated(self, area: AreaId) -> list[Figure]:
        """Return what formulas of areas come to."""
        none = float("nan")
        return [
            Figure(name, float(worked.values[area]), none, none, off=False)
            for name, worked in self._worked.items()
        ]

    @cached_property
    def _worked(self) -> Mapping[str, Worked]:
        contents = self.contents
        return areas_worked(contents.dataset, contents.alignment, contents.totals)

    @cached_property
    def _held(self) -> Mapping[AreaId, NDArray[np.intp]]:
        alignment = self.contents.alignment
        codes = self.contents.dataset.codes[self.contents.containers].astype(str)
        shown = shown_at(alignment, self.depth)[alignment.area_of[self.contents.containers]]
        order = np.lexsort((codes, shown))
        starts = np.flatnonzero(np.diff(shown[order], prepend=-1))
        groups = np.split(order, starts[1:]) if len(starts) else []
        return {AreaId(int(shown[g[0]])): g for g in groups}
