"""Reference layers: taken in, removed, and packed for the map of a dataset."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import shapely

from tp_geo import cancelling
from tp_geo.domain.alignment import Alignment
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Dataset
from tp_geo.errors import BadData, Refused
from tp_geo.files.reference import ReadLayer, read_layer
from tp_geo.geometry.boundaries import Texts
from tp_geo.geometry.packed import unpack_head
from tp_geo.geometry.palette import HEX
from tp_geo.geometry.projection import projection_for
from tp_geo.geometry.reference import Detail, Shapes, build_reference, detail_of, frames_of
from tp_geo.geometry.topology import MAGIC, Sheet
from tp_geo.store import AlignmentInfo, LayerInfo
from tp_geo.store.layer_parquet import from_layer, to_layer
from tp_geo.workflow import clock, default, shapes
from tp_geo.workflow.homes import Homes, marks, owners_at
from tp_geo.workflow.planner import Planner

COLORS = ("#c2410c", "#6d28d9", "#0f766e", "#be123c", "#1d4ed8", "#4d7c0f")
"""What layers are drawn in unless someone chooses: strong, and no pastel of an area."""

HOMES, HOMES_COLOR = "Owners' homes", "#a21caf"
"""The layer that plans have by themselves."""

LONGEST_NAME = 60
MOST = 40
"""Reference layers of a store."""

_KM = 1_000.0

MAPS = 3
"""Maps that a layer is made ready for as it comes in: those of the plans changed last."""

Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Added:
    """A layer that was taken in.

    ``left_out`` rows of its file had no place, its borders moved by up to
    ``moved_m`` metres. ``detail`` is how exact maps show it, the coarsest.
    """

    info: LayerInfo
    left_out: int
    moved_m: float
    detail: Detail


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
    title = _named(name) if name else file.stem
    _check_look(title, color)
    names = {info.name for info in planner.store.layers()}
    if title not in names and len(names) >= MOST:
        raise Refused(f"There are {MOST} reference layers already. Remove one first.")
    told("Reading the file", 0.0)
    found = read_layer(file, label=label)
    told("Keeping the shapes", 0.4)
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
    packed = _for_maps(planner, info, found, told)
    cancelling.keep()
    planner.store.put_layer(info, blob)
    for key, drawn in packed.items():
        planner.store.put_blob(key, drawn)
    told("Done", 1.0)
    detail = _coarsest([detail_of(drawn) for drawn in packed.values()])
    return Added(info, found.left_out, found.moved_m, detail)


def change_layer(
    planner: Planner, name: str, *, by: str, title: str = "", color: str = ""
) -> LayerInfo:
    """Call a layer otherwise or draw it in another color; its shapes stay as they are."""
    info = _find(planner, name)
    title = _named(title) or info.name
    _check_look(title, color)
    if title != info.name and any(i.name == title for i in planner.store.layers()):
        raise Refused(f"There is a layer called {title} already. Choose another name.")
    changed = replace(info, name=title, color=(color or info.color).lower(), by=by, at=clock.now())
    planner.store.put_layer(changed)
    if title != info.name:
        remove_layer(planner, info.name, by=by)
    return changed


def remove_layer(planner: Planner, name: str, *, by: str) -> LayerInfo:
    """Take a layer off the list; what it held stays in the store."""
    info = _find(planner, name)
    planner.store.put_layer(replace(info, removed=True, by=by, at=clock.now()))
    return info


def detail(planner: Planner, info: LayerInfo) -> Detail | None:
    """Return how exact maps show a layer, the coarsest; ``None`` where none has shown it so far."""
    keys = [packed_key(planner, dataset, info) for dataset in _maps(planner)]
    blobs = [blob for key in keys if (blob := planner.store.blob(key)) is not None]
    return _coarsest([detail_of(blob) for blob in blobs]) if blobs else None


def in_words(detail: Detail) -> str:
    """Return how exact maps show a layer: ``simplified to 2.4 km, 40,000 of 500,000 points``."""
    said = []
    if detail.metres:
        said.append(f"{'simplified' if detail.thinned else 'exact'} to {_distance(detail.metres)}")
    if detail.thinned and detail.shown < detail.points:
        said.append(f"{detail.shown:,} of {detail.points:,} points")
    return ", ".join(said) or "all points"


def told_of(added: Added) -> list[str]:
    """Return what there is to know of a layer that came in, a sentence each."""
    said = []
    if added.left_out:
        said.append(f"{counted(added.left_out, 'rows')} without a place left out.")
    if added.moved_m:
        said.append(
            f"Too many corners: borders and lines moved by up to {_distance(added.moved_m)}."
        )
    if added.detail.thinned:
        said.append(f"Too large for the map as it is, so there it is {in_words(added.detail)}.")
    return said


def packed_key(planner: Planner, dataset: Dataset, info: LayerInfo) -> str:
    """Return the name of a layer as the map of a dataset gets it: other shapes, other name."""
    text = f"{info.key} {shapes.shapes_key(planner, dataset)}"
    return f"tpr2-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


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
    return f"tph2-{hashlib.sha256(text.encode()).hexdigest()[:16]}" if said else ""


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


def _find(planner: Planner, name: str) -> LayerInfo:
    there = planner.store.layers()
    info = next((i for i in there if i.name == name), None)
    if info is None:
        names = ", ".join(i.name for i in there) or "none"
        raise BadData(f"There is no reference layer {name!r}. Layers: {names}.")
    return info


def _maps(planner: Planner) -> tuple[Dataset, ...]:
    """Return the datasets whose maps a layer is made ready for; the built-in one without plans."""
    last: dict[str, AlignmentInfo] = {}
    for info in planner.plans():
        last.setdefault(info.dataset_key, info)
    found = tuple(planner.dataset_of(info) for info in islice(last.values(), MAPS))
    return found or (planner.dataset(default.NAME),)


def _for_maps(planner: Planner, info: LayerInfo, found: ReadLayer, told: Told) -> dict[str, bytes]:
    packed: dict[str, bytes] = {}
    for dataset in _maps(planner):
        told(f"Drawing it on the map of {dataset.name}", 0.5)
        key = packed_key(planner, dataset, info)
        if key not in packed:
            packed[key] = _built(planner, dataset, found.shapes, found.names)
    return packed


def _coarsest(details: Sequence[Detail]) -> Detail:
    return max(details, key=lambda d: (d.thinned, d.metres, d.points - d.shown))


def _distance(metres: float) -> str:
    return f"{metres / 1_000:,.1f} km" if metres >= _KM else f"{metres:,.0f} m"


def _named(title: str) -> str:
    return " ".join(title.split())


def _check_look(title: str, color: str) -> None:
    if title.casefold() == HOMES.casefold():
        raise Refused(f"{HOMES} are a layer of every map. Call yours something else.")
    if not title or len(title) > LONGEST_NAME:
        raise Refused(f"Call the layer something of at most {LONGEST_NAME} characters.")
    if color and not HEX.fullmatch(color):
        raise Refused(f"{color!r} is no color; write six hexadecimal digits, as in #c2410c.")
