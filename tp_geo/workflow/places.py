"""What the containers of a dataset lie in, with the names of those places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tp_geo.domain.dataset import Dataset
from tp_geo.files.countries import country_names
from tp_geo.geometry.combining import COUNTRY
from tp_geo.workflow.model_columns import Labels, Within, labels_of, within_of
from tp_geo.workflow.planner import Planner

_CODED = ("county", "state")
"""Places known by a code; divisions and regions are known by their name."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """By "county", "state", …: the code for each container, and the names of the codes."""

    within: Within
    labels: Labels


def find_places(planner: Planner, dataset: Dataset, columns: Iterable[str]) -> Places:
    """Return the places of a dataset's containers; names only for the columns asked for."""
    boundaries = planner.boundaries(dataset)
    within = within_of(dataset, boundaries)
    wanted = {c.casefold() for c in columns} - {c.casefold() for c in dataset.attributes}
    named = [c for c in within if c.casefold() in wanted]
    labels = {c: labels_of(planner.layer(c)) for c in named if c in _CODED}
    if COUNTRY in named:
        labels[COUNTRY] = country_names(part.country for part in boundaries.parts)
    if boundaries.kind in named:
        labels[boundaries.kind] = labels_of(boundaries)
    return Places(within, labels)
