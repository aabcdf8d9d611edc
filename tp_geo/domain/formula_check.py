"""What a formula comes to before anything is computed: names found, kinds and units that fit."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tp_geo.domain.formula_text import NEGATIVE, Call, Name, Node, Number, Text
from tp_geo.domain.formula_units import FREE, UNKNOWN, Unit
from tp_geo.errors import BadData

_LISTED = 12


class Kind(Enum):
    """What a part of a formula is."""

    NUMBER = "a number"
    TRUTH = "true or false"
    TEXT = "a text"


@dataclass(frozen=True, slots=True)
class Said:
    """Kind and unit of a part. ``size`` is how it grows when two areas become one.

    1: like a sum, 0: not at all, like a mean or a share; ``None``: a plain number.
    """

    kind: Kind = Kind.NUMBER
    unit: Unit = UNKNOWN
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """Something a formula can look up by ``name`` or, in any case, by its label."""

    name: str
    said: Said
    label: str = ""
    adds_up: bool = False


@dataclass(frozen=True)
class Scope:
    """What is there to look up. ``elsewhere`` says why some names can't be used here."""

    fields: tuple[Field, ...]
    elsewhere: Mapping[str, str]
    whose: tuple[str, ...] = ()

    def find(self, name: str) -> Field:
        """Return what a name means: a name, else a name or label in any case."""
        exact = next((f for f in self.fields if f.name == name), None)
        folded = name.strip().casefold()
        alike = (
            f for f in self.fields if folded in (f.name.casefold(), f.label.strip().casefold())
        )
        if found := exact or next(alike, None):
            return found
        if name in self.elsewhere:
            raise BadData(self.elsewhere[name])
        known = [f.name for f in self.fields]
        raise BadData(f"There is no measure {name!r}. {_nearest(name, known, 'There are')}")


PER_WHOLE = {
    "total": "what all of the dataset has of a measure",
    "planned": "what the area has of a measure",
    "target": "the area's target of a measure",
}
"""Functions of a measure's name, and what they are."""

_ARGS: dict[str, tuple[int, int]] = {
    "if": (2, 3), "where": (2, 3), "min": (1, 20), "max": (1, 20), "coalesce": (1, 20),
    "abs": (1, 1), "round": (1, 2), "floor": (1, 1), "ceil": (1, 1), "sqrt": (1, 1),
    "exp": (1, 1), "ln": (1, 1), "log": (1, 2), "known": (1, 1), "number": (1, 1),
    **dict.fromkeys(PER_WHOLE, (1, 1)),
}  # fmt: skip

FUNCTIONS = tuple(_ARGS)
COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")


def checked(node: Node, scope: Scope) -> Said:
    """Return kind and unit of a formula, or raise ``BadData`` saying what does not fit."""
    match node:
        case Number():
            return Said(unit=FREE)
        case Text():
            return Said(Kind.TEXT)
        case Name():
            return scope.find(node.name).said
    if node.function in PER_WHOLE:
        return _of_whole(node, scope)
    if (check := _CHECKS.get(node.function)) is None:
        raise BadData(
            f"There is no function {node.function!r}. "
            f"{_nearest(node.function, FUNCTIONS, 'Functions')}"
        )
    _count_args(node)
    return check(node, [checked(arg, scope) for arg in node.args])


def names_in(node: Node) -> Iterator[str]:
    """Yield the names a formula looks up."""
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Call):
        for arg in node.args:
            yield from names_in(arg)


def result(node: Node, scope: Scope) -> Said:
    """Return kind and unit of a whole formula, which is a number or counts what is true."""
    said = checked(node, scope)
    if said.kind is Kind.TEXT:
        raise BadData("The formula gives a text. A measure is a number; compare the text instead.")
    return Said(said.kind, said.unit, 1) if said.kind is Kind.TRUTH else said


def _nearest(name: str, known: Sequence[str], listed: str) -> str:
    by_fold = {k.casefold(): k for k in known}
    if near := difflib.get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6):
        return f"Did you mean {by_fold[near[0]]!r}?"
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"{listed}: {', '.join(known[:_LISTED]) or 'none'}{more}."


def _count_args(node: Call) -> None:
    least, most = _ARGS.get(node.function, (1, 2))
    if not least <= len(node.args) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise BadData(
            f"{node.function} takes {wanted} values between its brackets, not {len(node.args)}."
        )


def _of_whole(node: Call, scope: Scope) -> Said:
    if node.function != "total" and node.function not in scope.whose:
        raise BadData(
            f"{node.function}(...) is {PER_WHOLE[node.function]}; only formulas of areas have it."
        )
    _count_args(node)
    measure = node.args[0]
    if not isinstance(measure, Name):
        raise BadData(f"{node.function} takes the name of a measure, not {measure.said!r}.")
    field = scope.find(measure.name)
    if field.said.kind is Kind.TEXT:
        raise BadData(f"{field.name!r} is a text; {node.function} takes a measure.")
    if node.function == "total" and not field.adds_up:
        raise BadData(f"{field.name!r} does not add up, so it has no total.")
    return Said(unit=field.said.unit, size=0 if node.function == "total" else field.said.size)


def _numbers(node: Call, said: Sequence[Said]) -> None:
    for part, one in zip(node.args, said, strict=True):
        if one.kind is Kind.TEXT:
            raise BadData(
                f"{part.said} is a text, and {node.function} takes numbers. "
                'Compare it, as in if([Segment] = "Large", 2, 1).'
            )


def _alike(node: Call, parts: Sequence[Node], said: Sequence[Said]) -> Unit:
    """Return the unit of figures that are added, compared or chosen from."""
    unit, first = said[0].unit, parts[0]
    for part, one in zip(parts[1:], said[1:], strict=True):
        if not unit.goes_with(one.unit):
            no = _DONE.get(node.function, "that does not go together")
            raise BadData(
                f"{first.said} is in {str(unit) or 'no unit'} and {part.said} in "
                f"{str(one.unit) or 'no unit'}: {no}. "
                f"To take one as a plain number write number({part.said})."
            )
        if unit.free and not one.unit.free:
            first = part
        unit = unit.together(one.unit)
    return unit


_DONE = {
    "+": "they can't be added",
    "-": "one can't be taken from the other",
    **dict.fromkeys(COMPARISONS, "they can't be compared"),
}


def _largest(said: Sequence[Said]) -> int | None:
    return max((one.size for one in said if one.size is not None), default=None)


def _sum(node: Call, said: list[Said]) -> Said:
    _numbers(node, said)
    return Said(unit=_alike(node, node.args, said), size=_largest(said))


def _product(node: Call, said: list[Said]) -> Said:
    _numbers(node, said)
    sign = -1 if node.function == "/" else 1
    sizes = [s.size for s in said if s.size is not None]
    size = (said[0].size or 0) + sign * (said[1].size or 0) if sizes else None
    return Said(unit=said[0].unit.times(said[1].unit, sign), size=size)


def _power(node: Call, said: list[Said]) -> Said:
    _numbers(node, said)
    exponent = node.args[1]
    unit = said[0].unit
    if unit.powers:
        unit = unit.power(exponent.value) if isinstance(exponent, Number) else UNKNOWN
    return Said(unit=unit, size=said[0].size)


def _same(node: Call, said: list[Said]) -> Said:
    _numbers(node, said)
    return Said(unit=said[0].unit, size=said[0].size)


def _root(node: Call, said: list[Said]) -> Said:
    _numbers(node, said)
    return Said(unit=said[0].unit.power(0.5), size=said[0].size)


def _plain(node: Call, said: list[Said]) -> Said:
    _numbers(node, said)
    return Said(unit=FREE, size=said[0].size)


def _known(_: Call, __: list[Said]) -> Said:
    return Said(Kind.TRUTH, FREE)


def _compared(node: Call, said: list[Said]) -> Said:
    texts = [one.kind is Kind.TEXT for one in said]
    if any(texts):
        if not all(texts):
            raise BadData(f'{node.said} compares a text with a number. Write the text in "quotes".')
        if node.function not in ("=", "<>"):
            raise BadData(f"{node.said}: texts are compared by = and <> only.")
    else:
        _alike(node, node.args, said)
    return Said(Kind.TRUTH, FREE)


def _logic(node: Call, said: list[Said]) -> Said:
    for part, one in zip(node.args, said, strict=True):
        _true_or_false(node, part, one)
    return Said(Kind.TRUTH, FREE)


def _true_or_false(node: Call, part: Node, said: Said) -> None:
    if said.kind is not Kind.TRUTH:
        raise BadData(
            f"{node.function} takes what is true or false, and {part.said} is {said.kind.value}. "
            f"Compare it, as in {part.said} > 0."
        )


def _chosen(node: Call, said: list[Said]) -> Said:
    _true_or_false(node, node.args[0], said[0])
    branches = Call(node.function, node.args[1:], node.said, node.depth, node.nodes)
    return _sum(branches, said[1:])


_CHECKS: dict[str, Callable[[Call, list[Said]], Said]] = {
    **dict.fromkeys(("+", "-", "min", "max", "coalesce"), _sum),
    **dict.fromkeys(("*", "/"), _product),
    **dict.fromkeys((NEGATIVE, "abs", "round", "floor", "ceil"), _same),
    **dict.fromkeys(("exp", "ln", "log", "number"), _plain),
    **dict.fromkeys(COMPARISONS, _compared),
    **dict.fromkeys(("and", "or", "not"), _logic),
    **dict.fromkeys(("if", "where"), _chosen),
    "^": _power,
    "sqrt": _root,
    "known": _known,
}
