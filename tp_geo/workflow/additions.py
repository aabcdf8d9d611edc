"""Measures, attributes, formulas a dataset got since it was imported, carried to a new import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from tp_geo.domain.dataset import Aggregate, Dataset, Floats, Formula, Measure, Texts
from tp_geo.domain.formulas import carried_over
from tp_geo.files.build import content_key
from tp_geo.workflow.supplement_figures import Figures, with_figures


@dataclass(frozen=True, eq=False)
class Additions:
    """Columns by container code and unit id; containers have their own figures alone."""

    measures: tuple[Measure, ...] = ()
    containers: Mapping[str, pd.Series[float]] = field(default_factory=dict)
    units: Mapping[str, pd.Series[float]] = field(default_factory=dict)
    texts: Mapping[str, tuple[pd.Series[str], pd.Series[str]]] = field(default_factory=dict)
    formulas: tuple[Formula, ...] = ()

    @classmethod
    def between(cls, before: Dataset, now: Dataset) -> Additions:
        """Return the columns one dataset has and an earlier version of it has not."""
        had = {m.name for m in before.measures} | {f.name for f in now.formulas}
        measures = tuple(m for m in now.measures if m.name not in had)
        n = now.items.containers
        ids, codes = pd.Index(now.codes[n:]), pd.Index(now.codes[:n])
        return cls(
            measures,
            {m.name: pd.Series(_own(now, m), index=codes) for m in measures},
            {m.name: pd.Series(now.column(m.name)[n:], index=ids) for m in measures},
            {
                name: (pd.Series(said[:n], index=codes), pd.Series(said[n:], index=ids))
                for name, said in now.attributes.items()
                if name not in before.attributes
            },
            now.formulas,
        )

    def to(self, dataset: Dataset) -> Dataset:
        """Return a dataset with the columns it does not have itself, under a new key."""
        made = self.joined(dataset)
        return dataset if made is dataset else replace(made, key=content_key(made))

    def joined(self, dataset: Dataset) -> Dataset:
        """Return the same with the key of the dataset still; what is calculated is so anew."""
        return carried_over(self._with_columns(dataset), self.formulas)[0]

    def _with_columns(self, dataset: Dataset) -> Dataset:
        names = {m.name for m in dataset.measures}
        measures = tuple(m for m in self.measures if m.name not in names)
        texts = {k: v for k, v in self.texts.items() if k not in dataset.attributes}
        if not (measures or texts):
            return dataset
        n = dataset.items.containers
        codes, ids = pd.Index(dataset.codes[:n]), pd.Index(dataset.codes[n:])
        unknown = np.full(len(ids), np.nan), np.full(n, np.nan)
        inside = {m.name: _joined(self.containers[m.name], codes, unknown[0]) for m in measures}
        said: dict[str, Texts] = {
            name: np.concatenate(
                [top.reindex(codes, fill_value=""), below.reindex(ids, fill_value="")]
            ).astype(object)
            for name, (top, below) in texts.items()
        }
        made = with_figures(dataset, Figures(measures, inside, said))
        below = {
            m.name: np.concatenate([unknown[1], self.units[m.name].reindex(ids)]) for m in measures
        }
        return with_figures(made, Figures(measures, below, units=True))


NOTHING = Additions()


def _joined(containers: pd.Series[float], codes: pd.Index[str], units: Floats) -> Floats:
    return np.concatenate([containers.reindex(codes).to_numpy(np.float64), units])


def _own(dataset: Dataset, measure: Measure) -> Floats:
    """Return what containers have of a measure beside their units; NaN for nothing."""
    n, home = dataset.items.containers, dataset.items.container_of
    column = dataset.column(measure.name)
    known = (home >= 0) & ~np.isnan(column[n:])
    has_units = np.bincount(home[known], minlength=n) > 0
    if measure.aggregate is not Aggregate.SUM:
        return np.where(has_units, np.nan, column[:n])
    own = column[:n] - np.bincount(home[known], column[n:][known], n)
    return np.where(has_units & np.isclose(own, 0), np.nan, own)
