"""Where the items of a plan file are: a CSV by code."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, Alignment, Area, AreaId, frozen
from tp_geo.domain.dataset import Dataset
from tp_geo.errors import BadData

HEADER = ("kind", "code", "area", "held")
CONTAINER, UNIT = "container", "unit"


class Place(NamedTuple):
    """Where an item is entered: an area's id, 0 for none, -1 to follow its container; if held."""

    area: int
    held: bool


def places_of(alignment: Alignment, dataset: Dataset) -> tuple[dict[str, Place], dict[str, Place]]:
    """Return where containers and units are entered, without those that say nothing."""
    n = dataset.items.containers
    said = np.flatnonzero((alignment.area_of != _default(n, dataset)) | alignment.held)
    rows = zip(
        dataset.codes[said], alignment.area_of[said].tolist(), alignment.held[said].tolist(),
        strict=True,
    )  # fmt: skip
    places = [(code, Place(area, held)) for code, area, held in rows]
    units = int(np.searchsorted(said, n))
    return dict(places[:units]), dict(places[units:])


def alignment_of(
    areas: Mapping[AreaId, Area],
    containers: Mapping[str, Place],
    units: Mapping[str, Place],
    dataset: Dataset,
) -> tuple[Alignment, tuple[str, ...]]:
    """Return the alignment on a dataset, and the codes that the dataset doesn't have."""
    area_of = _default(dataset.items.containers, dataset)
    held = np.zeros(len(area_of), dtype=np.bool_)
    gone = []
    for places, known in ((containers, dataset.containers), (units, dataset.units)):
        for code, place in places.items():
            at = known.get(code)
            if at is None:
                gone.append(code)
            else:
                area_of[at], held[at] = place
    return Alignment(dataset.items, dict(areas), frozen(area_of), frozen(held)), tuple(gone)


def assignment_to_csv(containers: Mapping[str, Place], units: Mapping[str, Place]) -> bytes:
    """Return places as CSV: a row an item, containers first."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(HEADER)
    for kind, places in ((CONTAINER, containers), (UNIT, units)):
        for code, (area, held) in places.items():
            writer.writerow((kind, code, "" if area == FOLLOW else area, "TRUE" if held else ""))
    return made.getvalue().encode("utf-8", errors="surrogatepass")


def assignment_from_csv(
    data: bytes, part: str, areas: Collection[int]
) -> tuple[dict[str, Place], dict[str, Place]]:
    """Return the places of containers and of units, or raise ``BadData`` naming the row."""
    places: dict[str, dict[str, Place]] = {CONTAINER: {}, UNIT: {}}
    for row, cells in rows_of(data, part, HEADER):
        kind, code, area, held = cells
        if kind not in places:
            raise BadData(f"{part}, row {row}: kind is {kind[:40]!r}, not container or unit.")
        if code in places[kind]:
            raise BadData(f"{part}, row {row}: {kind} {code!r} is there twice.")
        if held not in ("", "TRUE"):
            raise BadData(f"{part}, row {row}: held is {held[:40]!r}, not TRUE or blank.")
        at = _area(area, kind)
        if at is None or (at > UNASSIGNED and at not in areas):
            raise BadData(f"{part}, row {row}: {area[:40]!r} is the id of no area of the plan.")
        places[kind][code] = Place(at, held == "TRUE")
    return places[CONTAINER], places[UNIT]


def rows_of(data: bytes, part: str, header: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Yield row numbers and cells of a CSV that begins with a header, checked for their count."""
    try:
        text = data.decode("utf-8", errors="surrogatepass")
        reader = csv.reader(io.StringIO(text, newline=""))
        first = next(reader, list(header))
        if first[: len(header)] != list(header):
            raise BadData(f"{part} begins with {','.join(first)[:60]!r}, not {','.join(header)!r}.")
        for row, cells in enumerate(reader, start=2):
            if len(cells) == len(first):
                yield row, cells
            elif cells:
                raise BadData(f"{part}, row {row} has {len(cells)} cells; {len(first)} are named.")
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadData(f"{part} is no CSV that can be read: {error}.") from error


def _default(containers: int, dataset: Dataset) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    entries = np.full(dataset.items.count, FOLLOW, dtype=np.int32)
    entries[:containers] = UNASSIGNED
    return entries


def _area(text: str, kind: str) -> int | None:
    if not text:
        return FOLLOW if kind == UNIT else UNASSIGNED
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
