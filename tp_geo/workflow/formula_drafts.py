"""A calculated measure as it is asked for, and what it would come to, before it is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Aggregate, Dataset, Floats, Formula, Level
from tp_geo.domain.formula_areas import areas_worked
from tp_geo.domain.formula_scope import Meaning, check_level, meaning_of
from tp_geo.domain.formulas import check_free, in_order, value_of, with_formula
from tp_geo.errors import BadData, Refused
from tp_geo.workflow.plan import Plan

MAX_NAME = 80
FIRST = 5
"""How many values a preview shows."""

UNNAMED = "this formula"


@dataclass(frozen=True, slots=True)
class Draft:
    """A formula as somebody asks for it; what is ``None`` follows from the formula.

    ``weight`` is "" for a mean in which everything counts once.
    """

    name: str
    text: str
    level: Level | None = None
    label: str = ""
    unit: str | None = None
    aggregate: Aggregate | None = None
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a formula comes to. ``total`` is that of all, as an area of everything would have it.

    ``unknown`` of the ``rows`` values are not known, ``divided`` of them for
    being divided by zero; ``first`` are the first that are known.
    """

    formula: Formula
    rows: int
    unknown: int
    divided: int
    total: float | None
    least: float | None
    most: float | None
    first: tuple[tuple[str, str, float], ...]
    warnings: tuple[str, ...]
    noun: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the preview as plain values, as the command line prints it."""
        figures = ("rows", "unknown", "divided", "total", "least", "most")
        return {
            **told(self.formula),
            **{name: getattr(self, name) for name in figures},
            "first": [{"code": c, "name": n, "value": v} for c, n, v in self.first],
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        known = f"{self.rows - self.unknown:,} of {counted(self.rows, self.noun)} known"
        why = f", {self.divided:,} of them divided by zero" if self.divided else ""
        return f"{known}; {self.unknown:,} not known{why}" if self.unknown else known


def told(formula: Formula) -> dict[str, object]:
    """Return a formula as plain values."""
    area = formula.level is Level.AREA
    return {
        "name": formula.name,
        "formula": formula.text,
        "level": formula.level.value,
        "label": formula.label or formula.name,
        "unit": formula.unit,
        "aggregate": None if area else formula.aggregate.value,
        "weight": None if area else formula.weight,
    }


def formula_of(dataset: Dataset, draft: Draft) -> Formula:
    """Return the formula that is asked for, or raise ``BadData`` saying what to mend."""
    return filled(dataset, replace(draft, name=_name(dataset, draft.name)))


def filled(dataset: Dataset, draft: Draft) -> Formula:
    """Return a formula with what was chosen for it and, where nothing was, what follows from it."""
    made, meaning = _understood(dataset, draft)
    aggregate, weight = draft.aggregate or meaning.aggregate, draft.weight
    if weight is None:
        weight = meaning.weight if aggregate is Aggregate.MEAN else None
    made = replace(made, unit=meaning.unit if draft.unit is None else draft.unit.strip())
    if made.level is Level.AREA:
        return made
    made = replace(made, aggregate=aggregate, weight=weight or None)
    _check_weight(dataset, made)
    return made


def check_new(dataset: Dataset, draft: Draft, replaces: str) -> None:
    """Refuse the name of another formula than the one that is changed."""
    name = draft.name.strip()
    alike = (f.name for f in dataset.formulas if f.name.casefold() == name.casefold())
    if there := next((other for other in alike if other != replaces), ""):
        raise Refused(
            f"{dataset.name} has a formula called {there!r} already. "
            "Choose another name, or change that one."
        )


def faults_of(dataset: Dataset, draft: Draft, replaces: str = "") -> Mapping[str, str]:
    """Return what has to be mended, by field: name, formula, weight; empty when all is well."""
    found: dict[str, str] = {}
    try:
        check_new(dataset, draft, replaces)
        _name(dataset, draft.name)
    except (BadData, Refused) as error:
        found["name"] = str(error)
    try:
        _understood(dataset, draft)
    except BadData as error:
        return {**found, "formula": str(error)}
    try:
        filled(dataset, draft)
    except BadData as error:
        found["weight"] = str(error)
    return found


def level_of(dataset: Dataset, draft: Draft) -> Level:
    """Return what a formula is worked out for: units, where nothing is said and there are any."""
    return draft.level or (Level.UNIT if len(dataset.items.container_of) else Level.CONTAINER)


def preview(dataset: Dataset, draft: Draft, plan: Plan | None = None) -> Preview:
    """Return what a formula would come to; one of areas with those of a plan."""
    formula = formula_of(dataset, draft) if draft.name.strip() else filled(dataset, draft)
    made = with_formula(dataset, formula)
    warnings = meaning_of(made, formula).warnings
    if formula.level is Level.AREA:
        return _of_areas(made, formula, plan, warnings)
    worked = value_of(made, formula)
    n = dataset.items.containers if formula.level is Level.UNIT else 0
    known = np.flatnonzero(~np.isnan(worked.values))[:FIRST]
    first = tuple(
        (str(dataset.codes[n + i]), str(dataset.names[n + i]), float(worked.values[i]))
        for i in known.tolist()
    )
    return Preview(
        formula,
        len(worked.values),
        worked.unknown,
        int(worked.divided.sum()),
        _whole(made, formula.name),
        *_ends(worked.values),
        first,
        warnings,
        f"{formula.level.value}s",
    )


def _name(dataset: Dataset, wanted: str) -> str:
    name = unicodedata.normalize("NFC", wanted.strip())
    if not name or len(name) > MAX_NAME:
        raise BadData(f"Give the formula a name of 1 to {MAX_NAME} characters.")
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in name):
        raise BadData(f"The name {name!r} holds a character that can't be shown. Leave it out.")
    check_free(dataset, name)
    return name


def _understood(dataset: Dataset, draft: Draft) -> tuple[Formula, Meaning]:
    """Return what the text of a draft says, and what that comes to."""
    name, level = draft.name.strip() or UNNAMED, level_of(dataset, draft)
    check_level(dataset, level)
    text = draft.text.strip().removeprefix("=").strip()  # as spreadsheets begin one
    made = Formula(name, text, level, draft.label.strip())
    others = (f for f in dataset.formulas if f.name != name)
    in_order(replace(dataset, formulas=(*others, made)))
    return made, meaning_of(dataset, made)


def _check_weight(dataset: Dataset, formula: Formula) -> None:
    if formula.weight is None:
        return
    if formula.aggregate is Aggregate.SUM:
        raise BadData("A sum has no weight. Take the mean, or leave the weight out.")
    if formula.weight == formula.name:
        raise BadData("A formula is not weighted by itself. Choose another measure.")
    if dataset.measure(formula.weight).aggregate is not Aggregate.SUM:
        raise BadData(f"{formula.weight!r} does not add up, so it is no weight. Choose another.")


def _whole(dataset: Dataset, name: str) -> float | None:
    """Return what an area of everything would have of a measure."""
    at = [m.name for m in dataset.measures].index(name)
    values, weights = dataset.amounts[at]
    n = dataset.items.containers
    of_all = np.concatenate([np.ones(n), dataset.items.container_of < 0]).astype(np.bool_)
    total = float(values[of_all].sum())
    if dataset.measures[at].aggregate is Aggregate.SUM:
        return total
    weight = float(weights[of_all].sum())
    return total / weight if weight > 0 else None


def _ends(values: Floats) -> tuple[float | None, float | None]:
    known = values[~np.isnan(values)]
    return (float(known.min()), float(known.max())) if len(known) else (None, None)


def _of_areas(
    dataset: Dataset, formula: Formula, plan: Plan | None, warnings: tuple[str, ...]
) -> Preview:
    if plan is None:
        return Preview(formula, 0, 0, 0, None, None, None, (), warnings, "areas")
    alignment = plan.alignment
    worked = areas_worked(dataset, alignment, plan.totals())[formula.name]
    ids = sorted(alignment.areas)
    values = worked.values[ids]
    first = tuple((str(k), alignment.name(k), float(worked.values[k])) for k in ids)
    return Preview(
        formula,
        len(ids),
        int(np.isnan(values).sum()),
        int(worked.divided[ids].sum()),
        None,
        *_ends(values),
        first[:FIRST],
        warnings,
        "areas",
    )
