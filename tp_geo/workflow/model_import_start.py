"""What an imported alignment begins with: accounts where the org or a field of theirs has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

import numpy as np

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, Alignment, AreaIds, frozen
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Dataset
from tp_geo.errors import Refused
from tp_geo.workflow.model_columns import majority
from tp_geo.workflow.model_import_accounts import Held
from tp_geo.workflow.model_import_areas import Model

ID_LENGTH = 15
"""Characters of an id that tell it from all others; three more may follow."""


class Start(StrEnum):
    """What the alignment begins with."""

    RULES = "rules"
    FIELD = "field"
    NOTHING = "nothing"


class Request(Protocol):
    """What of a request counts here."""

    @property
    def start(self) -> Start:
        """What to begin with."""

    @property
    def start_field(self) -> str:
        """The field of accounts that says their territory."""


def started(
    alignment: Alignment,
    model: Model,
    dataset: Dataset,
    request: Request,
    held: Held,
) -> tuple[Alignment, tuple[str, ...]]:
    """Return the alignment to begin with, and what is worth saying of it.

    ``alignment`` has the containers where the rules put them.
    """
    match request.start:
        case Start.NOTHING:
            return _emptied(alignment), ()
        case Start.FIELD:
            return _by_field(alignment, model, dataset, request.start_field)
        case Start.RULES:
            return _by_account(alignment, model, dataset, held)


def _emptied(alignment: Alignment) -> Alignment:
    area_of = alignment.area_of.copy()
    area_of[: alignment.items.containers] = UNASSIGNED
    return replace(alignment, area_of=frozen(area_of))


def _by_account(
    alignment: Alignment, model: Model, dataset: Dataset, held: Held
) -> tuple[Alignment, tuple[str, ...]]:
    """Return the alignment with accounts that somebody placed by hand as exceptions."""
    n, home = dataset.items.containers, dataset.items.container_of
    there = {row[:ID_LENGTH]: i for i, row in enumerate(dataset.codes[n:])}
    leaf = {model.rows[k].id: model.leaf(k) for k in model.imported.tree.order}
    by_hand, by_rule = (
        {
            there[a[:ID_LENGTH]]: leaf.get(t, UNASSIGNED)
            for a, t in of.items()
            if a[:ID_LENGTH] in there
        }
        for of in (held.by_hand, held.by_rule)
    )
    leaves = np.full(len(home), UNASSIGNED, dtype=np.int32)
    leaves[list(by_hand)] = list(by_hand.values())
    around = np.where(home >= 0, alignment.area_of[home], UNASSIGNED)
    divided = sum(area == UNASSIGNED for area in by_hand.values())
    other = sum(area != around[at] for at, area in by_rule.items() if at not in by_hand)
    missing = len(held.by_hand.keys() | held.by_rule.keys()) - len(by_hand.keys() | by_rule.keys())
    notes = (
        (
            divided,
            "are assigned by hand to territories that are divided; here they go with their "
            "containers, and in the org they stay",
        ),
        (
            other,
            "were put elsewhere than their postal codes say, by rules that ran; here they go with "
            "their containers",
        ),
        (held.several, "are in several territories; here each is in one"),
        (missing, "of the model are not in the dataset"),
    )
    said = tuple(f"{counted(count, 'accounts')} {text}." for count, text in notes if count)
    return _with_units(alignment, alignment.area_of[:n], leaves), said


def _by_field(
    alignment: Alignment, model: Model, dataset: Dataset, name: str
) -> tuple[Alignment, tuple[str, ...]]:
    """Return the alignment with accounts where a field says, and containers with most of theirs."""
    texts = dataset.attributes.get(name)
    if texts is None:
        known = ", ".join(dataset.attributes) or "none"
        raise Refused(f"Dataset {dataset.name} has no column {name!r}. Columns: {known}.")
    n = dataset.items.containers
    leaf = _named(model)
    said = [str(text).strip() for text in texts[n:]]
    leaves = np.array([leaf.get(text.casefold(), UNASSIGNED) for text in said], dtype=np.int32)
    held = majority(leaves, dataset.items.container_of, n)
    unknown = sorted({t for t, k in zip(said, leaves.tolist(), strict=True) if t and not k})
    notes = [f"Values of {name} that name no territory that can hold accounts: {_some(unknown)}."]
    return _with_units(alignment, held, leaves), tuple(notes if unknown else ())


def _named(model: Model) -> dict[str, int]:
    """Return the areas by what their territories are called: ids, developer names, names."""
    names: dict[str, set[int]] = {}
    sure: dict[str, int] = {}
    for key in model.imported.tree.order:
        row, area = model.rows[key], model.leaf(key)
        sure[row.id.casefold()] = sure[key.name.casefold()] = area
        names.setdefault(str(row.fields.get("Name") or "").strip().casefold(), set()).add(area)
    alone = {name: next(iter(areas)) for name, areas in names.items() if len(areas) == 1}
    return {**alone, **sure}


def _with_units(alignment: Alignment, held: AreaIds, leaves: AreaIds) -> Alignment:
    """Return the alignment with containers held so, and units by themselves where they differ."""
    n, home = alignment.items.containers, alignment.items.container_of
    around = np.where(home >= 0, held[home], UNASSIGNED) if n else np.zeros_like(home)
    units = np.where((leaves != UNASSIGNED) & (leaves != around), leaves, FOLLOW)
    return replace(alignment, area_of=frozen(np.concatenate([held, units]).astype(np.int32)))


def _some(texts: Sequence[str]) -> str:
    return ", ".join(texts[:3]) + (f" and {len(texts) - 3:,} more" if len(texts) > 3 else "")
