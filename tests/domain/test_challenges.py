"""Challenges: who may ask for what, who decides, and that accepting is the plain change."""

from __future__ import annotations

import numpy as np
import pytest
from grids import at, done, grid, the
from hypothesis import given
from hypothesis import strategies as st
from planners import START, commands, obey, some_items

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.challenges import (
    MOST_ITEMS,
    Question,
    Wish,
    answer,
    branch,
    check,
    check_decider,
    owners,
    says,
)
from tp_geo.domain.commands import Branch, Change, Move, Remove, Reparent
from tp_geo.errors import Refused

plans = st.lists(commands, max_size=8).map(lambda some: obey(START, some, 3))
questions = st.builds(
    Question,
    st.sampled_from(Wish),
    st.integers(1, 6).map(AreaId),
    st.integers(0, 6).map(AreaId),
)


@pytest.fixture
def country() -> Alignment:
    """East above A and B, West above C and D; one container is nobody's."""
    made = grid("AAB CCD BD.")
    made = done(made, Branch(None, ("East", "West")))
    for name, above in (("A", "East"), ("B", "East"), ("C", "West"), ("D", "West")):
        made = done(made, Reparent(the(made, name), the(made, above)))
    for name, owner in (("East", "eve"), ("A", "ann"), ("C", "cal")):
        made = done(made, Change(the(made, name), {"owner": owner}))
    return made


def test_an_owner_asks_for_what_lies_in_the_branch_above(country: Alignment) -> None:
    a, b = the(country, "A"), the(country, "B")
    nobody = at(8)
    for wish, items, to in (
        (Wish.KEEP, at(0), 0),
        (Wish.GIVE, at(1), b),
        (Wish.GIVE, at(1), 0),
        (Wish.TAKE, at(2), 0),
        (Wish.TAKE, nobody, 0),
    ):
        check(country, Question(wish, a, AreaId(to)), items, by="ann")
        check(country, Question(wish, a, AreaId(to)), items, by="eve")


@pytest.mark.parametrize(
    ("question", "items", "by", "why"),
    [
        (("keep", "A", ""), [], "ann", "Say which containers or units"),
        (("keep", "A", ""), [0], "cal", "A is planned by ann and eve, not by cal"),
        (("keep", "A", ""), [0, 2], "ann", "1 item of these is not in A"),
        (("take", "A", ""), [0, 2], "ann", "A has 1 item of these already"),
        (("take", "A", ""), [3], "ann", "C is out of view for A: it lies outside East"),
        (("give", "A", "D"), [0], "ann", "D is out of view for A"),
        (("give", "A", "A"), [0], "ann", "A is part of A"),
        (("give", "East", "A"), [0], "eve", "A is part of East"),
    ],
)
def test_what_can_t_be_asked_is_refused_with_what_is_wrong(
    country: Alignment, question: tuple[str, str, str], items: list[int], by: str, why: str
) -> None:
    wish, area, to = question
    asked = Question(Wish(wish), the(country, area), the(country, to) if to else UNASSIGNED)
    with pytest.raises(Refused, match=why):
        check(country, asked, at(*items), by=by)


def test_more_than_a_question_is_refused() -> None:
    big = grid("A" * (MOST_ITEMS + 1))
    with pytest.raises(Refused, match="about 2,000 containers and units at most, not 2,001"):
        check(big, Question(Wish.KEEP, AreaId(1)), np.arange(MOST_ITEMS + 1), by="ann")


def test_whoever_plans_the_branch_above_all_that_is_concerned_decides(country: Alignment) -> None:
    a, b, c = (the(country, name) for name in "ABC")
    east = the(country, "East")
    assert branch(country, Question(Wish.KEEP, a), at(0)) == east
    assert branch(country, Question(Wish.GIVE, a, b), at(0)) == east
    assert branch(country, Question(Wish.GIVE, a, c), at(0)) is None
    assert branch(country, Question(Wish.TAKE, a), at(3)) is None
    assert owners(country, east) == {"eve"}
    check_decider(country, east, by="eve", asker="ann")
    check_decider(country, east, by="eve", asker="eve")
    with pytest.raises(Refused, match="East is planned by eve: they decide"):
        check_decider(country, east, by="ann", asker="ann")


def test_where_nobody_plans_the_branch_anybody_decides_but_who_asked(country: Alignment) -> None:
    check_decider(country, None, by="cal", asker="ann")
    with pytest.raises(Refused, match="somebody else decides"):
        check_decider(country, None, by="ann", asker="ann")


def test_it_is_told_in_words(country: Alignment) -> None:
    a, b = the(country, "A"), the(country, "B")
    assert says(country, Question(Wish.KEEP, a), 1, "counties") == "A wants to keep 1 county"
    assert says(country, Question(Wish.TAKE, a), 2, "counties") == "A wants to take 2 counties"
    told = says(country, Question(Wish.GIVE, a, b), 2, "counties")
    assert told == "A wants to give 2 counties to B"
    gone = done(country, Remove(b))
    assert says(gone, Question(Wish.GIVE, a, b), 2, "counties").endswith("to an area that is gone")


@given(plans, questions, some_items)
def test_accepting_is_the_plain_change_and_touches_nothing_else(
    plan: Alignment, asked: Question, items: np.ndarray
) -> None:
    try:
        check(plan, asked, items, by="ann")
        after = done(plan, answer(plan, asked, items))
    except Refused:
        return
    others = np.setdiff1d(np.arange(plan.items.count), items)
    if asked.wish is Wish.KEEP:
        assert np.array_equal(after.resolved, plan.resolved)
        assert after.held[items].all()
        assert np.array_equal(after.held[others], plan.held[others])
        return
    to = asked.area if asked.wish is Wish.TAKE else asked.to
    assert after == done(plan, Move(items, to))
    n = plan.items.containers
    follow = others[others >= n]
    stay = np.setdiff1d(others, follow[np.isin(plan.items.container_of[follow - n], items)])
    assert np.array_equal(after.resolved[stay], plan.resolved[stay])


@given(plans, questions, some_items)
def test_what_may_be_asked_lies_in_view_and_has_one_branch_to_decide(
    plan: Alignment, asked: Question, items: np.ndarray
) -> None:
    try:
        check(plan, asked, items, by="ann")
    except Refused:
        return
    decides = branch(plan, asked, items)
    above = plan.area(asked.area).parent
    assert decides == above, "what is in view lies under the area above"
