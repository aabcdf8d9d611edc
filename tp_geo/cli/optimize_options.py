"""What can be said to ``optimize``: options as texts, and the request they amount to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from tp_geo.cli.asking import area_in, level_in, measure_in, place
from tp_geo.errors import BadData

if TYPE_CHECKING:
    from tp_geo.domain.alignment import AreaId
    from tp_geo.domain.hierarchy import Focus
    from tp_geo.optimize.objective import Objective
    from tp_geo.workflow.optimizing import Cap, Place, Way
    from tp_geo.workflow.plan import Plan

Texts: TypeAlias = list[str] | None

FocusOn: TypeAlias = Annotated[
    Texts, typer.Option("--focus", metavar="AREA", help="Areas whose parts are optimized.")
]
LevelOf: TypeAlias = Annotated[
    str | None, typer.Option("--level", help="The level; default: just below the focus.")
]
Balance: TypeAlias = Annotated[
    Texts, typer.Option("--balance", metavar="MEASURE[=WEIGHT]", help="What to balance.")
]
Preset: TypeAlias = Annotated[
    str | None, typer.Option(help="Priorities: balance, compactness or continuity.")
]
Weight: TypeAlias = float | None
BalanceWeight: TypeAlias = Annotated[Weight, typer.Option(help="How much balance counts.")]
Continuity: TypeAlias = Annotated[Weight, typer.Option(help="How much keeping areas counts.")]
Compactness: TypeAlias = Annotated[Weight, typer.Option(help="How much round areas count.")]
Tolerance: TypeAlias = Annotated[
    Weight, typer.Option(help="So near to its target is near enough, as 0.05.")
]
MaxChange: TypeAlias = Annotated[
    Texts,
    typer.Option(metavar="SHARE", help="At most this leaves its area: 0.08, units=0.05, …"),
]
Unassigned: TypeAlias = Annotated[
    bool, typer.Option("--include-unassigned", help="What no area holds is given out, too.")
]
OnlyUnassigned: TypeAlias = Annotated[
    bool, typer.Option("--only-unassigned", help="Nothing else moves.")
]
Placeholders: TypeAlias = Annotated[
    bool, typer.Option("--placeholders", help="Areas that are not divided so far join.")
]
Start: TypeAlias = Annotated[
    str, typer.Option(help="Begin from scratch, present, or rebalance; auto: what fits.")
]
Homes: TypeAlias = Annotated[
    bool, typer.Option("--homes", help="Areas lie round their owners' homes.")
]
Centers: TypeAlias = Annotated[
    Texts, typer.Option("--center", metavar="AREA=LON,LAT", help="An area lies round a place.")
]
Seeds: TypeAlias = Annotated[
    Texts, typer.Option("--begin", metavar="AREA=CODE", help="An area begins with a container.")
]
Caps: TypeAlias = Annotated[
    Texts,
    typer.Option("--limit", metavar="MEASURE=MIN..MAX", help="Per area; AREA:MEASURE=.. for one."),
]
Shares: TypeAlias = Annotated[
    Texts, typer.Option("--share", metavar="AREA=SHARE", help="Its share of all, as 0.25.")
]
MaxKm: TypeAlias = Annotated[
    Weight, typer.Option("--max-distance-km", help="From the center of an area.")
]
MaxMinutes: TypeAlias = Annotated[
    Weight, typer.Option("--max-minutes", help="Of driving; needs TP_GEO_ROADS.")
]
Respect: TypeAlias = Annotated[
    Texts, typer.Option(metavar="BORDER[=WEIGHT]", help="Keep to borders of county, state, …")
]
Barriers: TypeAlias = Annotated[
    Texts, typer.Option("--barrier", metavar="CODE,CODE", help="Neighbors that nobody joins by.")
]
Wall: TypeAlias = Annotated[
    Texts, typer.Option("--wall", metavar="LON,LAT", help="A line nobody crosses; two or more.")
]
Runtime: TypeAlias = Annotated[
    Weight, typer.Option("--max-runtime-s", help="Seconds at most; 0: as long as it takes.")
]


@dataclass(frozen=True, slots=True)
class Priorities:
    """A preset, and what is said instead of its parts."""

    preset: str | None
    balance: float | None
    continuity: float | None
    compactness: float | None
    tolerance: float | None

    def objective(self) -> Objective | None:
        """Return the objective, ``None`` where nothing is said of it."""
        from dataclasses import replace

        from tp_geo.optimize.objective import BALANCE
        from tp_geo.workflow.optimizing import PRESETS

        if self.preset is not None and self.preset not in PRESETS:
            raise typer.BadParameter(f"{self.preset!r} is none of {', '.join(PRESETS)}")
        parts = ("balance", "continuity", "compactness", "tolerance")
        said = {k: v for k in parts if (v := getattr(self, k)) is not None}
        if self.preset is None and not said:
            return None
        try:
            return replace(PRESETS[self.preset] if self.preset else BALANCE, **said)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error


def limits(
    plan: Plan, given: Mapping[str, Any], measures: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    """Return the parts of a request that options say besides what is balanced."""
    return {
        "way": way(given["start"]),
        "centers": centers(plan, given["center"] or ()),
        "seeds": seeds(plan, given["begin"] or ()),
        "caps": caps(plan, given["limit"] or ()),
        "shares": shares(plan, given["share_of"] or (), measures),
        "max_change": changes(plan, given["max_change"] or ()),
        "respect": borders(given["respect"] or ()),
        "barriers": barriers(given["barrier"] or ()),
        "walls": wall(given["wall"] or ()),
        "alternatives": max(given["alternatives"], given["choose"]),
        "max_runtime_s": given["max_runtime_s"] or None,
        **{name: given[name] for name in _AS_SAID},
    }


_AS_SAID = (
    "placeholders",
    "only_unassigned",
    "homes",
    "max_distance_km",
    "max_minutes",
    "seed",
)


def way(text: str) -> Way:
    """Return what to start from."""
    from tp_geo.workflow.optimizing import Way

    if text not in {w.value for w in Way}:
        raise typer.BadParameter(f"{text!r} is none of {', '.join(w.value for w in Way)}")
    return Way(text)


def focus_of(plan: Plan, areas: Sequence[str], level: str | None, *, unassigned: bool) -> Focus:
    """Return the areas and the level that are meant; without a level, the one just below."""
    from tp_geo.domain.hierarchy import Focus

    tops = tuple(area_in(plan, text) for text in areas) or None
    if level is not None:
        depth = level_in(plan.alignment, level)
    else:
        depth = 1 + max((plan.alignment.depth(k) for k in tops or ()), default=0)
    return Focus(tops, depth, unassigned)


def measures_of(plan: Plan, texts: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Return each measure with its weight, 1 unless said."""
    return tuple(
        (_measure(plan, name), 1.0 if value is None else value)
        for name, value in (_valued(text, "--balance") for text in texts)
    )


def changes(plan: Plan, texts: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Return what may change at most: of a measure, of items or units, or of all measures."""
    from tp_geo.workflow.optimizing import ITEMS, UNITS

    found = []
    for text in texts:
        name, equals, value = text.rpartition("=")
        known = name if not equals or name in (ITEMS, UNITS) else _measure(plan, name)
        found.append((known, _number(value, "--max-change")))
    return tuple(found)


def caps(plan: Plan, texts: Sequence[str]) -> tuple[Cap, ...]:
    """Return limits of ``[AREA:]MEASURE=MIN..MAX``, either end left out where it is open."""
    from tp_geo.workflow.optimizing import UNITS, Cap

    found = []
    for text in texts:
        what, equals, span = text.rpartition("=")
        area, colon, name = what.rpartition(":")
        low, dots, high = span.partition("..")
        if not (equals and dots):
            raise typer.BadParameter(f"{text!r} is not MEASURE=MIN..MAX, as in accounts=..120")
        least, most = (_number(end, "--limit") if end.strip() else None for end in (low, high))
        measure = name if name == UNITS else _measure(plan, name)
        found.append(Cap(measure, least, most, area_in(plan, area) if colon else None))
    return tuple(found)


def shares(
    plan: Plan, texts: Sequence[str], measures: Sequence[tuple[str, float]]
) -> tuple[tuple[AreaId, str, float], ...]:
    """Return each area's share of ``AREA[:MEASURE]=SHARE``, of every measure unless one is said."""
    found = []
    for text in texts:
        name, value = _pair(text, "--share", "AREA=SHARE")
        area, colon, measure = name.rpartition(":")
        of = [_measure(plan, measure)] if colon else [m for m, _ in measures]
        at = area_in(plan, area if colon else name)
        found += [(at, m, _number(value, "--share")) for m in of]
    return tuple(found)


def centers(plan: Plan, texts: Sequence[str]) -> tuple[tuple[AreaId, float, float], ...]:
    """Return each area's center of ``AREA=LON,LAT``."""
    pairs = (_pair(text, "--center", "AREA=LON,LAT") for text in texts)
    return tuple((area_in(plan, area), *place(where)) for area, where in pairs)


def seeds(plan: Plan, texts: Sequence[str]) -> tuple[tuple[AreaId, str], ...]:
    """Return each area's seed of ``AREA=CODE``."""
    pairs = (_pair(text, "--begin", "AREA=CODE") for text in texts)
    return tuple((area_in(plan, area), code) for area, code in pairs)


def borders(texts: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Return borders to respect with their weight, 1 unless said."""
    pairs = (_valued(text, "--respect") for text in texts)
    return tuple((name, 1.0 if value is None else value) for name, value in pairs)


def barriers(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return pairs of codes of ``CODE,CODE``."""
    found = []
    for text in texts:
        one, comma, other = (part.strip() for part in text.partition(","))
        if not (one and comma and other):
            raise typer.BadParameter(f"{text!r} is not CODE,CODE, as in 94110,94114")
        found.append((one, other))
    return tuple(found)


def wall(texts: Sequence[str]) -> tuple[tuple[Place, ...], ...]:
    """Return the one line of its places, none without."""
    return (tuple(place(text) for text in texts),) if texts else ()


def capacity(plan: Plan, text: str) -> tuple[str, float]:
    """Return the measure and how much of it an area may hold, of ``MEASURE=CAPACITY``."""
    name, value = _pair(text, "--number", "MEASURE=CAPACITY")
    return _measure(plan, name), _number(value, "--number")


def _measure(plan: Plan, text: str) -> str:
    return plan.dataset.measure(measure_in(plan.dataset, text)).name


def _valued(text: str, option: str) -> tuple[str, float | None]:
    name, equals, value = text.rpartition("=")
    return (name, _number(value, option)) if equals else (text, None)


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not {form} for {option}")
    return name, value.strip()


def _number(text: str, option: str) -> float:
    from tp_geo.workflow.cells import number

    percent = text.strip().endswith("%")
    found = number(text.strip().removesuffix("%"))
    if found is None:
        raise BadData(f"{text!r} is no number for {option}.")
    return found / 100 if percent else found
