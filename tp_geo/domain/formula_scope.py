"""What formulas of a dataset can look up at each level, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tp_geo.domain.dataset import Aggregate, Dataset, Formula, Level
from tp_geo.domain.formula_check import Field, Kind, Said, Scope, names_in, result
from tp_geo.domain.formula_text import Call, Name, Node, parsed
from tp_geo.domain.formula_units import FREE, unit_of
from tp_geo.errors import BadData

UNITS, CONTAINERS = "units", "containers"
"""What a formula of containers or areas calls the counts of what lies in them."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a formula comes to: its unit, how areas add it up best, what to be wary of."""

    unit: str
    aggregate: Aggregate
    weight: str | None
    warnings: tuple[str, ...] = ()


def scope_of(dataset: Dataset, level: Level) -> Scope:
    """Return what a formula of a level can look up."""
    return Scope(
        (*_measures(dataset, level), *_counts(level), *_others(dataset, level)),
        _elsewhere(dataset, level),
        ("target", "planned") if level is Level.AREA else (),
    )


def meaning_of(dataset: Dataset, formula: Formula) -> Meaning:
    """Return what a formula comes to, or raise ``BadData`` saying what does not fit."""
    check_level(dataset, formula.level)
    node, scope = parsed(formula.text), scope_of(dataset, formula.level)
    said = result(node, scope)
    aggregate, weight = _aggregate(dataset, scope, node, said)
    return Meaning(str(said.unit), aggregate, weight, _warnings(formula, said, node, weight))


def check_level(dataset: Dataset, level: Level) -> None:
    """Raise ``BadData`` for a formula of units where there are none."""
    if level is Level.UNIT and not len(dataset.items.container_of):
        raise BadData(
            f"Dataset {dataset.name} has no units. Make it a formula of containers or areas."
        )


def has_measure(dataset: Dataset, name: str) -> bool:
    """Tell whether a dataset has a measure of a name."""
    return any(m.name == name for m in dataset.measures)


def _measures(dataset: Dataset, level: Level) -> list[Field]:
    of_containers = {f.name for f in dataset.formulas if f.level is Level.CONTAINER}
    fields = []
    for m in dataset.measures:
        summed = m.aggregate is Aggregate.SUM
        if level is Level.UNIT and m.name in of_containers:
            continue
        said = Said(Kind.NUMBER, unit_of(m.unit), 1 if summed else 0)
        fields.append(Field(m.name, said, m.label, adds_up=summed))
    return fields


def _counts(level: Level) -> list[Field]:
    names = {Level.CONTAINER: (UNITS,), Level.AREA: (UNITS, CONTAINERS)}.get(level, ())
    return [Field(name, Said(unit=FREE, size=1)) for name in names]


def _others(dataset: Dataset, level: Level) -> list[Field]:
    """Return texts of items, or the other formulas of areas."""
    if level is not Level.AREA:
        return [Field(name, Said(Kind.TEXT)) for name in dataset.attributes]
    return [
        Field(f.name, Said(Kind.NUMBER, unit_of(f.unit), 0), f.label)
        for f in dataset.formulas
        if f.level is Level.AREA
    ]


def _elsewhere(dataset: Dataset, level: Level) -> Mapping[str, str]:
    told = {}
    for f in dataset.formulas:
        if f.level is Level.AREA and level is not Level.AREA:
            told[f.name] = f"{f.name!r} is a figure of areas; only formulas of areas can use it."
        elif f.level is Level.CONTAINER and level is Level.UNIT:
            told[f.name] = f"{f.name!r} is a figure of containers; a unit has none."
    return told


def _aggregate(
    dataset: Dataset, scope: Scope, node: Node, said: Said
) -> tuple[Aggregate, str | None]:
    """Return how areas add a formula up best: a ratio as a mean weighted by what it is per."""
    if said.size is None or said.size > 0:
        return Aggregate.SUM, None
    if isinstance(node, Call) and node.function == "/" and isinstance(node.args[1], Name):
        below = scope.find(node.args[1].name)
        if below.adds_up:
            return Aggregate.MEAN, below.name
    used = (scope.find(name).name for name in names_in(node))
    weights = (dataset.measure(n).weight for n in used if has_measure(dataset, n))
    return Aggregate.MEAN, next((w for w in weights if w), None)


def _warnings(formula: Formula, said: Said, node: Node, weight: str | None) -> tuple[str, ...]:
    told = []
    derived = str(said.unit)
    if derived and formula.unit and formula.unit != derived:
        told.append(f"The formula gives {derived}; it is shown as {formula.unit}.")
    if formula.level is Level.AREA or said.size is None or said.size > 0:
        return tuple(told)
    better = f", weighted by {weight}" if weight else ""
    if formula.aggregate is Aggregate.SUM:
        told.append(
            f"{formula.text} is a ratio or a mean: the sum of it over an area says little. "
            f"Take the mean{better}."
        )
    elif formula.weight is None:
        told.append(
            "The mean of a ratio is not the ratio of the sums. "
            + (f"Weight it by {weight}." if weight else "A formula of areas gives that.")
        )
    return tuple(told)
