"""What differs between two alignments, or two revisions of one: areas, and who holds what."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, Area, AreaId, Positions
from tp_geo.domain.comparison import common
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.hierarchy import path
from tp_geo.domain.revision import last_id
from tp_geo.errors import Refused
from tp_geo.geometry.fitting import grouped
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing_kept import last_published

COPY = "copy"
PUBLISHED = "published"
"""What stands for the snapshot of the last publish."""

Keys: TypeAlias = Mapping[AreaId, Hashable]
"""What an area is known by on either side: its id where that is shared, else its path."""

_COMPARED = tuple(f.name for f in fields(Area) if f.name not in ("id", "parent"))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: a plan at a revision."""

    plan: Plan
    revision: int

    @property
    def alignment(self) -> Alignment:
        """The alignment at that revision."""
        return self.plan.at(self.revision)

    @property
    def dataset(self) -> Dataset:
        """The dataset it stands on."""
        return self.plan.dataset


@dataclass(frozen=True, slots=True)
class AreaChange:
    """An area that both have, by its path in the second, and each field as (before, after)."""

    area: str
    fields: Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Moved:
    """Items that one area gave to another, by code; paths, "Unassigned" for none."""

    source: str
    target: str
    containers: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that differs. Areas by path, items by code."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[AreaChange, ...]
    moved: tuple[Moved, ...]
    held: tuple[str, ...]
    released: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def items(self) -> int:
        """How many items changed hands."""
        return sum(len(m.containers) + len(m.units) for m in self.moved)

    @property
    def none(self) -> bool:
        """Whether the two are the same."""
        return not any(getattr(self, f.name) for f in fields(self))


def find_side(planner: Planner, text: str) -> Side:
    """Return what ``A``, ``A@12`` (a revision), ``A@NAME`` (a snapshot), ``A@published`` mean."""
    name, at, when = text.rpartition("@")
    if not at or any(text in (i.name, i.id) for i in planner.plans()):
        plan = planner.open(text)
        return Side(plan, plan.seq)
    plan = planner.open(name)
    return Side(plan, find_revision(plan, when))


def find_revision(plan: Plan, text: str) -> int:
    """Return the revision a snapshot's name, a number or ``published`` means."""
    named = {s.name: s.seq for s in plan.snapshots()}
    if text in named:
        return named[text]
    if text == PUBLISHED and (last := last_published(plan)):
        return last.seq
    if text.isascii() and text.isdigit() and int(text) <= plan.seq:
        return int(text)
    names = ", ".join(named) or "none"
    raise Refused(
        f"{plan.info.name} has no revision or snapshot {text!r}. "
        f"Revisions: 0 to {plan.seq}; snapshots: {names}."
    )


def compare(planner: Planner, before: Side, after: Side) -> Differences:
    """Return what differs from one plan, or revision, to another."""
    shared = shared_ids(planner, before.plan, after.plan)
    return differences(before, after, shared)


def differences(before: Side, after: Side, shared: int) -> Differences:
    """Return what differs; areas up to id ``shared`` are the same by id, others by path."""
    old, new = _keys(before.alignment, shared), _keys(after.alignment, shared)
    here, there = {v: k for k, v in old.items()}, {v: k for k, v in new.items()}
    paths = _paths(before.alignment), _paths(after.alignment)
    both = [(k, there[key]) for key, k in here.items() if key in there]
    changes = (_change(before.alignment, after.alignment, pair, old, new) for pair in both)
    was, now = common(before.dataset, after.dataset)
    holds = before.alignment.held[was].astype(int) - after.alignment.held[now]
    codes = after.dataset.codes[now]
    return Differences(
        added=tuple(paths[1][k] for key, k in there.items() if key not in here),
        removed=tuple(paths[0][k] for key, k in here.items() if key not in there),
        changed=tuple(c for c in changes if c.fields),
        moved=_moves(before, after, was, now, {k: there.get(old[k]) for k in old}),
        held=tuple(codes[holds < 0].tolist()),
        released=tuple(codes[holds > 0].tolist()),
        only_before=_others(before.dataset, was),
        only_after=_others(after.dataset, now),
    )


def shared_ids(planner: Planner, a: Plan, b: Plan) -> int:
    """Return up to which id areas of two plans are the same ones: all, or those copied along."""
    ours, theirs = _lineage(planner, a), _lineage(planner, b)
    common = next((i for i in ours if i in theirs), None)
    return 0 if common is None else min(ours[common], theirs[common])


def _lineage(planner: Planner, plan: Plan) -> dict[str, int]:
    """Return, for a plan and those it was copied from, up to which id they share areas."""
    infos = {i.id: i for i in planner.store.alignments()}
    found = {plan.info.id: np.iinfo(np.int32).max}
    at, shared = plan.info, np.iinfo(np.int32).max
    while at.base and (base := at.base.rpartition("@")[0]) in infos and base not in found:
        shared = min(shared, _copied_ids(planner.open(at.id)))
        found[base] = shared
        at = infos[base]
    return found


def _copied_ids(plan: Plan) -> int:
    """Return the highest area id that came with the copy; 0 when nothing was there to copy."""
    first = plan.history()[:1]
    return last_id(first[0].edits) if first and first[0].kind == COPY else 0


def _keys(alignment: Alignment, shared: int) -> dict[AreaId, Hashable]:
    return {k: k if k <= shared else path(alignment, k) for k in sorted(alignment.areas)}


def _paths(alignment: Alignment) -> dict[AreaId, str]:
    return {UNASSIGNED: alignment.name(UNASSIGNED)} | {
        k: path(alignment, k) for k in alignment.areas
    }


def _change(
    before: Alignment, after: Alignment, same: tuple[AreaId, AreaId], old: Keys, new: Keys
) -> AreaChange:
    was, now = before.areas[same[0]], after.areas[same[1]]
    found: dict[str, tuple[object, object]] = {
        name: (getattr(was, name), getattr(now, name))
        for name in _COMPARED
        if getattr(was, name) != getattr(now, name)
    }
    above = [None if p is None else keys[p] for p, keys in ((was.parent, old), (now.parent, new))]
    if above[0] != above[1]:
        found["parent"] = (_above(before, was), _above(after, now))
    return AreaChange(path(after, now.id), found)


def _above(alignment: Alignment, area: Area) -> str | None:
    return None if area.parent is None else path(alignment, area.parent)


def _others(dataset: Dataset, common: Positions) -> tuple[str, ...]:
    rest = np.ones(dataset.items.count, dtype=np.bool_)
    rest[common] = False
    return tuple(dataset.codes[rest].tolist())


def _moves(
    before: Side,
    after: Side,
    was: Positions,
    now: Positions,
    same: Mapping[AreaId, AreaId | None],
) -> tuple[Moved, ...]:
    """Return the items whose leaf area is another one; ``same``: what an area is called after."""
    left, right = before.alignment.resolved[was], after.alignment.resolved[now]
    called = np.full(max(same, default=0) + 1, -1, dtype=np.int64)
    called[UNASSIGNED] = UNASSIGNED
    for k, then in same.items():
        called[k] = -1 if then is None else then
    differ = np.flatnonzero(called[left] != right)
    size = max(after.alignment.areas, default=0) + 1
    pairs, items = grouped(left[differ].astype(np.intp) * size + right[differ], now[differ])
    names = _paths(before.alignment), _paths(after.alignment)
    return tuple(
        _moved(after.dataset, found, names[0][AreaId(a)], names[1][AreaId(b)])
        for (a, b), found in zip((divmod(p, size) for p in pairs.tolist()), items, strict=True)
    )


def _moved(dataset: Dataset, items: Positions, source: str, target: str) -> Moved:
    n = dataset.items.containers
    containers, units = dataset.codes[items[items < n]], dataset.codes[items[items >= n]]
    return Moved(source, target, tuple(containers.tolist()), tuple(units.tolist()))
