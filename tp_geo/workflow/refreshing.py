"""A plan put on newer data in place: what differs is told first, assignments are kept.

Edits are kept by code, so a plan stands on any version of its dataset. The
version before stays in the store, and the plan can go back to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from tp_geo import cancelling
from tp_geo.domain.alignment import Alignment, Positions
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.revision import Revision
from tp_geo.errors import Refused, Stale
from tp_geo.store import DatasetInfo
from tp_geo.workflow import clock
from tp_geo.workflow.additions import Additions
from tp_geo.workflow.apart import refuse_apart
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

_SETTING = "data before/"
"""Where the versions are remembered that a plan stood on before, by its id; newest last."""


@dataclass(frozen=True, eq=False)
class Refresh:
    """What other data would change for a plan. Positions are those of either dataset.

    ``moved`` pairs the units that lie in another container now, as they were
    (first row) and as they are. ``changed`` counts by measure the units and
    containers that are in both and have another figure. ``kept`` are measures
    and columns that only the present data have; they are carried along.
    """

    plan: str
    revision: int
    before: Dataset
    after: Dataset
    start: Alignment
    end: Alignment
    new: Positions
    gone: Positions
    moved: Positions
    changed: Mapping[str, int]
    kept: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = field(default=())

    @property
    def elsewhere(self) -> int:
        """How many of the units that moved are in another area now."""
        was, now = self.start.resolved[self.moved[0]], self.end.resolved[self.moved[1]]
        return int((was != now).sum())

    def __str__(self) -> str:
        parts = [
            f"{counted(len(self.new), 'accounts')} new",
            f"{len(self.gone):,} gone",
            f"{self.moved.shape[1]:,} moved, {self.elsewhere:,} of them to another area",
        ]
        figures = [f"{name}: {n:,}" for name, n in self.changed.items() if n]
        said = f"; figures changed of {', '.join(figures)}" if figures else ""
        return ", ".join(parts) + said


def preview_refresh(planner: Planner, plan: Plan, dataset: str = "") -> Refresh:
    """Return what the newest version of a plan's dataset, or another dataset, would change.

    Raises ``Refused`` when there is nothing newer, or it is on other boundaries.
    """
    refuse_apart(plan.info, "put on newer data")
    plan.refresh()
    newest = planner.dataset(dataset or plan.info.dataset)
    if newest.key == plan.dataset.key:
        raise Refused(
            f"{plan.info.name} is on the newest version of {newest.name} already. Import or roll "
            "up newer accounts under that name first."
        )
    return compared(planner, plan, _whole(plan.dataset, newest), newest)


def compared(planner: Planner, plan: Plan, after: Dataset, found: Dataset) -> Refresh:
    """Return what differs between the data of a plan and others on the same boundaries."""
    before = plan.dataset
    if (before.boundaries, before.layer) != (after.boundaries, after.layer):
        raise Refused(
            f"{plan.info.name} is on other boundaries than {after.name}. Move it to these first: "
            "tp-geo boundaries migrate."
        )
    end = Plan(plan.store, plan.info, after, planner).alignment
    n, m = before.items.containers, after.items.containers
    old, new = pd.Index(before.codes[n:]), pd.Index(after.codes[m:])
    at = np.asarray(new.get_indexer(old), dtype=np.intp)
    pairs = np.stack([n + np.flatnonzero(at >= 0), m + at[at >= 0]])
    was = before.items.container_of[pairs[0] - n]
    now = after.items.container_of[pairs[1] - m]
    names = {m.name for m in found.measures} | set(found.attributes)
    every = [*(m.name for m in before.measures), *before.attributes]
    return Refresh(
        plan=plan.info.name,
        revision=plan.seq,
        before=before,
        after=after,
        start=plan.alignment,
        end=end,
        new=m + np.flatnonzero(old.get_indexer(new) < 0),
        gone=n + np.flatnonzero(at < 0),
        moved=pairs[:, was != now],
        changed=_changed(before, after, pairs),
        kept=tuple(name for name in every if name not in names and name in _columns(after)),
        lost=tuple(_aimed_at(plan.alignment, before, after)),
    )


def apply_refresh(
    planner: Planner, plan: Plan, refresh: Refresh, *, by: str, note: str = ""
) -> tuple[Plan, Revision]:
    """Put a plan on the data of a preview; return it, and the revision that says so.

    Raises ``Stale`` when the plan has changed since.
    """
    plan.refresh()
    if plan.seq != refresh.revision or plan.dataset.key != refresh.before.key:
        raise Stale(f"{plan.info.name} has changed since the preview. Look at it again.")
    after = refresh.after
    cancelling.keep()
    if all(i.key != after.key for i in planner.store.datasets()):
        planner.store.put_dataset(_info(planner, after), after)
    before = [*_past(planner, plan), {"name": plan.info.dataset, "key": plan.dataset.key}]
    planner.store.put_setting(_SETTING + plan.info.id, json.dumps(before))
    return _put_on(planner, plan, after, f"refreshed the data: {refresh}", by=by, note=note)


def data_before(planner: Planner, plan: Plan) -> Refresh:
    """Return what going back to the data before the last refresh would change."""
    past = _past(planner, plan)
    if not past:
        raise Refused(f"{plan.info.name} was not refreshed: there are no data to go back to.")
    before = planner.kept_dataset(past[-1]["key"])
    return compared(planner, plan, before, before)


def go_back(
    planner: Planner, plan: Plan, refresh: Refresh, *, by: str, note: str = ""
) -> tuple[Plan, Revision]:
    """Put a plan on the data it had before the last refresh."""
    past = _past(planner, plan)
    plan.refresh()
    if plan.seq != refresh.revision or not past or past[-1]["key"] != refresh.after.key:
        raise Stale(f"{plan.info.name} has changed since the preview. Look at it again.")
    cancelling.keep()
    planner.store.put_setting(_SETTING + plan.info.id, json.dumps(past[:-1]))
    text = f"went back to the data before: {refresh}"
    return _put_on(planner, plan, refresh.after, text, by=by, note=note)


def was_refreshed(planner: Planner, plan: str) -> str:
    """Return the key of the data a plan, by id, can go back to; "" where there are none."""
    kept = planner.store.setting(_SETTING + plan)
    return str(json.loads(kept)[-1]["key"]) if kept and kept != "[]" else ""


def _put_on(
    planner: Planner, plan: Plan, dataset: Dataset, text: str, *, by: str, note: str
) -> tuple[Plan, Revision]:
    info = replace(plan.info, dataset=dataset.name, dataset_key=dataset.key, at=clock.now())
    planner.store.put_alignment(info)
    made = planner.open(info.id)
    return made, made.note_down(text, by=by, note=note)


def _past(planner: Planner, plan: Plan) -> list[dict[str, str]]:
    kept = planner.store.setting(_SETTING + plan.info.id)
    found: list[dict[str, str]] = json.loads(kept) if kept else []
    return found


def _whole(before: Dataset, newest: Dataset) -> Dataset:
    """Return newer data with the columns and formulas that only the present ones have."""
    if (before.boundaries, before.layer) != (newest.boundaries, newest.layer):
        return newest
    return Additions.between(newest, before).to(newest)


def _changed(before: Dataset, after: Dataset, pairs: Positions) -> dict[str, int]:
    """Return by measure of both how many units and containers have another figure."""
    n = before.items.containers
    rows = np.concatenate([np.tile(np.arange(n), (2, 1)), pairs], axis=1)
    known = _columns(after)
    counts = {}
    for measure in before.measures:
        if measure.name not in known:
            continue
        was = before.column(measure.name)[rows[0]]
        now = after.column(measure.name)[rows[1]]
        same = np.isclose(was, now, rtol=1e-9, atol=0, equal_nan=True)
        counts[measure.label] = int((~same).sum())
    return counts


def _columns(dataset: Dataset) -> set[str]:
    return {m.name for m in dataset.measures} | set(dataset.attributes)


def _aimed_at(alignment: Alignment, before: Dataset, after: Dataset) -> list[str]:
    """Return measures with targets that the data after do not have."""
    aimed = {
        name
        for area in alignment.areas.values()
        for said in (area.targets, area.minimums, area.maximums)
        for name in said
    }
    there = {m.name for m in after.measures}
    return [m.name for m in before.measures if m.name in aimed and m.name not in there]


def _info(planner: Planner, dataset: Dataset) -> DatasetInfo:
    report = next((i.report for i in planner.store.datasets() if i.name == dataset.name), {})
    return DatasetInfo(
        name=dataset.name,
        key=dataset.key,
        boundaries_kind=dataset.boundaries,
        boundaries_key=dataset.layer,
        made=clock.now(),
        source=dataset.source,
        report=report,
    )
