"""What a new user finds: a sample alignment that can be looked at, copied and thrown away."""

from __future__ import annotations

from dataclasses import replace

from tp_geo.domain.alignment import Alignment, Area, AreaId
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.measures import totals
from tp_geo.errors import Refused
from tp_geo.store import embedded
from tp_geo.workflow import default
from tp_geo.workflow.model_columns import labels_of, within_of
from tp_geo.workflow.models import Adopt, from_sample
from tp_geo.workflow.planner import Planner

NAME = "Sample: Census divisions and states"
SAMPLE = "Census divisions over states"
BY = "sample"
MEASURE = "population"


def prepare(planner: Planner) -> None:
    """Put the sample into a store in which nothing has ever been planned.

    Of several processes that begin on it at once, one makes the sample.
    """
    if planner.store.alignments():
        return
    try:
        add_sample(planner)
    except Refused:
        if not planner.store.alignments():  # else another process has made it meanwhile
            raise


def add_sample(planner: Planner) -> None:
    """Make the sample: divisions on top, states below, the population shared out evenly."""
    model = sample_model(planner, planner.dataset(default.NAME))
    planner.create(NAME, default.NAME, by=BY, model=Adopt(model, "built the sample"))


def sample_model(planner: Planner, dataset: Dataset, name: str = SAMPLE) -> Alignment:
    """Return a sample on a dataset, with an even target of the population for the top areas."""
    boundaries = planner.boundaries(dataset)
    labels = {kind: labels_of(embedded.load_boundaries(kind)) for kind in ("state", "county")}
    model = from_sample(name, dataset, within_of(dataset, boundaries), labels)
    return with_even_targets(model, dataset)


def with_even_targets(model: Alignment, dataset: Dataset) -> Alignment:
    """Return a model whose top areas share what it holds of the population evenly."""
    if not any(m.name == MEASURE for m in dataset.measures):
        return model
    held = totals(dataset, model)
    tops = model.children(None)
    even = round(sum(held.of(k, MEASURE) for k in tops) / max(len(tops), 1))
    areas: dict[AreaId, Area] = dict(model.areas)
    for k in tops:
        areas[k] = replace(areas[k], targets={**areas[k].targets, MEASURE: float(even)})
    return replace(model, areas=areas)
