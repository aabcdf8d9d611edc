"""Challenges from the command line."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West, planned by ana, with Reno (ben) and Elko; East."""
    do("new", "P", "--dataset", "accounts", "--names", "West,East")
    do("owner", "P", "West", "ana")
    do("branch", "P", "West", "--names", "Reno,Elko")
    do("owner", "P", "Reno", "ben")
    do("assign", "P", "--to", "Elko", "NV", "CA")


def test_a_challenge_is_asked_shown_decided_and_listed(do, say) -> None:
    made = do("challenge", "P", "Reno", "take", "NV", "--why", "our customers", "--user", "ben")
    assert (made["number"], made["decides"]) == (1, ["ana"])
    shown = do("decide", "P", "1", "show", "--measure", "people")["effects"]
    assert [(e["name"], e["before"], e["after"]) for e in shown] == [
        ("Reno", 0, 100),
        ("Elko", 200, 100),
    ]
    refused = say("decide", "P", "1", "accept", "--user", "ben")
    assert refused.code == 1
    assert "West is planned by ana: they decide this challenge." in refused.err
    done = say("decide", "P", "1", "accept", "--user", "ana")
    assert "P: challenge 1 is accepted, revision" in done.out
    assert "our customers" in do("history", "P")["revisions"][0]["note"]
    assert do("challenges", "P", "--open")["challenges"] == []
    assert "accepted" in say("challenges", "P").out


def test_until_when_they_are_heard_is_said(do, say) -> None:
    assert "heard without end" in say("challenges", "P").out
    assert do("challenges", "P", "--until", "2999-03-01")["until"] == "2999-03-01"
    assert "heard until 1 March 2999" in say("challenges", "P").out
    assert "The last day 'soon' is no day" in say("challenges", "P", "--until", "soon").err
    assert do("challenges", "P", "--until", "")["until"] == ""


def test_what_can_t_be_asked_is_refused(say) -> None:
    ask = ("challenge", "P", "Reno", "take")
    assert "--to goes with give" in say(*ask, "NV", "--to", "Elko", "--why", "?").err
    assert "Elkoo" in say("challenge", "P", "Elkoo", "keep", "NV", "--why", "?").err
    assert "Reno is planned by ana and ben, not by tess" in say(*ask, "NV", "--why", "?").err
    assert "has no challenge 4" in say("decide", "P", "4", "decline", "--why", "no").err
