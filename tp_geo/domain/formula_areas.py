"""Calculated figures of areas: worked out of what each holds and should hold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment
from tp_geo.domain.dataset import Dataset, Floats, Level
from tp_geo.domain.formula_scope import CONTAINERS, UNITS, has_measure, scope_of
from tp_geo.domain.formula_text import parsed
from tp_geo.domain.formula_values import Column, Worked, worked_out
from tp_geo.domain.formulas import in_order, total_of
from tp_geo.domain.measures import Totals


def areas_worked(dataset: Dataset, alignment: Alignment, figures: Totals) -> Mapping[str, Worked]:
    """Return, by formula of areas, its values by area id; row 0 is what is unassigned."""
    scope = scope_of(dataset, Level.AREA)
    done: dict[str, Worked] = {}

    def lookup(of: str, name: str) -> Column:
        found = scope.find(name).name
        if of == "total":
            return np.asarray(total_of(dataset, found))
        if of == "target":
            return _targets(alignment, found, len(figures.values))
        if found in done:
            return done[found].values
        if has_measure(dataset, found):
            return figures.values[:, figures.names.index(found)]
        return {UNITS: figures.units, CONTAINERS: figures.containers}[found].astype(np.float64)

    for formula in in_order(dataset):
        if formula.level is Level.AREA:
            done[formula.name] = worked_out(parsed(formula.text), len(figures.values), lookup)
    return done


def _targets(alignment: Alignment, measure: str, rows: int) -> Floats:
    found = np.full(rows, np.nan)
    for k, area in alignment.areas.items():
        if k != UNASSIGNED and measure in area.targets:
            found[k] = area.targets[measure]
    return found
