"""A formula worked out for all rows at once; what can't be known is NaN, never infinite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import Flags, frozen
from tp_geo.domain.dataset import Floats
from tp_geo.domain.formula_check import PER_WHOLE
from tp_geo.domain.formula_text import NEGATIVE, Name, Node, Number, Text

Column: TypeAlias = NDArray[Any]
"""Figures, texts, or what is true: 1, 0, and NaN where that is not known."""

Lookup: TypeAlias = Callable[[str, str], Column]
"""Returns a column by name; of ``target``, ``planned`` or ``total`` when such a word comes first"""


@dataclass(frozen=True, eq=False)
class Worked:
    """The values by row, and where a division by zero left nothing to know."""

    values: Floats
    divided: Flags

    @property
    def unknown(self) -> int:
        """How many values are not known."""
        return int(np.isnan(self.values).sum())


def worked_out(node: Node, rows: int, lookup: Lookup) -> Worked:
    """Return the values of a formula that was checked."""
    running = _Running(lookup, rows)
    with np.errstate(all="ignore"):
        found = np.asarray(running.value(node), dtype=np.float64)
    values = np.broadcast_to(found, (rows,)).copy()
    return Worked(frozen(values), running.divided & np.isnan(values))


class _Running:
    def __init__(self, lookup: Lookup, rows: int) -> None:
        self._lookup = lookup
        self.divided: Flags = np.zeros(rows, dtype=np.bool_)

    def value(self, node: Node) -> Column:
        match node:
            case Number() | Text():
                return np.asarray(node.value)
            case Name():
                return self._lookup("", node.name)
        if node.function in PER_WHOLE:
            return self._lookup(node.function, getattr(node.args[0], "name", ""))
        args = [self.value(arg) for arg in node.args]
        if node.function == "/":
            return self._divided(*args)
        return _finite(_COMPUTED[node.function](*args))

    def _divided(self, above: Column, below: Column) -> Column:
        zero = below == 0
        self.divided |= zero
        return _finite(np.where(zero, np.nan, np.divide(above, np.where(zero, 1.0, below))))


def _finite(column: Column) -> Column:
    """Return a column whose figures beyond what can be written are not known."""
    return np.where(np.isinf(column), np.nan, column)


def _truth(test: Callable[[Column, Column], Column]) -> Callable[[Column, Column], Column]:
    """Return a comparison that is not known where one of the sides is not."""

    def compare(left: Column, right: Column) -> Column:
        if _texts(left) or _texts(right):
            return np.asarray(test(left, right), dtype=np.float64)
        return np.where(np.isnan(left) | np.isnan(right), np.nan, test(left, right))

    return compare


def _texts(column: Column) -> bool:
    return column.dtype.kind in "OUT"


def _and(left: Column, right: Column) -> Column:
    return np.where((left == 0) | (right == 0), 0.0, left * right)


def _or(left: Column, right: Column) -> Column:
    return np.where((left == 1) | (right == 1), 1.0, left + right)


def _if(test: Column, then: Column, otherwise: Column | None = None) -> Column:
    other = np.asarray(np.nan) if otherwise is None else otherwise
    return np.where(np.isnan(test), np.nan, np.where(test == 1, then, other))


def _coalesce(*args: Column) -> Column:
    found = args[0]
    for other in args[1:]:
        found = np.where(np.isnan(found), other, found)
    return found


def _known(column: Column) -> Column:
    there = column != "" if _texts(column) else ~np.isnan(column)
    return np.asarray(there, dtype=np.float64)


def _least(*args: Column) -> Column:
    return _over(np.minimum, args)


def _most(*args: Column) -> Column:
    return _over(np.maximum, args)


def _over(choose: Callable[[Column, Column], Column], args: tuple[Column, ...]) -> Column:
    found = args[0]
    for other in args[1:]:
        found = choose(found, other)
    return found


def _round(column: Column, digits: Column | None = None) -> Column:
    """Round half away from zero, as spreadsheets do."""
    scale = np.float64(10.0) ** np.clip(np.trunc(0.0 if digits is None else digits), -15, 15)
    return np.copysign(np.floor(np.abs(column) * scale + 0.5), column) / scale


def _log(column: Column, base: Column | None = None) -> Column:
    return np.log10(column) if base is None else np.log(column) / np.log(base)


_COMPUTED: dict[str, Callable[..., Column]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "^": np.power, NEGATIVE: np.negative,
    "=": _truth(np.equal), "<>": _truth(np.not_equal), "<": _truth(np.less),
    ">": _truth(np.greater), "<=": _truth(np.less_equal), ">=": _truth(np.greater_equal),
    "and": _and, "or": _or, "not": lambda x: 1.0 - x, "if": _if, "where": _if,
    "min": _least, "max": _most, "coalesce": _coalesce, "known": _known,
    "abs": np.abs, "round": _round, "floor": np.floor, "ceil": np.ceil, "number": np.asarray,
    "sqrt": np.sqrt, "exp": np.exp, "ln": np.log, "log": _log,
}  # fmt: skip
