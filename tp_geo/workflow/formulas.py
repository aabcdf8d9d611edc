"""Calculated measures of a dataset: added, changed, removed; the alignments on it go along."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tp_geo import cancelling
from tp_geo.domain.alignment import Alignment
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Dataset, Formula, Level
from tp_geo.domain.formula_names import with_name
from tp_geo.domain.formula_scope import has_measure
from tp_geo.domain.formulas import check_free, uses, with_formula, without_formula
from tp_geo.domain.rights import Action
from tp_geo.domain.rules import decide
from tp_geo.domain.targets import RenameMeasure
from tp_geo.errors import Refused
from tp_geo.files.build import content_key
from tp_geo.store import AlignmentInfo, DatasetInfo
from tp_geo.workflow import clock
from tp_geo.workflow.default import NAME as BUILT_IN
from tp_geo.workflow.formula_drafts import Draft, check_new, formula_of
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.supplement import check_all_seen, name_kept
from tp_geo.workflow.team import hidden_from


@dataclass(frozen=True, slots=True)
class Saved:
    """What adding, changing or removing did: the dataset's new version, the plans on it now."""

    dataset: str
    key: str
    plans: tuple[str, ...]
    behind: tuple[str, ...]

    def __str__(self) -> str:
        on = f"{counted(len(self.plans), 'alignments')} on it"
        if not self.behind:
            return on
        stay = "stays" if len(self.behind) == 1 else "stay"
        return f"{on}; {', '.join(self.behind)} {stay} on an older version"


def put_formula(
    planner: Planner, dataset: str, draft: Draft, *, replaces: str = "", by: str = ""
) -> Saved:
    """Add a formula to the newest version of a dataset, or change the one it ``replaces``.

    By another name than that one, it is renamed: what uses it follows, targets
    of alignments by one revision of each, made by ``by``.
    """
    old = planner.dataset(dataset)
    check_new(old, draft, replaces)
    new = draft.name.strip()
    if not replaces or replaces == new:
        return _kept(planner, old, _with(planner, old, formula_of(old, draft)))
    check_free(old, new)
    _check_seen(planner, old.name, formula_called(old, replaces).name)
    formula_of(old, draft)
    aimed = _aimed_at(planner, old, replaces, new)
    named = with_name(old, formula_called(old, replaces).name, new)
    saved = _kept(planner, old, _with(planner, named, formula_of(named, draft)))
    for info in aimed:
        planner.open(info.id).ask(RenameMeasure(replaces, new), by=by or info.by)
    return saved


def rename_formula(planner: Planner, dataset: str, name: str, new: str, *, by: str) -> Saved:
    """Give a formula another name; formulas, weights and targets that use it follow."""
    was = formula_called(planner.dataset(dataset), name)
    draft = Draft(new, was.text, was.level, was.label, was.unit, was.aggregate, was.weight or "")
    return put_formula(planner, dataset, draft, replaces=name, by=by)


def _check_seen(planner: Planner, dataset: str, name: str) -> None:
    """Refuse another name for what is hidden from a role: they would see it by that."""
    if roles := hidden_from(planner, dataset, name):
        raise Refused(
            f"{name} is hidden from {', '.join(roles)}, who would see it by another name. Add a "
            f"formula of that name, hide it too, and remove {name}; or show {name} first."
        )


def remove_formula(planner: Planner, dataset: str, name: str) -> Saved:
    """Remove a formula and its measure; refused while something uses it."""
    old = planner.dataset(dataset)
    found = formula_called(old, name)
    _check_unused(planner, old, found.name)
    return _kept(planner, old, without_formula(old, found.name))


def formula_called(dataset: Dataset, name: str) -> Formula:
    """Return a formula by name; refuse with the names there are."""
    found = next((f for f in dataset.formulas if f.name == name), None)
    if found is None:
        names = ", ".join(f.name for f in dataset.formulas) or "none"
        raise Refused(f"{dataset.name} has no formula called {name!r}. Formulas: {names}.")
    return found


def users_of(planner: Planner, dataset: Dataset, name: str) -> tuple[str, ...]:
    """Return what uses a calculated measure: formulas, weights, targets of alignments."""
    found = [
        f"the formula {f.name!r}"
        for f in _others(dataset, name)
        if name in (*uses(f, dataset), f.weight)
    ]
    calculated = {f.name for f in dataset.formulas}
    found += [
        f"the measure {m.name!r}, which is weighted by it"
        for m in dataset.measures
        if m.weight == name and m.name not in calculated
    ]
    for info in _standing(planner, dataset):
        aimed = _aimed(planner.open(info.id).alignment, name)
        if aimed:
            found.append(f"{counted(aimed, 'targets')} of {info.name}")
    return tuple(found)


def _with(planner: Planner, dataset: Dataset, formula: Formula) -> Dataset:
    """Return a dataset with a formula; refuse one of areas in the place of a measure in use."""
    if formula.level is Level.AREA and has_measure(dataset, formula.name):
        _check_unused(planner, dataset, formula.name)
    return with_formula(dataset, formula)


def _aimed_at(planner: Planner, dataset: Dataset, name: str, new: str) -> tuple[AlignmentInfo, ...]:
    """Return the alignments with targets of a measure; refuse where these can't be renamed now."""
    found = []
    for info in _standing(planner, dataset):
        if info.scenario and json.dumps(name, ensure_ascii=False) in info.scenario:
            raise Refused(
                f"The scenario {info.name} assumes something of {name!r}. Drop that first."
            )
        alignment = planner.open(info.id).alignment
        if not _aimed(alignment, name):
            continue
        try:
            decide(alignment, RenameMeasure(name, new), iter(()))
        except Refused as error:
            raise Refused(f"Targets of {info.name} would be renamed as well: {error}") from error
        found.append(info)
    return tuple(found)


def _check_unused(planner: Planner, dataset: Dataset, name: str) -> None:
    if used := users_of(planner, dataset, name):
        raise Refused(f"{name!r} is used by {'; '.join(used)}. Change that first.")


def _aimed(alignment: Alignment, name: str) -> int:
    """Return how many areas have a target or a limit of a measure."""
    return sum(
        any(name in said for said in (a.targets, a.minimums, a.maximums))
        for a in alignment.areas.values()
    )


def _others(dataset: Dataset, name: str) -> tuple[Formula, ...]:
    return tuple(f for f in dataset.formulas if f.name != name)


def _standing(planner: Planner, dataset: Dataset) -> tuple[AlignmentInfo, ...]:
    """Return the alignments on this very version that are theirs to move, archived ones as well."""
    kept = {i.key for i in planner.store.datasets()}
    first = dataset.name == BUILT_IN and dataset.key not in kept
    return tuple(
        i
        for i in planner.store.alignments()
        if (
            i.dataset_key == dataset.key
            or (first and i.dataset == BUILT_IN and i.dataset_key not in kept)
        )
        and planner.actor.may(Action.MANAGE, i)
    )


def _kept(planner: Planner, old: Dataset, made: Dataset) -> Saved:
    """Keep a version of a dataset, and put the plans that stand on the old one onto it."""
    check_all_seen(old)
    infos = planner.store.datasets()
    name = name_kept(infos, old, "formulas")
    made = replace(made, name=name)
    made = replace(made, key=content_key(made))
    standing = _standing(planner, old)
    behind = tuple(i.name for i in planner.plans() if i.dataset == name and i not in standing)
    rows: Mapping[str, object] = {"rows": len(old.items.container_of)}
    info = DatasetInfo(
        name=name,
        key=made.key,
        boundaries_kind=made.boundaries,
        boundaries_key=made.layer,
        made=clock.now(),
        source=made.source,
        report=next((i.report for i in infos if i.key == old.key), rows),
    )
    cancelling.keep()
    planner.store.put_dataset(info, made)
    planner.keep_hidden(old.name, name)
    for one in standing:
        planner.store.put_alignment(
            replace(one, dataset=name, dataset_key=made.key, at=clock.now())
        )
    return Saved(name, made.key, tuple(i.name for i in standing if not i.archived), behind)
