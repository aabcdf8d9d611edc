"""Tables of a comparison: areas, owners, what goes from where to where, and every item of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import Alignment, AreaId, AreaIds
from tp_geo.domain.comparison import Comparison, Ground, Places
from tp_geo.domain.dataset import Texts
from tp_geo.domain.hierarchy import path
from tp_geo.domain.pairing import Pair
from tp_geo.files.exports_tables import Sheet, clean

UNASSIGNED_NAME, NOBODY_NAME = "Unassigned", "Nobody"

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "areas": "Areas",
        "owners": "Owners",
        "flows": "From area to area",
        "owner-flows": "From owner to owner",
        "items": "What moves",
    }
)
"""What each table is called in a workbook."""


@dataclass(frozen=True, slots=True)
class Called:
    """What a side is: the name of the plan, its revision, and the days it is valid or ""."""

    name: str
    revision: int
    valid: str = ""


@dataclass(frozen=True, eq=False)
class Compared:
    """A comparison, and the two that were compared, with what they are called where known."""

    found: Comparison
    before: Ground
    after: Ground
    called: tuple[Called, Called] | None = None

    def name(self, pair: Pair) -> str:
        """Return what to call an area: as it is after, with the name before if another."""
        old, new = self.names(pair)
        return f"{new} (was {old})" if old and new and old != new else new or old

    def names(self, pair: Pair) -> tuple[str, str]:
        """Return the path of an area before and after; "" where it is not."""
        sides = (self.before.alignment, pair.before), (self.after.alignment, pair.after)
        old, new = (_path(alignment, k) for alignment, k in sides)
        return old, new

    def owners(self, pair: Pair) -> tuple[str, str]:
        """Return who owns an area before and after; "" for nobody."""
        sides = (self.before.alignment, pair.before), (self.after.alignment, pair.after)
        old, new = (_owner(alignment, k) for alignment, k in sides)
        return old, new

    def owner_names(self) -> tuple[str, ...]:
        """Return what to call each owner."""
        return tuple(name or NOBODY_NAME for name in self.found.names)


def tables(contents: Compared) -> Mapping[str, pd.DataFrame]:
    """Return every table by name."""
    return {name: make(contents) for name, make in _TABLES.items()}


def sides_table(contents: Compared) -> pd.DataFrame:
    """Return a row for each side: which plan it is, and from which day on it is valid."""
    sides = contents.called or ()
    return pd.DataFrame(
        {
            "side": ["before", "after"][: len(sides)],
            "alignment": [clean(s.name) for s in sides],
            "revision": [s.revision for s in sides],
            "valid": [s.valid or "not said" for s in sides],
        }
    )


def areas_table(contents: Compared) -> pd.DataFrame:
    """Return a row an area: how it was found again, its owners, each figure before and after."""
    pairs = contents.found.pairs
    names = [contents.names(p) for p in pairs]
    owners = [contents.owners(p) for p in pairs]
    columns: dict[str, object] = {
        "area": [new or old for old, new in names],
        "area before": [old for old, _ in names],
        "found by": ["" if at == 0 else str(p.how) for at, p in enumerate(pairs)],
        "owner before": [old for old, _ in owners],
        "owner after": [new for _, new in owners],
    }
    return pd.DataFrame(columns | _figures(contents.found, contents.found.areas))


def owners_table(contents: Compared) -> pd.DataFrame:
    """Return a row an owner with each figure before and after, gained and lost."""
    names = {"owner": list(contents.owner_names())}
    return pd.DataFrame(names | _figures(contents.found, contents.found.owners))


def flows_table(contents: Compared) -> pd.DataFrame:
    """Return a row for each two areas of which one gives to the other, most units first."""
    return _flows(contents, contents.found.areas, [contents.name(p) for p in contents.found.pairs])


def owner_flows_table(contents: Compared) -> pd.DataFrame:
    """Return a row for each two owners of whom one gives to the other, most units first."""
    return _flows(contents, contents.found.owners, contents.owner_names())


def items_table(contents: Compared) -> pd.DataFrame:
    """Return a row an item that changes area or owner: the hand-over, item by item."""
    found, dataset = contents.found, contents.after.dataset
    at = np.flatnonzero((found.areas.flows.of >= 0) | (found.owners.flows.of >= 0))
    items, was = found.items[at], found.was[at]
    n = dataset.items.containers
    leaves = contents.before.alignment.resolved[was], contents.after.alignment.resolved[items]
    sides = tuple(zip((contents.before.alignment, contents.after.alignment), leaves, strict=True))
    sheet = Sheet()
    sheet.add("kind", np.where(items < n, "container", "unit"))
    sheet.add("code", dataset.codes[items])
    sheet.add("name", dataset.names[items])
    for word, (alignment, leaf) in zip(("before", "after"), sides, strict=True):
        sheet.add(f"area {word}", _said(alignment, leaf, _path))
    for word, (alignment, leaf) in zip(("before", "after"), sides, strict=True):
        sheet.add(f"owner {word}", _said(alignment, leaf, _owner))
    for i, measure in enumerate(dataset.measures):
        sheet.add(measure.name, dataset.values[items, i])
    for name, texts in dataset.attributes.items():
        sheet.add(name, texts[items])
    return sheet.table


def _said(alignment: Alignment, leaf: AreaIds, word: Callable[[Alignment, AreaId], str]) -> Texts:
    """Return a text for each item by its leaf area; each area is asked once."""
    size = max(alignment.areas, default=0) + 1
    texts = np.empty(size, dtype=object)
    texts[:] = ""
    for k in alignment.leaves:
        texts[k] = word(alignment, k)
    texts[0] = word(alignment, AreaId(0))
    found: Texts = texts[leaf]
    return found


def _flows(contents: Compared, places: Places, names: Sequence[str]) -> pd.DataFrame:
    flows, figures = places.flows, contents.found.figures
    order = flows.largest(1 if flows.amounts[:, 1].any() else 0)
    columns: dict[str, object] = {
        "from": [names[i] for i in flows.source[order]],
        "to": [names[i] for i in flows.target[order]],
    }
    return pd.DataFrame(columns | {f: flows.amounts[order, i] for i, f in enumerate(figures)})


def _figures(found: Comparison, places: Places) -> dict[str, object]:
    return {
        f"{figure} {word}": values[:, i]
        for i, figure in enumerate(found.figures)
        for word, values in (
            ("before", places.before),
            ("after", places.after),
            ("gained", places.gained),
            ("lost", places.lost),
        )
    }


def _path(alignment: Alignment, area: AreaId | None) -> str:
    if area is None:
        return ""
    return path(alignment, area) if area else UNASSIGNED_NAME


def _owner(alignment: Alignment, area: AreaId | None) -> str:
    above = alignment.ancestry(area) if area else ()
    return next((a.owner for a in above if a.owner), "").strip()


_TABLES: Mapping[str, Callable[[Compared], pd.DataFrame]] = MappingProxyType(
    {
        "areas": areas_table,
        "owners": owners_table,
        "flows": flows_table,
        "owner-flows": owner_flows_table,
        "items": items_table,
    }
)
