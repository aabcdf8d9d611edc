"""Packing: the postal codes of territories as rule criteria within the limits of an org.

Several rules of one territory must all fit an account, so the codes of a
territory have to go into one rule: ten items of 1,000 characters. Codes are
covered by their shortest prefixes that hold no code of anybody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tp_geo.crm.criteria import COUNTRY, MAX_ITEMS, MAX_VALUE, POSTAL, Criteria, Item

SHORTEST = 3
"""Characters of a prefix at least: shorter ones reach too far beyond the codes that are known."""

STARTS, EQUALS = "startsWith", "equals"


@dataclass(frozen=True, slots=True)
class Cover:
    """Texts that together stand for the codes of a territory, and nothing else that is known.

    ``prefixes`` cover every code that begins with them, longer forms such as
    ZIP+4 included. ``exact`` are codes that are the beginning of somebody
    else's. ``beyond`` is how many codes of digits nobody knows fall under
    shortened prefixes too, should they ever come to be.
    """

    prefixes: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Packed:
    """A territory's criteria: what one rule holds, and more where that is not enough."""

    cover: Cover
    criteria: tuple[Criteria, ...]

    @property
    def overflows(self) -> bool:
        """Whether one rule is not enough."""
        return len(self.criteria) > 1


def pack(
    codes: Sequence[str], territory: NDArray[np.int32], *, country: Sequence[str] = ()
) -> tuple[Packed, ...]:
    """Return the criteria of each territory, by its number.

    Parameters
    ----------
    codes
        Every postal code that is known, each once.
    territory
        The number of the territory that has each, -1 for none.
    country
        What accounts may call the country; without, no item asks for it.

    Raises
    ------
    ValueError
        When a code is empty, occurs twice or has a comma in it.
    """
    heads = (Item(COUNTRY, EQUALS, ",".join(country)),) if country else ()
    covers = cover(codes, territory)
    return tuple(Packed(found, criteria_of(found, heads)) for found in covers)


def cover(codes: Sequence[str], territory: NDArray[np.int32]) -> tuple[Cover, ...]:
    """Return what stands for the codes of each territory, by its number."""
    known = _Known.of(np.array(codes, dtype=np.str_), np.asarray(territory))
    found = _Found(int(known.owner.max(initial=-1)) + 1)
    left = known.owner >= 0
    for size in range(1, int(known.length.max(initial=0)) + 1):
        left &= ~_taken(known, size, left, found)
    for at in np.flatnonzero(left).tolist():
        found.exact[known.owner[at]].append(str(known.text[at]))
    return found.covers()


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The codes there are in ascending order, whose they are, and how long."""

    text: NDArray[np.str_]
    owner: NDArray[np.int32]
    length: NDArray[np.int64]

    @classmethod
    def of(cls, text: NDArray[np.str_], owner: NDArray[np.int32]) -> _Known:
        _check(text, owner)
        order = np.argsort(text, kind="stable")
        return cls(text[order], owner[order], np.char.str_len(text[order]))


class _Found:
    """What has been found for each territory so far."""

    def __init__(self, count: int) -> None:
        self.prefixes: list[list[str]] = [[] for _ in range(count)]
        self.exact: list[list[str]] = [[] for _ in range(count)]
        self.beyond = [0] * count

    def covers(self) -> tuple[Cover, ...]:
        each = zip(self.prefixes, self.exact, self.beyond, strict=True)
        return tuple(Cover(tuple(sorted(p)), tuple(sorted(e)), b) for p, e, b in each)


def _taken(known: _Known, size: int, left: NDArray[np.bool_], found: _Found) -> NDArray[np.bool_]:
    """Note the beginnings of a size that are one territory's alone; return the codes under them."""
    begins = known.text.astype(f"<U{size}")
    first = np.flatnonzero(np.r_[True, begins[1:] != begins[:-1]])
    low, high = (end.reduceat(known.owner, first) for end in (np.minimum, np.maximum))
    shortest = np.minimum.reduceat(known.length, first)
    whole = (low == high) & left[first] & (shortest >= size)
    whole &= np.char.rstrip(begins[first]) == begins[first]  # a value may lose spaces at its end
    if size < SHORTEST:
        whole &= shortest == size
    count = np.diff(first, append=len(begins))
    for group in np.flatnonzero(whole).tolist():
        begin, holder = str(begins[first[group]]), int(low[group])
        found.prefixes[holder].append(begin)
        found.beyond[holder] += _unknown(begin, int(shortest[group]), int(count[group]))
    return np.repeat(whole, count)


def _unknown(begin: str, length: int, known: int) -> int:
    """Return how many codes of digits begin so and are not known."""
    return max(10 ** (length - len(begin)) - known, 0) if begin.isdecimal() else 0


def _check(text: NDArray[np.str_], territory: NDArray[np.int32]) -> None:
    if len(text) != len(territory):
        raise ValueError(f"Expected a territory for each of {len(text)} codes.")
    for wrong in (code for code in text.tolist() if not code.strip() or "," in code):
        raise ValueError(f"Expected postal codes without commas, got {wrong!r}.")
    sorted_ = np.sort(text)
    for twice in sorted_[1:][sorted_[1:] == sorted_[:-1]].tolist():
        raise ValueError(f"Expected each postal code once, got {twice!r} twice.")


def criteria_of(found: Cover, heads: tuple[Item, ...] = ()) -> tuple[Criteria, ...]:
    """Return criteria that all of ``heads`` have to fit, and one text of a cover."""
    items = [
        *(Item(POSTAL, STARTS, value) for value in _values(found.prefixes)),
        *(Item(POSTAL, EQUALS, value) for value in _values(found.exact)),
    ]
    room = MAX_ITEMS - len(heads)
    return tuple(
        Criteria((*heads, *some), _filter(len(heads), len(some))) for some in _batches(items, room)
    )


def _values(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts joined by commas, as many as an item's value holds."""
    line: list[str] = []
    used = 0
    for text in texts:
        if line and used + 1 + len(text) > MAX_VALUE:
            yield ",".join(line)
            line, used = [], 0
        used += len(text) + bool(line)
        line.append(text)
    if line:
        yield ",".join(line)


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _filter(heads: int, items: int) -> str | None:
    """Return the filter: what comes first has to fit, and one of the items after it."""
    if items < 2:
        return None
    either = " OR ".join(str(heads + 1 + i) for i in range(items))
    return f"{' AND '.join(str(i + 1) for i in range(heads))} AND ({either})" if heads else either
