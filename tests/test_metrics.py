"""Figures of a running app, in the text format of Prometheus."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo import metrics
from tp_geo.metrics import BOUNDS_S, Counter, Gauge, Timer

LINE = re.compile(r'^(# (HELP|TYPE) \w+ .+|[a-z_]+(\{(\w+="([^"\\\n]|\\.)*",?)+\})? -?[0-9.e+-]+)$')


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Metrics of a test are no one else's."""
    monkeypatch.setattr(metrics, "_all", {})


def test_a_counter_counts_by_label() -> None:
    edits = Counter("edits_total", "Edits.")
    edits.add(kind="move", outcome="done")
    edits.add(kind="move", outcome="done")
    edits.add(kind="split", outcome="refused")
    assert metrics.text().splitlines() == [
        "# HELP edits_total Edits.",
        "# TYPE edits_total counter",
        'edits_total{kind="move",outcome="done"} 2',
        'edits_total{kind="split",outcome="refused"} 1',
    ]


@given(st.lists(st.floats(0, 20), max_size=50))
def test_a_histogram_has_all_that_is_no_longer_than_each_bound(took: list[float]) -> None:
    timer = Timer("edit_seconds", "Time.")
    for seconds in took:
        timer.add(seconds)
    said = dict(line.rsplit(" ", 1) for line in timer.lines())
    for bound in BOUNDS_S:
        assert int(said[f'edit_seconds_bucket{{le="{bound:g}"}}']) == sum(s <= bound for s in took)
    assert int(said["edit_seconds_count"]) == len(took)
    assert int(said['edit_seconds_bucket{le="+Inf"}']) == len(took)
    assert float(said["edit_seconds_sum"]) == pytest.approx(sum(took))


def test_a_gauge_is_asked_when_the_figures_are() -> None:
    levels = iter((1.5, 1795420000.25))
    Gauge("level", "How much.", lambda: next(levels))
    assert metrics.text().splitlines()[-1] == "level 1.5"
    assert metrics.text().splitlines()[-1] == "level 1795420000.25"


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_label_makes_lines_that_can_be_read(kind: str, outcome: str) -> None:
    counter = Counter("edits_total", "Edits.")
    counter.add(kind=kind.replace("\r", ""), outcome=outcome)
    for line in metrics.text().split("\n")[:-1]:
        assert LINE.match(line), line
