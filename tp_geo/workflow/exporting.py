"""Plans as files: every form an alignment can be exported in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tp_geo.domain.alignment import Profile
from tp_geo.domain.dataset import Dataset
from tp_geo.files import exports, plan_file
from tp_geo.files.exports_tables import Contents
from tp_geo.files.plan_assignment import places_of
from tp_geo.files.plan_figures import figures_of
from tp_geo.files.plan_file import Ground, PlanFile
from tp_geo.files.plan_log import LogLine, Mark
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import Entry
from tp_geo.workflow import clock
from tp_geo.workflow.plan import DRAFT, Plan

SUFFIXES = exports.SUFFIXES

_PICTURE = ".png"
_WITH_SHAPES = (".geojson", ".parquet", ".gpkg", exports.SHAPEFILE, _PICTURE)


def export(
    plan: Plan,
    path: Path,
    *,
    what: str = "",
    depth: int | None = None,
    seq: int | None = None,
    by: str = "",
    figures: bool = False,
) -> Path:
    """Write a plan to a file; the suffix says in which form (``SUFFIXES``).

    Parameters
    ----------
    what
        For .csv: items, areas, containers, units or history; for .geojson,
        .parquet and .zip: areas or containers.
    depth
        The level a picture shows, 1 at the top; without it the lowest.
    seq
        The revision to export; without it the newest.
    figures
        Whether a .tpgeo file carries the dataset's own figures.
    """
    seq = plan.seq if seq is None else seq
    if path.suffix.lower() == plan_file.SUFFIX:
        data = plan_file.dumps(plan_file_of(plan, seq=seq, by=by, figures=figures))
        exports.replacing(path, lambda made: _write(made, data))
        return path
    return exports.write(_contents(plan, seq, path.suffix.lower()), path, what=what, depth=depth)


def exported(
    plan: Plan,
    suffix: str,
    *,
    what: str = "",
    depth: int | None = None,
    seq: int | None = None,
    by: str = "",
    figures: bool = False,
) -> bytes:
    """Return an export as bytes, for a download; the arguments are those of ``export``."""
    with tempfile.TemporaryDirectory(prefix="tp-geo-") as folder:
        path = Path(folder) / f"plan{suffix}"
        return export(
            plan, path, what=what, depth=depth, seq=seq, by=by, figures=figures
        ).read_bytes()


def plan_file_of(plan: Plan, *, seq: int, by: str = "", figures: bool = False) -> PlanFile:
    """Return what a plan file holds of a plan as it was after a revision."""
    alignment, dataset = plan.at(seq), plan.dataset
    containers, units = places_of(alignment, dataset)
    return PlanFile(
        name=plan.info.name,
        ground=_ground(dataset, plan.boundaries),
        areas=alignment.areas,
        statuses={k: alignment.signoff(k).status for k in alignment.areas},
        containers=containers,
        units=units,
        log=tuple(_line(e) for e in plan.store.entries(plan.info.id, DRAFT) if e.seq <= seq),
        snapshots=tuple(Mark(s.name, s.seq, s.by, s.at) for s in plan.snapshots() if s.seq <= seq),
        note=plan.info.note,
        profile=Profile(plan.info.profile),
        made=clock.now(),
        by=by,
        figures=figures_of(dataset) if figures else {},
    )


def _contents(plan: Plan, seq: int, suffix: str) -> Contents:
    return Contents(
        name=plan.info.name,
        alignment=plan.at(seq),
        dataset=plan.dataset,
        boundaries=plan.boundaries if suffix in _WITH_SHAPES else None,
        history=plan.history()[:seq],
        revision=seq,
        made=clock.now(),
        adjacency=plan.adjacency if suffix == _PICTURE else None,
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
