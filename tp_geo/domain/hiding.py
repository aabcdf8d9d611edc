"""What is left of a dataset and an alignment for who does not see all measures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from tp_geo.domain.alignment import Alignment, Area, AreaId
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.edits import PutArea
from tp_geo.domain.formula_check import names_in
from tp_geo.domain.formula_text import parsed
from tp_geo.domain.formulas import without_measures
from tp_geo.domain.revision import Revision

_Goals: TypeAlias = tuple[tuple[tuple[str, float], ...], ...]
_NOTHING: Final[_Goals] = ((), (), ())


def seen_dataset(dataset: Dataset, hidden: Collection[str]) -> Dataset:
    """Return a dataset without hidden measures, and without what is worked out of them.

    Its key stays: it is the same dataset, of which somebody sees less.
    """
    gone = also_hidden(dataset, hidden)
    formulas = tuple(f for f in dataset.formulas if f.name not in gone)
    left = without_measures(dataset, sorted(gone))
    return replace(left, formulas=formulas, hidden=tuple(sorted(gone)))


def also_hidden(dataset: Dataset, hidden: Collection[str]) -> frozenset[str]:
    """Return hidden measures with all that would tell of them: means they weight, formulas."""
    gone = {*hidden}
    called = {k.casefold(): m.name for m in dataset.measures for k in (m.label, m.name)}
    uses: dict[str, set[str | None]] = {m.name: {m.weight} for m in dataset.measures}
    for formula in dataset.formulas:
        names = (called.get(k.casefold(), k) for k in names_in(parsed(formula.text)))
        uses.setdefault(formula.name, set()).update((*names, formula.weight))
    while more := {name for name, used in uses.items() if name not in gone and used & gone}:
        gone |= more
    return frozenset(gone)


def seen_alignment(alignment: Alignment, hidden: frozenset[str]) -> Alignment:
    """Return an alignment without what is asked of hidden measures."""
    return replace(alignment, areas={k: _seen_area(a, hidden) for k, a in alignment.areas.items()})


def seen_history(
    history: Iterable[Revision], hidden: frozenset[str], words: Collection[str]
) -> tuple[Revision, ...]:
    """Return revisions without what they say of hidden measures, and without what was asked.

    One that changed a target of such a measure, or names it by one of
    ``words``, keeps who, when, and what kind of change it was.
    """
    said = _saying(words)
    asked: dict[AreaId, _Goals] = {}
    found = []
    for revision in history:
        after = {
            e.area.id: _asked(e.area, hidden) for e in revision.edits if isinstance(e, PutArea)
        }
        told = any(asked.get(k, _NOTHING) != goals for k, goals in after.items())
        asked.update(after)
        found.append(_seen_revision(revision, hidden, told or _tells(revision, hidden, said)))
    return tuple(found)


def names_hidden(text: str, words: Collection[str]) -> bool:
    """Whether a text names one of some measures."""
    return bool(_saying(words).search(text))


def loses_hidden(before: Alignment, after: Alignment, hidden: frozenset[str]) -> bool:
    """Whether an area that stays has no longer what was asked of a hidden measure."""
    both = before.areas.keys() & after.areas.keys()
    return any(hidden & (_goals(before.areas[k]) - _goals(after.areas[k])) for k in both)


def _seen_area(area: Area, hidden: frozenset[str]) -> Area:
    if not hidden & _goals(area):
        return area
    fields = (area.targets, area.minimums, area.maximums)
    targets, least, most = ({m: v for m, v in f.items() if m not in hidden} for f in fields)
    return replace(area, targets=targets, minimums=least, maximums=most)


def _seen_revision(revision: Revision, hidden: frozenset[str], told: bool) -> Revision:
    puts = [e for e in revision.edits if isinstance(e, PutArea)]
    if any(hidden & _goals(e.area) for e in puts):
        edits = (
            replace(e, area=_seen_area(e.area, hidden)) if isinstance(e, PutArea) else e
            for e in revision.edits
        )
        revision = replace(revision, edits=tuple(edits))
    if told:
        return replace(revision, text=f"changed areas ({revision.kind})", note="")
    return revision


def _tells(revision: Revision, hidden: frozenset[str], said: re.Pattern[str]) -> bool:
    """Whether a revision names a hidden measure."""
    return bool(hidden) and bool(said.search(revision.text) or said.search(revision.note))


def _saying(words: Collection[str]) -> re.Pattern[str]:
    """Return what finds one of some names in a text, as a word of its own."""
    names = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True) if w)
    return re.compile(rf"(?<!\w)(?:{names or '(?!)'})(?!\w)", re.IGNORECASE)


def _asked(area: Area, hidden: frozenset[str]) -> _Goals:
    """Return what is asked of hidden measures."""
    fields = (area.targets, area.minimums, area.maximums)
    return tuple(tuple(sorted((m, v) for m, v in f.items() if m in hidden)) for f in fields)


def _goals(area: Area) -> frozenset[str]:
    """Return the measures that something is asked for of an area."""
    return frozenset([*area.targets, *area.minimums, *area.maximums])
