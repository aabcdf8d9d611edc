"""Which column is what: guessed from headers and contents, with the reason for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from tp_geo.domain.rolled_up import CODE, COUNT, COUNTRY
from tp_geo.errors import BadData
from tp_geo.files.headers import called, may_be_measure
from tp_geo.files.numbers import parse_numbers

FIELDS = ("id", "name", "postal", "lat", "lon", "country", "owner", "territory")

_OWN = "tp_"
_SAMPLE = 5_000
_ENOUGH = 0.5
_SURE = 0.95
_MAX_COUNTRIES = 250
_ZIP = r"^[0-9]{5}(?:-[0-9]{4})?$"
_POSTALISH = r"^(?:[A-Za-z]{0,3}[_ -])?[0-9A-Za-z]{1,5}(?:[ _.-]?[0-9A-Za-z]{0,5})?$"
_LIST = 30
_LONGEST = 40
"""So many characters of the name of a column are told."""

_Test = Callable[["pd.Series[str]"], float]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds what; ``reasons`` says by field why it was chosen.

    ``source`` says which file a row is from, where several were put together.
    ``count`` says how many accounts a row stands for, where accounts were
    rolled up already; a row is one account otherwise.
    """

    id: str | None = None
    name: str | None = None
    postal: str | None = None
    lat: str | None = None
    lon: str | None = None
    country: str | None = None
    owner: str | None = None
    territory: str | None = None
    measures: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    source: str | None = None
    count: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def chosen(self) -> dict[str, str]:
        """The columns in use by field, without measures and attributes."""
        found = {name: getattr(self, name) for name in FIELDS}
        return {name: column for name, column in found.items() if column is not None}


def guess(
    table: pd.DataFrame, fixed: Mapping[str, str] | None = None, measures: Sequence[str] = ()
) -> Columns:
    """Return which column is most likely what.

    Headers come first: the better known name wins, then the column further
    left; coordinates are taken as a pair of one prefix. Contents have a veto,
    and decide where no header is known. ``fixed`` columns by field, and
    ``measures`` if there are any, are taken as they are. The same table gives
    the same answer. The answer of a roll-up says itself what its columns are.
    """
    if {CODE, COUNT} <= set(table.columns):
        return _of_roll_up(table, fixed or {}, measures)
    sample = _sample(table)
    found = dict(fixed or {})
    reasons = dict.fromkeys(found, "as chosen")
    for name, test in _TESTS.items():
        if name not in found:
            free = [c for c in sample.columns if c not in {*found.values(), *measures}]
            _choose_by_header(name, test, sample[free], found, reasons)
    if not {"lat", "lon"} & set(fixed or {}):
        _pair(sample, found, reasons)
    _choose_by_content(sample.drop(columns=list(measures), errors="ignore"), found, reasons)
    left = [c for c in table.columns if c not in found.values()]
    numbers = tuple(dict.fromkeys(measures)) or tuple(c for c in left if _is_measure(c, sample[c]))
    reasons["measures"] = (
        "as chosen"
        if measures
        else "columns of numbers whose names are not those of codes or dates"
    )
    reasons["attributes"] = "the other columns that are not empty"
    others = tuple(c for c in left if c not in numbers and sample[c].str.strip().ne("").any())
    return Columns(**found, measures=numbers, attributes=others, reasons=reasons)


def _of_roll_up(table: pd.DataFrame, fixed: Mapping[str, str], measures: Sequence[str]) -> Columns:
    """Return the columns of a roll-up: code, country, how many accounts; the rest are figures."""
    country = COUNTRY if COUNTRY in table.columns else None
    usual = Columns(id=CODE, postal=CODE, country=country, count=COUNT)
    found: dict[str, Any] = {**usual.chosen, **fixed}
    taken = {*found.values(), COUNT}
    rest = tuple(c for c in table.columns if c not in taken and not c.startswith(_OWN))
    reasons = dict.fromkeys(found, "what roll-ups call it")
    figures = tuple(dict.fromkeys(measures)) or rest
    return replace(usual, **found, measures=figures, reasons=reasons)


def check(columns: Columns, table: pd.DataFrame, *, countries: bool = False) -> None:
    """Raise ``BadData`` for a column that is not there or means two things, or without a place.

    ``countries``: the country of a row is a place, too.
    """
    known = set(table.columns)
    named = [*columns.chosen.items(), *(("measure", m) for m in columns.measures)]
    if columns.count is not None:
        named.append(("number of accounts", columns.count))
    for name, column in [*named, *(("attribute", a) for a in columns.attributes)]:
        if column not in known:
            raise BadData(
                f"There is no column {column[:_LONGEST]!r} to take as {name}. "
                f"The file has: {_listed(table)}."
            )
    if columns.lat is not None and columns.lat == columns.lon:
        raise BadData(
            f"Column {columns.lat!r} can't be both latitude and longitude. Choose one for each."
        )
    placed = columns.postal or (columns.lat and columns.lon) or (countries and columns.country)
    if not placed:
        raise BadData(
            "No column holds postal codes, and no two hold latitude and longitude. Name them "
            f"(--postal, or --lat and --lon); the file has: {_listed(table)}."
        )


def _sample(table: pd.DataFrame) -> pd.DataFrame:
    """Return some thousand rows, evenly spread."""
    step = max(1, len(table) // _SAMPLE)
    return table.iloc[::step]


def _choose_by_header(
    name: str,
    test: _Test,
    sample: pd.DataFrame,
    found: dict[str, str],
    reasons: dict[str, str],
) -> None:
    for column in called(name, sample.columns):
        share = test(sample[column])
        if share >= _ENOUGH:
            found[name] = column
            reasons[name] = f"its header; {share:.0%} of its values fit"
            return
        reasons.setdefault(name, f"not {column!r}: only {share:.0%} of its values fit")


def _pair(sample: pd.DataFrame, found: dict[str, str], reasons: dict[str, str]) -> None:
    """Take the longitude that has the latitude's prefix; one coordinate alone is none."""
    if "lat" in found and "lon" in found:
        for column in called("lon", sample.columns):
            if _prefix(column) == _prefix(found["lat"]) and _share_within(180)(sample[column]):
                found["lon"] = column
                return
    elif "lat" in found or "lon" in found:
        for name in ("lat", "lon"):
            if name in found:
                column = found.pop(name)
                reasons[name] = f"not {column!r}: the other coordinate is missing"


def _choose_by_content(
    sample: pd.DataFrame, found: dict[str, str], reasons: dict[str, str]
) -> None:
    free = [c for c in sample.columns if c not in found.values()]
    if "postal" not in found:
        for column in free:
            if _looks_like_zip(sample[column]):
                found["postal"] = column
                reasons["postal"] = "its values look like ZIP codes, some with a leading zero or +4"
                break
    if "lat" not in found:
        _find_coordinates(sample, found, reasons)
    if "id" not in found:
        for column in (c for c in free if c not in found.values()):
            if _looks_like_id(sample[column]):
                found["id"] = column
                reasons["id"] = "every value is there once, without spaces"
                break


def _find_coordinates(sample: pd.DataFrame, found: dict[str, str], reasons: dict[str, str]) -> None:
    """Take two neighboring columns of fine decimals, the one beyond 90 degrees as longitude."""
    columns = list(sample.columns)
    for one, two in pairwise(columns):
        if {one, two} & set(found.values()):
            continue
        if not (_is_fine(sample[one]) and _is_fine(sample[two])):
            continue
        beyond = [not _share_within(90)(sample[c]) > _ENOUGH for c in (one, two)]
        if sum(beyond) == 1:
            lon, lat = (one, two) if beyond[0] else (two, one)
            found.update(lat=lat, lon=lon)
            reasons["lat"] = reasons["lon"] = "its values look like degrees"
            return


def _filled(values: pd.Series[str]) -> pd.Series[str]:
    stripped = values.str.strip()
    return stripped[stripped.ne("")]


def _share_matching(pattern: str) -> _Test:
    def share(values: pd.Series[str]) -> float:
        filled = _filled(values)
        return float(filled.str.match(pattern).mean()) if len(filled) else 0.0

    return share


def _share_within(limit: float) -> _Test:
    def share(values: pd.Series[str]) -> float:
        filled = _filled(values)
        if not len(filled):
            return 0.0
        return float((np.abs(parse_numbers(filled).values) <= limit).mean())

    return share


def _share_filled(values: pd.Series[str]) -> float:
    return float(len(_filled(values)) > 0)


def _share_of_id(values: pd.Series[str]) -> float:
    return _filled(values).nunique() / max(len(values), 1)


def _share_of_country(values: pd.Series[str]) -> float:
    return float(0 < _filled(values).nunique() <= _MAX_COUNTRIES)


def _looks_like_zip(values: pd.Series[str]) -> bool:
    filled = _filled(values)
    if not len(filled) or filled.str.match(_ZIP).mean() < _SURE:
        return False
    return bool(filled.str.match("^0|^[0-9]{5}-").mean() > 0.005)


def _looks_like_id(values: pd.Series[str]) -> bool:
    filled = _filled(values)
    whole = len(filled) == len(values) and filled.is_unique
    return bool(whole and not filled.str.contains(r"\s|^-|\d[.,]\d").any())


def _is_fine(values: pd.Series[str]) -> bool:
    filled = _filled(values)
    fine = len(filled) > 0 and filled.str.match(r"^-?\d{1,3}\.\d{3,}$").mean() >= _SURE
    return bool(fine) and _share_within(180)(values) >= _SURE


def _is_measure(header: str, values: pd.Series[str]) -> bool:
    filled = _filled(values)
    if not len(filled) or not may_be_measure(header):
        return False
    return bool(parse_numbers(filled).bad.mean() <= 1 - 0.9)


def _prefix(header: str) -> str:
    low = header.lower()
    return low[: max(low.rfind("lat"), low.rfind("lon"), low.rfind("lng"), 0)]


def _listed(table: pd.DataFrame) -> str:
    names: Sequence[str] = [str(c)[:_LONGEST] for c in table.columns]
    more = f" and {len(names) - _LIST:,} more" if len(names) > _LIST else ""
    return ", ".join(names[:_LIST]) + more


_TESTS: Mapping[str, _Test] = {
    "id": _share_of_id,
    "postal": _share_matching(_POSTALISH),
    "lat": _share_within(90),
    "lon": _share_within(180),
    "country": _share_of_country,
    "owner": _share_filled,
    "territory": _share_filled,
    "name": _share_filled,
}
