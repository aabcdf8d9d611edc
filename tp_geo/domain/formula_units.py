"""Units of measures: what comes of adding, multiplying and dividing them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_POWER = re.compile(r"(.+?)(?:\^(-?\d+)|([²³]))?")
_RAISED = {"²": 2, "³": 3}
_MOST = 99


@dataclass(frozen=True, slots=True)
class Unit:
    """Powers by base unit: $/h is {$: 1, h: -1}. ``None``: nobody said what the unit is.

    A ``free`` figure is a plain number, which goes with any unit: the 100 of revenue + 100.
    """

    powers: tuple[tuple[str, int], ...] | None = ()
    free: bool = False

    def __str__(self) -> str:
        powers = self.powers or ()
        above = "·".join(_raised(base, power) for base, power in powers if power > 0)
        below = "·".join(_raised(base, -power) for base, power in powers if power < 0)
        if not below:
            return above
        return f"{above or '1'}/{f'({below})' if '·' in below else below}"

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """Return the unit of a product; with ``sign`` -1 that of a quotient."""
        if self.powers is None or other.powers is None:
            return UNKNOWN
        powers = dict(self.powers)
        for base, power in other.powers:
            powers[base] = powers.get(base, 0) + sign * power
        return _unit(powers, free=self.free and other.free)

    def power(self, exponent: float) -> Unit:
        """Return the unit of a power; of half a unit nobody has heard, so that one is not known."""
        if not self.powers:
            return self
        powers = {base: power * exponent for base, power in self.powers}
        if any(p != round(p) or abs(p) > _MOST for p in powers.values()):
            return UNKNOWN
        return _unit({base: round(p) for base, p in powers.items()})

    def goes_with(self, other: Unit) -> bool:
        """Tell whether figures of both can be added and compared."""
        known = self.powers is not None and other.powers is not None
        return self.free or other.free or not known or self.powers == other.powers

    def together(self, other: Unit) -> Unit:
        """Return the unit of a sum of two that go together."""
        if self.free:
            return other
        return self if other.free or self.powers is None else other


UNKNOWN = Unit(None)
FREE = Unit((), free=True)


def unit_of(text: str) -> Unit:
    """Return the unit that a measure names; "" is one that nobody said."""
    if not text.strip():
        return UNKNOWN
    above, *below = text.replace("(", "").replace(")", "").split("/")
    powers: dict[str, int] = {}
    for parts, sign in ((above, 1), *((part, -1) for part in below)):
        for part in re.split(r"[·*]", parts):
            if (base := part.strip()) and base != "1":
                _count(powers, base, sign)
    return _unit(powers)


def _count(powers: dict[str, int], part: str, sign: int) -> None:
    base, plain, small = _POWER.fullmatch(part).groups()  # type: ignore[union-attr]
    exponent = int(plain) if plain else _RAISED.get(small, 1)
    powers[base] = powers.get(base, 0) + sign * exponent


def _unit(powers: Mapping[str, int], *, free: bool = False) -> Unit:
    return Unit(tuple(sorted((b, p) for b, p in powers.items() if p)), free)


def _raised(base: str, power: int) -> str:
    return base if power == 1 else f"{base}²" if power == 2 else f"{base}^{power}"
