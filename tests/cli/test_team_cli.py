"""Roles, sharing and hidden measures from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import states

Run = Callable[..., Any]
AS_EVA = ("--user", "eva@x.org")


@pytest.fixture
def plan(do: Run) -> str:
    """P of West and East, by Tess, who is the administrator."""
    do("new", "P", "--dataset", states.NAME, "--names", "West,East")
    do("assign", "P", "CA", "--to", "West")
    do("assign", "P", "NY", "--to", "East")
    do("team", "set", "tess", "administrator")
    return "P"


def test_without_an_administrator_it_says_that_there_are_no_rights(do: Run, say: Run) -> None:
    assert do("team") == {"rights": False, "members": []}
    assert "nobody is an administrator, so everybody may do everything" in say("team").out
    assert do("team", "whoami")["rights"] is False
    assert "There has to be an administrator" in say("team", "set", "eva@x.org", "planner").err
    assert "There are rights from now on" in say("team", "set", "tess", "administrator").out


def test_the_list_tells_roles_since_when_and_by_whom(
    do: Run, say: Run, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    do("team", "set", "Eva@X.org", "planner,reviewer")
    eva, tess = do("team")["members"]
    assert (eva["person"], eva["roles"]) == ("eva@x.org", ["planner", "reviewer"])
    assert (eva["by"], eva["by_setting"]) == ("tess", False)
    assert eva["since"]
    assert tess["roles"] == ["administrator"]
    assert do("team", "list") == do("team", "list", *AS_EVA)
    monkeypatch.setenv("TP_GEO_ADMINISTRATORS", "zoe")
    assert "the settings" in say("team").out
    assert do("team", "remove", "eva@x.org")["roles"] == []
    assert [m["person"] for m in do("team")["members"]] == ["tess", "zoe"]


def test_whoami_tells_roles_and_what_is_seen(do: Run, say: Run, plan: str) -> None:
    assert do("team", "whoami", *AS_EVA) == {
        "person": "eva@x.org",
        "rights": True,
        "roles": [],
        "alignments": 0,
    }
    do("team", "set", "eva@x.org", "branch-owner")
    do("team", "share", plan, "eva@x.org", "edit", "--area", "West")
    assert say("team", "whoami", *AS_EVA).out == "eva@x.org: branch-owner; 1 alignment\n"


def test_an_area_is_shared_and_taken_back(do: Run, refused: Run, say: Run, plan: str) -> None:
    do("team", "set", "eva@x.org", "branch-owner")
    assert "There is no alignment" in refused("show", plan, *AS_EVA)
    assert "is shared with nobody" in say("team", "share", plan).out
    (given,) = do("team", "share", plan, "eva@x.org", "edit", "--area", "West")["shared"]
    assert (given["area"], given["level"], given["by"]) == ("West", "edit", "tess")
    do("team", "share", plan, "*", "view")
    assert [g["area"] for g in do("team", "share", plan)["shared"]] == [None, "West"]
    do("rename-area", plan, "West", "Far West", *AS_EVA)
    assert "Far West" in say("team", "share", plan).out
    assert "outside the part you plan" in refused("rename-area", plan, "East", "E", *AS_EVA)
    do("team", "share", plan, "eva@x.org", "--area", "Far West", "--end")
    do("team", "share", plan, "*", "--end")
    assert do("team", "share", plan)["shared"] == []
    assert "There is no alignment" in refused("show", plan, *AS_EVA)


def test_a_dataset_is_shared_and_taken_back(do: Run, refused: Run, plan: str) -> None:
    do("team", "set", "eva@x.org", "planner")
    new = ("new", "Mine", "--dataset", states.NAME, *AS_EVA)
    assert "There is no dataset" in refused(*new)
    do("team", "share-dataset", states.NAME, "eva@x.org", "view")
    do(*new)
    (given,) = do("team", "share-dataset", states.NAME)["shared"]
    assert (given["person"], given["level"]) == ("eva@x.org", "view")
    assert do("team", "share-dataset", states.NAME, "eva@x.org", "--end")["shared"] == []
    assert "nothing to comment on" in refused(
        "team", "share-dataset", states.NAME, "eva@x.org", "comment"
    )
    assert "built in" in refused("team", "share-dataset", "default", "eva@x.org", "view")


def test_a_measure_is_hidden_and_shown_again(do: Run, refused: Run, plan: str) -> None:
    do("team", "share", plan, "*", "view")
    hidden = do("team", "hide", states.NAME, "Revenue", "--from", "guest,publisher")
    assert hidden["hidden_from"] == ["publisher", "guest"]
    assert "revenue" not in do("show", plan, *AS_EVA)["areas"][0]["totals"]
    assert "revenue" in do("show", plan)["areas"][0]["totals"]
    assert do("team", "hide", states.NAME, "revenue")["hidden_from"] == ["publisher", "guest"]
    assert do("team", "hide", states.NAME, "revenue", "--from", "nobody")["hidden_from"] == []
    assert "revenue" in do("show", plan, *AS_EVA)["areas"][0]["totals"]
    do("team", "hide", states.NAME, "revenue", "--from", "guest")
    assert do("team", "hide", states.NAME, "revenue", "--from", "")["hidden_from"] == []
    assert "'king'" in refused("team", "hide", states.NAME, "revenue", "--from", "king")
    assert "There is no measure" in refused("team", "hide", states.NAME, "nope", "--from", "guest")


def test_a_measure_hidden_by_the_key_of_a_dataset_is_hidden(do: Run, plan: str) -> None:
    key = states.dataset().key
    assert do("team", "hide", key, "revenue", "--from", "guest")["dataset"] == states.NAME
    do("team", "share", plan, "*", "view")
    assert "revenue" not in do("show", plan, *AS_EVA)["areas"][0]["totals"]


def test_what_makes_no_sense_is_refused_in_one_line(say: Run, refused: Run, plan: str) -> None:
    assert "There is no role 'king'" in refused("team", "set", "eva@x.org", "king")
    assert "There has to be an administrator" in refused("team", "remove", "tess")
    assert "is nobody" in refused("team", "set", " ", "planner")
    assert "'own' is none of" in say("team", "share", plan, "eva@x.org", "own").err
    for words in (["eva@x.org"], ["eva@x.org", "view", "--end"], ["--end"]):
        assert say("team", "share", plan, *words).code == 2
    assert say("team", "set", "eva@x.org", "").code == 2
