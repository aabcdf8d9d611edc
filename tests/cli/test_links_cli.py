"""Links from the command line: what they give, to whom, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import states

Run = Callable[..., Any]


@pytest.fixture
def plan(do: Run) -> None:
    """P of Tess, with West and East."""
    do("new", "P", "--dataset", states.NAME, "--names", "West,East")


@pytest.mark.usefixtures("plan")
def test_a_link_is_made_with_a_level_and_an_area_and_listed(do: Run, say: Run) -> None:
    made = do("link", "P", "new", "--level", "edit", "--area", "West", "--app", "https://plans")
    assert (made["level"], made["area"], made["number"]) == ("edit", "West", 1)
    assert made["address"].startswith("https://plans/review?alignment=P&link=")
    assert "digest" not in made
    assert do("link", "P", "new")["level"] == "view"
    listed = do("link", "P")["links"]
    assert [(k["level"], k["area"]) for k in listed] == [("edit", "West"), ("view", "")]
    assert "West" in say("link", "P").out
    assert do("link", "P", "revoke", 1)["revoked_by"]


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "--level", "own"), "none of view, comment, edit"),
        (("new", "--area", "Nowhere"), "Nowhere"),
        (("list", "--level", "view"), "go with new"),
        (("revoke", "1", "--area", "West"), "go with new"),
    ],
)
def test_what_makes_no_sense_is_refused_and_makes_no_link(
    words: tuple[str, ...], said: str, do: Run, say: Run
) -> None:
    refused = say("link", "P", *words)
    assert refused.code != 0
    assert said in refused.err
    assert do("link", "P")["links"] == []
