"""What a new user sees first."""

from __future__ import annotations

from tp_geo.geometry import palette
from tp_geo.store import embedded
from tp_geo.ui.first_run import sample_model
from tp_geo.workflow import default
from tp_geo.workflow.planner import Planner


def test_the_areas_on_top_of_the_sample_all_have_colors_of_their_own(planner: Planner) -> None:
    model = sample_model(planner, planner.dataset(default.NAME))
    colors = palette.colors(model, embedded.load_adjacency(default.KIND))
    tops = model.children(None)
    assert len({colors[k] for k in tops}) == len(tops)
