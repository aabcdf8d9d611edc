"""Links that give more than reading, on pages: who signs in has it, who does not is offered to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import Level, Role
from tp_geo.ui import links_view, signing_in, state
from tp_geo.workflow import links, team
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
Signs = Callable[..., None]
ANNA, EVA = "anna", "eva@x.org"
WEST = AreaId(1)


@pytest.fixture
def signs_in(monkeypatch: pytest.MonkeyPatch) -> Signs:
    """Have whoever is here be what a provider says."""

    def signs_in(email: str = "") -> None:
        said: dict[str, Any] = {signing_in.SIGNED_IN: bool(email), "email": email}
        monkeypatch.setattr(signing_in, "claims", lambda: said)
        monkeypatch.setattr(signing_in, "providers", lambda: ("",))

    return signs_in


@pytest.fixture
def shared(plan: Plan, planner: Planner) -> Plan:
    """North of Anna's, who administers; Eva owns branches, and nothing is shared with her."""
    team.put_roles(planner, ANNA, {Role.ADMINISTRATOR}, by=ANNA)
    team.put_roles(planner, EVA, {Role.BRANCH_OWNER}, by=ANNA)
    return plan


def labels(at: AppTest) -> set[str]:
    return {str(b.label) for b in at.button}


def test_who_signed_in_has_what_the_link_gives_and_the_address_lets_go_of_it(
    opened: Opened, shared: Plan, signs_in: Signs
) -> None:
    token = links.new_link(shared, by=ANNA, level=Level.EDIT, area=WEST).token
    signs_in(EVA)
    at = opened("review", alignment="North", link=token)
    assert not at.exception
    assert "link" not in at.query_params
    assert at.session_state[state.ALIGNMENT] == shared.info.id
    assert {"Undo", "Redo"} <= labels(at)
    links.revoke_link(shared, 1, by=ANNA)
    at.run()
    assert not at.metric
    assert "Undo" not in labels(at)


def test_a_link_that_ended_is_told_and_leaves_people_what_they_have(
    opened: Opened, shared: Plan, signs_in: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(state, "tell", lambda text, **_: told.append(text))
    team.share(shared, EVA, Level.EDIT, area=WEST, by=ANNA)
    token = links.new_link(shared, by=ANNA, level=Level.VIEW).token
    links.revoke_link(shared, 1, by=ANNA)
    signs_in(EVA)
    at = opened("review", alignment="North", link=token)
    assert not at.exception
    assert ["was revoked" in text for text in told] == [True]
    assert {"Undo", "Redo"} <= labels(at)


@pytest.mark.parametrize("level", Level)
def test_a_guest_is_offered_to_sign_in_where_that_gives_more(
    opened: Opened, shared: Plan, signs_in: Signs, level: Level
) -> None:
    token = links.new_link(shared, by=ANNA, level=level).token
    signs_in()
    at = opened("review", alignment="North", link=token)
    offered = {label for label in labels(at) if label.startswith("Sign in")}
    assert offered == (set() if level is Level.VIEW else {f"Sign in to {level}"})
    assert not labels(at) & {"Undo", "Submit", "Comment", "New link"}


def test_a_level_and_an_area_are_chosen_for_a_link(
    opened: Opened, shared: Plan, signs_in: Signs
) -> None:
    signs_in(ANNA)
    at = opened("review", alignment="North")
    at.selectbox(key=links_view.LEVEL).set_value(Level.COMMENT).run()
    at.selectbox(key=links_view.AREA).set_value(WEST).run()
    at.button(key="links_new").click().run()
    assert not at.exception
    made = links.links(shared)[-1]
    assert (made.level, made.area, made.by) == (Level.COMMENT, WEST, ANNA)
    assert any("**Comment**: West" in str(m.value) for m in at.markdown)
    at.selectbox(key=links_view.AREA).set_value(links_view.WHOLE).run()
    at.button(key="links_new").click().run()
    assert links.links(shared)[-1].area is None


def test_without_sign_in_links_are_for_reading_and_it_is_said_why(
    opened: Opened, plan: Plan
) -> None:
    at = opened("review", alignment="North")
    assert not any(s.key == links_view.LEVEL for s in at.selectbox)
    assert any("people have to sign in" in str(c.value) for c in at.caption)
    at.session_state[links_view.LEVEL] = Level.EDIT
    at.button(key="links_new").click().run()
    assert links.links(plan)[-1].level is Level.VIEW


def test_until_there_is_an_administrator_links_are_for_reading(
    opened: Opened, plan: Plan, signs_in: Signs
) -> None:
    signs_in(EVA)
    at = opened("review", alignment="North")
    assert not any(s.key == links_view.LEVEL for s in at.selectbox)
    assert any("Links are for reading" in str(c.value) for c in at.caption)
