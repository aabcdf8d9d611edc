"""Which items of a plan are optimized, in which areas they are, and what they weigh.

Containers are what moves. Units go along with their container: those that
follow it, those that are in its area anyway, and those in no container with
the nearest one. All others (exceptions, held units, units without a place)
stay and are counted where they are; so do containers that areas share. Where
nothing but units without a place weighs anything, these are the items: a plan
as a table, without a map.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, Alignment, AreaId, AreaIds, Positions
from tp_geo.domain.dataset import Dataset, Floats
from tp_geo.domain.measures import contents
from tp_geo.domain.overlap import parts
from tp_geo.errors import Refused
from tp_geo.geometry.earth import unit_vectors
from tp_geo.workflow.optimizing import UNITS, Request, areas_of, check_measure
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.points import coordinates

Flags: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = NDArray[np.int32]

NOWHERE, OUTSIDE = -1, -2
"""Among the numbers of areas: in none, and in one that is not optimized."""


@dataclass(frozen=True, eq=False)
class Frame:
    """How the arrays of a problem lie in a plan.

    ``items`` are positions in the dataset, ``areas`` the areas by number.
    ``number`` is the area each item is in now, ``NOWHERE`` for none; ``held``
    tells which have to stay, ``locked`` which areas. ``weights`` has a column
    for each of ``columns``; ``fixed`` has what each area holds besides the
    items. ``units`` counts what goes with each item, ``along`` are those of
    them that are not entered as following it, ``along_with`` the item of each.
    ``unplaced`` is how many units nobody has would need a place to be given
    out; in a ``table`` the items are units without a place.
    """

    plan: Plan
    alignment: Alignment
    seq: int
    areas: tuple[AreaId, ...]
    columns: tuple[str, ...]
    items: Positions
    number: Numbers
    held: Flags
    locked: Flags
    weights: Floats
    fixed: Floats
    units: Floats
    along: Positions
    along_with: Positions
    unplaced: int = 0
    table: bool = False

    @cached_property
    def position(self) -> Positions:
        """The number of each item of the dataset among the items here, -1 where it is none."""
        found = np.full(self.alignment.items.count, -1, dtype=np.intp)
        found[self.items] = np.arange(len(self.items))
        return found

    @property
    def dataset(self) -> Dataset:
        """What is planned with."""
        return self.plan.dataset

    def name(self, number: int) -> str:
        """Return what to call the area of a number."""
        return self.alignment.name(UNASSIGNED if number < 0 else self.areas[number])

    def column(self, measure: str) -> Floats:
        """Return what each item weighs of a measure, or how many units go with it."""
        return self.units if measure == UNITS else self.weights[:, self.columns.index(measure)]


def numbers(alignment: Alignment, areas: tuple[AreaId, ...]) -> Numbers:
    """Return, by id of a leaf area, the number of the area it lies in; ``OUTSIDE`` for others."""
    found = np.full(max(alignment.areas, default=0) + 1, OUTSIDE, dtype=np.int32)
    found[UNASSIGNED] = NOWHERE
    for number, area in enumerate(areas):
        found[list(alignment.subtree(area))] = number
    return found


def holders(frame: Frame, number: Numbers) -> AreaIds:
    """Return the area each item of the dataset shows in when items are in these areas.

    What is not optimized shows in the leaf it is in.
    """
    found = numbers(frame.alignment, frame.areas)[frame.alignment.resolved]
    following = np.flatnonzero(frame.alignment.area_of == FOLLOW)
    found[frame.items] = number
    inside = frame.alignment.items.container_of[following - frame.alignment.items.containers]
    found[following[inside >= 0]] = found[inside[inside >= 0]]
    found[frame.along] = number[frame.along_with]
    ids = np.array([*frame.areas, frame.areas[0], UNASSIGNED], dtype=np.int32)
    outside = found == OUTSIDE
    return np.where(outside, frame.alignment.resolved, ids[found]).astype(np.int32)


def build_frame(
    plan: Plan, request: Request, columns: tuple[str, ...], alignment: Alignment | None = None
) -> Frame:
    """Return the items of a plan that a request is about; refuse what makes no sense.

    ``columns`` are the measures that are needed of each item, ``alignment``
    is what the plan might be, by default what it is.
    """
    for name in columns:
        check_measure(plan.dataset, name)
    seq = plan.seq
    alignment = plan.at(seq) if alignment is None else alignment
    view = _View(plan, alignment, areas_of(alignment, request), request)
    frame = _of_containers(view, seq, columns)
    if not frame.weights.any() and view.free.any():
        frame = _of_units(view, seq, columns)
    if not len(frame.items):
        raise Refused(
            "There is nothing to give out: the areas hold nothing. "
            "Include what is unassigned, or choose another focus."
        )
    _refuse_negative(frame)
    return frame


class _View:
    """Where every container and unit is, in numbers of areas, and which units go along."""

    def __init__(
        self, plan: Plan, alignment: Alignment, areas: tuple[AreaId, ...], request: Request
    ) -> None:
        self.plan, self.alignment, self.areas = plan, alignment, areas
        self.n = alignment.items.containers
        self.where = numbers(alignment, areas)[alignment.resolved]
        self.least = NOWHERE if request.focus.unassigned else 0
        held = alignment.held | _in_locked_leaf(alignment, areas)[alignment.resolved]
        self.held = held | (request.only_unassigned & (self.where >= 0))
        self.held[alignment.shared.items] = True
        self._hold_with_units()
        self.movable = (self.where >= self.least) & ~((self.where == NOWHERE) & self.held)
        self.home = _homes(plan, alignment)
        self.along = self._along()

    @property
    def free(self) -> Flags:
        """Which units have no place, so that they can be given to any area."""
        found: Flags = self.movable[self.n :] & (self.home < 0)
        return found

    def _hold_with_units(self) -> None:
        """Hold the containers of which a unit that follows is held."""
        held = self.alignment.held[self.n :] & (self.alignment.area_of[self.n :] == FOLLOW)
        inside = self.alignment.items.container_of[held]
        self.held[inside[inside >= 0]] = True

    def _along(self) -> Flags:
        """Return which units go where their container, or the nearest one, goes."""
        alignment, n = self.alignment, self.n
        placed = self.home >= 0
        home = np.where(placed, self.home, 0)
        if not n:
            return np.zeros(len(home), dtype=np.bool_)
        follows = (alignment.area_of[n:] == FOLLOW) & (alignment.items.container_of >= 0)
        there = self.where[n:] == self.where[home]
        given = (self.where[n:] == NOWHERE) & (self.least == NOWHERE)
        free = ~alignment.held[n:] & self.movable[home] & (there | given)
        found: Flags = placed & (follows | free)
        return found


def _of_containers(view: _View, seq: int, columns: tuple[str, ...]) -> Frame:
    alignment, n = view.alignment, view.n
    items = np.flatnonzero(view.movable[:n])
    at = np.full(n, -1, dtype=np.intp)
    at[items] = np.arange(len(items))
    inside, home, along = alignment.items.container_of, view.home, view.along
    weights = np.column_stack([_amounts(view, c)[:n] for c in columns])
    leaving = np.flatnonzero(~along & (inside >= 0))
    coming = np.flatnonzero(along & (inside < 0))
    for i, amounts in enumerate(_units_amounts(view, columns)):
        weights[:, i] -= np.bincount(inside[leaving], amounts[leaving], n)
        weights[:, i] += np.bincount(home[coming], amounts[coming], n)
    with_item = np.flatnonzero(along)
    units = np.bincount(home[with_item], minlength=n)[items].astype(np.float64)
    entered = with_item[alignment.area_of[n + with_item] != FOLLOW]
    entered = np.union1d(entered, coming)
    entered = entered[at[home[entered]] >= 0]
    lost = view.free & (view.where[n:] == NOWHERE)
    return Frame(
        plan=view.plan, alignment=alignment, seq=seq, areas=view.areas, columns=columns,
        items=items, number=view.where[items], held=view.held[items], locked=_locked(view),
        weights=weights[items], fixed=_fixed(view, columns, ~along) + _shared(view, columns),
        units=units, along=n + entered, along_with=at[home[entered]], unplaced=int(lost.sum()),
    )  # fmt: skip


def _of_units(view: _View, seq: int, columns: tuple[str, ...]) -> Frame:
    units = np.flatnonzero(view.free)
    items = view.n + units
    weights = [amounts[units] for amounts in _units_amounts(view, columns)]
    none = np.zeros(0, dtype=np.intp)
    return Frame(
        plan=view.plan, alignment=view.alignment, seq=seq, areas=view.areas, columns=columns,
        items=items, number=view.where[items], held=view.held[items], locked=_locked(view),
        weights=np.column_stack(weights), fixed=_fixed(view, columns, ~view.free),
        units=np.ones(len(items)), along=none, along_with=none, table=True,
    )  # fmt: skip


def _amounts(view: _View, measure: str) -> Floats:
    names = [m.name for m in view.plan.dataset.measures]
    return view.plan.dataset.amounts[names.index(measure)][0]


def _units_amounts(view: _View, columns: tuple[str, ...]) -> list[Floats]:
    return [_amounts(view, name)[view.n :] for name in columns]


def _fixed(view: _View, columns: tuple[str, ...], staying: Flags) -> Floats:
    """Return what each area holds of units that stay where they are."""
    where = view.where[view.n :]
    here = np.flatnonzero(staying & (where >= 0))
    sums = [
        np.bincount(where[here], amounts[here], len(view.areas))
        for amounts in _units_amounts(view, columns)
    ]
    return np.column_stack(sums).astype(np.float64)


def _shared(view: _View, columns: tuple[str, ...]) -> Floats:
    """Return what shares add to what each area holds; below 0 where it gives up a part."""
    found = np.zeros((len(view.areas), len(columns)))
    if len(view.alignment.shared):
        dataset = view.plan.dataset
        names = [m.name for m in dataset.measures]
        items, there, part = parts(view.alignment, numbers(view.alignment, view.areas))
        here = there >= 0
        amounts = contents(dataset, view.alignment)[0][:, [names.index(c) for c in columns]]
        np.add.at(found, there[here], (part[:, None] * amounts[items])[here])
    return found


def _homes(plan: Plan, alignment: Alignment) -> Positions:
    """Return the container of each unit, the nearest one where it is in none, -1 without place."""
    home = alignment.items.container_of.astype(np.intp)
    stray = np.flatnonzero(home < 0)
    if not len(stray) or not alignment.items.containers:
        return home
    from scipy.spatial import KDTree

    lonlat = coordinates(plan.dataset, plan.boundaries)[stray]
    known = ~np.isnan(lonlat).any(axis=1)
    if known.any():
        tree = KDTree(unit_vectors(plan.boundaries.xy))
        home[stray[known]] = tree.query(unit_vectors(lonlat[known]))[1]
    return home


def _in_locked_leaf(alignment: Alignment, areas: tuple[AreaId, ...]) -> Flags:
    """Return, by id, which areas are shut: locked or signed off, or below one that is."""
    found = np.zeros(max(alignment.areas, default=0) + 1, dtype=np.bool_)
    for area in areas:
        for k in alignment.subtree(area):
            found[k] = alignment.shut(k) is not None
    return found


def _locked(view: _View) -> Flags:
    """Return which areas neither take nor give: locked ones, and those of locked leaves alone."""
    alignment = view.alignment
    found = [
        all(alignment.shut(k) for k in alignment.subtree(area) if not alignment.children(k))
        for area in view.areas
    ]
    return np.array(found, dtype=np.bool_)


def _refuse_negative(frame: Frame) -> None:
    for name, column in zip(frame.columns, frame.weights.T, strict=True):
        rounding = 1e-9 * max(float(np.abs(column).max(initial=0.0)), 1e-300)
        if len(wrong := np.flatnonzero(column < -rounding)):
            label = frame.dataset.measure(name).label
            code = frame.dataset.codes[frame.items[wrong[0]]]
            raise Refused(
                f"{label} is below 0 in {code} and {len(wrong) - 1:,} more; only amounts of 0 "
                "or more can be balanced. Mend the data, or choose another measure."
            )
        np.maximum(column, 0.0, out=column)
