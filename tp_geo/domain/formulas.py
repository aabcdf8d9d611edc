"""Calculated measures of a dataset: checked, put in order, worked out, kept up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tp_geo.domain.alignment import frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Floats, Formula, Level
from tp_geo.domain.formula_check import names_in
from tp_geo.domain.formula_scope import UNITS, has_measure, meaning_of, scope_of
from tp_geo.domain.formula_text import parsed
from tp_geo.domain.formula_values import Column, Worked, worked_out
from tp_geo.errors import BadData, Refused


def uses(formula: Formula, dataset: Dataset) -> tuple[str, ...]:
    """Return the names of the measures and formulas that a formula looks up, as they are called."""
    scope = scope_of(dataset, formula.level)
    return tuple(dict.fromkeys(scope.find(name).name for name in names_in(parsed(formula.text))))


def with_formula(dataset: Dataset, formula: Formula) -> Dataset:
    """Return a dataset with a formula added, or changed where it has one of that name."""
    others = [f for f in dataset.formulas if f.name != formula.name]
    known = [f.name for f in dataset.formulas]
    at = known.index(formula.name) if formula.name in known else len(known)
    formulas = (*others[:at], formula, *others[at:])
    if formula.level is Level.AREA:
        bare = without_measures(dataset, [formula.name])
        made = replace(bare, formulas=formulas)
        in_order(made)
        meaning_of(made, formula)
        check_formulas(made)
        return made
    made = replace(_with_room(dataset, formula), formulas=formulas)
    in_order(made)
    meaning_of(made, formula)
    return recalculated(made)


def without_formula(dataset: Dataset, name: str) -> Dataset:
    """Return a dataset without a formula and the measure it made."""
    formulas = tuple(f for f in dataset.formulas if f.name != name)
    return replace(without_measures(dataset, [name]), formulas=formulas)


def without_measures(dataset: Dataset, names: Sequence[str]) -> Dataset:
    """Return a dataset without some measures."""
    kept = [i for i, m in enumerate(dataset.measures) if m.name not in names]
    return replace(
        dataset,
        measures=tuple(dataset.measures[i] for i in kept),
        values=frozen(np.ascontiguousarray(dataset.values[:, kept])),
    )


def recalculated(dataset: Dataset) -> Dataset:
    """Return a dataset whose calculated measures follow from its others; its key is still the old.

    Raises ``BadData`` where a formula can't be worked out.
    """
    for formula in in_order(dataset):
        _check_fits(dataset, formula)
        if formula.level is not Level.AREA:
            dataset = _put(dataset, formula)
    return dataset


def check_formulas(dataset: Dataset) -> None:
    """Raise ``BadData`` where a formula can't be worked out, or uses itself."""
    for formula in in_order(dataset):
        _check_fits(dataset, formula)


def carried_over(dataset: Dataset, formulas: Sequence[Formula]) -> tuple[Dataset, dict[str, str]]:
    """Return a dataset with the formulas that it can have, and by name why it can't have others."""
    waiting = list(formulas)
    refused: dict[str, str] = {}
    while waiting:
        refused = {}
        for formula in waiting:
            try:
                dataset = with_formula(_free_for(dataset, formula), formula)
            except BadData as error:
                refused[formula.name] = str(error)
        if len(refused) == len(waiting):
            break
        waiting = [f for f in waiting if f.name in refused]
    return dataset, refused


def in_order(dataset: Dataset) -> tuple[Formula, ...]:
    """Return the formulas so that each comes after those it uses; refuse one that uses itself."""
    by_name = {f.name: f for f in dataset.formulas}
    done: dict[str, Formula] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            loop = " → ".join((*path[path.index(name) :], name))
            raise BadData(
                f"The formula of {name!r} would use itself: {loop}. Take one of them out of it."
            )
        if name not in done:
            for used in _uses_formulas(by_name[name], dataset, by_name):
                visit(used, (*path, name))
            done[name] = by_name[name]

    for name in by_name:
        visit(name, ())
    return tuple(done.values())


def value_of(dataset: Dataset, formula: Formula) -> Worked:
    """Return what a formula of units or containers comes to, one value each."""
    rows = _rows(dataset, formula.level)
    scope = scope_of(dataset, formula.level)
    node = parsed(formula.text)

    def lookup(of: str, name: str) -> Column:
        found = scope.find(name).name
        if of == "total":
            return np.asarray(total_of(dataset, found))
        if formula.level is Level.CONTAINER and found == UNITS and not has_measure(dataset, UNITS):
            return _unit_counts(dataset)
        column = dataset.column(found) if has_measure(dataset, found) else dataset.attributes[found]
        return column[rows]

    return worked_out(node, rows.stop - rows.start, lookup)


def total_of(dataset: Dataset, name: str) -> float:
    """Return what all of a dataset has of a measure that adds up."""
    n, column = dataset.items.containers, dataset.column(name)
    stray = column[n:][dataset.items.container_of < 0]
    return float(np.nansum(column[:n]) + np.nansum(stray))


def check_free(dataset: Dataset, name: str) -> None:
    """Refuse a name that a measure of the dataset's own has."""
    calculated = {f.name for f in dataset.formulas}
    for m in dataset.measures:
        if m.name not in calculated and name.casefold() in (m.name.casefold(), m.label.casefold()):
            raise Refused(
                f"{dataset.name} has a measure {m.name!r} of its own. Choose another name."
            )
    if name in dataset.attributes:
        raise Refused(f"{dataset.name} has a column {name!r} of its own. Choose another name.")


def _check_fits(dataset: Dataset, formula: Formula) -> None:
    try:
        meaning_of(dataset, formula)
    except BadData as error:
        raise BadData(f"The formula of {formula.name!r} would not fit any more: {error}") from error


def _rows(dataset: Dataset, level: Level) -> slice:
    n = dataset.items.containers
    return slice(n, dataset.items.count) if level is Level.UNIT else slice(0, n)


def _uses_formulas(
    formula: Formula, dataset: Dataset, by_name: Mapping[str, Formula]
) -> tuple[str, ...]:
    """Return which formulas a formula uses, also where the measures are not there yet."""
    by_fold = {f.label.casefold(): f.name for f in by_name.values() if f.label}
    by_fold |= {name.casefold(): name for name in by_name}
    own = {m.name for m in dataset.measures} - set(by_name)
    names = [*names_in(parsed(formula.text)), *([formula.weight] if formula.weight else [])]
    used = (n if n in by_name else by_fold.get(n.strip().casefold(), "") for n in names)
    return tuple(dict.fromkeys(u for u, n in zip(used, names, strict=True) if u and n not in own))


def _with_room(dataset: Dataset, formula: Formula) -> Dataset:
    """Return a dataset that has a column for what a formula makes, nothing in it yet."""
    if has_measure(dataset, formula.name):
        return dataset
    empty = np.full((dataset.items.count, 1), np.nan)
    return replace(
        dataset,
        measures=(*dataset.measures, formula.measure),
        values=frozen(np.hstack([dataset.values, empty])),
    )


def _free_for(dataset: Dataset, formula: Formula) -> Dataset:
    """Raise ``BadData`` where a formula's name is that of something of the dataset's own."""
    try:
        check_free(dataset, formula.name)
    except Refused as error:
        raise BadData(str(error)) from error
    return dataset


def _put(dataset: Dataset, formula: Formula) -> Dataset:
    """Return a dataset with the column of a formula worked out."""
    worked = value_of(dataset, formula).values
    dataset = _with_room(dataset, formula)
    names = [m.name for m in dataset.measures]
    at = names.index(formula.name)
    values = dataset.values.copy()
    if formula.level is Level.UNIT:
        values[:, at] = np.concatenate([_gathered(dataset, formula, worked), worked])
    else:
        units = np.full(len(dataset.items.container_of), np.nan)
        values[:, at] = np.concatenate([worked, units])
    measures = list(dataset.measures)
    measures[at] = formula.measure
    return replace(dataset, measures=tuple(measures), values=frozen(values))


def _gathered(dataset: Dataset, formula: Formula, units: Floats) -> Floats:
    """Return what containers have: the sum, or the weighted mean, of their units that are known."""
    n, home = dataset.items.containers, dataset.items.container_of
    there = (home >= 0) & ~np.isnan(units)
    weight = np.ones(len(units))
    if formula.aggregate is Aggregate.MEAN and formula.weight:
        weight = np.nan_to_num(dataset.column(formula.weight)[n:])
    below = np.bincount(home[there], weight[there], n)
    above = np.bincount(home[there], (units * weight)[there], n)
    if formula.aggregate is Aggregate.SUM:
        return np.where(below > 0, above, np.nan)
    means: Floats = np.divide(above, below, out=np.full(n, np.nan), where=below > 0)
    return means


def _unit_counts(dataset: Dataset) -> Floats:
    home = dataset.items.container_of
    return np.bincount(home[home >= 0], minlength=dataset.items.containers).astype(np.float64)
