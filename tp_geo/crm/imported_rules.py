"""Rules of an org read back: which postal codes they take, and how to have them take others.

An org's rules say more than a plan does. What is about places is told from
the codes that are known; the rest stays in its rule, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.crm.criteria import COUNTRY, POSTAL, Criteria, Item
from tp_geo.crm.evaluating import Flags, NotKnown, Places, fitting
from tp_geo.crm.packing import Cover, cover, criteria_of
from tp_geo.errors import Refused

STATE = "Account.BillingState"
PLACED = frozenset({POSTAL, STATE, COUNTRY})
"""Fields that say where an account is."""

_ALTERNATIVES = frozenset({"equals", "startsWith"})
_ONE, _EITHER = re.compile(r"\d+"), re.compile(r"\(\s*\d+(?:\s+OR\s+\d+)*\s*\)")

Group: TypeAlias = tuple[int, ...]
"""Numbers of items one of which has to fit, from 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Universe:
    """The postal codes that are known, and the container each lies in.

    Those of the containers themselves come first, in their order.

    ``called`` gives by field what else a text is called, in lower case:
    ``{"ca": "California"}``; ``country`` is what accounts call the country.
    """

    codes: tuple[str, ...]
    container: NDArray[np.intp]
    places: Places
    country: tuple[str, ...] = ()
    called: Mapping[str, Mapping[str, str]] | None = None

    @classmethod
    def of(
        cls,
        codes: Sequence[str],
        container: NDArray[np.intp],
        *,
        country: Sequence[str] = (),
        states: Sequence[str] = (),
        state_names: Mapping[str, str] | None = None,
    ) -> Universe:
        """Return the universe of codes; ``states`` has the code of each one's state."""
        names = state_names or {}
        texts: dict[str, Sequence[str]] = {POSTAL: codes}
        called = {}
        if country:
            texts[COUNTRY] = [country[0]] * len(codes)
            called[COUNTRY] = {name.casefold(): country[0] for name in country}
        if states:
            texts[STATE] = [names.get(state, state) for state in states]
            called[STATE] = {code.casefold(): name for code, name in names.items()}
        return cls(tuple(codes), container, Places(texts), tuple(country), called)

    @property
    def containers(self) -> int:
        """How many containers there are."""
        return int(self.container.max(initial=-1)) + 1

    def inside(self, containers: Flags) -> Flags:
        """Return which codes lie in some containers."""
        found: Flags = containers[self.container]
        return found

    def told(self, criteria: Criteria) -> Criteria:
        """Return criteria with states and countries by the names that are used here."""
        return replace(criteria, items=tuple(self._told(item) for item in criteria.items))

    def _told(self, item: Item) -> Item:
        names = (self.called or {}).get(item.field)
        if not names:
            return item
        values = (names.get(value.casefold(), value) for value in item.alternatives)
        return replace(item, value=",".join(values))


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What a rule takes as far as it can be told: which codes fit what it says of places.

    ``fits`` is ``None`` when it says nothing of places that can be told;
    ``untold`` are the items that are left out.
    """

    fits: Flags | None
    untold: tuple[Item, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.fits is not None and not self.untold


def meaning(criteria: Criteria, universe: Universe) -> Meaning:
    """Return what criteria mean on the codes that are known."""
    plain = universe.told(criteria)
    if not plain.items:
        return Meaning(None)
    try:
        return Meaning(fitting(plain, universe.places))
    except NotKnown:
        return _meaning_of_parts(plain, criteria, universe)


def _meaning_of_parts(plain: Criteria, criteria: Criteria, universe: Universe) -> Meaning:
    fits: Flags | None = None
    untold: list[Item] = []
    for group in groups(criteria) or [tuple(range(len(criteria.items)))]:
        try:
            one = fitting(_alone(plain, group), universe.places)
        except NotKnown:
            untold += [criteria.items[i] for i in group]
        else:
            fits = one if fits is None else fits & one
    return Meaning(fits, tuple(untold))


def groups(criteria: Criteria) -> list[Group] | None:
    """Return the items of which one each has to fit; ``None`` when the filter says it otherwise."""
    if not criteria.boolean_filter:
        return [(i,) for i in range(len(criteria.items))]
    text = criteria.boolean_filter.strip().upper()
    if _EITHER.fullmatch(f"({text})"):
        text = f"({text})"
    found: list[Group] = []
    for part in re.split(r"\s+AND\s+", text):
        if not (_ONE.fullmatch(part) or _EITHER.fullmatch(part)):
            return None
        found.append(tuple(int(number) - 1 for number in re.findall(r"\d+", part)))
    used = sorted(i for group in found for i in group)
    return found if used == list(range(len(criteria.items))) else None


def changed(criteria: Criteria, universe: Universe, wanted: Flags) -> tuple[Criteria, ...]:
    """Return criteria that take other codes and leave what else they say as it is.

    More than one where they do not fit a rule. Raises ``Refused`` when what
    else the rule says keeps one of the codes out, or is too involved to be kept.
    """
    made = _with(_heads(criteria, universe), criteria, universe, wanted)
    if _left(made, universe, wanted) and meaning(criteria, universe).whole:
        made = _with(_of_country(universe), criteria, universe, wanted)
    if left := _left(made, universe, wanted):
        raise Refused(f"What else the rule says keeps {left} out. Change the rule in the org.")
    return made


def fresh(universe: Universe, wanted: Flags) -> tuple[Criteria, ...]:
    """Return criteria of their own for some codes."""
    return _with(_of_country(universe), Criteria(()), universe, wanted)


def _with(
    heads: tuple[Item, ...], criteria: Criteria, universe: Universe, wanted: Flags
) -> tuple[Criteria, ...]:
    """Return criteria for some codes with the values that are there already, as far as they fit."""
    kept: dict[str, set[str]] = {operation: set() for operation in _ALTERNATIVES}
    covered = np.zeros(len(wanted), dtype=np.bool_)
    for item in criteria.items:
        for value in item.alternatives if _of_codes(item) else ():
            found = fitting(Criteria((replace(item, value=value),)), universe.places)
            if not (found & ~wanted).any():
                kept[item.operation].add(value)
                covered |= found
    more = cover(universe.codes, np.where(wanted, 0, -1).astype(np.int32))
    new = _needed(more[0], universe, wanted & ~covered) if more else Cover()
    old = (v for v in kept["startsWith"] if not v.startswith(new.prefixes))
    return criteria_of(
        Cover(tuple(sorted({*old, *new.prefixes})), tuple(sorted({*kept["equals"], *new.exact}))),
        heads,
    )


def _needed(more: Cover, universe: Universe, left: Flags) -> Cover:
    """Return what of a cover some codes need."""
    codes = [code for code, needed in zip(universe.codes, left.tolist(), strict=True) if needed]
    begins = {code[:size] for code in codes for size in range(1, len(code) + 1)}
    return Cover(
        tuple(p for p in more.prefixes if p in begins), tuple(e for e in more.exact if e in begins)
    )


def _left(made: Sequence[Criteria], universe: Universe, wanted: Flags) -> str:
    """Return the first code that is wanted and not taken, "" when there is none."""
    left = wanted.copy()
    for one in made:
        if (fits := meaning(one, universe).fits) is not None:
            left &= ~fits
    return universe.codes[int(np.argmax(left))] if left.any() else ""


def _heads(criteria: Criteria, universe: Universe) -> tuple[Item, ...]:
    """Return the items that are not about postal codes, each of which has to fit."""
    found = groups(criteria)
    rest = [g for g in found or () if not all(_of_codes(criteria.items[i]) for i in g)]
    if found is not None and all(len(group) == 1 for group in rest):
        return tuple(criteria.items[group[0]] for group in rest)
    if meaning(criteria, universe).whole:
        return _of_country(universe)
    raise Refused(
        f"Its filter {criteria.boolean_filter!r} mixes postal codes with other criteria. "
        "Change the rule in the org."
    )


def _of_country(universe: Universe) -> tuple[Item, ...]:
    return (Item(COUNTRY, "equals", ",".join(universe.country)),) if universe.country else ()


def _of_codes(item: Item) -> bool:
    return item.field == POSTAL and item.operation in _ALTERNATIVES


def _alone(criteria: Criteria, group: Group) -> Criteria:
    items = tuple(criteria.items[i] for i in group)
    return Criteria(items, " OR ".join(str(i + 1) for i in range(len(items))))
