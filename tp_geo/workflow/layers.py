"""Boundary sets taken in, and plans carried over to them by code."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tp_geo import cancelling
from tp_geo.domain.alignment import UNASSIGNED, AreaIds, Items, frozen
from tp_geo.domain.dataset import Dataset
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.locate import containers_of
from tp_geo.store import BoundaryInfo, DatasetInfo, geoparquet
from tp_geo.workflow import clock, default, shapes
from tp_geo.workflow.additions import Additions
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Progress = Callable[[str, float], None]

COVERED = 0.5
NO_REPORT: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What became of one alignment when its containers were replaced."""

    alignment: str
    kept: int
    new: int
    gone: int
    unassigned: tuple[str, ...]

    def __str__(self) -> str:
        lost = "none of them was assigned"
        if self.unassigned:
            were = "was" if len(self.unassigned) == 1 else "were"
            lost = f"{len(self.unassigned):,} of them {were} assigned, first {self.unassigned[0]}"
        return f"{self.alignment}: {self.kept:,} kept, {self.new:,} new, {self.gone:,} gone; {lost}"


def take_in(
    planner: Planner, layer: Boundaries, *, progress: Progress = lambda _what, _share: None
) -> BoundaryInfo:
    """Keep a boundary set and pack its shapes for the map; it is its kind's active set from now."""
    info = BoundaryInfo(
        kind=layer.kind,
        key=layer.key,
        title=layer.title,
        vintage=layer.vintage,
        source=layer.source,
        licence=layer.licence,
        country=layer.country,
        approximate=layer.approximate,
        count=len(layer.codes),
        made=clock.now(),
    )
    progress("Packing the shapes for the map", 0.2)
    made = None
    if layer.kind == default.KIND and covers(layer, planner.layer(default.KIND).codes):
        made = default.dataset_on(layer, layer=layer.key)
    packed = shapes.pack_shapes(layer) if made else b""
    blob = geoparquet.to_geoparquet(layer)
    progress("Keeping the shapes", 0.8)
    cancelling.keep()
    planner.store.put_boundaries(info, blob)
    if made:
        planner.store.put_blob(shapes.shapes_key(planner, made), packed)
        _store_dataset(planner, made)
    progress("Done", 1.0)
    return info


def covers(layer: Boundaries, codes: Iterable[str]) -> bool:
    """Whether a set can stand in for containers: it has at least half of their codes."""
    wanted = set(codes)
    return len(wanted.intersection(layer.codes)) >= COVERED * len(wanted)


def carry_over(planner: Planner, layer: Boundaries) -> tuple[CarriedOver, ...]:
    """Put the alignments and the newest datasets of the layer's kind on it, matching by code.

    Those of which the layer has less than half of the codes stay where they
    are: another country's postal codes, or one state's, are no new edition.
    """
    plans = [planner.open(info.id) for info in planner.plans()]
    newest = [planner.dataset(info.key) for info in planner.store.datasets()]
    there = {d.key: d for d in (*(plan.dataset for plan in plans), *newest)}
    named = {d.key for d in newest}  # kept last, so that their names still mean them
    moved = {
        key: _moved(planner, there[key], layer)
        for key in sorted(there, key=named.__contains__)
        if _takes(layer, there[key])
    }
    return tuple(
        _carry(planner, plan, moved[plan.dataset.key])
        for plan in plans
        if plan.dataset.key in moved
    )


def _takes(layer: Boundaries, dataset: Dataset) -> bool:
    """Whether a dataset goes onto a layer: of its kind, not on it already, and covered."""
    other = dataset.boundaries == layer.kind and dataset.layer != layer.key
    return other and covers(layer, dataset.containers)


def rebased(dataset: Dataset, old: Boundaries, new: Boundaries) -> Dataset:
    """Return a dataset on other containers: what they say by code, units by code, else by place.

    A unit whose container is gone is located by the old container's point.
    Containers have their own figures and those of the units that lie in them now.
    """
    n, inside = dataset.items.containers, dataset.items.container_of
    moved = _matched(old, new)
    container_of = np.where(inside >= 0, moved[inside], -1).astype(np.int32)
    bare = replace(
        dataset,
        items=Items(len(new.codes), frozen(container_of)),
        codes=np.concatenate([new.codes, dataset.codes[n:]]),
        names=np.concatenate([new.names, dataset.names[n:]]),
        measures=(),
        values=np.zeros((len(new.codes) + len(inside), 0)),
        attributes={},
        layer=new.key,
        formulas=(),
    )
    empty = replace(dataset, measures=(), values=dataset.values[:, :0], attributes={})
    made = Additions.between(empty, dataset).joined(bare)
    digest = hashlib.sha256(f"{dataset.key} {new.key}".encode())  # all of it follows from these
    return replace(made, key=digest.hexdigest()[:16])


def _moved(planner: Planner, dataset: Dataset, layer: Boundaries) -> Dataset:
    if dataset.name == default.NAME:
        return planner.dataset(default.NAME)
    made = rebased(dataset, planner.boundaries(dataset), layer)
    known = (i.report for i in planner.store.datasets() if i.key == dataset.key)
    _store_dataset(planner, made, next(known, {}))
    return made


def _carry(planner: Planner, plan: Plan, dataset: Dataset) -> CarriedOver:
    old, new = plan.dataset.containers, dataset.containers
    gone = [c for c in old if c not in new]
    assigned = [c for c in gone if plan.alignment.area_of[old[c]] != UNASSIGNED]
    info = replace(plan.info, dataset_key=dataset.key, at=clock.now())
    planner.store.put_alignment(info)
    kept = len(old) - len(gone)
    return CarriedOver(info.name, kept, len(new) - kept, len(gone), tuple(assigned))


def _store_dataset(
    planner: Planner, dataset: Dataset, report: Mapping[str, object] = NO_REPORT
) -> None:
    """Keep a dataset; the report of the import it goes back to stays with it."""
    info = DatasetInfo(
        name=dataset.name,
        key=dataset.key,
        boundaries_kind=dataset.boundaries,
        boundaries_key=dataset.layer,
        made=clock.now(),
        source=dataset.source,
        report=report or {"rows": len(dataset.items.container_of)},
    )
    planner.store.put_dataset(info, dataset)


def _matched(old: Boundaries, new: Boundaries) -> AreaIds:
    """Return, by old position, the new container: of the same code, else where its point lies."""
    position = {c: i for i, c in enumerate(new.codes)}
    by_code = np.array([position.get(c, -1) for c in old.codes], dtype=np.int32)
    by_place = containers_of(old.xy[:, 0], old.xy[:, 1], new)
    return np.where(by_code >= 0, by_code, by_place).astype(np.int32)
