"""A model from columns: each level is a column of the data or of what containers lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import (
    FOLLOW,
    MAX_AREA_ID,
    MAX_LEVELS,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    AreaIds,
    frozen,
)
from tp_geo.domain.dataset import Dataset, Texts
from tp_geo.domain.problems import RESERVED
from tp_geo.errors import Refused
from tp_geo.geometry.boundaries import Boundaries

Within: TypeAlias = Mapping[str, Texts]
"""For "county", "state", ...: the code of what each container of a dataset lies in."""

Labels: TypeAlias = Mapping[str, Mapping[str, str]]
"""For "county", "state", ...: names by code."""

_Path: TypeAlias = tuple[str, ...]


def within_of(dataset: Dataset, boundaries: Boundaries) -> Within:
    """Return what each container of a dataset lies in; its own code under the boundaries' kind."""
    place = {code: i for i, code in enumerate(boundaries.codes)}
    at = np.array(
        [place.get(c, -1) for c in dataset.codes[: dataset.items.containers]], dtype=np.intp
    )
    levels = {boundaries.kind: boundaries.codes, **boundaries.within}
    return {level: np.where(at >= 0, codes[at], "") for level, codes in levels.items()}


def labels_of(boundaries: Boundaries) -> Mapping[str, str]:
    """Return the names of boundaries by code, to call areas by."""
    return dict(zip(boundaries.codes, boundaries.names, strict=True))


def from_columns(
    dataset: Dataset,
    columns: Sequence[str],
    *,
    within: Within | None = None,
    labels: Labels | None = None,
    levels: Sequence[str] | None = None,
) -> Alignment:
    """Return a model with a level for each column, from the top, and its present assignment.

    Each item goes to the leaf its values lead to. A container without values
    goes where most of its units do; units that differ become exceptions. A
    unit without values follows its container.

    Parameters
    ----------
    columns
        Attributes of the dataset, or keys of ``within``.
    labels
        Names for codes found in ``within``.
    levels
        What to call the levels; without it, after their columns.
    """
    if not 1 <= len(columns) <= MAX_LEVELS:
        raise Refused(f"A model has 1 to {MAX_LEVELS} levels; {len(columns)} columns were given.")
    parts: list[Texts] = []
    for column in columns:
        above = parts[-1][: dataset.items.containers] if parts else None
        parts.append(parts_of(dataset, column, within, labels, among=above))
    return model_of_labels(dataset, levels or [c.title() for c in columns], parts)


def parts_of(
    dataset: Dataset,
    column: str,
    within: Within | None = None,
    labels: Labels | None = None,
    *,
    among: Texts | None = None,
) -> Texts:
    """Return the value of a column for every item, "" where there is none; a new array.

    Codes become names. Where two codes have one name, the code is added; with
    ``among``, a text a container, only where both occur under the same text.
    """
    column = _meant(column, [*dataset.attributes, *(within or {})])
    if column in dataset.attributes:
        return _values(dataset.attributes[column])
    if within is None or column not in within:
        known = ", ".join(dict.fromkeys([*dataset.attributes, *(within or {})])) or "none"
        raise Refused(f"Dataset {dataset.name} has no column {column!r}. Columns: {known}.")
    own = _named(within[column], (labels or {}).get(column, {}), among)
    home = dataset.items.container_of
    inside = np.where(home >= 0, own[home], "") if len(own) else np.full(len(home), "")
    return np.concatenate([own, inside]).astype(object)


def _values(column: Texts) -> Texts:
    """Return texts without blanks around them; what means no area is ""."""
    stripped = (str(value).strip() for value in column)
    said = ["" if text.casefold() in RESERVED else text for text in stripped]
    return np.array(said, dtype=object)


def _meant(column: str, known: Sequence[str]) -> str:
    """Return the name of a column written in any case."""
    alike = (name for name in known if name.casefold() == column.casefold())
    return column if column in known else next(alike, column)


def model_of_labels(dataset: Dataset, levels: Sequence[str], parts: Sequence[Texts]) -> Alignment:
    """Return the model whose level ``i`` has an area for each text in ``parts[i]``."""
    paths, path_of = _paths(parts)
    tree = sorted({path[: i + 1] for path in paths for i in range(len(path))})
    if len(tree) > MAX_AREA_ID:
        raise Refused(
            f"{' and '.join(levels)} have {len(tree):,} different values; an alignment has at "
            f"most {MAX_AREA_ID:,} areas. Choose columns that name territories."
        )
    ids = {path: AreaId(i) for i, path in enumerate(tree, start=1)}
    areas = {ids[p]: Area(ids[p], p[-1], ids.get(p[:-1]), level=levels[len(p) - 1]) for p in tree}
    divided = {p[:-1] for p in tree}
    leaf_of = np.array([UNASSIGNED, *(0 if p in divided else ids[p] for p in paths)], np.int32)
    area_of = _entries(dataset, leaf_of[path_of + 1])
    return Alignment(dataset.items, areas, area_of, frozen(np.zeros(len(area_of), np.bool_)))


def _named(codes: Texts, names: Mapping[str, str], among: Texts | None) -> Texts:
    called = np.array([names.get(c) or c for c in codes.tolist()], dtype=object)
    groups = [""] * len(codes) if among is None else among.tolist()
    seen: dict[tuple[str, str], set[str]] = {}
    for group, name, code in zip(groups, called, codes, strict=True):
        seen.setdefault((group, name), set()).add(code)
    twins = {code for found in seen.values() if len(found) > 1 for code in found}
    return np.array(
        [f"{n} ({c})" if c in twins else n for n, c in zip(called, codes, strict=True)],
        dtype=object,
    )


def _paths(parts: Sequence[Texts]) -> tuple[list[_Path], AreaIds]:
    """Return the different paths in order, and which of them each item has; -1 for none."""
    frame = pd.DataFrame({i: part.astype(str) for i, part in enumerate(parts)}, dtype=object)
    for i in range(1, len(parts)):
        frame.loc[frame[i - 1] == "", i] = ""
    group = frame.groupby(list(frame.columns), sort=True).ngroup().to_numpy().astype(np.int32)
    firsts = frame.iloc[np.unique(group, return_index=True)[1]]
    keys: list[_Path] = [tuple(v for v in row if v) for row in firsts.itertuples(index=False)]
    if keys and keys[0] == ():
        return keys[1:], (group - 1).astype(np.int32)
    return keys, group


def _entries(dataset: Dataset, leaf: AreaIds) -> AreaIds:
    """Return entries: containers by themselves or by most of their units, units that differ."""
    n, home = dataset.items.containers, dataset.items.container_of
    area_of = np.full(len(leaf), FOLLOW, dtype=np.int32)
    area_of[:n] = np.where(leaf[:n] != UNASSIGNED, leaf[:n], majority(leaf[n:], home, n))
    around = np.where(home >= 0, area_of[home], UNASSIGNED) if n else np.zeros_like(home)
    odd = (leaf[n:] != UNASSIGNED) & (leaf[n:] != around)
    area_of[n:][odd] = leaf[n:][odd]
    return frozen(area_of)


def majority(leaf: AreaIds, home: AreaIds, containers: int) -> AreaIds:
    """Return the area most units of each container belong to; the first of equals."""
    found = np.zeros(containers, dtype=np.int32)
    known = (leaf != UNASSIGNED) & (home >= 0)
    if not known.any():
        return found
    size = int(leaf.max()) + 1
    pair, count = np.unique(home[known].astype(np.int64) * size + leaf[known], return_counts=True)
    order = np.lexsort((pair, -count, pair // size))
    best = order[np.unique((pair // size)[order], return_index=True)[1]]
    found[pair[best] // size] = pair[best] % size
    return found
