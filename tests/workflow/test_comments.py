"""Comments on a plan: of the whole, of areas and places; resolved, opened again, never lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from writing import ANA, BEN, area

from tp_geo.domain.commands import Change, Remove
from tp_geo.domain.comments import MAX_TEXT
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.store import Comment, open_store, recover
from tp_geo.workflow.comments import comment, comments, reopen, resolve
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import submit


def test_a_comment_is_of_the_whole_an_area_or_a_place_and_newest_comes_first(plan: Plan) -> None:
    comment(plan, "Looks right", by=ANA)
    comment(plan, "Who owns this?", by=BEN, area=area(plan, "West"))
    comment(plan, "A new warehouse", by=ANA, code="NV")
    found = [(r.number, r.about, r.by, r.text) for r in comments(plan)]
    assert found == [
        (3, "NV", ANA, "A new warehouse"),
        (2, "West", BEN, "Who owns this?"),
        (1, "The alignment", ANA, "Looks right"),
    ]


def test_it_is_resolved_and_opened_again(plan: Plan) -> None:
    comment(plan, "Reno?", by=ANA)
    made = resolve(plan, 1, by=BEN)
    assert (made.open, made.resolved_by, made.text, made.by) == (False, BEN, "Reno?", ANA)
    assert comments(plan, still_open=True) == ()
    assert reopen(plan, 1).open
    assert len(comments(plan)) == 1


def test_it_changes_nothing_of_the_plan_also_where_a_branch_is_submitted(plan: Plan) -> None:
    submit(plan, area(plan, "West"), by=ANA)
    before = plan.seq
    comment(plan, "Please look", by=BEN, area=area(plan, "West"))
    assert plan.seq == before


def test_it_follows_its_area_by_name_and_outlives_it(plan: Plan) -> None:
    west = area(plan, "West")
    comment(plan, "!", by=ANA, area=west)
    plan.ask(Change(west, {"name": "Far West"}), by=ANA)
    assert comments(plan)[0].about == "Far West"
    plan.ask(Remove(west), by=ANA)
    assert comments(plan)[0].about == "Far West (gone)"


def test_html_is_kept_as_the_text_it_is(plan: Plan) -> None:
    text = "<img src=x onerror=alert(1)> =1+1"
    assert comment(plan, text, by=ANA).text == text


@pytest.mark.parametrize("text", ["", " \n ", "x" * (MAX_TEXT + 1)])
def test_nothing_and_too_much_is_refused(plan: Plan, text: str) -> None:
    with pytest.raises(Refused, match="A comment has 1 to 4,000 characters"):
        comment(plan, text, by=ANA)


def test_what_is_not_there_gets_no_comment_and_is_not_resolved(plan: Plan) -> None:
    with pytest.raises(BadData, match="no container or unit '99999'"):
        comment(plan, "?", by=ANA, code="99999")
    with pytest.raises(Refused, match="P has no comment 7"):
        resolve(plan, 7, by=ANA)


def test_two_people_at_once_never_write_over_each_other(plan: Plan) -> None:
    comment(plan, "first", by=ANA)
    with pytest.raises(Stale, match="Comment 1 can't follow number 1"):
        plan.store.put_comment(Comment(plan.info.id, 1, "", "second", BEN, "2026"))
    with pytest.raises(Stale):
        plan.store.put_comment(Comment(plan.info.id, 3, "", "third", BEN, "2026"))


def test_comments_come_back_from_the_journal_of_a_damaged_store(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    store = open_store(str(path))
    store.put_comment(Comment("a", 1, "area:1", "Reno?", ANA, "2026"))
    store.put_comment(Comment("a", 1, "area:1", "Reno?", ANA, "2026", BEN, "2027"))
    store.close()
    path.unlink()
    recover(str(path))
    store = open_store(str(path))
    assert store.comments("a") == (Comment("a", 1, "area:1", "Reno?", ANA, "2026", BEN, "2027"),)
    store.close()


def test_a_copy_has_a_discussion_of_its_own(plan: Plan) -> None:
    comment(plan, "old", by=ANA)
    assert comments(Planner(plan.store).copy(plan, "Q", by=BEN)) == ()
