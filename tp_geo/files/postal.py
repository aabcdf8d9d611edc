"""Postal codes as people export them, brought to the form of the boundaries' codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tp_geo.files.columns import texts_of


class Change(IntFlag):
    """What was done to a code; several can be true of one."""

    NONE = 0
    KEY = 1
    """A country or county before the code was taken off: ``US_CA_94110``, ``06075_94110``."""
    DECIMAL = 2
    """Excel's ``2139.0`` became a whole number."""
    PLUS_4 = 4
    """``12345-6789`` or ``123456789`` was cut to the five digits that are planned with."""
    PADDED = 8
    """Zeros lost by a spreadsheet came back: ``2139`` is ``02139``."""
    CUT = 16
    """A code longer than those planned with was cut: ``K1A 0B6`` is ``K1A``."""


@dataclass(frozen=True, slots=True)
class Form:
    """What codes of a boundary set look like: their length, 0 when it varies, and if digits.

    Codes of letters alone are names, such as states': they are never cut.
    """

    width: int
    digits: bool

    @classmethod
    def of(cls, codes: Iterable[str]) -> Form:
        """Return the form shared by all codes."""
        known = list(codes)
        lengths = {len(c) for c in known}
        numbered = any(c.isdigit() for code in known[:1] for c in code)
        width = lengths.pop() if len(lengths) == 1 and numbered else 0
        return cls(width, all(c.isdecimal() for c in known))


ZIP = Form(5, digits=True)


@dataclass(frozen=True, slots=True, eq=False)
class Normalized:
    """Codes in the form asked for, "" where missing, and what was done to each."""

    codes: NDArray[np.object_]
    changes: NDArray[np.uint8]


def normalize(values: pd.Series[str], form: Form = ZIP) -> Normalized:
    """Return codes in the form of the boundaries.

    Surrounding spaces, quotes and Excel's ``="…"`` go; letters become capital. A
    code that cannot be brought into the form is left as it is. The work is
    done once for each distinct value.
    """
    row_of, distinct = pd.factorize(values)
    codes, changes = _normalize(pa.array(distinct, pa.string()), form)
    return Normalized(codes[row_of], changes[row_of])


def _normalize(values: pa.Array, form: Form) -> tuple[NDArray[np.object_], NDArray[np.uint8]]:
    plain = pc.utf8_upper(pc.utf8_trim(values, " \t\r\n'\"=\u00a0\ufeff"))
    steps = _Steps(plain)
    steps.replace(r"^(?:[A-Z]{2,3}_)+(.+)$", r"\1", Change.KEY)
    steps.replace(r"^(?:[A-Z]{1,3}[:/ -]+|[0-9]{5}[_:/])([0-9][0-9A-Z .-]*)$", r"\1", Change.KEY)
    steps.replace(r"^[0-9]{5}-([0-9]{5})$", r"\1", Change.KEY)
    steps.replace(r"^([0-9]+)[.,]0*$", r"\1", Change.DECIMAL)
    if form.digits and form.width:
        _digits(steps, form)
    elif form.width:
        steps.apply(lambda c: pc.replace_substring_regex(c, "[ -]", ""), Change.NONE)
        steps.apply(lambda c: pc.utf8_slice_codeunits(c, 0, form.width), Change.CUT)
    return texts_of(steps.codes), steps.changes


def _digits(steps: _Steps, form: Form) -> None:
    """Cut ZIP+4 (also where zeros were lost from it) and give back lost zeros.

    Fewer than three digits are no postal code that lost its zeros, where codes have five.
    """
    width = form.width
    if form == ZIP:
        steps.replace(r"^([0-9]{3,5})[ _.–-]+[0-9X]{0,4}$", r"\1", Change.PLUS_4)
        steps.replace(r"^([0-9]{3,5})[0-9]{4}$", r"\1", Change.PLUS_4)
    elif width > 2:
        steps.replace(rf"^([0-9]{{{width}}})[ -].*$", r"\1", Change.CUT)
    if width < 2:
        return
    short = rf"^[0-9]{{{min(3, width - 1)},{width - 1}}}$"
    lost = pc.match_substring_regex(steps.codes, short)
    steps.apply(lambda c: pc.if_else(lost, pc.utf8_lpad(c, width, "0"), c), Change.PADDED)


class _Steps:
    """Codes on their way, with a note of which step changed which."""

    def __init__(self, codes: pa.Array) -> None:
        self.codes = codes
        self.changes = np.zeros(len(codes), dtype=np.uint8)

    def apply(self, step: Callable[[pa.Array], pa.Array], change: Change) -> None:
        after = step(self.codes)
        differs = pc.not_equal(after, self.codes).to_numpy(zero_copy_only=False)
        self.changes |= np.where(differs, np.uint8(change), np.uint8(0))
        self.codes = after

    def replace(self, pattern: str, by: str, change: Change) -> None:
        self.apply(lambda c: pc.replace_substring_regex(c, pattern, by), change)
