"""Codes that nobody meant: stand-ins for an unknown one, and slips of the hand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import Flags
from tp_geo.domain.dataset import Texts
from tp_geo.files.columns import texts_of

_WORDS = "N/?A|NONE|NULL|NIL|UNKNOWN|TBD|TBA|MISSING|X{3,}|[-?.]+"
_STAND_IN = rf"^(?:{_WORDS}|0+|([0-9])\1{{2,}}|1234(?:5(?:6(?:7(?:89?)?)?)?)?)$"
_LOOK_ALIKES = str.maketrans("OQIL", "0011")


def stand_ins(codes: Texts, values: Texts) -> Flags:
    """Tell which codes stand for an unknown one: 00000, 99999, 12345, n/a.

    Looks at codes in form and at the values they come from: ``999`` was filled
    up with zeros.
    """
    row_of, distinct = pd.factorize(np.concatenate([codes, values]))
    texts = pd.Series(texts_of(distinct), dtype=str).str.strip().str.upper()
    found = np.array([bool(hit) for hit in texts.str.fullmatch(_STAND_IN)], dtype=np.bool_)
    both = found[row_of].reshape(2, len(codes))
    return np.asarray(both[0] | both[1], dtype=np.bool_)


def codes_meant(code: str, known: frozenset[str]) -> list[str]:
    """Return the known codes that a slip may have made a code of.

    A slip is a letter for the digit it looks like, or two neighbors in the
    wrong order. A code that is merely near is not meant: it may be a
    thousand kilometres away.
    """
    looks = code.translate(_LOOK_ALIKES)
    return [looks] if looks in known else sorted(known.intersection(_turned(code)))


def _turned(code: str) -> Iterator[str]:
    """Yield a code with each two neighbors in the other order."""
    for i in range(len(code) - 1):
        yield f"{code[:i]}{code[i + 1]}{code[i]}{code[i + 2 :]}"
