"""The dataset that comes of a diagnosed table."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import Items, Positions, frozen
from tp_geo.domain.dataset import Dataset, Floats, Measure, Texts
from tp_geo.files.doctor import Diagnosis
from tp_geo.files.frame import NOWHERE
from tp_geo.files.headers import words

COUNT = Measure("accounts", "Accounts", "accounts", note="One a row of the file")
"""The measure every imported dataset has: how many rows there are."""

NAMED = ("owner", "territory", "country", "postal", "lat", "lon")
"""Attributes that always have these names, whatever their columns are called."""

STATED = "stated country"
"""What rows say, where containers of several countries have a level "country" of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """Measures of containers from elsewhere, in the frame's order: (containers, measures)."""

    measures: tuple[Measure, ...]
    values: Floats


def dataset_from(
    diagnosis: Diagnosis,
    *,
    name: str,
    source: str = "",
    made: str = "",
    beside: Beside | None = None,
) -> Dataset:
    """Return the dataset of a diagnosed table: all containers, and a unit a row.

    A container's value is the sum of its units'; ``beside`` adds figures that
    only containers have. The key depends on what is planned with and on the
    name, not on the file's name or the time. Attributes are named by their
    columns; owner, territory, country, postal, lat and lon by these words.
    Rows that stand for many accounts make no units: their figures are those
    of containers. The ones in no container are a unit each, so that nothing
    of the whole is lost.
    """
    frame, inside = diagnosis.frame, diagnosis.container
    n = len(frame.codes)
    measures, rows = _measures(diagnosis)
    units = np.flatnonzero(inside == NOWHERE) if diagnosis.rolled_up else np.arange(len(inside))
    values = np.concatenate([_sums(inside, rows, n), rows[units]])
    if beside is not None:
        measures, values = _with(measures, values, beside)
    dataset = Dataset(
        name=name,
        key="",
        boundaries=frame.kind,
        items=Items(n, frozen(inside[units])),
        codes=frozen(np.concatenate([frame.codes, diagnosis.ids[units]])),
        names=frozen(np.concatenate([frame.names, _names(diagnosis)[units]])),
        measures=measures,
        values=frozen(values),
        attributes=_attributes(diagnosis, n, units),
        source=source,
        made=made,
        layer=frame.layer,
    )
    return replace(dataset, key=content_key(dataset))


def content_key(dataset: Dataset) -> str:
    """Return 16 hexadecimal digits of all a dataset says, but its source, time and key."""
    digest = hashlib.sha256()
    told = map(repr, (*dataset.measures, *dataset.formulas))
    about = [dataset.name, dataset.boundaries, dataset.layer, *told]
    for texts in (about, dataset.codes, dataset.names):
        _add(digest, texts)
    digest.update(dataset.items.container_of.tobytes())
    digest.update(dataset.values.tobytes())
    for title, texts in dataset.attributes.items():
        _add(digest, [title])
        _add(digest, texts)
    return digest.hexdigest()[:16]


def _add(digest: hashlib._Hash, texts: Iterable[str]) -> None:
    known = list(texts)
    digest.update(np.array([len(t) for t in known], dtype=np.int64).tobytes())
    digest.update("".join(known).encode("utf-8", "surrogatepass"))


def _measures(diagnosis: Diagnosis) -> tuple[tuple[Measure, ...], Floats]:
    columns = diagnosis.columns.measures
    names = _plain_names(columns)
    found = tuple(Measure(n, _label(c)) for n, c in zip(names, columns, strict=True))
    count = replace(COUNT, note="Counted where the accounts are") if diagnosis.rolled_up else COUNT
    return (count, *found), np.column_stack([diagnosis.accounts, diagnosis.values])


def _with(
    measures: tuple[Measure, ...], values: Floats, beside: Beside
) -> tuple[tuple[Measure, ...], Floats]:
    """Add the measures of containers; a name that the user's own measures have stays theirs."""
    taken = {m.name for m in measures}
    kept = [k for k, m in enumerate(beside.measures) if _usable(m, beside.measures, taken)]
    if not kept:
        return measures, values
    more = np.full((len(values), len(kept)), np.nan)
    more[: len(beside.values)] = beside.values[:, kept]
    return (*measures, *(beside.measures[k] for k in kept)), np.hstack([values, more])


def _usable(measure: Measure, among: Sequence[Measure], taken: set[str]) -> bool:
    """Tell whether a measure and the one it is weighted by can be added under their names."""
    names = {measure.name} | ({measure.weight} if measure.weight else set())
    return not names & taken and names <= {m.name for m in among}


def _plain_names(columns: Sequence[str]) -> list[str]:
    """Return names for measures: ``AnnualRevenue`` is ``annual_revenue``; all different."""
    found: list[str] = []
    taken = {COUNT.name}
    for column in columns:
        plain = words(column) or "measure"
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain}_{number}", number + 1
        taken.add(name)
        found.append(name)
    return found


def _label(column: str) -> str:
    """Return a column's name as people write it; ``AnnualRevenue__c`` is ``Annual Revenue``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column.removesuffix("__c"))
    return spaced.replace("_", " ").strip() or column


def _sums(inside: np.ndarray[tuple[int], np.dtype[np.int32]], units: Floats, n: int) -> Floats:
    located = inside != NOWHERE
    into, values = inside[located], np.nan_to_num(units[located])
    columns = [np.bincount(into, values[:, k], n) for k in range(units.shape[1])]
    return np.column_stack(columns).astype(np.float64)


def _names(diagnosis: Diagnosis) -> Texts:
    column = diagnosis.columns.name
    if column is None:
        return diagnosis.ids
    names = _texts(diagnosis.table[column])
    return np.where(names == "", diagnosis.ids, names)


def _attributes(diagnosis: Diagnosis, n: int, units: Positions) -> dict[str, Texts]:
    columns = diagnosis.columns
    found = {name: columns.chosen[name] for name in NAMED if name in columns.chosen}
    if diagnosis.frame.several and "country" in found:
        found[STATED] = found.pop("country")
    for column in dict.fromkeys(columns.attributes):
        title = column
        while title in found:
            title = f"{title} (column)"
        found[title] = column
    none = np.full(n, "", dtype=object)
    return {
        title: frozen(np.concatenate([none, _texts(diagnosis.table[column])[units]]))
        for title, column in found.items()
    }


def _texts(column: pd.Series[str]) -> Texts:
    """Return a column as Python strings, one object for all rows of one text."""
    row_of, distinct = pd.factorize(column.str.strip())
    return np.asarray(distinct, dtype=object)[row_of]
