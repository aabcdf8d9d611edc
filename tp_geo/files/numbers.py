"""Numbers as people write them: currency, separators of any country, percent, parentheses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tp_geo.domain.dataset import Floats

_PLAIN = r"^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?$"
_CURRENCY = r"(?:[A-Z]{2})?\$|[€£¥₹₩₽¢]|\b(?:USD|EUR|GBP|CAD|AUD|MXN|CHF|JPY|INR|BRL)\b"
_SPACES = r"[\s\x{a0}\x{202f}'’_]"
_MINUS = r"^[-−(]|-$"
_SIGNS = r"^(?:[-+−]|\([-−]?)|[-)]$"
_NUMBER = {
    ".": r"^(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?$",
    ",": r"^(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)?(?:,[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?$",
}
_DIGIT_FIRST = r"^[.,]?[0-9]"
_MISSING = r"^(?i:-|–|#?n/?a|null|none|nan|nil)?$"


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
    array = pc.utf8_trim_whitespace(pa.chunked_array(pa.array(texts, pa.string())))
    plain = pc.match_substring_regex(array, _PLAIN)
    others = array.filter(pc.invert(plain))
    if len(others) and _decimal_comma(others):
        return _finite(*_parse(array, ","))
    is_plain = plain.to_numpy()
    values, bad = np.empty(len(array)), np.zeros(len(array), dtype=np.bool_)
    values[is_plain] = pc.cast(array.filter(plain), pa.float64()).to_numpy()
    values[~is_plain], bad[~is_plain] = _parse(others, ".")
    return _finite(values, bad)


def _parse(texts: pa.ChunkedArray, decimal: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Return values and which are none, with one decimal sign; NaN where missing or none."""
    missing = pc.match_substring_regex(texts, _MISSING)
    bare = pc.replace_substring_regex(texts, _CURRENCY, "")
    bare = pc.replace_substring_regex(bare, _SPACES, "")
    minus = pc.match_substring_regex(bare, _MINUS)
    lone = pc.xor(pc.starts_with(bare, "("), pc.ends_with(bare, ")"))
    bare = pc.replace_substring_regex(bare, _SIGNS, "")
    share = pc.if_else(pc.ends_with(bare, "%"), 0.01, 1.0)
    bare = pc.replace_substring_regex(bare, "%$", "")
    good = pc.and_(
        pc.match_substring_regex(bare, _NUMBER[decimal]),
        pc.match_substring_regex(bare, _DIGIT_FIRST),
    )
    good = pc.and_not(pc.and_not(good, lone), missing)
    bare = pc.replace_substring(bare, "." if decimal == "," else ",", "")
    bare = pc.replace_substring(bare, ",", ".")
    value = pc.cast(pc.if_else(good, bare, None), pa.float64())
    value = pc.multiply(value, pc.multiply(share, pc.if_else(minus, -1.0, 1.0)))
    bad = pc.invert(pc.or_(good, missing))
    return value.to_numpy(), bad.to_numpy()


def _finite(values: Floats, bad: NDArray[np.bool_]) -> Numbers:
    infinite = np.isinf(values)
    return Numbers(np.where(infinite, np.nan, values), bad | infinite)


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
