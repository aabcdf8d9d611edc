"""Comments and challenges in a plan file: they read back, and what makes no sense is named."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.domain.alignment import Area, AreaId
from tp_geo.domain.challenges import MAX_REASON, MOST_ITEMS, Verdict, Wish
from tp_geo.domain.comments import MAX_TEXT
from tp_geo.errors import BadData
from tp_geo.files.plan_file import Ground, PlanFile, dumps, loads
from tp_geo.files.plan_log import LogLine
from tp_geo.files.plan_talk import Asked, Said, Talk

AT = "2026-11-23T08:00:00Z"
LOG = LogLine(1, "ann", AT, "branch", "x", '{"v":4,"e":[["put",{"id":7,"name":"Gone"}]]}')
PLAN = PlanFile(
    name="P",
    ground=Ground("squares", "k", "postal"),
    areas={AreaId(1): Area(AreaId(1), "West"), AreaId(2): Area(AreaId(2), "East")},
    log=(LOG,),
)
COMMENT = {"number": 1, "text": "Reno?", "by": "ann", "at": AT}
CHALLENGE = {
    "number": 1,
    "wish": "take",
    "area": 1,
    "held": {"01": 2},
    "reason": "near us",
    "by": "ben",
    "at": AT,
}

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
said = texts.filter(str.strip)
ids = st.sampled_from([1, 2, 7])
areas = ids | st.just(0)
comments = st.builds(Said, said, said, said, st.none() | ids, st.just(""), texts, texts) | (
    st.builds(Said, said, said, said, st.none(), said, texts, texts)
)
held = st.dictionaries(texts, areas, min_size=1, max_size=4)
opened = st.builds(Asked, st.sampled_from(Wish), areas, held, said, said, said, areas)
decided = st.builds(
    replace,
    opened,
    verdict=st.sampled_from([v for v in Verdict if v is not Verdict.OPEN]),
    answer=texts,
    decided_by=said,
    decided_at=texts,
    revision=st.integers(0, 1),
)


@settings(max_examples=100)
@given(
    st.lists(comments, max_size=5),
    st.lists(opened | decided, max_size=5),
    st.just("") | st.dates().map(str),
)
def test_whatever_was_said_and_asked_reads_back(
    spoken: list[Said], asked: list[Asked], until: str
) -> None:
    plan = replace(PLAN, talk=Talk(tuple(spoken), tuple(asked), until))
    assert loads(dumps(plan)) == plan


def test_a_plan_of_which_nothing_was_said_has_no_such_parts() -> None:
    with zipfile.ZipFile(io.BytesIO(dumps(PLAN))) as archive:
        assert "comments.json" not in archive.namelist()
        assert "challenges" not in archive.read("manifest.json").decode()


def test_html_is_text_and_stays_it() -> None:
    talk = Talk((Said("<img src=x onerror=alert(1)> =1+1", "<b>ann</b>", AT),))
    assert loads(dumps(replace(PLAN, talk=talk))).talk == talk


def with_part(name: str, said: object) -> bytes:
    """The plan with one more part, as somebody writes it by hand."""
    made = io.BytesIO(dumps(PLAN))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(name, said if isinstance(said, bytes) else json.dumps(said))
    return made.getvalue()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"area": 9}, "entry 2: 'area' is 9, the id of no area of the plan"),
        ({"area": "1"}, "entry 2: 'area' is '1', not a whole number"),
        ({"area": 0}, "entry 2: 'area' is 0, the id of no area"),
        ({"area": 1, "code": "01"}, "entry 2 has both an area and a code"),
        ({"text": " "}, "entry 2: 'text' has 0 characters; it has 1 to 4,000"),
        ({"text": "x" * (MAX_TEXT + 1)}, "entry 2: 'text' has 4,001 characters"),
        ({"text": 5}, "entry 2: 'text' is '5', not a text"),
        ({"text": "a\0b"}, r"entry 2: 'text' has the character U\+0000, which is no text"),
        ({"text": "\ud800"}, r"entry 2: 'text' has the character U\+D800"),
        ({"by": ""}, "entry 2: 'by' has 0 characters"),
        ({"by": "b" * 256}, "entry 2: 'by' has 256 characters; it has 1 to 255"),
        ({"code": "c" * 300}, "entry 2: 'code' has 300 characters; it has 0 to 255"),
        ({"number": 3}, "entry 2: number is 3, 2 was expected"),
        ({"number": None}, "entry 2: 'number' is 'None', not a whole number"),
    ],
)
def test_a_comment_that_makes_no_sense_is_refused_by_row(
    wrong: dict[str, object], words: str
) -> None:
    data = with_part("comments.json", [COMMENT, {**COMMENT, "number": 2, **wrong}])
    with pytest.raises(BadData, match=f"comments.json, {words}"):
        loads(data)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"wish": "steal"}, "'wish' is 'steal', not one of keep, give, take"),
        ({"area": 9}, "'area' is 9, the id of no area of the plan"),
        ({"to": 9}, "'to' is 9, the id of no area of the plan"),
        ({"held": {}}, "'held' has 0 codes; a challenge has 1 to 2,000"),
        ({"held": dict.fromkeys(map(str, range(MOST_ITEMS + 1)), 1)}, "'held' has 2,001 codes"),
        ({"held": {"01": 9}}, "held: '01' is 9, the id of no area of the plan"),
        ({"held": {"01": "x"}}, "held: '01' is 'x', not a whole number"),
        ({"held": {"0" * 300: 1}}, "held: '0000.* is longer than 255 characters"),
        ({"held": {"0\0": 1}}, r"held has the character U\+0000"),
        ({"reason": "x" * (MAX_REASON + 1)}, "'reason' has 1,001 characters; it has 1 to 1,000"),
        ({"verdict": "won"}, "'verdict' is 'won', not one of open, accepted, declined, withdrawn"),
        ({"verdict": "accepted"}, "'verdict' is 'accepted' and 'decided_by' ''; an open one"),
        ({"decided_by": "ann"}, "'verdict' is 'open' and 'decided_by' 'ann'"),
        ({"revision": 2}, "'revision' is 2; the log has 1"),
    ],
)
def test_a_challenge_that_makes_no_sense_is_refused_by_row(
    wrong: dict[str, object], words: str
) -> None:
    with pytest.raises(BadData, match=f"challenges.json, entry 1(: |, ){words}"):
        loads(with_part("challenges.json", [{**CHALLENGE, **wrong}]))


def test_what_is_no_list_of_objects_is_refused() -> None:
    for part in ("comments.json", "challenges.json"):
        with pytest.raises(BadData, match=f"{part} is no list"):
            loads(with_part(part, {"number": 1}))
        with pytest.raises(BadData, match=f"{part}, entry 1 is 'hello', not an object"):
            loads(with_part(part, ["hello"]))


def test_a_last_day_that_is_none_is_refused() -> None:
    data = dumps(replace(PLAN, talk=Talk(until="soon")))
    with pytest.raises(BadData, match="'challenges_until' is 'soon', not a day such as"):
        loads(data)
