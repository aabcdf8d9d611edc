"""Numbers as people write them: currency, separators of any country, percent, parentheses."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tp_geo.domain.dataset import Floats

_PLAIN = r"^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?$"
_CURRENCY = r"(?:(?:[A-Z]{2})?\$|[€£¥₹₩₽¢]|\b(?:USD|EUR|GBP|CAD|AUD|MXN|CHF|JPY|INR|BRL)\b)"
_SPACES = r"[\s\u00a0\u202f'’_]"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+"
_NUMBER = re.compile(rf"(?:{_GROUPED}|[0-9]+)?(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{{1,3}})?")
_MISSING = frozenset({"", "-", "–", "n/a", "na", "#n/a", "null", "none", "nan", "nil"})


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Values, NaN where missing or ``bad``; bad is what stands there and is no number."""

    values: Floats
    bad: NDArray[np.bool_]


def parse_numbers(texts: pd.Series[str]) -> Numbers:
    """Return a column of texts as numbers.

    Understood are ``$1,234.50``, ``1.234,50 €``, ``1 234``, ``1'234``, ``USD 12``,
    ``(5)`` and ``5-`` as minus five, ``12 %`` as 0.12 and ``1e6``. Which of point
    and comma is the decimal sign is decided for the whole column: by values
    that have both, then by one that repeats, then by one that is followed by
    other than three digits; if nothing tells, it is the point. Empty, ``-``,
    ``n/a`` and ``null`` are missing; what is not finite is no number.
    """
    array = pc.utf8_trim_whitespace(pa.array(texts, pa.string()))
    plain = pc.match_substring_regex(array, _PLAIN)
    values = np.full(len(texts), np.nan)
    is_plain = plain.to_numpy(zero_copy_only=False)
    others = array.filter(pc.invert(plain))
    if len(others) and _decimal_comma(others):
        is_plain, others = np.zeros(len(texts), dtype=np.bool_), array
        values, bad = _parse_distinct(others, comma=True)
        return Numbers(values, bad)
    values[is_plain] = pc.cast(array.filter(plain), pa.float64()).to_numpy(zero_copy_only=False)
    values[~is_plain], bad_others = _parse_distinct(others, comma=False)
    bad = np.zeros(len(texts), dtype=np.bool_)
    bad[~is_plain] = bad_others
    infinite = np.isinf(values)
    return Numbers(np.where(infinite, np.nan, values), bad | infinite)


def _parse_distinct(texts: pa.Array, *, comma: bool) -> tuple[Floats, NDArray[np.bool_]]:
    if not len(texts):
        return np.zeros(0), np.zeros(0, dtype=np.bool_)
    coded = texts.dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    words = coded.dictionary.to_pylist()
    parsed = [parse_number(word, comma=comma) for word in words]
    bad = np.array([p is None for p in parsed], dtype=np.bool_)
    values = np.array([np.nan if p is None else p for p in parsed], dtype=np.float64)
    rows = coded.indices.to_numpy()
    return values[rows], bad[rows]


def parse_number(text: str, *, comma: bool = False) -> float | None:
    """Return one number, NaN when missing, None when there is something else.

    ``comma``: the comma is the decimal sign and the point groups digits.
    """
    if text.strip().lower() in _MISSING:
        return float("nan")
    bare = re.sub(_SPACES, "", re.sub(_CURRENCY, "", text.strip()))
    minus = bare.startswith(("-", "−", "(")) or bare.endswith("-")
    if bare.startswith("(") != bare.endswith(")"):
        return None
    bare = bare.strip("()+-−")
    share = 0.01 if bare.endswith("%") else 1.0
    bare = bare.removesuffix("%")
    if comma:
        bare = bare.translate({ord(","): ".", ord("."): ","})
    if not any(c.isdigit() for c in bare) or not _NUMBER.fullmatch(bare):
        return None
    value = float(bare.replace(",", "")) * share
    if not np.isfinite(value):
        return None
    return -value if minus else value


def _decimal_comma(texts: pa.Array) -> bool:
    """Tell whether a column writes decimals with a comma."""
    for comma, point in (
        (r"\.[0-9]{3},[0-9]*[^.]*$", r",[0-9]{3}\.[0-9]*[^,]*$"),
        (r"\.[0-9]{3}\.[0-9]{3}", r",[0-9]{3},[0-9]{3}"),
        (r"^[^.,]*,(?:[0-9]{1,2}|[0-9]{4,})\D*$", r"^[^.,]*\.(?:[0-9]{1,2}|[0-9]{4,})\D*$"),
    ):
        commas = _count(texts, comma)
        points = _count(texts, point)
        if commas != points:
            return commas > points
    return False


def _count(texts: pa.Array, pattern: str) -> int:
    return int(pc.sum(pc.match_substring_regex(texts, pattern)).as_py() or 0)
