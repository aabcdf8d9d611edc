"""Rows put into containers: by code, by what is known of a code, by point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tp_geo.domain.alignment import Flags, Positions
from tp_geo.domain.dataset import Floats, Texts
from tp_geo.files.columns import texts_of
from tp_geo.files.countries import country_code
from tp_geo.files.frame import NOWHERE, Containers, Frame, positions_in
from tp_geo.files.mapping import Columns
from tp_geo.files.points import Points, read_points
from tp_geo.files.postal import ZIP, Change, Form, Normalized, normalize
from tp_geo.files.reasons import Reason
from tp_geo.geometry.earth import distance_m

FAR_KM = 80.0
"""A point this far beyond its postal code's area disagrees with it; well above what
approximate areas are off."""

_CHANGES = {
    Change.KEY: Reason.KEY,
    Change.DECIMAL: Reason.DECIMAL,
    Change.PLUS_4: Reason.PLUS_4,
    Change.PADDED: Reason.LOST_LEADING_ZERO,
    Change.CUT: Reason.CUT,
}


_TURNS: Mapping[Reason, Callable[[Floats, Floats], tuple[Floats, Floats]]] = {
    Reason.SWAPPED: lambda lon, lat: (lat, lon),
    Reason.LOST_SIGN: lambda lon, lat: (-lon, lat),
}
"""What people get wrong about coordinates, and how to undo it."""


class How(IntEnum):
    """By what a row came into its container."""

    NOT = 0
    CODE = 1
    ATTACHED = 2
    POINT = 3
    ZIP_POINT = 4


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """Rows with one problem in one column; a suggestion each, or none at all."""

    reason: Reason
    column: str | None
    rows: Positions
    suggestions: Texts | None = None


@dataclass(slots=True, eq=False)
class Placement:
    """Where rows are put, filled step by step; what was found on the way."""

    container: Containers
    how: NDArray[np.uint8]
    findings: list[Finding] = field(default_factory=list)

    @property
    def lost(self) -> Flags:
        """Rows without a container so far."""
        return np.asarray(self.container == NOWHERE, dtype=np.bool_)

    def put(self, rows: Positions, found: Containers, how: How) -> Positions:
        """Place rows where something was found; return these."""
        hit = found != NOWHERE
        self.container[rows[hit]] = found[hit]
        self.how[rows[hit]] = how
        return np.asarray(rows[hit], dtype=np.intp)

    def note(
        self, reason: Reason, column: str | None, rows: Positions, suggestions: Texts | None = None
    ) -> None:
        """Keep a finding, unless it is about no row."""
        if len(rows):
            self.findings.append(Finding(reason, column, rows, suggestions))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What rows say of their place.

    ``known`` is their code's position in the lookup, or -1. ``as_zips``: the
    codes are ZIP codes, and those of the containers are something else.
    """

    columns: Columns
    frame: Frame
    codes: Texts
    changes: NDArray[np.uint8]
    as_zips: bool
    known: Containers
    points: Points
    abroad: Flags

    @property
    def military(self) -> Flags:
        flags = np.append(self.frame.lookup.military, False)
        return np.asarray(flags[self.known], dtype=np.bool_)


def place(table: pd.DataFrame, columns: Columns, frame: Frame) -> Placement:
    """Return the container of every row.

    Tried in this order: the exact code, the container a PO box or unique code
    is attached to, the container the point lies in, the one the code's own
    known point lies in. Rows of another country are matched by point alone.
    """
    n = len(table)
    rows = _read(table, columns, frame)
    placed = Placement(np.full(n, NOWHERE, dtype=np.int32), np.zeros(n, dtype=np.uint8))
    _place_by_code(placed, rows)
    _place_by_point(placed, rows)
    _check_agreement(placed, rows)
    _place_by_zip_point(placed, rows)
    _explain(placed, rows)
    return placed


def _read(table: pd.DataFrame, columns: Columns, frame: Frame) -> _Rows:
    abroad = _abroad(table, columns, frame)
    found, as_zips = _codes(table, columns, frame)
    known = positions_in(frame.lookup.codes, found.codes)
    return _Rows(
        columns=columns,
        frame=frame,
        codes=found.codes,
        changes=found.changes,
        as_zips=as_zips,
        known=np.where(abroad, NOWHERE, known).astype(np.int32),
        points=read_points(table, columns),
        abroad=abroad,
    )


def _abroad(table: pd.DataFrame, columns: Columns, frame: Frame) -> Flags:
    if columns.country is None or not frame.country:
        return np.zeros(len(table), dtype=np.bool_)
    row_of, distinct = pd.factorize(table[columns.country].str.strip())
    home = country_code(frame.country)
    other = np.array([bool(c) and country_code(c) != home for c in distinct], dtype=np.bool_)
    return np.asarray(other[row_of], dtype=np.bool_)


def _codes(table: pd.DataFrame, columns: Columns, frame: Frame) -> tuple[Normalized, bool]:
    """Return the postal column in the form of the frame's codes, or of ZIP codes.

    Counties and states can be named by their own codes or by the ZIP codes of
    the rows; whichever explains more values is meant.
    """
    if columns.postal is None:
        n = len(table)
        return Normalized(np.full(n, "", dtype=object), np.zeros(n, dtype=np.uint8)), False
    values = table[columns.postal]
    own = normalize(values, Form.of(frame.codes))
    if not len(frame.lookup.codes) or frame.zips:
        return own, False
    zips = normalize(values, ZIP)
    as_own = (positions_in(frame.codes, own.codes) >= 0).sum()
    as_zips = (positions_in(frame.lookup.codes, zips.codes) >= 0).sum()
    return (own, False) if as_own > as_zips else (zips, True)


def _place_by_code(placed: Placement, given: _Rows) -> None:
    """Place by exact code, then by the area the lookup attaches a code to."""
    frame, column = given.frame, given.columns.postal
    home = np.flatnonzero(~given.abroad & (given.codes != "") & (not given.as_zips))
    by_code = placed.put(home, positions_in(frame.codes, given.codes[home]), How.CODE)
    rows = np.flatnonzero(placed.lost & (given.known >= 0))
    attached = placed.put(rows, frame.lookup.attached[given.known[rows]], How.ATTACHED)
    placed.note(Reason.PO_BOX, column, attached)
    used = np.concatenate([by_code, attached])
    for change, reason in _CHANGES.items():
        changed = np.sort(used[(given.changes[used] & change) != 0])
        placed.note(reason, column, changed, given.codes[changed])


def _place_by_point(placed: Placement, given: _Rows) -> None:
    points, frame, column = given.points, given.frame, given.columns.lat
    rows = np.flatnonzero(placed.lost & points.there)
    if not len(rows):
        return
    placed.put(rows, frame.locate(points.lon[rows], points.lat[rows]), How.POINT)
    left = rows[placed.lost[rows]]
    close = placed.put(left, frame.nearest(points.lon[left], points.lat[left]), How.POINT)
    placed.note(Reason.JUST_OUTSIDE, column, close)
    for reason, turn in _TURNS.items():
        left = rows[placed.lost[rows]]
        lon, lat = turn(points.lon[left], points.lat[left])
        hit = frame.locate(lon, lat)
        turned = placed.put(left, hit, How.POINT)
        placed.note(reason, column, turned, _degrees(lon, lat, hit != NOWHERE))


def _check_agreement(placed: Placement, given: _Rows) -> None:
    """Note points far from the container their code says, and what brings them near."""
    points, columns = given.points, given.columns
    by_code = (placed.how == How.CODE) | (placed.how == How.ATTACHED)
    rows = np.flatnonzero(by_code & points.there)
    if not len(rows):
        return
    lon, lat, into = points.lon[rows], points.lat[rows], placed.container[rows]
    far = ~_near(lon, lat, into, given.frame)
    for reason, turn in _TURNS.items():
        turned_lon, turned_lat = turn(lon, lat)
        turned = far & _near(turned_lon, turned_lat, into, given.frame)
        placed.note(reason, columns.lat, rows[turned], _degrees(turned_lon, turned_lat, turned))
        far &= ~turned
    placed.note(Reason.DISAGREE, columns.postal, rows[far])


def _degrees(lon: Floats, lat: Floats, which: Flags) -> Texts:
    """Return latitude and longitude in words."""
    pairs = zip(lon[which], lat[which], strict=True)
    return texts_of([f"{y:.6g}, {x:.6g}" for x, y in pairs])


def _near(lon: Floats, lat: Floats, into: Containers, frame: Frame) -> Flags:
    usable = (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    points = np.column_stack([np.where(usable, lon, 0.0), np.where(usable, lat, 0.0)])
    km = distance_m(points, frame.xy[into]) / 1000
    return np.asarray(usable & (km <= FAR_KM + frame.reach_km[into]), dtype=np.bool_)


def _place_by_zip_point(placed: Placement, given: _Rows) -> None:
    rows = np.flatnonzero(placed.lost & (given.known >= 0))
    hit = placed.put(rows, given.frame.lookup.placed[given.known[rows]], How.ZIP_POINT)
    if not given.as_zips:
        placed.note(Reason.PLACED_BY_ZIP_POINT, given.columns.postal, hit)


def _explain(placed: Placement, given: _Rows) -> None:
    """Note for every row without a container why, and what is odd about the others."""
    columns, points, frame, codes = given.columns, given.points, given.frame, given.codes
    filled, military = codes != "", given.military
    here = placed.lost & ~given.abroad
    known = given.known >= 0
    unknown = np.flatnonzero(here & filled & ~known)
    nothing = np.flatnonzero(here & ~filled & ~points.there)
    by_point = np.flatnonzero((placed.how == How.POINT) & filled & ~(known & given.as_zips))
    place = columns.postal or columns.lat
    placed.note(Reason.OUT_OF_COUNTRY, columns.country, np.flatnonzero(placed.lost & given.abroad))
    placed.note(Reason.MILITARY, columns.postal, np.flatnonzero(here & military))
    placed.note(Reason.NO_AREA, columns.postal, np.flatnonzero(here & known & ~military))
    placed.note(Reason.UNKNOWN_POSTAL, columns.postal, unknown, _like(codes[unknown], frame.codes))
    placed.note(Reason.OUTSIDE, columns.lat, np.flatnonzero(here & points.there))
    placed.note(Reason.MISSING_POSTAL, place, nothing)
    placed.note(Reason.ZERO_COORDINATES, columns.lat, np.flatnonzero(points.zero))
    placed.note(Reason.BAD_COORDINATES, columns.lat, np.flatnonzero(points.bad))
    into = frame.codes[placed.container[by_point]]
    placed.note(Reason.PLACED_BY_POINT, columns.postal, by_point, into)


def _like(codes: Texts, known: Texts) -> Texts:
    """Return for each code the nearest known one that begins with the same three characters."""
    if not len(known):
        return np.full(len(codes), "", dtype=object)
    texts, order = codes.astype("U16"), known.astype("U16")
    at = np.searchsorted(order, texts)
    before, after = order[np.maximum(at - 1, 0)], order[np.minimum(at, len(order) - 1)]
    head = texts.astype("U3")
    like_before = np.where(head == before.astype("U3"), before, "")
    nearest = np.where(head == after.astype("U3"), after, like_before)
    return np.asarray(np.where(np.char.str_len(texts) >= 3, nearest, ""), dtype=object)
