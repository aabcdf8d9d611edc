"""Drafts from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import states

Run = Callable[..., Any]


@pytest.fixture
def draft(do: Run) -> str:
    """A draft of West in P, where West and East hold states; OR has gone two ways since."""
    do("new", "P", "--dataset", states.NAME, "--names", "West,East")
    do("assign", "P", "CA", "NV", "OR", "--to", "West")
    do("assign", "P", "NY", "NJ", "--to", "East")
    do("branch", "P", "West", "--names", "Coast,Desert")
    made = do("draft", "new", "P", "--area", "West")
    name: str = made["draft"]
    do("assign", name, "OR", "NV", "--to", "Desert")
    do("assign", "P", "OR", "--to", "East")
    return name


def test_a_draft_is_listed_shown_and_merged_as_decided(do: Run, draft: str, refused: Run) -> None:
    (listed,) = do("draft", "list", "P")["drafts"]
    assert (listed["draft"], listed["of"], listed["branch"]) == (draft, "P", "West")
    shown = do("draft", "show", draft)
    assert (shown["items"], shown["revisions_since"]) == (2, 1)
    (conflict,) = shown["conflicts"]
    assert (conflict["base"], conflict["draft"]) == ("East", "Desert")
    assert "1 conflict" in refused("draft", "merge", draft)
    assert do("draft", "merge", draft, "--take", 1, "--note", "agreed")["revision"] == 6
    assert do("draft", "list")["drafts"] == []
    assert "There is no alignment called" in refused("draft", "merge", draft)


def test_what_makes_no_sense_of_a_draft_is_refused_in_one_line(
    refused: Run, say: Run, draft: str
) -> None:
    assert "outside the part you plan" in refused("assign", draft, "NY", "--to", "Coast")
    assert "is no draft" in refused("draft", "show", "P")
    assert "is a draft" in refused("submit", draft)
    assert say("draft", "merge", draft, "--keep", "mine").code == 2
    assert say("draft", "merge", draft, "--take", "3").code == 2
