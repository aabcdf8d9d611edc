"""A scenario: what is assumed of a plan, in order, as values that can be written down."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeAlias

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.growth import Growth, Segment
from tp_geo.errors import BadData, Refused


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody new with an area: part of one that is split, or an empty one with a target.

    ``of`` is the area to split in two; without it the new one is empty and
    lies below ``parent``, ``None`` for the top. ``target`` of ``measure`` is
    taken from the areas beside it, so that they add up as before; ``None``:
    in proportion to what it holds, or the mean of all where it is empty.
    """

    name: str
    owner: str = ""
    of: AreaId | None = None
    parent: AreaId | None = None
    measure: str = ""
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who goes: the area goes into those beside it, or to another owner."""

    area: AreaId
    to: str = ""


@dataclass(frozen=True, slots=True)
class Retarget:
    """Targets of a measure by some percent more or less, of all areas or of one and those below.

    With ``amount`` that one area gets this target.
    """

    measure: str
    percent: float = 0.0
    area: AreaId | None = None
    amount: float | None = None


Assumption: TypeAlias = Growth | Hire | Leaver | Retarget

_KINDS: Mapping[str, type[Assumption]] = {
    "growth": Growth,
    "hire": Hire,
    "leaver": Leaver,
    "targets": Retarget,
}


@dataclass(frozen=True, slots=True)
class Assumed:
    """An assumption under its number.

    ``revision`` is the one that made it so, 0 for figures; ``area`` the id of
    the area that a hire brings, 0 for others.
    """

    number: int
    what: Assumption
    revision: int = 0
    area: int = 0

    @property
    def kind(self) -> str:
        """What sort of assumption it is, in a word."""
        return next(name for name, kind in _KINDS.items() if isinstance(self.what, kind))


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a scenario assumes, in order; ``dataset`` is the key of the figures it began with."""

    dataset: str
    assumed: tuple[Assumed, ...] = field(default=())

    @property
    def growths(self) -> tuple[Growth, ...]:
        """What grows, in order."""
        return tuple(a.what for a in self.assumed if isinstance(a.what, Growth))

    def find(self, number: int) -> Assumed:
        """Return an assumption by number."""
        for one in self.assumed:
            if one.number == number:
                return one
        known = ", ".join(str(a.number) for a in self.assumed) or "none"
        raise Refused(f"There is no assumption {number} in this scenario. Numbers: {known}.")

    def with_new(self, what: Assumption, area: int) -> Scenario:
        """Return it with one more assumption, under the next number; a hire brings this area."""
        number = 1 + max((a.number for a in self.assumed), default=0)
        new = Assumed(number, what, area=area if isinstance(what, Hire) else 0)
        return replace(self, assumed=(*self.assumed, new))

    def with_other(self, number: int, what: Assumption) -> Scenario:
        """Return it with another assumption under a number; refuse one of another sort."""
        one = self.find(number)
        if type(what) is not type(one.what):
            raise Refused(
                f"Assumption {number} is a {one.kind} and can't become another sort. Remove it, "
                "and add the other one."
            )
        return self._with(replace(one, what=what))

    def made(self, revision: int, numbers: Collection[int]) -> Scenario:
        """Return it with some assumptions noted as made so by a revision; figures need none."""
        found = self
        for one in self.assumed:
            if one.number in numbers and not isinstance(one.what, Growth):
                found = found._with(replace(one, revision=revision))
        return found

    def _with(self, other: Assumed) -> Scenario:
        changed = (other if a.number == other.number else a for a in self.assumed)
        return replace(self, assumed=tuple(changed))

    def without(self, number: int) -> Scenario:
        """Return it without an assumption."""
        gone = self.find(number)
        return replace(self, assumed=tuple(a for a in self.assumed if a is not gone))


def dumps(scenario: Scenario) -> str:
    """Return a scenario as text."""
    assumed = [
        {
            "number": a.number,
            "revision": a.revision,
            "new": a.area,
            "kind": a.kind,
            **asdict(a.what),
        }
        for a in scenario.assumed
    ]
    return json.dumps({"dataset": scenario.dataset, "assumed": assumed}, allow_nan=False)


def loads(text: str) -> Scenario:
    """Return the scenario in a text that ``dumps`` made."""
    try:
        said = json.loads(text)
        return Scenario(said["dataset"], tuple(_assumed(one) for one in said["assumed"]))
    except (ValueError, KeyError, TypeError) as error:
        raise BadData(
            f"What the scenario assumes can't be read: {error}. It was written by a newer TP Geo; "
            "update this one."
        ) from error


def told(what: Assumption, base: Alignment, now: Alignment) -> str:
    """Return an assumption in words; areas by the name they have now, or had at the start."""

    def name(area: AreaId) -> str:
        known = now if area in now.areas else base
        return known.name(area) if area in known.areas else f"area #{area}"

    match what:
        case Growth():
            return f"{what.measure} {what.percent:+g} % {_where(what.segment, name)}"
        case Hire(of=None):
            where = "at the top" if what.parent is None else f"below {name(what.parent)}"
            goal = "" if what.target is None else f", target {what.target:,.6g} {what.measure}"
            return f"hire {_who(what)} with a new area {what.name} {where}{goal}"
        case Hire(of=int() as of):
            return f"hire {_who(what)} with {what.name}, split from {name(AreaId(of))}"
        case Leaver(to=""):
            return f"{name(what.area)} is dissolved into the areas beside it"
        case Leaver():
            return f"{name(what.area)} goes to {what.to}"
        case Retarget():
            return _retargeted(what, name)
    raise AssertionError(what)


def _retargeted(what: Retarget, name: Any) -> str:
    if what.amount is not None and what.area is not None:
        return f"target of {name(what.area)} {what.amount:,.6g} {what.measure}"
    where = "of all areas" if what.area is None else f"of {name(what.area)} and those below"
    return f"targets of {what.measure} {where} {what.percent:+g} %"


def _where(segment: Segment, name: Any) -> str:
    said = [f"where {segment.attribute} is {segment.value}"] if segment.attribute else []
    said += [f"in {name(segment.area)}"] if segment.area is not None else []
    return " ".join(said) or "everywhere"


def _who(what: Hire) -> str:
    return what.owner or "somebody"


def _assumed(said: dict[str, Any]) -> Assumed:
    values = dict(said)
    number, revision, new, kind = (values.pop(k) for k in ("number", "revision", "new", "kind"))
    if kind == "growth":
        values["segment"] = Segment(**values["segment"])
    return Assumed(number, _KINDS[kind](**values), revision, new)
