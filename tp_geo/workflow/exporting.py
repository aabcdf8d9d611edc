"""Plans as files: every form an alignment can be exported in."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tp_geo.domain.alignment import Profile
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.hiding import names_hidden
from tp_geo.files import exports, plan_file
from tp_geo.files.exports_tables import Contents
from tp_geo.files.plan_assignment import places_of
from tp_geo.files.plan_figures import figures_of
from tp_geo.files.plan_file import Ground, PlanFile, Tried
from tp_geo.files.plan_log import LogLine, Mark
from tp_geo.files.plan_shares import shared_of
from tp_geo.files.plan_talk import areas_ever
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.report.atlas import Changes
from tp_geo.report.book import Told, write_book
from tp_geo.report.web import write_map
from tp_geo.store import Entry
from tp_geo.workflow import clock
from tp_geo.workflow.effective import period_in
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_log import DRAFT, entry_of
from tp_geo.workflow.plan_talk import talk_of

SUFFIXES = exports.SUFFIXES

BOOK, MAP = ".pdf", ".html"
"""Endings of a map book and of a map as a web page."""

LEVELED = (".png", ".svg", BOOK, MAP)
"""Forms that show a level."""

_WITH_SHAPES = (".geojson", ".parquet", ".gpkg", exports.SHAPEFILE, *LEVELED)


def export(
    plan: Plan,
    path: Path,
    *,
    what: str = "",
    depth: int | None = None,
    seq: int | None = None,
    by: str = "",
    figures: bool = False,
    changes: Changes | None = None,
    told: Told = lambda _what, _share: None,
) -> Path:
    """Write a plan to a file; the suffix says in which form (``SUFFIXES``).

    Parameters
    ----------
    what
        For .csv: items, areas, containers, units or history; for .geojson,
        .parquet and .zip: areas or containers.
    depth
        The level that pictures, map books and web maps show, 1 at the top; without it the lowest.
    seq
        The revision to export; without it the newest.
    figures
        Whether a .tpgeo file carries the dataset's own figures.
    changes
        What areas gained and lost, for the pages of a map book.
    """
    seq, suffix = plan.seq if seq is None else seq, path.suffix.lower()
    told(f"Writing the {suffix} file", 0.0)
    if suffix == plan_file.SUFFIX:
        data = plan_file.dumps(plan_file_of(plan, seq=seq, by=by, figures=figures))
        exports.replacing(path, lambda made: _write(made, data))
        return path
    contents = _contents(plan, seq, suffix)
    if suffix == BOOK:
        book = partial(write_book, contents, depth=depth, changes=changes, told=told)
        exports.replacing(path, book)
        return path
    if suffix == MAP:
        exports.replacing(path, partial(write_map, contents, depth=depth))
        return path
    return exports.write(contents, path, what=what, depth=depth)


def exported(
    plan: Plan,
    suffix: str,
    *,
    what: str = "",
    depth: int | None = None,
    seq: int | None = None,
    by: str = "",
    figures: bool = False,
    changes: Changes | None = None,
    told: Told = lambda _what, _share: None,
) -> bytes:
    """Return an export as bytes, for a download; the arguments are those of ``export``."""
    with tempfile.TemporaryDirectory(prefix="tp-geo-") as folder:
        path = Path(folder) / f"plan{suffix}"
        return export(
            plan,
            path,
            what=what,
            depth=depth,
            seq=seq,
            by=by,
            figures=figures,
            changes=changes,
            told=told,
        ).read_bytes()


def plan_file_of(plan: Plan, *, seq: int, by: str = "", figures: bool = False) -> PlanFile:
    """Return what a plan file holds of a plan as it was after a revision."""
    alignment, dataset = plan.at(seq), plan.dataset
    containers, units = places_of(alignment, dataset)
    log = tuple(_line(e) for e in _entries(plan) if e.seq <= seq)
    return PlanFile(
        name=plan.info.name,
        ground=_ground(dataset, plan.boundaries),
        areas=alignment.areas,
        statuses={k: alignment.signoff(k).status for k in alignment.areas},
        containers=containers,
        units=units,
        log=log,
        snapshots=tuple(Mark(s.name, s.seq, s.by, s.at) for s in plan.snapshots() if s.seq <= seq),
        note=plan.info.note,
        profile=Profile(plan.info.profile),
        valid_from=plan.info.valid_from,
        valid_until=plan.info.valid_until,
        scenario=_tried(plan),
        overlap=alignment.overlap,
        shared=shared_of(alignment, dataset),
        talk=talk_of(plan, seq, areas_ever(alignment.areas, log)),
        made=clock.now(),
        by=by,
        figures=figures_of(dataset) if figures else {},
    )


def _entries(plan: Plan) -> Sequence[Entry]:
    """Return the revisions of a plan as whoever has it open may read them."""
    if plan.hidden:
        return [entry_of(plan.info.id, r, plan.dataset) for r in plan.history()]
    return plan.store.entries(plan.info.id, DRAFT)


def _tried(plan: Plan) -> Tried | None:
    """Return what a scenario is one of; ``None`` of an alignment that is none.

    It is none, either, for whom a measure that it assumes something of is hidden.
    """
    info = plan.info
    if not info.scenario or names_hidden(info.scenario, plan.hidden_words):
        return None
    base, _, revision = info.base.rpartition("@")
    of = next((i.name for i in plan.store.alignments() if i.id == base), "")
    return Tried(base, of, int(revision or 0), info.scenario)


def _contents(plan: Plan, seq: int, suffix: str) -> Contents:
    return Contents(
        name=plan.info.name,
        alignment=plan.at(seq),
        dataset=plan.dataset,
        boundaries=plan.boundaries if suffix in _WITH_SHAPES else None,
        history=plan.history()[:seq],
        revision=seq,
        made=clock.now(),
        adjacency=plan.adjacency if suffix in LEVELED else None,
        valid=str(period_in(plan.info) or ""),
    )


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _ground(dataset: Dataset, layer: Boundaries) -> Ground:
    return Ground(
        dataset=dataset.name,
        key=dataset.key,
        boundaries=dataset.boundaries,
        layer=dataset.layer,
        title=layer.title,
        vintage=layer.vintage,
        containers=dataset.items.containers,
        units=len(dataset.items.container_of),
    )


def _line(entry: Entry) -> LogLine:
    return LogLine(
        seq=entry.seq,
        by=entry.by,
        at=entry.at,
        kind=entry.kind,
        text=entry.text,
        payload=entry.payload,
        note=entry.note,
        reverts=entry.reverts,
    )
