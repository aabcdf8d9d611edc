"""The form says a request, and asks for the same again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import Refused
from tp_geo.optimize.objective import BALANCE, Objective
from tp_geo.ui.optimize_fields import preset_of, request_of, sliders_of, values_of
from tp_geo.workflow.optimizing import ITEMS, PRESETS, Cap, Request, Way

PERCENT = st.integers(0, 100)
MEASURES = st.lists(
    st.sampled_from(["population", "revenue", "accounts"]), min_size=1, max_size=3, unique=True
)
CAPS = st.one_of(
    st.just(()),
    st.builds(lambda least, more: (Cap("revenue", least, least + more),), PERCENT, PERCENT),
)


@st.composite
def objectives(draw: st.DrawFn) -> Objective:
    if draw(st.booleans()):
        return draw(st.sampled_from(list(PRESETS.values())))
    balance, continuity, compactness = draw(PERCENT), draw(PERCENT), draw(PERCENT)
    return Objective(
        max(balance, 1) / 100, continuity / 100, compactness / 100, draw(PERCENT) / 100
    )


requests = st.builds(
    Request,
    measures=MEASURES.map(lambda names: tuple((n, 0.5 + i) for i, n in enumerate(names))),
    focus=st.builds(
        Focus,
        st.one_of(st.none(), st.just((AreaId(3), AreaId(4)))),
        st.integers(1, 3),
        st.booleans(),
    ),
    objective=objectives(),
    way=st.sampled_from([Way.AUTO, Way.PRESENT, Way.SCRATCH]),
    placeholders=st.booleans(),
    only_unassigned=st.booleans(),
    homes=st.booleans(),
    caps=CAPS,
    max_change=st.one_of(st.just(()), PERCENT.map(lambda p: ((ITEMS, p / 100),))),
    max_distance_km=st.one_of(st.none(), st.floats(1, 500)),
    respect=st.sampled_from([(), (("county", 1.0),)]),
    seed=st.integers(0, 9),
    max_runtime_s=st.one_of(st.none(), st.floats(1, 60)),
)


@given(requests)
@settings(deadline=None)
def test_what_the_fields_say_of_a_request_asks_for_the_same(request: Request) -> None:
    again = request_of(values_of(request), request)
    assert replace(again, objective=request.objective) == request
    assert sliders_of(again.objective) == sliders_of(request.objective)


@pytest.mark.parametrize("name", list(PRESETS))
def test_the_sliders_of_a_preset_stand_for_that_preset(name: str) -> None:
    assert preset_of(PRESETS[name]) == name
    request = Request((("population", 1.0),), objective=PRESETS[name])
    assert request_of(values_of(request), request).objective == PRESETS[name]


def test_no_priority_at_all_is_balance() -> None:
    request = Request((("population", 1.0),))
    values = values_of(request) | {"balance": 0, "continuity": 0, "compactness": 0}
    assert request_of(values, request).objective.balance == BALANCE.balance


def test_what_has_no_field_is_kept() -> None:
    request = Request(
        (("population", 1.0),),
        seeds=((AreaId(1), "94110"),),
        shares=((AreaId(1), "population", 0.2),),
        caps=(Cap("population", maximum=10.0, area=AreaId(2)),),
    )
    assert request_of(values_of(request), request) == request


def test_nothing_to_balance_and_limits_that_cross_are_refused_in_words() -> None:
    request = Request((("population", 1.0),))
    with pytest.raises(Refused, match="Choose a measure"):
        request_of(values_of(request) | {"measures": []}, request)
    crossed = {"caps": ["population"], "least_population": 9.0, "most_population": 3.0}
    with pytest.raises(Refused, match="above its maximum"):
        request_of(values_of(request) | crossed, request)
