"""The state and city that rows give, held against where a code lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tp_geo.domain.dataset import Texts
from tp_geo.files.columns import texts_of
from tp_geo.files.frame import CodeBook
from tp_geo.files.headers import called, plain, words
from tp_geo.files.mapping import Columns

_SHORT = 3
"""Letters from which on the beginning of a state's name stands for it, as in Calif."""


@dataclass(frozen=True, slots=True, eq=False)
class Addresses:
    """What rows say of their state and city in plain letters, "" where they say nothing."""

    state: Texts
    city: Texts


def read_addresses(table: pd.DataFrame, columns: Columns) -> Addresses:
    """Return state and city of every row, of the address the postal code belongs to."""
    return Addresses(_read("state", table, columns), _read("city", table, columns))


def _read(field: str, table: pd.DataFrame, columns: Columns) -> Texts:
    """Return a column that is in no other use; of several, the one named like the postal code."""
    free = [c for c in table.columns if c not in columns.chosen.values()]
    own = words(columns.postal or "").split("_")
    column = max(called(field, free), key=lambda c: _alike(words(c).split("_"), own), default=None)
    if column is None:
        return np.full(len(table), "", dtype=object)
    row_of, distinct = pd.factorize(table[column])
    return texts_of([plain(text) for text in distinct])[row_of]


def _alike(one: list[str], other: list[str]) -> int:
    """Return how many words two headers begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the containers of a code book lie, in plain letters; what is not known is "".

    ``state`` and ``city`` are by code, ``names`` has all that a state is
    called, ``cities`` those known in a state.
    """

    state: Mapping[str, str]
    city: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    cities: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, book: CodeBook, states: Mapping[str, str]) -> Places:
        """Return the places of a code book; ``states`` has names of states by code."""
        state = dict(zip(book.codes, book.states, strict=True))
        city = {c: plain(text) for c, text in zip(book.codes, book.cities, strict=True)}
        cities: dict[str, set[str]] = {}
        for code, name in city.items():
            cities.setdefault(state[code], set()).add(name)
        names = {
            s: (plain(s), plain(book.country + s), plain(states.get(s, s))) for s in {*book.states}
        }
        return cls(state, city, names, {s: frozenset(c) for s, c in cities.items()})

    def fit(self, code: str, state: str, city: str) -> bool:
        """Tell whether a code can lie where a row says; in a city not known it may."""
        own = self.state[code]
        return self._in_state(own, state) and self._in_city(self.city[code], own, city)

    def _in_state(self, own: str, told: str) -> bool:
        known = self.names[own]
        short = len(told) >= _SHORT and known[-1].startswith(told)
        return not (told and own) or told in known or short

    def _in_city(self, own: str, state: str, told: str) -> bool:
        return not (told and own) or told == own or told not in self.cities[state]
