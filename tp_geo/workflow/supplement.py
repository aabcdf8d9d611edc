"""A table joined by id to units, containers or areas: seen first, then done in one pass.

It brings measures and attributes (a new version of the dataset) and moves,
locks, owners and targets (one to three revisions, for what is locked has to
be unlocked before it is changed, and is locked after).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tp_geo import cancelling
from tp_geo.domain.alignment import Alignment, AreaId, Positions
from tp_geo.domain.commands import Apply, counted
from tp_geo.domain.dataset import Dataset, Level
from tp_geo.domain.formulas import recalculated
from tp_geo.domain.revision import Revision
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.files.build import content_key
from tp_geo.store import DatasetInfo
from tp_geo.workflow import clock
from tp_geo.workflow.apart import refuse_apart
from tp_geo.workflow.cells import RowProblem, folded
from tp_geo.workflow.default import NAME as BUILT_IN
from tp_geo.workflow.homes import WhereHomes
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.supplement_areas import read_areas, share_named
from tp_geo.workflow.supplement_figures import Figures, with_figures
from tp_geo.workflow.supplement_items import read_items, share_found

AREAS, CONTAINERS, UNITS = "areas", "containers", "units"
LEVELS = (UNITS, CONTAINERS, AREAS)
"""What a table can be joined to."""

MAX_STEM = 60
"""How much of a table's name goes into that of a dataset."""


@dataclass(frozen=True, eq=False)
class Preview:
    """What a table would change, and what of it can't be used.

    ``steps`` are the revisions it amounts to, in order; ``refused`` says why
    the rules don't allow them, "" when they do. ``problems`` are cells that
    would be left out. Items and areas are positions and ids in ``base``.
    """

    level: str
    base: Alignment
    rows: int
    matched: int
    problems: tuple[RowProblem, ...] = ()
    steps: tuple[Apply, ...] = ()
    refused: str = ""
    figures: Figures = field(default_factory=Figures)
    moved: Positions = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    held: Positions = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    released: Positions = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    areas: tuple[AreaId, ...] = ()
    locked: tuple[AreaId, ...] = ()
    unlocked: tuple[AreaId, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.steps or self.figures)

    def to_json(self) -> dict[str, object]:
        """Return the preview as plain values, as the command line prints it."""
        return {
            "level": self.level,
            "rows": self.rows,
            "matched": self.matched,
            "moved": len(self.moved),
            "held": len(self.held),
            "released": len(self.released),
            "areas": len(self.areas),
            "locked": len(self.locked),
            "unlocked": len(self.unlocked),
            "measures": [m.name for m in self.figures.measures],
            "attributes": list(self.figures.texts),
            "revisions": len(self.steps),
            "refused": self.refused,
            "problems": [
                {"row": p.row, "field": p.field, "value": p.value, "remedy": p.remedy}
                for p in self.problems
            ],
        }

    def __str__(self) -> str:
        counts = {
            "moved": len(self.moved),
            "held": len(self.held),
            "released": len(self.released),
            "areas changed": len(self.areas),
            "areas locked": len(self.locked),
            "areas unlocked": len(self.unlocked),
            "measures": len(self.figures.measures),
            "attributes": len(self.figures.texts),
        }
        said = [_said(n, what) for what, n in counts.items() if n] or ["nothing changes"]
        cells = counted(len(self.problems), "cells")
        trouble = f"; {cells} can't be used" if self.problems else ""
        rows = counted(self.rows, "rows")
        return f"{self.matched:,} of {rows} found: {', '.join(said)}{trouble}"


def _said(n: int, what: str) -> str:
    noun, _, done = what.partition(" ")
    return f"{counted(n, noun)} {done}".strip()


def preview_supplement(
    alignment: Alignment,
    dataset: Dataset,
    table: pd.DataFrame,
    level: str = "",
    *,
    homes: WhereHomes | None = None,
) -> Preview:
    """Return what a table would change; nothing is changed.

    The id is in a column of that name (``id``, ``code``, ``postal code``,
    ``name`` of an area, …) or the first. For items, ``assign to`` (or
    ``area``, ``territory``) names an area, ``Unassigned`` takes it away;
    ``locked`` is TRUE or FALSE; other columns of numbers are measures, of
    texts attributes. For areas, columns are those of a model's table.
    Blank cells change nothing.

    Parameters
    ----------
    level
        One of ``LEVELS``; without it, the one most ids are found in.
    homes
        Where owners of areas can live; without it that is taken as written.
    """
    level = level or level_of(alignment, dataset, table)
    if level not in LEVELS:
        raise BadData(f"A table is joined to {', '.join(LEVELS)}, not to {level!r}.")
    if not len(table) or not len(table.columns):
        raise BadData("The table has no rows. Give a row for each id.")
    if level == AREAS:
        return _of_areas(alignment, dataset, table, homes)
    return _of_items(alignment, dataset, table, level)


def level_of(alignment: Alignment, dataset: Dataset, table: pd.DataFrame) -> str:
    """Return which level most ids of a table are found in; containers when none are."""
    shares = {
        CONTAINERS: share_found(dataset, table, units=False),
        UNITS: share_found(dataset, table, units=True),
    }
    best = max(shares, key=lambda level: shares[level])
    return AREAS if shares[best] < share_named(alignment, table) else best


def edits_of(preview: Preview) -> tuple[Apply, ...]:
    """Return the commands a preview amounts to, in order; refuse when the rules don't allow it."""
    if preview.refused:
        raise Refused(f"The table can't be taken in: {preview.refused}")
    return preview.steps


def dataset_with(dataset: Dataset, preview: Preview, *, name: str = "") -> Dataset:
    """Return the dataset with the measures and attributes of a preview, under a new key."""
    if not preview.figures:
        return dataset
    made = recalculated(with_figures(dataset, preview.figures))
    made = replace(made, name=name or dataset.name)
    return replace(made, key=content_key(made))


def apply_supplement(
    planner: Planner, plan: Plan, preview: Preview, *, by: str, source: str = "", note: str = ""
) -> tuple[Plan, tuple[Revision, ...]]:
    """Do what a preview showed and return the plan, on its new dataset, and its revisions.

    All or nothing: refused before anything is kept when the rules don't allow
    it or the plan has changed since. Other alignments stay on the dataset's
    version they have. ``source`` is the name of the table's file.
    """
    steps = edits_of(preview)
    plan.refresh()
    if plan.alignment != preview.base:
        raise Stale(f"{plan.info.name} has changed since the preview. Look at it again.")
    if preview.figures:
        refuse_apart(plan.info, "given figures of its own by a table")
    cancelling.keep()
    if preview.figures:
        plan = _on_new_dataset(planner, plan, preview, source)
    made = (plan.ask(step, by=by, note=note) for step in steps)
    return plan, tuple(revision for revision in made if revision)


def renamed(before: Dataset, after: Dataset) -> str:
    """Return in words that a plan is on a dataset of another name now; "" when it is not."""
    if after.name == before.name:
        return ""
    return f"The plan is on the new dataset {after.name} now; {before.name} stays as it is."


def _of_areas(
    alignment: Alignment, dataset: Dataset, table: pd.DataFrame, homes: WhereHomes | None
) -> Preview:
    calculated = {folded(f.name) for f in dataset.formulas if f.level is Level.AREA}
    table = table[[c for c in table.columns if folded(str(c)) not in calculated]]
    found = read_areas(alignment, table, [m.name for m in dataset.measures], homes)
    return Preview(
        AREAS,
        alignment,
        len(table),
        found.matched,
        found.problems,
        found.steps,
        found.refused,
        areas=found.changed,
        locked=found.locked,
        unlocked=found.unlocked,
    )


def _of_items(alignment: Alignment, dataset: Dataset, table: pd.DataFrame, level: str) -> Preview:
    found = read_items(alignment, dataset, table, units=level == UNITS)
    return Preview(
        level,
        alignment,
        found.rows,
        found.matched,
        found.problems,
        found.steps,
        found.refused,
        figures=found.figures,
        moved=found.moved,
        held=found.held,
        released=found.released,
    )


def _on_new_dataset(planner: Planner, plan: Plan, preview: Preview, source: str) -> Plan:
    old = plan.dataset
    check_all_seen(old)
    name = name_kept(planner.store.datasets(), old, Path(source).stem)
    told = f"{old.source}; {source}" if source else old.source
    made = replace(dataset_with(old, preview, name=name), source=told)
    report: Mapping[str, object] = next(
        (i.report for i in planner.store.datasets() if i.key == old.key),
        {"rows": len(old.items.container_of)},
    )
    info = DatasetInfo(
        name=name,
        key=made.key,
        boundaries_kind=made.boundaries,
        boundaries_key=made.layer,
        made=clock.now(),
        source=told,
        report=report,
    )
    planner.store.put_dataset(info, made)
    planner.keep_hidden(old.name, name)
    planner.store.put_alignment(
        replace(plan.info, dataset=name, dataset_key=made.key, at=clock.now())
    )
    return planner.open(plan.info.id)


def check_all_seen(dataset: Dataset) -> None:
    """Refuse to put plans onto what somebody makes of a dataset of which they don't see all."""
    if dataset.hidden:
        raise Refused(
            f"{dataset.hidden[0]} of dataset {dataset.name} is hidden from you: plans that stand "
            "on it would lose it. Ask somebody who sees all of it."
        )


def name_kept(infos: Iterable[DatasetInfo], dataset: Dataset, added: str) -> str:
    """Return what a dataset is called with additions; the built-in one stays as it is."""
    if dataset.name != BUILT_IN:
        return dataset.name
    first = f"{BUILT_IN} with {added[:MAX_STEM].strip() or 'additions'}"
    names = itertools.chain([first], (f"{first} {k}" for k in itertools.count(2)))
    taken = {info.name for info in infos}
    return next(name for name in names if name not in taken)
