"""A target carried down the tree: split over the areas below, so that the parts add up."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Context, Decimal

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.targets import Aim
from tp_geo.errors import Refused

GRAIN = 100
"""Parts are multiples of a step, 1 at most, so small that there are so many steps for each."""

_EXACT = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Split:
    """How a target is split.

    ``weight`` says what each area counts for, by id; ``said`` what some of
    them get by hand, the others sharing the rest; ``levels`` how deep it goes.
    """

    weight: Callable[[AreaId], float]
    said: Mapping[AreaId, float] = field(default_factory=dict)
    levels: int = 1
    by: str = ""
    """What weights are of, in words; "" where all count the same."""


def even(_area: AreaId) -> float:
    """Weigh every area the same."""
    return 1.0


def carried(alignment: Alignment, area: AreaId | None, aim: Aim, split: Split) -> dict[AreaId, Aim]:
    """Return what each area below one (``None``: the top) should hold of what that should.

    Ranges are split in the same proportion as the ideal.
    """
    children = alignment.children(area)
    where = "the top" if area is None else alignment.name(area)
    if not children:
        raise Refused(f"There is no area below {where} to carry a target down to. Add areas first.")
    found = _carried(alignment, area, aim, split)
    for k, said in split.said.items():
        if k not in found:
            raise Refused(
                f"{alignment.name(k)} is not among the {len(found):,} areas below {where} that "
                "get a part. Leave it out, or carry the target down further."
            )
        if not (math.isfinite(said) and said >= 0):
            raise Refused(f"{alignment.name(k)} can't get {said:g}. Give a number of 0 or more.")
    return found


def divided(target: float, weights: Sequence[float]) -> tuple[float, ...]:
    """Return a target in parts in proportion to weights, rounded so that they add up to it.

    The sum is exact in decimals. What rounding leaves goes to the parts that
    lost most by it, the first of equal ones.

    Source: largest remainders, Balinski and Young, Fair Representation, 1982, 17.
    """
    whole = Decimal(repr(float(target)))
    step = _step(whole, len(weights))
    number = int(_EXACT.divide(whole, step))
    shares = [Decimal(repr(float(w))) for w in weights]
    total = sum(shares, Decimal(0))
    exact = [_EXACT.divide(_EXACT.multiply(s, Decimal(number)), total) for s in shares]
    parts = [int(e.to_integral_value(ROUND_FLOOR, _EXACT)) for e in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: number - sum(parts)]:
        parts[i] += 1
    return tuple(float(_EXACT.multiply(Decimal(p), step)) for p in parts)


def _carried(
    alignment: Alignment, area: AreaId | None, aim: Aim, split: Split
) -> dict[AreaId, Aim]:
    children = alignment.children(area)
    parts = _parts(alignment, area, aim, split)
    lows = _limits(aim.minimum, parts)
    highs = _limits(aim.maximum, parts)
    found: dict[AreaId, Aim] = {}
    for child, part, low, high in zip(children, parts, lows, highs, strict=True):
        ideal = None if aim.ideal is None else part
        found[child] = _ordered(low, ideal, high)
        if split.levels > 1 and alignment.children(child):
            deeper = Split(split.weight, split.said, split.levels - 1, split.by)
            found |= _carried(alignment, child, found[child], deeper)
    return found


def _parts(alignment: Alignment, area: AreaId | None, aim: Aim, split: Split) -> tuple[float, ...]:
    """Return the part of the ideal that each child gets; without an ideal their weights."""
    children = alignment.children(area)
    if aim.ideal is None:
        return tuple(_weights(alignment, area, children, split))
    others = [k for k in children if k not in split.said]
    rest = _rest(alignment, aim.ideal, children, split)
    if others and rest > 0:
        shared = divided(rest, _weights(alignment, area, others, split))
    else:
        shared = (0.0,) * len(others)
    given = {**split.said, **dict(zip(others, shared, strict=True))}
    return tuple(given[k] for k in children)


def _rest(alignment: Alignment, ideal: float, children: Sequence[AreaId], split: Split) -> float:
    """Return what is left for children without a part by hand; refuse parts that leave less."""
    said = [Decimal(repr(float(split.said[k]))) for k in children if k in split.said]
    rest = float(Decimal(repr(float(ideal))) - sum(said, Decimal(0)))
    others = [k for k in children if k not in split.said]
    if rest < 0 and others:
        names = ", ".join(alignment.name(k) for k in others[:3])
        raise Refused(
            f"The parts given by hand are {-rest:,.6g} more than the {ideal:,.6g} there are to "
            f"split, which leaves nothing for {names}. Give less, or give every area its part."
        )
    return rest


def _weights(
    alignment: Alignment, area: AreaId | None, children: Sequence[AreaId], split: Split
) -> list[float]:
    found = [split.weight(k) for k in children]
    for k, weight in zip(children, found, strict=True):
        if not (math.isfinite(weight) and weight >= 0):
            raise Refused(
                f"{alignment.name(k)} holds {weight:,.6g} of {split.by}, which is no potential to "
                "split by. Split evenly, or by another measure."
            )
    if not sum(found) > 0:
        where = "at the top" if area is None else f"below {alignment.name(area)}"
        raise Refused(
            f"The areas {where} hold nothing of {split.by} so far, so there is nothing to split "
            "by. Split evenly, or by another measure."
        )
    return found


def _limits(limit: float | None, parts: Sequence[float]) -> tuple[float | None, ...]:
    if limit is None or not sum(parts) > 0:
        return (None,) * len(parts)
    return tuple(found or None for found in divided(limit, parts))


def _ordered(low: float | None, ideal: float | None, high: float | None) -> Aim:
    """Return a range around an ideal that rounding did not put out of order."""
    if ideal is not None:
        low = None if low is None else min(low, ideal) or None
        high = None if high is None else max(high, ideal)
    elif low is not None and high is not None:
        low = min(low, high)
    return Aim(low, ideal, high)


def _step(whole: Decimal, parts: int) -> Decimal:
    """Return the step that parts are whole multiples of."""
    places = whole.normalize(_EXACT).as_tuple().exponent
    step = Decimal(1).scaleb(min(0, int(places)))
    while 0 < whole < step * GRAIN * parts:
        step = step.scaleb(-1)
    return step
