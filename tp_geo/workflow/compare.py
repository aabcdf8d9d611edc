"""Two plans, or revisions of one, compared: what changes for whom."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.comparison import Comparison, Ground, compared
from tp_geo.errors import BadData
from tp_geo.files.exports import replacing
from tp_geo.files.exports_compare import TITLES, Called, Compared, tables
from tp_geo.files.exports_csv import write_csv
from tp_geo.files.exports_xlsx import write_xlsx
from tp_geo.report.atlas import Changes, Handed
from tp_geo.report.book import Told
from tp_geo.report.handover import write_packs
from tp_geo.workflow.differences import Side, shared_ids
from tp_geo.workflow.effective import period_in
from tp_geo.workflow.planner import Planner

PACKS = ".zip"
"""What a file of hand-over packs ends in."""


def compare_sides(planner: Planner, before: Side, after: Side, level: int = 1) -> Comparison:
    """Return what changes from one side to another on a level of areas, 1 at the top."""
    shared = shared_ids(planner, before.plan, after.plan)
    return compared(_ground(before), _ground(after), level=level, shared=shared)


def exports_of(found: Comparison, before: Side, after: Side) -> Compared:
    """Return what the tables of a comparison are made from."""
    called = _called(before), _called(after)
    return Compared(found, _ground(before), _ground(after), called)


def write_comparison(contents: Compared, path: Path) -> Path:
    """Write everything of a comparison as a workbook, or as a folder of CSV files."""
    made = tables(contents)
    if path.suffix.lower() == ".xlsx":
        replacing(path, lambda to: write_xlsx({TITLES[k]: t for k, t in made.items()}, to))
        return path
    for name, table in made.items():
        replacing(path / f"{name}.csv", partial(write_csv, table))
    return path


def write_handover(
    contents: Compared, path: Path, *, told: Told = lambda _what, _share: None
) -> tuple[str, ...]:
    """Write a zip with a workbook for each owner of what is gained and lost; return the owners."""
    if path.suffix.lower() != PACKS:
        raise BadData(f"{path.name} is no zip: hand-over packs go into a file that ends in .zip.")
    owners: list[str] = []
    replacing(path, lambda to: owners.extend(write_packs(contents, to, told=told)))
    return tuple(owners)


def handed_over(contents: Compared, told: Told = lambda _what, _share: None) -> bytes:
    """Return the hand-over packs as bytes, for a download."""
    with tempfile.TemporaryDirectory(prefix="tp-geo-") as folder:
        path = Path(folder) / f"packs{PACKS}"
        write_packs(contents, path, told=told)
        return path.read_bytes()


def changes_since(planner: Planner, before: Side, after: Side, level: int, called: str) -> Changes:
    """Return what the areas of a level gained and lost, for a map book."""
    sides = before, after
    contents = exports_of(compare_sides(planner, *sides, level=level), *sides)
    pairs, flows = contents.found.pairs, contents.found.areas.flows
    gained: dict[AreaId, list[Handed]] = {}
    lost: dict[AreaId, list[Handed]] = {}
    for at in flows.largest(0).tolist():
        source, target = pairs[flows.source[at]], pairs[flows.target[at]]
        containers, units = (int(n) for n in flows.amounts[at, :2])
        for mine, other, to in ((target, source, gained), (source, target, lost)):
            if mine.after:
                handed = Handed(contents.name(other), containers, units)
                to.setdefault(mine.after, []).append(handed)
    return Changes(
        called,
        {k: tuple(v) for k, v in gained.items()},
        {k: tuple(v) for k, v in lost.items()},
    )


def exported(contents: Compared, suffix: str) -> bytes:
    """Return a comparison for a download: .xlsx, or .zip with a CSV a table."""
    with tempfile.TemporaryDirectory(prefix="tp-geo-") as folder:
        path = Path(folder) / "tables"
        if suffix == ".zip":
            write_comparison(contents, path)
            return Path(shutil.make_archive(str(path), "zip", path)).read_bytes()
        return write_comparison(contents, path.with_suffix(suffix)).read_bytes()


def _called(side: Side) -> Called:
    info = side.plan.info
    return Called(info.name, side.revision, str(period_in(info) or ""))


def _ground(side: Side) -> Ground:
    return Ground(side.alignment, side.dataset)
