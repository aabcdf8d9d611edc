"""What tests of models share: the squares, commands done on them, and what comes of it."""

from __future__ import annotations

import itertools

from squares import country, dataset

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Command
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.hierarchy import path
from tp_geo.domain.rules import decide
from tp_geo.workflow.model_columns import within_of

HERE = dataset()
WITHIN = within_of(HERE, country())


def done(alignment: Alignment, command: Command) -> Alignment:
    ids = map(AreaId, itertools.count(max(alignment.areas, default=0) + 1))
    return decide(alignment, command, ids)[1]


def tree(alignment: Alignment) -> set[str]:
    return {path(alignment, k) for k in alignment.areas}


def where(alignment: Alignment, data: Dataset) -> dict[str, str]:
    found = alignment.resolved
    return {c: alignment.name(AreaId(int(found[i]))) for i, c in enumerate(data.codes)}
