"""Reference layers: taken in, removed, and packed for the map of a dataset."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from tp_geo import cancelling
from tp_geo.domain.alignment import Alignment
from tp_geo.domain.dataset import Dataset
from tp_geo.errors import BadData, Refused
from tp_geo.files.reference import read_layer
from tp_geo.geometry.boundaries import Texts
from tp_geo.geometry.packed import unpack_head
from tp_geo.geometry.palette import HEX
from tp_geo.geometry.projection import projection_for
from tp_geo.geometry.reference import Shapes, build_reference, frames_of
from tp_geo.geometry.topology import MAGIC, Sheet
from tp_geo.store import LayerInfo
from tp_geo.store.layer_parquet import from_layer, to_layer
from tp_geo.workflow import clock, shapes
from tp_geo.workflow.homes import Homes, marks, owners_at
from tp_geo.workflow.planner import Planner

COLORS = ("#c2410c", "#6d28d9", "#0f766e", "#be123c", "#1d4ed8", "#4d7c0f")
"""What layers are drawn in unless someone chooses: strong, and no pastel of an area."""

HOMES, HOMES_COLOR = "Owners' homes", "#a21caf"
"""The layer that plans have by themselves."""

LONGEST_NAME = 60
MOST = 40
"""Reference layers of a store."""

Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Added:
    """A layer that was taken in, and how many rows of its file had no place."""

    info: LayerInfo
    left_out: int


def layer_list(planner: Planner) -> tuple[LayerInfo, ...]:
    """Return the reference layers in order of name."""
    return planner.store.layers()


def next_color(planner: Planner) -> str:
    """Return the first of the usual colors that fewest layers have."""
    used = [info.color for info in planner.store.layers()]
    return min(COLORS, key=used.count)


def add_layer(
    planner: Planner,
    file: Path,
    *,
    by: str,
    name: str = "",
    label: str | None = None,
    color: str = "",
    told: Told = lambda _what, _share: None,
) -> Added:
    """Take in points, lines or polygons; a layer of that name is replaced.

    Parameters
    ----------
    name
        What to call it; the file's name when not given.
    label
        The column of names, guessed when not given, none when "".
    color
        As in ``#c2410c``; one that few layers have when not given.
    """
    title = " ".join(name.split()) if name else file.stem
    _check(planner, title, color)
    told("Reading the file", 0.0)
    found = read_layer(file, label=label)
    told("Keeping the shapes", 0.8)
    blob = to_layer(found.shapes, found.names)
    info = LayerInfo(
        name=title,
        key=f"layer-{hashlib.sha256(blob).hexdigest()[:16]}",
        color=(color or next_color(planner)).lower(),
        label=found.label,
        count=len(found.shapes),
        source=file.name,
        by=by,
        at=clock.now(),
    )
    cancelling.keep()
    planner.store.put_layer(info, blob)
    told("Done", 1.0)
    return Added(info, found.left_out)


def remove_layer(planner: Planner, name: str, *, by: str) -> LayerInfo:
    """Take a layer off the list; what it held stays in the store."""
    there = planner.store.layers()
    info = next((i for i in there if i.name == name), None)
    if info is None:
        names = ", ".join(i.name for i in there) or "none"
        raise BadData(f"There is no reference layer {name!r}. Layers: {names}.")
    planner.store.put_layer(replace(info, removed=True, by=by, at=clock.now()))
    return info


def packed_key(planner: Planner, dataset: Dataset, info: LayerInfo) -> str:
    """Return the name of a layer as the map of a dataset gets it: other shapes, other name."""
    text = f"{info.key} {shapes.shapes_key(planner, dataset)}"
    return f"tpr1-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def packed_layer(planner: Planner, dataset: Dataset, info: LayerInfo) -> bytes:
    """Return a layer on the sheet of a dataset's map: from the store, or built now and kept."""
    name = packed_key(planner, dataset, info)
    packed = planner.store.blob(name)
    if packed is None:
        packed = _pack(planner, dataset, info)
        planner.store.put_blob(name, packed)
    return packed


def homes_key(planner: Planner, dataset: Dataset, alignment: Alignment) -> str:
    """Return the name of the owners' homes on a map, "" where no area says one.

    Other homes, other owners or other shapes have another name.
    """
    said = owners_at(alignment)
    text = json.dumps([said, shapes.shapes_key(planner, dataset)])
    return f"tph1-{hashlib.sha256(text.encode()).hexdigest()[:16]}" if said else ""


def packed_homes(planner: Planner, dataset: Dataset, alignment: Alignment) -> bytes:
    """Return the owners' homes as a layer on the sheet of a dataset's map."""
    found = marks(alignment, homes_in(planner, dataset))
    places = shapely.points(np.array([(m.lon, m.lat) for m in found]).reshape(-1, 2))
    names = np.array([m.name for m in found], dtype=object)
    return _built(planner, dataset, np.asarray(places, dtype=object), names)


def homes_in(planner: Planner, dataset: Dataset) -> Homes:
    """Return where homes of plans on a dataset can be, made when first asked for."""
    key = dataset.layer or dataset.boundaries
    return planner.once("homes", key, lambda: Homes.of(planner.boundaries(dataset)))


def _pack(planner: Planner, dataset: Dataset, info: LayerInfo) -> bytes:
    blob = planner.store.blob(info.key)
    if blob is None:
        raise BadData(f"The shapes of {info.name} are not in the store. Add its file again.")
    return _built(planner, dataset, *from_layer(blob))


def _built(planner: Planner, dataset: Dataset, found: Shapes, names: Texts) -> bytes:
    under = planner.boundaries(dataset)
    projection = projection_for(under.country, under.xy)
    sheet = Sheet(*unpack_head(MAGIC, shapes.shapes(planner, dataset))["sheet"])
    frames = planner.once(
        "frames", under.key, lambda: frames_of(under.polygons, under.xy, projection)
    )
    return build_reference(found, names, projection, sheet, frames)


def _check(planner: Planner, title: str, color: str) -> None:
    if title.casefold() == HOMES.casefold():
        raise Refused(f"{HOMES} are a layer of every map. Call yours something else.")
    if not title or len(title) > LONGEST_NAME:
        raise Refused(f"Call the layer something of at most {LONGEST_NAME} characters.")
    if color and not HEX.fullmatch(color):
        raise Refused(f"{color!r} is no color; write six hexadecimal digits, as in #c2410c.")
    names = {info.name for info in planner.store.layers()}
    if title not in names and len(names) >= MOST:
        raise Refused(f"There are {MOST} reference layers already. Remove one first.")
