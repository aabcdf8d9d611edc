"""Models from elsewhere: a sample, another alignment, a table, columns of the data.

Each source gives a *model*: an alignment of its own on the same items. The
command ``Adopt`` brings a model into an alignment, through the gate like
everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import (
    FOLLOW,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    AreaIds,
    Flags,
    Positions,
    frozen,
)
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Dataset, Texts
from tp_geo.domain.edits import Allow, Assign, Edit, Hold, PutArea, Share, assigns, shared_edits
from tp_geo.domain.hierarchy import depths
from tp_geo.domain.overlap import passed_on
from tp_geo.domain.shares import Overlap, Shares
from tp_geo.errors import Refused
from tp_geo.workflow.model_columns import Labels, Within, from_columns, model_of_labels, parts_of

SAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Census regions": ("region",),
        "Census divisions": ("division",),
        "Census divisions over states": ("division", "state"),
        "Census regions over divisions over states": ("region", "division", "state"),
        "States": ("state",),
        "States over counties": ("state", "county"),
    }
)
"""What a new alignment can start from: the levels of each sample, from the top."""

OTHER = "Other"
"""Where a split puts what has no value in the column it splits by."""


@dataclass(frozen=True, slots=True, eq=False)
class Adopt:
    """Bring a model in: its areas below one (``None``: at the top) and where its items go.

    Only items that are in ``below`` itself are given; at the top those that
    are unassigned, unless they are held. What the model has no area for goes
    to its first leaf; at the top it stays unassigned.
    """

    model: Alignment
    text: str
    below: AreaId | None = None
    kind: ClassVar[str] = "model"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return new areas in the order of the tree, then who goes where, then who is held."""
        if self.model.items.count != alignment.items.count:
            raise Refused(
                f"The model is for {self.model.items.count:,} items, the alignment has "
                f"{alignment.items.count:,}. Carry it over to this dataset first."
            )
        if not self.model.areas:
            raise Refused("The model has no areas. Check the table or column it comes from.")
        new = {k: next(ids) for _, k in depths(self.model)}
        puts = [PutArea(self._placed(k, new)) for k in new]
        if self.below is not None and alignment.children(alignment.area(self.below).id):
            return tuple(puts)
        after, held = self._entries(alignment, new)
        moved = np.flatnonzero(alignment.area_of != after)
        shares = self._shares(alignment, new, after)
        return (*puts, *assigns(moved, after[moved]), *_holds(alignment.held, held), *shares)

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return where the areas come from."""
        return self.text

    def _placed(self, area: AreaId, new: Mapping[AreaId, AreaId]) -> Area:
        a = self.model.areas[area]
        return replace(a, id=new[area], parent=self.below if a.parent is None else new[a.parent])

    def _shares(
        self, alignment: Alignment, new: Mapping[AreaId, AreaId], after: AreaIds
    ) -> Iterator[Share | Allow | Assign]:
        """Yield what is shared: as in the model; below an area, as that one did."""
        if self.below is not None:
            yield from passed_on(alignment, (self.below,), new[self.model.leaf(next(iter(new)))])
            return
        shares = self.model.shares
        if len(shares) and alignment.overlap is Overlap.NONE:
            yield Allow(self.model.overlap)
        areas = np.array([new[AreaId(k)] for k in shares.areas.tolist()], dtype=np.int32)
        here = after[shares.items] == [
            new.get(AreaId(k), UNASSIGNED) for k in self.model.area_of[shares.items].tolist()
        ]
        yield from shared_edits(Shares.of(shares.items[here], areas[here]), on=True)

    def _entries(self, alignment: Alignment, new: Mapping[AreaId, AreaId]) -> tuple[AreaIds, Flags]:
        """Return the entries and the held items after the model's leaves have taken theirs."""
        first = self.model.leaf(self.model.children(None)[0])
        to = np.zeros(max(new) + 1, dtype=np.int32)
        to[list(new)] = list(new.values())
        to[UNASSIGNED] = UNASSIGNED if self.below is None else new[first]
        mine = np.flatnonzero(divisible(alignment, self.below))
        goes = to[self.model.resolved[mine]]
        held = alignment.held.copy()
        held[mine] |= self.model.held[mine] & (goes != UNASSIGNED)
        return entered(alignment, mine, goes, held), held


def divisible(alignment: Alignment, area: AreaId | None) -> Flags:
    """Return which items a leaf area passes on when it is divided.

    With ``None``, what is unassigned and not held there.
    """
    if area is None:
        return np.asarray((alignment.resolved == UNASSIGNED) & ~alignment.held)
    return np.asarray(alignment.resolved == area)


@dataclass(frozen=True, slots=True)
class Carried:
    """A model carried over from another dataset, and what of it found no place here.

    ``lost`` are codes that were assigned there and do not exist here;
    ``unknown`` counts the containers here that the other dataset does not
    have; ``rehomed`` the units that lie in another container here.
    """

    model: Alignment
    matched: int
    lost: tuple[str, ...]
    unknown: int
    rehomed: int

    def __str__(self) -> str:
        found = f"{self.matched:,} containers and units carried over by code"
        first = f", the first is {self.lost[0]}" if self.lost else ""
        lost = f"; {len(self.lost):,} not found here{first}" if self.lost else ""
        return f"{found}{lost}; {self.unknown:,} containers are new"


def from_sample(
    name: str, dataset: Dataset, within: Within, labels: Labels | None = None
) -> Alignment:
    """Return the model of a sample: an entry of ``SAMPLES`` on a dataset's containers."""
    if name not in SAMPLES:
        raise Refused(f"There is no sample called {name!r}. Samples: {', '.join(SAMPLES)}.")
    return from_columns(dataset, SAMPLES[name], within=within, labels=labels)


def from_alignment(
    other: Alignment, there: Dataset, here: Dataset, *, via: Texts | None = None
) -> Carried:
    """Return the areas and assignment of an alignment, carried over to a dataset by code.

    ``via`` gives, for each container here, the code of the container there
    that it takes after, for example its county; without it, its own code.
    Review starts anew: no branch is signed off.
    """
    n = here.items.containers
    keys = [*(here.codes[:n] if via is None else via[:n]), *here.codes[n:]]
    finds = [there.containers] * n + [there.units] * (len(keys) - n)
    found = np.array([f.get(c, -1) for f, c in zip(finds, keys, strict=True)], dtype=np.intp)
    there_now = np.flatnonzero(found >= 0)
    area_of = Alignment.empty(here.items).area_of.copy()
    area_of[there_now] = other.area_of[found[there_now]]
    held = np.zeros(here.items.count, dtype=np.bool_)
    held[there_now] = other.held[found[there_now]]
    return Carried(
        Alignment(
            here.items,
            other.areas,
            frozen(area_of),
            frozen(held),
            shares=_shares_carried(other, found[:n]),
            overlap=other.overlap,
        ),
        matched=len(there_now),
        lost=_lost(other, there, found),
        unknown=int((found[:n] < 0).sum()),
        rehomed=_rehomed(there, here, found),
    )


def _shares_carried(other: Alignment, found: Positions) -> Shares:
    """Return what is shared once each container here is one there, -1 for none."""
    order = np.argsort(found, kind="stable")
    first, last = (np.searchsorted(found[order], other.shares.items, s) for s in ("left", "right"))
    pair = np.repeat(np.arange(len(other.shares)), last - first)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    return Shares.of(order[first[pair] + step], other.shares.areas[pair])


def split_by(
    alignment: Alignment,
    dataset: Dataset,
    area: AreaId | None,
    key: str,
    *,
    level: str = "Area",
    within: Within | None = None,
    labels: Labels | None = None,
) -> Adopt:
    """Return the command that divides a leaf area by state, county or a column of the data.

    Containers go where most of their units belong, other units become
    exceptions. What has no value goes to an area called ``OTHER``.
    """
    if area is not None and alignment.children(area):
        raise Refused(f"{alignment.name(area)} is divided already. Split an area below it.")
    here = UNASSIGNED if area is None else area
    mine = divisible(alignment, area)
    among = mine[: dataset.items.containers].astype(str).astype(object)
    parts = parts_of(dataset, key, within, labels, among=among)
    parts[~mine] = ""
    model = model_of_labels(dataset, [level], [parts])
    if not model.areas:
        raise Refused(f"{alignment.name(here)} has nothing with a value of {key}.")
    left = mine & (model.resolved == UNASSIGNED)
    if area is not None and left.any():
        parts[left] = OTHER
        model = model_of_labels(dataset, [level], [parts])
    what = "what is unassigned" if area is None else alignment.name(area)
    return Adopt(model, f"split {what} by {key} into {counted(len(model.areas), 'areas')}", area)


def entered(alignment: Alignment, mine: Positions, goes: AreaIds, held: Flags) -> AreaIds:
    """Return entries after items (ascending) went each to its area; units that come home follow."""
    n = alignment.items.containers
    after: AreaIds = alignment.area_of.copy()
    split = int(np.searchsorted(mine, n))
    after[mine[:split]] = goes[:split]
    units, to = mine[split:], goes[split:]
    inside = alignment.items.container_of[units - n]
    home = np.where(inside >= 0, after[inside], UNASSIGNED)
    after[units] = np.where((home == to) & ~held[units], FOLLOW, to)
    return after


def _holds(before: Flags, after: Flags) -> tuple[Hold, ...]:
    new = np.flatnonzero(after & ~before)
    return (Hold(new, True),) if len(new) else ()


def _lost(other: Alignment, there: Dataset, found: Positions) -> tuple[str, ...]:
    entered = other.area_of > UNASSIGNED
    entered[found[found >= 0]] = False
    return tuple(there.codes[entered].tolist())


def _rehomed(there: Dataset, here: Dataset, found: Positions) -> int:
    n, m = here.items.containers, there.items.containers
    units = np.flatnonzero(found[n:] >= 0)
    now, was = here.items.container_of[units], there.items.container_of[found[n + units] - m]
    code_now = np.where(now >= 0, here.codes[now], "")
    code_was = np.where(was >= 0, there.codes[was], "")
    return int((code_now != code_was).sum())
