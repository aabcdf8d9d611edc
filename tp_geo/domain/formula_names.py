"""Formulas by another name: what looks them up follows, in the texts of others and as a weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tp_geo.domain.dataset import Dataset, Formula, Level
from tp_geo.domain.formula_scope import scope_of
from tp_geo.domain.formula_text import names_at, parsed, quoted
from tp_geo.domain.formulas import check_formulas
from tp_geo.errors import BadData


def rewritten(text: str, named: Callable[[str], bool], new: str) -> str:
    """Return a formula in which names that are meant stand as another; all else is as written."""
    parsed(text)
    for start, end, name in reversed(names_at(text)):
        if named(name):
            text = text[:start] + quoted(new) + text[end:]
    parsed(text)
    return text


def with_name(dataset: Dataset, old: str, new: str) -> Dataset:
    """Return a dataset whose formula ``old`` is called ``new``, and every use of it as well."""
    formulas = tuple(_followed(dataset, f, old, new) for f in dataset.formulas)
    calculated = {f.name: f for f in formulas if f.level is not Level.AREA}
    measures = tuple(
        calculated[name].measure
        if (name := new if m.name == old else m.name) in calculated
        else replace(m, weight=new if m.weight == old else m.weight)
        for m in dataset.measures
    )
    made = replace(dataset, measures=measures, formulas=formulas)
    check_formulas(made)
    return made


def _followed(dataset: Dataset, formula: Formula, old: str, new: str) -> Formula:
    scope = scope_of(dataset, formula.level)

    def meant(name: str) -> bool:
        try:
            return scope.find(name).name == old
        except BadData:
            return False

    return replace(
        formula,
        name=new if formula.name == old else formula.name,
        text=rewritten(formula.text, meant, new),
        weight=new if formula.weight == old else formula.weight,
    )
