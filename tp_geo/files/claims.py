"""Which container, of which country, the postal code of each row names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tp_geo.domain.alignment import Flags, Positions
from tp_geo.domain.dataset import Texts
from tp_geo.files.columns import texts_of
from tp_geo.files.countries import USES_ZIP_CODES, country_code, known_country
from tp_geo.files.frame import HOME, NOWHERE, CodeBook, Containers, Frame, positions_in
from tp_geo.files.mapping import Columns
from tp_geo.files.postal import ZIP, Change, Normalized, normalize
from tp_geo.files.slips import stand_ins

_KEYED = r"^[\s'\"=]*([A-Za-z]{2,3})_(.+)$"
_OR = " or "
NAMIBIA = "NA"
"""Two letters that elsewhere stand for nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """What rows say by their postal code and country; one entry a row.

    ``codes`` are in the form of their country's. ``exact``, ``attached`` and
    ``placed`` are the container of that code, the one around a code without an
    area, and the one the code's own point lies in. ``known``: the lookup has
    the code. ``as_zips``: ZIP codes, where those of the containers are
    something else. ``abroad``: of a country without containers. ``ambiguous``
    has the keys it could be, where no country is given and several have it;
    ``book`` is the number of the country's code book, or -1.
    """

    codes: Texts
    changes: NDArray[np.uint8]
    exact: Containers
    attached: Containers
    placed: Containers
    known: Flags
    military: Flags
    as_zips: Flags
    abroad: Flags
    ambiguous: Texts
    book: NDArray[np.int16]

    @classmethod
    def none(cls, codes: Texts, abroad: Flags) -> Claims:
        """Return rows that name nothing yet."""
        n = len(codes)
        exact, attached, placed = (np.full(n, NOWHERE, dtype=np.int32) for _ in range(3))
        known, military, as_zips = (np.zeros(n, dtype=np.bool_) for _ in range(3))
        none, book = np.full(n, "", dtype=object), np.full(n, -1, dtype=np.int16)
        changes = np.zeros(n, dtype=np.uint8)
        return cls(
            codes, changes, exact, attached, placed, known, military, as_zips, abroad, none, book
        )

    @property
    def found(self) -> Flags:
        """Rows whose code is one of their country's, with an area or without."""
        return np.asarray((self.exact != NOWHERE) | self.known, dtype=np.bool_)

    def put(self, rows: Positions, other: Claims, which: Flags) -> None:
        """Take over what some rows say, of those another one is about."""
        for name in ("codes", "changes", "exact", "attached", "placed", "known", "military",
                     "as_zips", "book"):  # fmt: skip
            getattr(self, name)[rows[which]] = getattr(other, name)[which]


def claims_of(table: pd.DataFrame, columns: Columns, frame: Frame) -> Claims:
    """Return what each row's postal code names.

    Where containers are of several countries, tried in this order: the code in
    the country the row states, the country in a key before the code
    (``CA_M5V``), and, of rows that state no country, the code alone; it
    counts when only one country has it. Where the containers are whole
    countries, the one a row states is enough.
    """
    n = len(table)
    values = table[columns.postal] if columns.postal else pd.Series([""] * n, dtype=str)
    stated = _stated(table, columns, frame)
    countries = [book.country for book in frame.books]
    if not frame.several:
        abroad = (stated != "") & (stated != countries[0]) & (countries[0] != "")
        claims = Claims.none(_plain(values), abroad)
        _read(claims, values, np.flatnonzero(~abroad), frame, 0, home=stated)
        if frame.books[0].whole:
            claims.abroad[(stated != "") & (claims.exact == NOWHERE)] = True
        return claims
    return _of_several(values, stated, countries, frame)


def _of_several(
    values: pd.Series[str], stated: Texts, countries: Sequence[str], frame: Frame
) -> Claims:
    key = _keys(values)
    home = np.where(stated == "", key, stated)
    abroad = (home != "") & ~np.isin(home, countries)
    claims = Claims.none(_plain(values), abroad)
    for k, country in enumerate(countries):
        _read(claims, values, np.flatnonzero(home == country), frame, k, home=home)
    for k, country in enumerate(countries):
        lost = ~claims.found & (home != country) & (key == country)
        _read(claims, values, np.flatnonzero(lost), frame, k, home=key, only_found=True)
    _read_alone(claims, values, np.flatnonzero((home == "") & (claims.codes != "")), frame)
    claims.changes[np.isin(key, countries)] &= np.uint8(0xFF ^ Change.KEY)
    return claims


def _stated(table: pd.DataFrame, columns: Columns, frame: Frame) -> Texts:
    """Return the country each row states, as two letters, "" where it states none, or ``n/a``."""
    if columns.country is None:
        return np.full(len(table), "", dtype=object)
    row_of, distinct = pd.factorize(table[columns.country].str.strip())
    there, names = {book.country for book in frame.books}, texts_of(distinct)
    codes = texts_of([_country(name, there) for name in names])
    codes[stand_ins(names, names) & (names != NAMIBIA)] = ""
    return codes[row_of]


def _country(name: str, there: set[str]) -> str:
    code = country_code(name)
    return HOME if code in USES_ZIP_CODES - there and HOME in there else code


def _keys(values: pd.Series[str]) -> Texts:
    """Return the country in the key before each code, "" where there is none."""
    row_of, distinct = pd.factorize(values)
    found = pd.Series(distinct, dtype=str).str.extract(_KEYED)[0].fillna("")
    return texts_of([known_country(key) if key else "" for key in found])[row_of]


def _read(
    claims: Claims,
    values: pd.Series[str],
    rows: Positions,
    frame: Frame,
    k: int,
    *,
    home: Texts,
    only_found: bool = False,
) -> None:
    """Read rows by one country's code book; ``home`` is the country each row is in."""
    if len(rows):
        read = _by_book(values.iloc[rows], frame.books[k], k)
        if frame.books[k].whole:
            _take_countries(read, frame.books[k], home[rows])
        claims.put(rows, read, read.found if only_found else np.ones(len(rows), dtype=np.bool_))


def _read_alone(claims: Claims, values: pd.Series[str], rows: Positions, frame: Frame) -> None:
    """Read rows that state no country: those that one country alone has the code of."""
    if not len(rows):
        return
    reads = [_by_book(values.iloc[rows], book, k) for k, book in enumerate(frame.books)]
    found = np.array([read.found for read in reads])
    for read in reads:
        claims.put(rows, read, read.found & (found.sum(axis=0) == 1))
    for i in np.flatnonzero(found.sum(axis=0) > 1):
        named = zip(frame.books, reads, found[:, i], strict=True)
        keys = [f"{book.country}_{read.codes[i]}" for book, read, here in named if here]
        claims.ambiguous[rows[i]] = _OR.join(keys)


def _take_countries(read: Claims, book: CodeBook, home: Texts) -> None:
    """Put rows whose codes name nothing into the country they are in."""
    row_of, distinct = pd.factorize(home)
    into = book.find(texts_of([book.named(country) for country in distinct]))[row_of]
    lost = (read.exact == NOWHERE) & (into != NOWHERE)
    read.exact[lost], read.changes[lost] = into[lost], 0


def _by_book(values: pd.Series[str], book: CodeBook, k: int) -> Claims:
    """Return what codes name in one country."""
    read, as_zips = _in_form(values, book)
    claims = Claims.none(read.codes, np.zeros(len(read.codes), dtype=np.bool_))
    claims.changes[:] = read.changes
    claims.as_zips[:] = as_zips
    claims.book[:] = k
    if not as_zips:
        claims.exact[:] = book.find(read.codes)
    at = positions_in(book.lookup.codes, read.codes)
    claims.known[:] = at != NOWHERE
    claims.military[:] = np.append(book.lookup.military, False)[at]
    for name in ("attached", "placed"):
        getattr(claims, name)[:] = np.append(getattr(book.lookup, name), np.int32(NOWHERE))[at]
    return claims


def _in_form(values: pd.Series[str], book: CodeBook) -> tuple[Normalized, bool]:
    """Return codes in the form of the book's, or of ZIP codes, and whether the latter.

    Counties and states can be named by their own codes or by the ZIP codes of
    the rows; whichever explains more values is meant.
    """
    own = _by_name(normalize(values, book.form), book)
    if not len(book.lookup.codes) or book.zips:
        return own, False
    zips = normalize(values, ZIP)
    as_own = (book.find(own.codes) != NOWHERE).sum()
    as_zips = (positions_in(book.lookup.codes, zips.codes) != NOWHERE).sum()
    return (own, False) if as_own > as_zips else (zips, True)


def _by_name(read: Normalized, book: CodeBook) -> Normalized:
    """Return codes with those that are none read as names: ``Germany`` is ``DE``, ``n/a`` none."""
    if not book.called:
        return read
    lost = np.flatnonzero((book.find(read.codes) == NOWHERE) & (read.codes != ""))
    lost = lost[~stand_ins(read.codes[lost], read.codes[lost])]
    if not len(lost):
        return read
    row_of, distinct = pd.factorize(read.codes[lost])
    codes = read.codes.copy()
    codes[lost] = texts_of([book.named(text) for text in distinct])[row_of]
    return Normalized(codes, read.changes)


def _plain(values: pd.Series[str]) -> Texts:
    return texts_of(values.str.strip().str.upper())
