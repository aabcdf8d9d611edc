"""Assign by a column: rows that say an area or an owner go there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, AreaIds, Flags
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Dataset, Texts
from tp_geo.domain.edits import Edit, assigns
from tp_geo.domain.hierarchy import path
from tp_geo.errors import Refused
from tp_geo.workflow.model_columns import Labels, Within, majority, parts_of
from tp_geo.workflow.models import entered


class Scope(StrEnum):
    """Which rows are assigned."""

    BOTH = "both"
    CONTAINERS = "containers"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Value:
    """A text in the column: how many rows say it, and where they go or why nowhere."""

    text: str
    rows: int
    area: AreaId | None
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a column comes to: where each item goes, by value, and what stays and why.

    ``goes`` is by item, ``UNASSIGNED`` where it stays. ``moving`` counts the
    items that change their area, ``held`` and ``locked`` those that may not.
    """

    goes: AreaIds
    values: tuple[Value, ...]
    moving: int
    held: int
    locked: int

    @property
    def unknown(self) -> tuple[Value, ...]:
        """The values no area is called by."""
        return tuple(v for v in self.values if v.area is None)


@dataclass(frozen=True, slots=True, eq=False)
class AssignBy:
    """Give each item to the area that its value names: by name, by path, or by its one owner.

    ``values`` is by item, "" where there is none. Held items and what is in
    locked areas stay; so does everything whose value names no area.
    """

    column: str
    values: Texts
    only_unassigned: bool = False
    inside: AreaId | None = None
    kind: ClassVar[str] = "assign"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return who goes where."""
        outcome = self.outcome(alignment)
        if not (outcome.goes != UNASSIGNED).any():
            raise Refused(
                f"Nothing can be assigned by {self.column}: no value is the name or the owner of "
                "an area that may take it. Name areas after the values, or set their owners."
            )
        mine = np.flatnonzero(outcome.goes != UNASSIGNED)
        after = entered(alignment, mine, outcome.goes[mine], alignment.held)
        moved = np.flatnonzero(alignment.area_of != after)
        return assigns(moved, after[moved])

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return how many items go to how many areas."""
        outcome = self.outcome(alignment)
        areas = len({v.area for v in outcome.values if v.area is not None})
        what = counted(outcome.moving, "items")
        return f"assigned {what} by {self.column} to {counted(areas, 'areas')}"

    def outcome(self, alignment: Alignment) -> Outcome:
        """Return what this comes to now."""
        said, which = np.unique(self.values.astype(str), return_inverse=True)
        values = _matched(alignment, said.tolist(), np.bincount(which).tolist(), self.inside)
        to = np.array([v.area or UNASSIGNED for v in values], dtype=np.int32)
        goes: AreaIds = to[which] if len(to) else np.zeros(len(which), dtype=np.int32)
        now = alignment.resolved
        goes[~self._in_scope(alignment)] = UNASSIGNED
        changing = (goes != UNASSIGNED) & (goes != now)
        held = changing & alignment.held
        shut = _locked(alignment)
        locked = (shut[now] | shut[goes]) & (goes != UNASSIGNED)
        goes[held | locked] = UNASSIGNED
        return Outcome(
            goes,
            tuple(v for v in values if v.text),
            moving=int((changing & ~held & ~locked).sum()),
            held=int(held.sum()),
            locked=int((locked & changing & ~held).sum()),
        )

    def _in_scope(self, alignment: Alignment) -> Flags:
        now = alignment.resolved
        if self.only_unassigned:
            return np.asarray(now == UNASSIGNED)
        if self.inside is None:
            return np.ones(len(now), dtype=np.bool_)
        return np.isin(now, [UNASSIGNED, *alignment.subtree(self.inside)])


def assign_by(
    dataset: Dataset,
    column: str,
    *,
    scope: Scope = Scope.BOTH,
    within: Within | None = None,
    labels: Labels | None = None,
    only_unassigned: bool = False,
    inside: AreaId | None = None,
) -> AssignBy:
    """Return the command that assigns by a column of the data or of what containers lie in.

    Where both containers and units are assigned, a container without a value
    goes where most of its units go.
    """
    values = parts_of(dataset, column, within, labels)
    n = dataset.items.containers
    if scope is Scope.UNITS:
        values[:n] = ""
    elif scope is Scope.CONTAINERS:
        values[n:] = ""
    else:
        said, which = np.unique(values.astype(str), return_inverse=True)
        known = np.where(said[which] == "", 0, which + 1).astype(np.int32)
        most = majority(known[n:], dataset.items.container_of, n)
        silent = np.flatnonzero((known[:n] == 0) & (most > 0))
        values[silent] = said[most[silent] - 1]
    return AssignBy(column, values, only_unassigned, inside)


def _matched(
    alignment: Alignment, said: Iterable[str], rows: Iterable[int], inside: AreaId | None
) -> tuple[Value, ...]:
    names, owners = _called(alignment, inside)
    found = []
    for text, n in zip(said, rows, strict=True):
        folded = text.strip().casefold()
        known = names.get(folded) or owners.get(folded, [])
        match [*dict.fromkeys(alignment.leaf(k) for k in known)]:
            case [leaf]:
                found.append(Value(text, n, leaf))
            case []:
                found.append(Value(text, n, None, "no area is called so or has this owner"))
            case several:
                how = "are called so" if folded in names else "have this owner"
                found.append(Value(text, n, None, f"{len(several):,} areas {how}"))
    return tuple(found)


def _called(
    alignment: Alignment, inside: AreaId | None
) -> tuple[dict[str, list[AreaId]], dict[str, list[AreaId]]]:
    """Return the areas by name and path, and by owner, in any case."""
    names: dict[str, list[AreaId]] = defaultdict(list)
    owners: dict[str, list[AreaId]] = defaultdict(list)
    chosen = alignment.areas if inside is None else alignment.subtree(inside)
    for k in sorted(chosen):
        area = alignment.areas[k]
        for name in {area.name.casefold(), path(alignment, k).casefold()}:
            names[name].append(k)
        if area.owner:
            owners[area.owner.casefold()].append(k)
    return dict(names), dict(owners)


def _locked(alignment: Alignment) -> Flags:
    """Return by area id whether it or one above it is locked or signed off."""
    shut = np.zeros(max(alignment.areas, default=0) + 1, dtype=np.bool_)
    shut[[k for k in alignment.areas if alignment.shut(k) is not None]] = True
    return shut
