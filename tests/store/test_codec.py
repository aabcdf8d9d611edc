"""Edits survive being written by code, also when the dataset has changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import alignments, datasets, edits

from tp_geo.domain.alignment import (
    FOLLOW,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    Items,
    Profile,
    frozen,
)
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.edits import (
    Allow,
    Ask,
    Assign,
    DropArea,
    Edit,
    Hold,
    PutArea,
    Share,
    Sign,
    diff,
    replay,
)
from tp_geo.domain.shares import Overlap
from tp_geo.domain.signoff import UNSIGNED, Asks, SignOff, Status
from tp_geo.errors import BadData
from tp_geo.store.codec import VERSION, dumps, loads

GOLDEN = Path(__file__).parent / "golden"
NO_LIMITS: Mapping[str, float] = MappingProxyType({})


def small(containers: str = "00501 00544 10001", units: str = "acme zeta") -> Dataset:
    """Containers 00501 00544 10001; units acme and zeta, both in the first."""
    codes = np.array([*containers.split(), *units.split()], dtype=object)
    inside = frozen(np.zeros(len(units.split()), dtype=np.int32))
    items = Items(len(containers.split()), inside)
    return Dataset("d", "k", "postal", items, codes, codes, (), np.zeros((len(codes), 0)))


def everything(
    minimums: Mapping[str, float] = NO_LIMITS, maximums: Mapping[str, float] = NO_LIMITS
) -> tuple[Edit, ...]:
    """Every sort of edit, every field of an area; ranges came with version 3."""
    return (
        PutArea(Area(AreaId(1), "West")),
        PutArea(
            Area(
                AreaId(2),
                "Ærø & עִבְרִית",
                parent=AreaId(1),
                level="District",
                owner="ann@example.org",
                targets={"population": 1000.5},
                minimums=dict(minimums),
                maximums=dict(maximums),
                locked=True,
                profile=Profile.NON_CONTIGUOUS,
                color="#1f77b4",
                attributes={"code": "W-2", "weight": 2.0},
            )
        ),
        Assign(np.array([0, 1, 3]), AreaId(2)),
        Assign(np.array([4]), UNASSIGNED),
        Assign(np.array([3]), FOLLOW),
        Hold(np.array([0, 4]), True),
        Hold(np.array([0]), False),
        DropArea(AreaId(2)),
    )


EVERYTHING = everything({"population": 900.0}, {"population": 1100.0, "revenue": 7.5})
SIGNED: tuple[Edit, ...] = (
    Sign(None, SignOff(Status.SUBMITTED, 1, "ann", "ann", dataset="d1")),
    Sign(
        AreaId(1),
        SignOff(Status.SENT_BACK, 2, "bea", "cy", "Reno is missing – see “North”.", "d1"),
    ),
    Sign(AreaId(1), UNSIGNED),
    Ask(Asks.BRANCHES),
)
SHARED: tuple[Edit, ...] = (
    Allow(Overlap.EVEN),
    Share(np.array([0, 1]), AreaId(1), True),
    Share(np.array([1]), AreaId(1), False),
)
"""What came with version 4."""


def plain(found: tuple[Edit, ...]) -> list[object]:
    """Edits as values that compare."""
    return [
        (type(e), e.items.tolist(), e.area if isinstance(e, Assign) else e.held)
        if isinstance(e, Assign | Hold)
        else (Share, e.items.tolist(), e.area, e.shared)
        if isinstance(e, Share)
        else e
        for e in found
    ]


@given(st.data())
def test_reading_gives_back_what_was_written(data: st.DataObject) -> None:
    dataset = data.draw(datasets())
    some = tuple(data.draw(st.lists(edits(dataset.items), max_size=4)))
    assert plain(loads(dumps(some, dataset), dataset)[0]) == plain(some)


@given(st.data())
def test_a_written_alignment_replays_to_itself(data: st.DataObject) -> None:
    dataset = data.draw(datasets())
    there = data.draw(alignments(dataset.items))
    text = dumps(diff(Alignment.empty(dataset.items), there), dataset)
    found, gone = loads(text, dataset)
    assert replay(Alignment.empty(dataset.items), found) == there
    assert gone == ()


@given(st.data())
def test_the_order_of_items_in_a_dataset_does_not_matter(data: st.DataObject) -> None:
    before = small()
    some = tuple(data.draw(st.lists(edits(before.items), max_size=4)))
    after = small("10001 00544 00501", "zeta acme")
    moved = {"00501": 2, "00544": 1, "10001": 0, "acme": 4, "zeta": 3}
    for old, new in zip(some, loads(dumps(some, before), after)[0], strict=True):
        if isinstance(old, Assign | Hold) and isinstance(new, Assign | Hold):
            assert new.items.tolist() == [moved[before.codes[i]] for i in old.items]


def test_codes_that_are_gone_are_named_once_and_left_out() -> None:
    text = dumps(EVERYTHING, small())
    found, gone = loads(text, small("00501", "acme"))
    assert gone == ("00544", "zeta")
    assert plain(found)[2:4] == [(Assign, [0, 1], AreaId(2)), (Assign, [], UNASSIGNED)]


def test_a_unit_with_the_code_of_a_container_is_another_item() -> None:
    dataset = small("00501", "00501")
    for item in (0, 1):
        found, _ = loads(dumps((Assign(np.array([item]), AreaId(1)),), dataset), dataset)
        assert plain(found) == [(Assign, [item], AreaId(1))]


def test_positions_are_ready_to_index_with() -> None:
    (only,), _ = loads('{"v":1,"e":[["assign",1,{}]]}', small())
    assert isinstance(only, Assign)
    assert only.items.dtype == np.intp


def test_version_1_reads_as_it_was_written_but_for_a_status_that_nobody_signed() -> None:
    text = (GOLDEN / "edits-v1.json").read_text(encoding="utf-8")
    assert plain(loads(text, small())[0]) == plain(everything())


def test_version_2_reads_as_it_was_written_without_ranges() -> None:
    text = (GOLDEN / "edits-v2.json").read_text(encoding="utf-8")
    assert plain(loads(text, small())[0]) == plain((*everything(), *SIGNED))


def test_version_3_reads_as_it_was_written() -> None:
    text = (GOLDEN / "edits-v3.json").read_text(encoding="utf-8")
    assert plain(loads(text, small())[0]) == plain((*EVERYTHING, *SIGNED))


def test_the_current_version_has_its_golden_file() -> None:
    """A change of what is written needs a new version and a new file, beside the old."""
    text = (GOLDEN / f"edits-v{VERSION}.json").read_text(encoding="utf-8")
    assert json.loads(dumps((*EVERYTHING, *SIGNED, *SHARED), small())) == json.loads(text)
    assert plain(loads(text, small())[0]) == plain((*EVERYTHING, *SIGNED, *SHARED))


def test_every_field_of_an_area_is_in_the_golden_file() -> None:
    text = (GOLDEN / f"edits-v{VERSION}.json").read_text(encoding="utf-8")
    full = json.loads(text)["e"][1][1]
    assert set(full) == {f.name for f in fields(Area)}


def test_fields_that_are_missing_take_their_defaults() -> None:
    (put,), _ = loads('{"v":1,"e":[["put",{"id":7,"name":"N"}]]}', small())
    assert put == PutArea(Area(AreaId(7), "N"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"v":5,"e":[]}', "format 5; this TP Geo reads up to 4. Update"),
        ('{"v":4,"e":[["share",1,1,{"c":["00501"]}]]}', "not known here"),
        ('{"v":4,"e":[["overlap","half"]]}', "'half'"),
        ('{"v":1,"e":[],"x":1}', "Update"),
        ('{"v":1,"e":[["put",{"id":1,"name":"N","team":"B"}]]}', "unknown field 'team'. Update"),
        ('{"v":2,"e":[["sign",1,{"status":"lost"}]]}', "'lost'"),
        ('{"v":2,"e":[["sign",1,{"round":"x"}]]}', "round of a sign-off is 'x'"),
        ('{"v":2,"e":[["sign",1,{"seal":1}]]}', "unknown field 'seal'. Update"),
        ('{"v":2,"e":[["ask","moon"]]}', "'moon'"),
        ('{"v":1,"e":[["put",{"name":"N"}]]}', "id"),
        ('{"v":1,"e":[["assign",1,{"x":["00501"]}]]}', "unknown sort: ['x']. Update"),
        ('{"v":1,"e":[["assign",1,{"c":5}]]}', "can't be read"),
        ('{"v":1,"e":[["assign",1,{"c":[[]]}]]}', "can't be read"),
        ('{"v":1,"e":[["paint",1]]}', "not known here: ['paint', 1]. Update"),
        ('{"v":1,"e":["put"]}', "not known here"),
        ('{"v":1,"e":7}', "not a list"),
        ('{"v":1,"e":[["drop",', "not our JSON"),
        ("[]", "not our JSON"),
        ("null", "not our JSON"),
        ("", "not our JSON"),
        ("[" * 100_000, "not our JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(BadData) as refused:
        loads(text, small())
    assert says in str(refused.value)


@given(st.data())
def test_a_damaged_text_is_bad_data_or_other_edits_but_no_crash(data: st.DataObject) -> None:
    text = dumps(EVERYTHING, small())
    at = data.draw(st.integers(0, len(text) - 1))
    try:
        loads(text[:at] + data.draw(st.characters()) + text[at + 1 :], small())
    except BadData as error:
        assert str(error)
