"""Tables of an alignment, as exports write them: areas, containers, units, history."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tp_geo.domain.alignment import UNASSIGNED, Alignment, Area, AreaId, AreaIds
from tp_geo.domain.dataset import Dataset, Floats, Texts
from tp_geo.domain.edits import Assign, DropArea, Hold, PutArea
from tp_geo.domain.formula_areas import areas_worked
from tp_geo.domain.hierarchy import depths, levels, path
from tp_geo.domain.measures import Totals, totals
from tp_geo.domain.revision import Revision
from tp_geo.domain.targets import aim_of
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.boundaries import Boundaries

Column: TypeAlias = NDArray[Any] | Sequence[object]

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, eq=False)
class Contents:
    """What an export is made from. ``boundaries`` are needed for shapes and pictures only.

    So is ``adjacency`` for the colors of pictures; without it, it is found from the shapes.
    ``valid`` says from which day on the plan is, "" where that is not said.
    """

    name: str
    alignment: Alignment
    dataset: Dataset
    boundaries: Boundaries | None = None
    history: tuple[Revision, ...] = ()
    revision: int = 0
    made: str = ""
    adjacency: Adjacency | None = None
    valid: str = ""

    @cached_property
    def totals(self) -> Totals:
        """What every area holds."""
        return totals(self.dataset, self.alignment)

    @property
    def containers(self) -> slice:
        """The items that are containers."""
        return slice(0, self.dataset.items.containers)

    @property
    def units(self) -> slice:
        """The items that are units."""
        return slice(self.dataset.items.containers, self.dataset.items.count)


@dataclass(slots=True)
class Sheet:
    """Columns under names that all differ, case aside: a later twin gets a number."""

    columns: dict[str, Column] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def add(self, name: str, column: Column) -> None:
        """Add a column at the right."""
        title = clean(name).strip() or "column"
        number = 2
        unique = title
        while unique.casefold() in self.seen:
            unique, number = f"{title} {number}", number + 1
        self.seen.add(unique.casefold())
        self.columns[unique] = column

    @property
    def table(self) -> pd.DataFrame:
        """All columns, each of its own type."""
        return pd.DataFrame(
            {k: pd.Series(list(v), dtype=_kind(v)) for k, v in self.columns.items()}
        )


def clean(text: str) -> str:
    """Return a text without characters that files can't hold: controls and broken surrogates."""
    return _UNFIT.sub("\ufffd", text)


def plan_table(contents: Contents) -> pd.DataFrame:
    """Return what an export is of, a row a fact: which plan, as of when, valid from which day."""
    shapes = contents.boundaries
    facts = {
        "alignment": contents.name,
        "revision": str(contents.revision),
        "made": contents.made,
        "valid": contents.valid or "not said",
        "dataset": contents.dataset.name,
        "boundaries": f"{shapes.title} {shapes.vintage}".strip() if shapes else "",
    }
    said = {name: clean(text) for name, text in facts.items() if text}
    return pd.DataFrame({"what": list(said), "is": list(said.values())})


def areas_table(contents: Contents, areas: Sequence[AreaId] | None = None) -> pd.DataFrame:
    """Return a row an area in the order of the tree: what it is, holds and should hold.

    For each measure its total, target, range if there is one, and deviation;
    then what formulas of areas come to. The table can be read back as a model.
    """
    alignment, figures = contents.alignment, contents.totals
    tree = depths(alignment)
    depth = {k: d for d, k in tree}
    ids = [k for _, k in tree] if areas is None else list(areas)
    found = [alignment.areas[k] for k in ids]
    sheet = Sheet()
    sheet.add("id", [int(k) for k in ids])
    sheet.add("name", [a.name for a in found])
    sheet.add("level", [a.level for a in found])
    sheet.add("depth", [depth[k] for k in ids])
    sheet.add("parent id", ["" if a.parent is None else str(a.parent) for a in found])
    sheet.add("parent", ["" if a.parent is None else alignment.name(a.parent) for a in found])
    sheet.add("path", [path(alignment, k) for k in ids])
    sheet.add("owner", [a.owner or "" for a in found])
    sheet.add("locked", ["TRUE" if a.locked else "" for a in found])
    sheet.add("status", [str(alignment.signoff(k).status) for k in ids])
    sheet.add("profile", [str(a.profile) for a in found])
    sheet.add("color", [a.color or "" for a in found])
    sheet.add("containers", [int(figures.containers[k]) for k in ids])
    sheet.add("units", [int(figures.units[k]) for k in ids])
    for measure in figures.names:
        _add_figures(sheet, found, measure, [figures.of(k, measure) for k in ids])
    for formula, worked in areas_worked(contents.dataset, alignment, figures).items():
        sheet.add(formula, worked.values[ids])
    for name in sorted({n for a in alignment.areas.values() for n in a.attributes}):
        sheet.add(name, [a.attributes.get(name, "") for a in found])
    return sheet.table


def items_table(contents: Contents, items: slice | None = None) -> pd.DataFrame:
    """Return a row an item: where it is on every level, who owns it, its figures.

    A container's figures are all that lies in it, units included. Areas above
    the level they should have are blank below.
    """
    chosen = items or slice(0, contents.dataset.items.count)
    alignment, dataset = contents.alignment, contents.dataset
    leaf = alignment.resolved[chosen]
    sheet = Sheet()
    for name, column in _who(contents, chosen).items():
        sheet.add(name, column)
    sheet.add("area id", [int(k) or "" for k in leaf])
    sheet.add("area", _by_area(alignment, leaf, _called(alignment)))
    for depth, level in enumerate(levels(alignment), start=1):
        sheet.add(level, _by_area(alignment, leaf, _names_on(alignment, depth)))
    owners = {k: _owner(alignment, k) for k in alignment.areas}
    sheet.add("area owner", _by_area(alignment, leaf, owners))
    if len(alignment.shared):
        sheet.add("shared with", _shared_with(alignment, chosen))
    sheet.add("held", np.where(alignment.held[chosen], "TRUE", ""))
    odd = np.isin(np.arange(dataset.items.count)[chosen], alignment.exceptions)
    sheet.add("exception", np.where(odd, "TRUE", ""))
    for i, measure in enumerate(dataset.measures):
        sheet.add(measure.name, dataset.values[chosen, i])
    for name, texts in dataset.attributes.items():
        sheet.add(name, texts[chosen])
    return sheet.table


def history_table(history: Iterable[Revision], containers: int) -> pd.DataFrame:
    """Return a row a revision, oldest first: when, who, what, why, and how much it changed."""
    found = list(history)
    sheet = Sheet()
    sheet.add("revision", [r.seq for r in found])
    sheet.add("at", [r.at for r in found])
    sheet.add("by", [r.by for r in found])
    sheet.add("kind", [r.kind for r in found])
    sheet.add("what", [r.text for r in found])
    sheet.add("note", [r.note for r in found])
    sheet.add("takes back", [r.reverts or "" for r in found])
    sizes = [_size(r, containers) for r in found]
    for i, name in enumerate(("containers moved", "units moved", "areas changed", "items held")):
        sheet.add(name, [size[i] for size in sizes])
    return sheet.table


def _who(contents: Contents, chosen: slice) -> Mapping[str, Column]:
    dataset = contents.dataset
    n = dataset.items.containers
    home = dataset.items.container_of
    around = np.concatenate([np.full(n, -1, dtype=np.int32), home])[chosen]
    kind = np.where(np.arange(dataset.items.count)[chosen] < n, "container", "unit")
    inside = np.where(around >= 0, dataset.codes[around], "")
    names = {"kind": kind, "code": dataset.codes[chosen], "name": dataset.names[chosen]}
    return {**names, "container": inside} if (kind == "unit").any() else names


def _by_area(alignment: Alignment, leaf: AreaIds, said: Mapping[AreaId, str]) -> Texts:
    texts = np.full(max(alignment.areas, default=0) + 1, "", dtype=object)
    for k, text in said.items():
        texts[k] = text
    found: Texts = texts[np.maximum(leaf, UNASSIGNED)]
    return found


def _shared_with(alignment: Alignment, chosen: slice) -> Texts:
    """Return, of containers, the further areas that hold them, with commas between."""
    names, texts = _called(alignment), np.full(alignment.items.count, "", dtype=object)
    for at, k in zip(alignment.shared.items, alignment.shared.areas.tolist(), strict=True):
        texts[at] = f"{texts[at]}, {names[k]}" if texts[at] else names[k]
    found: Texts = texts[chosen]
    return found


def _called(alignment: Alignment) -> Mapping[AreaId, str]:
    """Return what tells each area apart: its name, or its path where others are called so."""
    times = Counter(area.name for area in alignment.areas.values())
    return {
        k: area.name if times[area.name] == 1 else path(alignment, k)
        for k, area in alignment.areas.items()
    }


def _names_on(alignment: Alignment, depth: int) -> Mapping[AreaId, str]:
    """Return, for every leaf, the name of the area it lies in on a level."""
    named: dict[AreaId, str] = {}
    for at, k in depths(alignment):
        parent = alignment.areas[k].parent
        if at == depth:
            named[k] = alignment.areas[k].name
        elif parent is not None and parent in named:
            named[k] = named[parent]
    return named


def _owner(alignment: Alignment, area: AreaId) -> str:
    """Return who owns an area: its own owner or that of the nearest area above."""
    return next((a.owner for a in alignment.ancestry(area) if a.owner), "")


def _add_figures(sheet: Sheet, areas: list[Area], measure: str, held: list[float]) -> None:
    """Add what areas hold of a measure, should hold, and by how much they miss it.

    Minimum and maximum have a column where some area has one.
    """
    aims = [aim_of(area, measure) for area in areas]
    off = [aim.deviation(total) for aim, total in zip(aims, held, strict=True)]
    sheet.add(measure, _floats(held))
    sheet.add(f"target {measure}", _floats([aim.ideal for aim in aims]))
    for word, limits in (
        ("minimum", [aim.minimum for aim in aims]),
        ("maximum", [aim.maximum for aim in aims]),
    ):
        if any(limit is not None for limit in limits):
            sheet.add(f"{word} {measure}", _floats(limits))
    sheet.add(f"{measure} deviation", _floats(off))


def _floats(values: Sequence[float | None]) -> Floats:
    """Return figures as a column, NaN where there is none."""
    return np.array(values, dtype=np.float64)


def _size(revision: Revision, containers: int) -> tuple[int, int, int, int]:
    moved, units, areas, held = 0, 0, 0, 0
    for edit in revision.edits:
        match edit:
            case Assign(items, _):
                moved += int((items < containers).sum())
                units += int((items >= containers).sum())
            case PutArea() | DropArea():
                areas += 1
            case Hold(items, _):
                held += len(items)
    return moved, units, areas, held


def _kind(column: Column) -> str:
    if isinstance(column, np.ndarray):
        return "float64" if column.dtype.kind == "f" else "object"
    return "int64" if column and all(type(v) is int for v in column) else "object"
