import base64
import json
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import alignments, datasets, positions

from tp_geo.domain.alignment import Alignment, Area, AreaId, Items, frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.domain.edits import Assign, PutArea, replay
from tp_geo.domain.measures import totals
from tp_geo.errors import BadData
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.ui.wire import (
    KEPT,
    PACK_ABOVE,
    Mirror,
    Picture,
    decode_positions,
    encode_positions,
    packed,
)


class Browser:
    """What the page does with messages, in a few lines; ``plan.js`` does the same."""

    def __init__(self) -> None:
        self.rev: int | None = None
        self.area_of = self.held = self.mixed = None
        self.areas: dict[int, dict] = {}
        self.corrections: dict[str, dict] = {}

    def take(self, message: dict) -> bool:
        message = json.loads(json.dumps(message))
        if message["full"]:
            self._take_full(unpacked(message["full"]))
        elif self.rev is None:
            return False
        elif message["rev"] <= self.rev:
            return True
        elif not message["delta"] or message["since"] > self.rev:
            return False
        else:
            self._take_delta(unpacked(message["delta"]))
        self.rev = message["rev"]
        return True

    def _take_full(self, full: dict) -> None:
        raw = zlib.decompress(base64.b64decode(full["assign"]))
        self.area_of = np.frombuffer(raw, dtype="<u2").astype(int)
        self.held, self.mixed = (
            marks(len(self.area_of), full["held"]), marks(len(self.area_of), full["mixed"])
        )  # fmt: skip
        self.areas = {a["id"]: a for a in full["areas"]}
        self.corrections = dict(full["corrections"])

    def _take_delta(self, delta: dict) -> None:
        for area, steps in delta["moves"]:
            at = np.cumsum(steps, dtype=int)
            self.area_of[at], self.held[at], self.mixed[at] = area, False, False
        self.held[np.cumsum(delta["held"], dtype=int)] = True
        self.mixed[np.cumsum(delta["mixed"], dtype=int)] = True
        self.areas |= {a["id"]: a for a in delta["areas"]}
        for area, color in delta["colors"].items():
            self.areas[int(area)] = {**self.areas[int(area)], "color": color}
        for gone in delta["dropped"]:
            self.areas.pop(gone, None)
        self.corrections = {
            k: v for k, v in {**self.corrections, **delta["corrections"]}.items() if v
        }

    @property
    def picture(self) -> tuple:
        marks = [self.area_of.tolist(), self.held.tolist(), self.mixed.tolist()]
        return marks, self.areas, self.corrections


def unpacked(part: dict) -> dict:
    if "z" not in part:
        return part
    inner = json.loads(zlib.decompress(base64.b64decode(part["z"])))
    return {**{k: v for k, v in part.items() if k != "z"}, **inner}


def marks(count: int, steps: list[int]) -> np.ndarray:
    found = np.zeros(count, dtype=bool)
    found[np.cumsum(steps, dtype=int)] = True
    return found


@st.composite
def histories(draw, longest: int = 6) -> tuple[Dataset, list[Alignment]]:
    dataset = draw(datasets())
    measures = tuple(replace(m, weight=None) for m in dataset.measures)
    dataset = replace(dataset, measures=measures, values=np.abs(dataset.values) % 1e6)
    return dataset, draw(st.lists(alignments(dataset.items), min_size=1, max_size=longest))


@given(st.data())
def test_positions_come_back(data):
    items = Items.only_containers(data.draw(st.integers(1, 50)))
    some = data.draw(positions(items))
    assert decode_positions(encode_positions(some[::-1]), items.count).tolist() == some.tolist()


@pytest.mark.parametrize(
    "steps",
    ["12", None, {"0": 1}, [1.5], [True], ["1"], [-1], [9], [3, 0], [3, -2], [5, 5], [1] * 11],
)
def test_forged_positions_are_refused(steps):
    with pytest.raises(BadData, match=r"[Pp]ositions"):
        decode_positions(steps, 9)


@given(histories(), st.data())
def test_any_messages_lost_late_or_twice_end_in_the_same_picture(history, data):
    dataset, states = history
    borders = row(dataset.items.containers)
    mirror = Mirror.of("plan", dataset, states[0], 0, borders)
    browser, said = Browser(), [None]
    for rev, state in enumerate(states):
        mirror = mirror.advance("plan", dataset, state, rev, borders)
        message = mirror.message(data.draw(st.sampled_from(said)))
        for _ in range(data.draw(st.integers(0, 2))):
            browser.take(message)
        said.append(browser.rev)
    assert browser.take(mirror.message(browser.rev))
    fresh = Browser()
    fresh.take(mirror.message(None))
    assert browser.picture == fresh.picture
    assert fresh.area_of.tolist() == states[-1].area_of[: dataset.items.containers].tolist()


@given(histories(longest=1))
def test_containers_and_corrections_add_up_to_the_totals(history):
    dataset, (alignment,) = history
    picture = Picture.of(alignment, dataset, {})
    figures, leaves = totals(dataset, alignment), set(alignment.areas)
    leaves -= {a.parent for a in alignment.areas.values() if a.parent is not None}
    for i, measure in enumerate(dataset.measures):
        sums, weights = dataset.amounts[i]
        for area in sorted(leaves):
            here = np.flatnonzero(picture.entries == area)
            more = picture.corrections.get(int(area), {}).get(measure.name, (0.0, 0.0))
            total, weight = sums[here].sum() + more[0], weights[here].sum() + more[1]
            want = figures.of(area, measure.name)
            if measure.aggregate is Aggregate.SUM:
                assert total == pytest.approx(want, abs=1e-3)
            elif weight > 1e-6:
                assert total / weight == pytest.approx(want, rel=1e-6, abs=1e-3)


def test_a_browser_that_is_up_to_date_gets_nothing():
    mirror = Mirror.of("plan", *plan(4, 2), 7, row(4))
    message = mirror.message(7)
    assert message == {"rev": 7, "since": 7, "full": None, "delta": None}


def test_an_unknown_revision_gets_everything():
    mirror = Mirror.of("plan", *plan(4, 2), 7, row(4))
    assert mirror.message(3)["full"] is not None
    assert mirror.message(99)["full"] is not None


def test_another_plan_begins_anew():
    dataset, alignment = plan(4, 2)
    mirror = Mirror.of("plan", dataset, alignment, 7, row(4))
    mirror = mirror.advance("other", dataset, alignment, 8, row(4))
    assert mirror.message(7)["full"] is not None


def test_a_browser_too_far_behind_gets_everything():
    dataset, alignment = plan(9, 2)
    mirror = Mirror.of("plan", dataset, alignment, 0, row(9))
    for rev in range(1, KEPT + 2):
        moved = replay(alignment, [Assign(np.array([rev % 9]), AreaId(1 + rev % 2))])
        mirror = mirror.advance("plan", dataset, moved, rev, row(9))
    assert mirror.message(0)["full"] is not None
    assert mirror.message(KEPT)["delta"] is not None


def test_a_container_with_a_unit_elsewhere_is_hatched():
    dataset, alignment = plan(3, 2, units=(1, 2))
    away = replay(alignment, [Assign(np.array([3]), AreaId(2)), Assign(np.arange(3), AreaId(1))])
    assert Picture.of(away, dataset, {}).mixed.tolist() == [False, True, False]


def test_an_edit_that_makes_no_new_neighbors_sends_no_colors():
    dataset, alignment = lined_up(3)
    start = Mirror.of("plan", dataset, alignment, 0, row(6))
    grown = replay(alignment, [Assign(np.array([2]), AreaId(1))])
    delta = start.advance("plan", dataset, grown, 1, row(6)).message(0)["delta"]
    assert unpacked(delta)["colors"] == {}


def test_only_the_areas_that_change_color_are_sent_with_one():
    """Twelve areas in a row; the first comes to lie beside the last, which started like it."""
    dataset, alignment = lined_up(12)
    mirror, browser = Mirror.of("plan", dataset, alignment, 0, row(24)), Browser()
    browser.take(mirror.message(None))
    assert browser.areas[12]["color"] == browser.areas[1]["color"]
    moved = replay(alignment, [Assign(np.array([23]), AreaId(1))])
    message = mirror.advance("plan", dataset, moved, 1, row(24)).message(0)
    assert set(unpacked(message["delta"])["colors"]) == {"12"}
    browser.take(message)
    assert browser.areas[12]["color"] != browser.areas[1]["color"]


def test_colors_that_followed_from_anothers_change_come_along():
    dataset, alignment = lined_up(12)
    mirror, browser = Mirror.of("plan", dataset, alignment, 0, row(24)), Browser()
    browser.take(mirror.message(None))
    first = replace(alignment.areas[AreaId(2)], color=palette.COLORS[0])
    chosen = replay(alignment, [PutArea(first)])
    browser.take(mirror.advance("plan", dataset, chosen, 1, row(24)).message(0))
    assert browser.areas[2]["color"] == palette.COLORS[0]
    assert browser.areas[1]["color"] != palette.COLORS[0]


def test_only_long_parts_are_compressed():
    assert packed({"a": 1}) == {"a": 1}
    long = {"a": "x" * PACK_ABOVE}
    assert set(packed(long)) == {"z"}
    assert unpacked(packed(long)) == long


def test_messages_keep_their_size():
    """33,000 containers in 1,000 areas; the worst moves everything at random."""
    dataset, alignment = plan(33_000, 1_000)
    start = Mirror.of("plan", dataset, alignment, 0, row(33_000))
    assert size(start.message(None)) < 100_000
    some = np.arange(1_000, 11_000, 100)
    moved = replay(alignment, [Assign(some, AreaId(7))])
    small = start.advance("plan", dataset, moved, 1, row(33_000))
    assert size(small.message(0)) < 5_000
    for share in (0.1, 0.2, 0.24, 1.0):
        after = shuffled(alignment, share)
        later = start.advance("plan", dataset, after, 1, row(33_000))
        assert size(later.message(0)) < 100_000


def size(message: dict) -> int:
    return len(json.dumps(message))


def shuffled(alignment: Alignment, share: float) -> Alignment:
    rng = np.random.default_rng(5)
    items = np.flatnonzero(rng.random(alignment.items.containers) < share)
    to = rng.integers(1, len(alignment.areas) + 1, len(items))
    moves = [Assign(items[to == k], AreaId(int(k))) for k in np.unique(to)]
    renamed = [PutArea(replace(a, locked=True)) for a in alignment.areas.values()]
    return replay(alignment, [*renamed, *moves])


def lined_up(areas: int) -> tuple[Dataset, Alignment]:
    """Areas in a row, two containers each."""
    dataset, alignment = plan(2 * areas, areas)
    homes = [Assign(np.array([2 * k - 2, 2 * k - 1]), AreaId(k)) for k in range(1, areas + 1)]
    return dataset, replay(alignment, homes)


def row(n: int) -> Adjacency:
    """Each container beside the one before it and the one after it."""
    pairs = np.column_stack([np.arange(n - 1), np.arange(1, n)]).astype(np.int32).reshape(-1, 2)
    return Adjacency(pairs, np.ones(len(pairs)), np.zeros(len(pairs), dtype=bool))


def plan(n: int, areas: int, units: tuple[int, ...] = ()) -> tuple[Dataset, Alignment]:
    items = Items(n, frozen(np.array(units, dtype=np.int32)))
    codes = np.array([f"{i:05d}" for i in range(items.count)], dtype=object)
    values = np.ones((items.count, 1))
    dataset = Dataset("d", "key", "postal", items, codes, codes, (Measure("m", "M"),), values)
    made = [
        PutArea(Area(AreaId(k), f"Territory {k:04d}", owner="An Owner", targets={"m": 1e6 / k}))
        for k in range(1, areas + 1)
    ]
    at = np.random.default_rng(3).integers(1, areas + 1, n)
    moves = [Assign(np.flatnonzero(at == k), AreaId(int(k))) for k in np.unique(at)]
    return dataset, replay(Alignment.empty(items), [*made, *moves])
