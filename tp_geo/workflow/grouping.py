"""Bottom-up: areas that are there are grouped into districts and regions above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import Alignment, Area, AreaId, Positions, Profile
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Floats
from tp_geo.domain.edits import Edit, PutArea
from tp_geo.domain.hierarchy import find_area
from tp_geo.errors import BadData, Refused
from tp_geo.files.intake import row_numbers
from tp_geo.geometry.earth import unit_vectors
from tp_geo.workflow.cells import find_column, texts
from tp_geo.workflow.model_tables import NAME

ROUNDS = 100
"""At most so many rounds of moving areas to the nearest group; a few are enough."""


@dataclass(frozen=True, slots=True)
class Group:
    """Put areas that lie side by side under new ones.

    ``places`` gives, by area, the names of the areas above it from the top
    down; ``levels`` what these are called. Areas not named stay where they are.
    """

    places: Mapping[AreaId, tuple[str, ...]]
    levels: tuple[str, ...]
    profile: Profile | None = None
    kind: ClassVar[str] = "group"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the new areas, upper levels first, then the old ones below them."""
        parents = {alignment.area(k).parent for k in self.places}
        if not parents:
            raise Refused("There is nothing to group. Name at least one area and its group.")
        if len(parents) > 1:
            raise Refused("Areas below different parents can't be grouped in one step.")
        if any(not path for path in self.places.values()):
            raise Refused("Every area that is grouped needs the name of its group.")
        (top,) = parents
        made: dict[tuple[str, ...], AreaId | None] = {(): top}
        new = []
        for path in self._paths():
            area = Area(
                next(ids), path[-1], made[path[:-1]], self.levels[len(path) - 1],
                profile=self.profile or Profile.CONTIGUOUS,
            )  # fmt: skip
            made[path] = area.id
            new.append(PutArea(area))
        old = (replace(alignment.area(k), parent=made[p]) for k, p in self.places.items())
        return (*new, *map(PutArea, old))

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return how many areas went under how many."""
        tops = {path[:1] for path in self.places.values()}
        areas = counted(len(self.places), "areas")
        text = f"grouped {areas} into {len(tops):,} of level {self.levels[0]}"
        left = len(self._left(alignment))
        stay = "stays" if left == 1 else "stay"
        return f"{text}; {counted(left, 'areas')} {stay} beside them" if left else text

    def _left(self, alignment: Alignment) -> set[AreaId]:
        """Return the areas that stay on the level of the new ones."""
        parents = {alignment.area(k).parent for k in self.places}
        beside = {k for parent in parents for k in alignment.children(parent)}
        return beside - self.places.keys()

    def _paths(self) -> list[tuple[str, ...]]:
        """Return every new area's path, parents before children, as they first appear."""
        found = {p[: i + 1]: None for p in self.places.values() for i in range(len(p))}
        return sorted(found, key=len)


def group(alignment: Alignment, groups: Mapping[str, Sequence[AreaId]], level: str) -> Group:
    """Return the command that puts areas under new ones, named as in ``groups``."""
    places: dict[AreaId, tuple[str, ...]] = {}
    for name, members in groups.items():
        for area in members:
            if area in places:
                where = f"{places[area][0]} and {name}"
                raise Refused(f"{alignment.name(area)} is in two groups: {where}. Choose one.")
            places[area] = (name,)
    return Group(places, (level,))


def group_by_table(alignment: Alignment, table: pd.DataFrame) -> Group:
    """Return the grouping a table describes: an area a row, then a column for each level above.

    Columns for levels go from the lowest to the highest: ``territory,
    district, region``. Areas are named, or given as a path or ``#number``.
    """
    named = find_column(table, NAME) or (str(table.columns[0]) if len(table.columns) else None)
    above = [str(c) for c in table.columns if str(c) != named]
    if named is None or not above:
        raise BadData("The table needs a column of areas and one for each level above them.")
    columns = [texts(table, c) for c in reversed(above)]
    places: dict[AreaId, tuple[str, ...]] = {}
    numbers = row_numbers(table).tolist()
    for i, text in enumerate(texts(table, named)):
        path = tuple(column[i] for column in columns)
        if not text and not any(path):
            continue
        area = _area(alignment, text, numbers[i], named)
        if area in places:
            raise BadData(f"Row {numbers[i]}, {named} {text!r}: is in the table already.")
        if "" in path:
            blank = [*reversed(above)][path.index("")]
            raise BadData(f"Row {numbers[i]}, {blank}: is blank. Name the group of {text!r}.")
        places[area] = path
    return Group(places, tuple(reversed(above)))


def group_by_column(alignment: Alignment, attribute: str, level: str) -> Group:
    """Return the grouping of the top areas by one of their attributes, or by ``owner``."""
    places: dict[AreaId, tuple[str, ...]] = {}
    for k in alignment.children(None):
        area = alignment.areas[k]
        value = area.owner if attribute == "owner" else area.attributes.get(attribute)
        if value not in (None, ""):
            places[k] = (str(value),)
    if not places:
        raise Refused(f"No area at the top has a value of {attribute!r} to group by.")
    return Group(places, (level,))


def group_by_nearness(alignment: Alignment, xy: Floats, names: Sequence[str], level: str) -> Group:
    """Return the grouping of the top areas into as many groups of near ones as there are names.

    ``xy`` is (containers, 2), degrees. Groups are named in the order of their
    first area. Areas without containers go with the first group.
    """
    tops = alignment.children(None)
    if not 1 <= len(names) <= len(tops):
        raise Refused(f"{len(tops):,} areas can be put in 1 to {len(tops):,} groups.")
    group_of = _nearest(_centers(alignment, tops, xy), len(names))
    order = {int(g): i for i, g in enumerate(dict.fromkeys(group_of.tolist()))}
    named = {k: (names[order[int(g)]],) for k, g in zip(tops, group_of, strict=True)}
    return Group(named, (level,))


def _area(alignment: Alignment, text: str, row: int, field: str) -> AreaId:
    try:
        found = find_area(alignment, text)
        return alignment.area(found).id
    except Refused as error:
        raise BadData(f"Row {row}, {field} {text!r}: {error}") from error


def _centers(alignment: Alignment, tops: Sequence[AreaId], xy: Floats) -> Floats:
    """Return the middle of each area's containers, on the unit sphere; NaN without any."""
    points = unit_vectors(xy)
    entries = alignment.area_of[: alignment.items.containers]
    centers = np.full((len(tops), 3), np.nan)
    for i, top in enumerate(tops):
        mine = points[np.isin(entries, list(alignment.subtree(top)))]
        if len(mine):
            centers[i] = mine.mean(axis=0) / np.linalg.norm(mine.mean(axis=0))
    return centers


def _nearest(centers: Floats, count: int) -> Positions:
    """Return the group of each center: seeds far from one another, then moved to the middle."""
    known = np.flatnonzero(~np.isnan(centers[:, 0]))
    found = np.zeros(len(centers), dtype=np.intp)
    if len(known) < count:
        found[known] = np.arange(len(known))
        return found
    points = centers[known]
    seeds = _far_apart(points, count)
    group = np.full(len(points), -1, dtype=np.intp)
    for _ in range(ROUNDS):
        closest = np.argmax(points @ seeds.T, axis=1)
        if np.array_equal(closest, group):
            break
        group = closest
        for g in np.unique(group):
            seeds[g] = points[group == g].mean(axis=0)
    found[known] = group
    return found


def _far_apart(points: Floats, count: int) -> Floats:
    chosen = [int(np.argmin(points @ points.mean(axis=0)))]
    while len(chosen) < count:
        closeness = (points @ points[chosen].T).max(axis=1)
        closeness[chosen] = np.inf
        chosen.append(int(np.argmin(closeness)))
    return points[chosen].copy()
