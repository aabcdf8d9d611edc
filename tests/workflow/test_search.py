"""Search: by the beginning or a part of a name, whatever its capitals and accents."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import squares
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Command, Move
from tp_geo.domain.revision import start
from tp_geo.domain.rules import decide
from tp_geo.workflow.model_columns import within_of
from tp_geo.workflow.places import Places
from tp_geo.workflow.search import Hit, Index, build_index, folded

UNITS = {"u1": "01", "u2": "04", "stray": None}
DATA = squares.dataset(UNITS)
SHAPES = squares.country()
LABELS = {"state": {"AA": "Ålesund", "BB": "Bergen"}, "county": {"A1": "Lake County"}}
PLACES = Places(within_of(DATA, SHAPES), LABELS)
INDEX = build_index(DATA, PLACES, [("99", "Harbor, AA", "03"), ("98", "Nowhere", "77")])


def done(alignment: Alignment, *commands: Command) -> Alignment:
    for command in commands:
        ids = map(AreaId, itertools.count(max(alignment.areas, default=0) + 1))
        _, alignment = decide(alignment, command, ids)
    return alignment


PLAN = done(
    start(DATA.items),
    Branch(None, ("North", "South"), "Region"),
    Branch(AreaId(1), ("Lake District",), "District"),
    Change(AreaId(2), {"owner": "Bérénice Lake"}),
    Move(DATA.positions(["01", "02"]), AreaId(3)),
    Move(DATA.positions(["05"]), AreaId(2)),
)


def found(text: str, index: Index = INDEX, **options: int) -> list[tuple[str, str]]:
    return [(h.sort.value, h.label) for h in index.search(text, PLAN, **options)]


def the(text: str) -> Hit:
    return INDEX.search(text, PLAN)[0]


def test_every_sort_of_thing_is_found() -> None:
    assert found("bergen") == [("state", "Bergen")]
    assert found("aa")[0] == ("state", "Ålesund")
    assert found("square 7") == [("place", "Square 7")]
    assert found("07") == [("container", "07")]
    assert found("u2") == [("account", "Unit u2")]
    assert found("99") == [("container", "99")]
    assert found("south") == [("area", "South")]
    assert found("bérénice") == [("owner", "Bérénice Lake")]


def test_names_that_begin_so_come_before_words_before_parts() -> None:
    assert found("lake") == [
        ("area", "Lake District"),
        ("county", "Lake County"),
        ("owner", "Bérénice Lake"),
    ]
    assert found("nit u1") == [("account", "Unit u1")]


@pytest.mark.parametrize("text", ["BERENICE", "bérénice lake", "  berenice  ", "Bérénice-Lake"])
def test_capitals_accents_and_punctuation_do_not_matter(text: str) -> None:
    assert found(text)[0] == ("owner", "Bérénice Lake")


def test_a_hit_tells_what_to_look_at() -> None:
    assert the("lake district").containers.tolist() == DATA.positions(["01", "02"]).tolist()
    assert the("lake district").detail == "District in North"
    assert the("north").containers.tolist() == DATA.positions(["01", "02"]).tolist()
    assert (the("berenice").area, the("berenice").detail) == (2, "South")
    assert the("lesund").containers.tolist() == DATA.positions(["01", "02", "05", "06"]).tolist()
    account = the("u2")
    assert (account.item, account.detail) == (DATA.units["u2"], "u2 in 04")
    assert account.containers.tolist() == [DATA.containers["04"]]
    assert the("stray").containers.tolist() == []
    assert the("99").containers.tolist() == [DATA.containers["03"]]
    assert the("99").detail == "Harbor, AA, in 03"
    assert the("harbor").containers.tolist() == [DATA.containers["03"]]


def test_at_most_so_many_are_told_and_each_sort_has_its_share() -> None:
    assert len(found("u", limit=3)) == 3
    sorts = {sort for sort, _ in found("s", limit=4)}
    assert {"area", "place", "account"} <= sorts


@pytest.mark.parametrize("text", ["", "  ", "-", "no such thing", "\n", "\x00"])
def test_what_is_not_there_is_not_found(text: str) -> None:
    assert found(text) == []


def test_a_box_in_no_container_is_left_out() -> None:
    assert found("98") == found("nowhere") == []


@given(st.text(max_size=4), st.integers(1, 60))
def test_a_search_finds_names_that_hold_the_text_each_once(text: str, limit: int) -> None:
    hits = INDEX.search(text, PLAN, limit)
    assert len(hits) <= limit
    told = [(h.sort, h.label, h.item, h.area) for h in hits]
    assert len(told) == len(set(told))
    for hit in hits:
        assert folded(text) in f"{folded(hit.label)} {folded(hit.detail)}"


@given(st.sampled_from(DATA.codes.tolist() + DATA.names.tolist()), st.integers(1, 3))
def test_everything_is_found_by_how_it_begins(name: str, letters: int) -> None:
    wanted = folded(name)[:letters]
    hits = [folded(h.label) for h in INDEX.search(wanted, PLAN, 500)]
    details = [folded(h.detail) for h in INDEX.search(wanted, PLAN, 500)]
    assert any(t.startswith(folded(name)) for t in (*hits, *details))


def test_counties_are_found_as_counties_and_not_as_places_too() -> None:
    index = build_index(replace(DATA, boundaries="county"), PLACES)
    assert found("square", index) == []
    assert found("lake county", index) == [("county", "Lake County")]
