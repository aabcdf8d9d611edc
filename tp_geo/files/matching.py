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
from tp_geo.files.addresses import Places, read_addresses
from tp_geo.files.claims import Claims, claims_of
from tp_geo.files.columns import texts_of
from tp_geo.files.frame import NOWHERE, CodeBook, Containers, Frame
from tp_geo.files.mapping import Columns
from tp_geo.files.points import Points, read_points
from tp_geo.files.postal import Change
from tp_geo.files.reasons import Reason
from tp_geo.files.slips import codes_meant, stand_ins
from tp_geo.geometry.combining import keyed
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
    """What rows say of their place."""

    table: pd.DataFrame
    columns: Columns
    frame: Frame
    claims: Claims
    points: Points
    stand_in: Flags


def place(table: pd.DataFrame, columns: Columns, frame: Frame) -> Placement:
    """Return the container of every row.

    Tried in this order: the exact code, in the row's country where there are
    several (see ``claims_of``); the container a PO box or unique code is
    attached to; the container the point lies in; the one the code's own known
    point lies in. Rows of another country are matched by point alone.
    """
    n = len(table)
    claims, points = claims_of(table, columns, frame), read_points(table, columns)
    rows = _Rows(table, columns, frame, claims, points, _stand_ins(table, columns, claims))
    placed = Placement(np.full(n, NOWHERE, dtype=np.int32), np.zeros(n, dtype=np.uint8))
    _place_by_code(placed, rows)
    _place_by_point(placed, rows)
    _check_agreement(placed, rows)
    _place_by_zip_point(placed, rows)
    _explain(placed, rows)
    return placed


def _place_by_code(placed: Placement, given: _Rows) -> None:
    """Place by exact code, then by the area the lookup attaches a code to."""
    claims, column = given.claims, given.columns.postal
    every = np.arange(len(claims.codes))
    by_code = placed.put(every, claims.exact, How.CODE)
    rows = np.flatnonzero(placed.lost & ~(given.stand_in & given.points.there))
    attached = placed.put(rows, claims.attached[rows], How.ATTACHED)
    placed.note(Reason.PO_BOX, column, attached)
    used = np.concatenate([by_code, attached])
    for change, reason in _CHANGES.items():
        changed = np.sort(used[(claims.changes[used] & change) != 0])
        placed.note(reason, column, changed, claims.codes[changed])


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
    placed.note(Reason.DISAGREE, columns.postal, rows[far & ~points.beyond[rows]])


def meant(points: Points, into: Containers, frame: Frame) -> Floats:
    """Return coordinates as they are meant, (rows, 2); NaN for those that tell nothing.

    What is swapped or lacks its sign is put right by the container a row is
    in; a point that is far from that whatever one does is no use.
    """
    lonlat = np.column_stack([points.lon, points.lat])
    rows = np.flatnonzero(points.there & (into != NOWHERE))
    far = rows[~_near(points.lon[rows], points.lat[rows], into[rows], frame)]
    for turn in _TURNS.values():
        lon, lat = turn(points.lon[far], points.lat[far])
        right = _near(lon, lat, into[far], frame)
        lonlat[far[right]] = np.column_stack([lon, lat])[right]
        far = far[~right]
    lonlat[far] = np.nan
    lonlat[np.abs(lonlat[:, 1]) > 90] = np.nan
    return lonlat


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
    claims = given.claims
    rows = np.flatnonzero(placed.lost)
    hit = placed.put(rows, claims.placed[rows], How.ZIP_POINT)
    own = hit[~claims.as_zips[hit]]
    placed.note(Reason.PLACED_BY_ZIP_POINT, given.columns.postal, own)


def _explain(placed: Placement, given: _Rows) -> None:
    """Note for every row without a container why, and what is odd about the others."""
    columns, points, claims = given.columns, given.points, given.claims
    filled, doubtful = claims.codes != "", claims.ambiguous != ""
    beyond = points.beyond & ~_turned(placed)
    there = points.there & ~beyond
    here = placed.lost & ~claims.abroad
    unknown = here & filled & ~claims.known & ~doubtful
    mistyped = np.flatnonzero(unknown & ~given.stand_in)
    nothing = np.flatnonzero(here & ~filled & ~there)
    abroad, place = columns.country or columns.postal, columns.postal or columns.lat
    elsewhere = np.flatnonzero(here & claims.known & ~claims.military)
    placed.note(Reason.OUT_OF_COUNTRY, abroad, np.flatnonzero(placed.lost & claims.abroad))
    placed.note(Reason.MILITARY, columns.postal, np.flatnonzero(here & claims.military))
    placed.note(Reason.NO_AREA, columns.postal, elsewhere)
    placed.note(Reason.STAND_IN, columns.postal, np.flatnonzero(unknown & given.stand_in))
    placed.note(Reason.UNKNOWN_POSTAL, columns.postal, mistyped, _codes_meant(mistyped, given))
    placed.note(Reason.OUTSIDE, columns.lat, np.flatnonzero(here & there))
    placed.note(Reason.MISSING_POSTAL, place, nothing)
    placed.note(Reason.ZERO_COORDINATES, columns.lat, np.flatnonzero(points.zero))
    placed.note(Reason.BAD_COORDINATES, columns.lat, np.flatnonzero(points.bad))
    placed.note(Reason.OUT_OF_RANGE, columns.lat, np.flatnonzero(beyond))
    _explain_doubtful(placed, given, here & doubtful)
    without = (placed.how == How.ATTACHED) | (placed.how == How.ZIP_POINT)
    placed.note(Reason.STAND_IN_USED, columns.postal, np.flatnonzero(given.stand_in & without))
    by_point = (placed.how == How.POINT) & filled & ~(claims.known & claims.as_zips) & ~doubtful
    rows = np.flatnonzero(by_point)
    placed.note(Reason.PLACED_BY_POINT, columns.postal, rows, _codes_of(placed, given, rows))


def _explain_doubtful(placed: Placement, given: _Rows, lost: Flags) -> None:
    """Note codes that several countries have: without a place, and placed by their point."""
    column, claims = given.columns.postal, given.claims
    rows = np.flatnonzero(lost)
    placed.note(Reason.AMBIGUOUS, column, rows, claims.ambiguous[rows])
    rows = np.flatnonzero((placed.how == How.POINT) & (claims.ambiguous != ""))
    placed.note(Reason.AMBIGUOUS_BY_POINT, column, rows, _codes_of(placed, given, rows))


def _codes_of(placed: Placement, given: _Rows, rows: Positions) -> Texts:
    return np.asarray(given.frame.codes[placed.container[rows]], dtype=object)


def _turned(placed: Placement) -> Flags:
    """Tell whose coordinates were taken the other way round."""
    turned = np.zeros(len(placed.container), dtype=np.bool_)
    for finding in placed.findings:
        if finding.reason in _TURNS:
            turned[finding.rows] = True
    return turned


def _stand_ins(table: pd.DataFrame, columns: Columns, claims: Claims) -> Flags:
    """Tell which codes stand for an unknown one; one with an area of its own does not."""
    if columns.postal is None:
        return np.zeros(len(table), dtype=np.bool_)
    found = stand_ins(claims.codes, texts_of(table[columns.postal]))
    return np.asarray(found & (claims.exact == NOWHERE), dtype=np.bool_)


def _codes_meant(rows: Positions, given: _Rows) -> Texts:
    """Return for each row the code of its country that a slip made its own of, "" for none.

    It has to lie where the row says; "" as well where that leaves several.
    """
    claims, found = given.claims, np.full(len(rows), "", dtype=object)
    for k, book in enumerate(given.frame.books):
        mine = claims.book[rows] == k
        if not mine.any():
            continue
        like = _meant_in(book, rows[mine], given)
        if given.frame.several:
            like = np.where(like == "", "", keyed(book.country, like))
        found[mine] = like
    return found


def _meant_in(book: CodeBook, rows: Positions, given: _Rows) -> Texts:
    """Return for each row the one code of a country that was meant; each text is met once."""
    known, places = frozenset(book.codes), Places.of(book, given.frame.states)
    told = read_addresses(given.table.iloc[rows], given.columns)
    met: dict[tuple[str, str, str], str] = {}
    keys = [*zip(given.claims.codes[rows], told.state, told.city, strict=True)]
    for key in dict.fromkeys(keys):
        fitting = [c for c in codes_meant(key[0], known) if places.fit(c, *key[1:])]
        met[key] = fitting[0] if len(fitting) == 1 else ""
    return texts_of([met[key] for key in keys])
