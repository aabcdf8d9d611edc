"""Signing off from the command line."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West with Reno and Elko, East."""
    do("new", "P", "--dataset", "accounts", "--names", "West,East")
    do("branch", "P", "West", "--names", "Reno,Elko")
    do("assign", "P", "--to", "Reno", "CA")


def test_a_branch_is_submitted_sent_back_and_approved(do, say) -> None:
    told = do("submit", "P", "West", "--note", "please", "--user", "ann")
    assert told["text"] == "submitted West for review"
    refused = say("assign", "P", "--to", "Elko", "CA")
    assert refused.code == 1
    assert "West was submitted for review by ann, so nothing in it may change." in refused.err
    assert "Ask ann to recall it" in say("recall", "P", "West", "--user", "bob").err
    do("send-back", "P", "West", "--reason", "Elko is empty", "--user", "bob")
    do("assign", "P", "--to", "Elko", "CA")
    seen = do("submit", "P", "West")["revision"]
    do("approve", "P", "West", "--revision", str(seen))
    found = do("sign-off", "status", "P")["branches"]
    assert [(s["name"], s["status"], s["round"]) for s in found] == [
        ("The alignment", "draft", 0),
        ("West", "approved", 2),
        ("East", "draft", 0),
    ]
    do("revoke", "P", "West", "--reason", "a new rep")
    assert "a new rep" in say("sign-off", "status", "P").out


def test_a_stale_look_is_not_approved(do, say) -> None:
    seen = do("submit", "P", "West")["revision"]
    do("recall", "P", "West")
    do("submit", "P", "West")
    stale = say("approve", "P", "West", "--revision", str(seen))
    assert stale.code == 1
    assert f"West has moved on since revision {seen}" in stale.err


def test_what_a_publish_asks_for_is_said_and_told(do, say) -> None:
    do("sign-off", "require", "P", "branches")
    said = say("sign-off", "status", "P")
    assert "Publishing needs the approval of every branch at the top." in said.out
    assert "Stops a publish: West is a draft" in said.out
    assert do("sign-off", "status", "P")["asks"] == "branches"
    assert say("sign-off", "require", "P", "everything").code == 2


def test_a_reason_is_asked_for(say, do) -> None:
    do("submit", "P")
    assert say("send-back", "P").code == 2
    assert "Say why" in say("send-back", "P", "--reason", " ").err


def test_comments_are_said_listed_and_resolved(do, say) -> None:
    do("comment", "P", "Who owns this?", "--area", "West")
    do("comment", "P", "A warehouse", "--code", "NV")
    assert [c["about"] for c in do("comments", "P")["comments"]] == ["NV", "West"]
    do("resolve", "P", "1", "--user", "ann")
    assert "Who owns this?" not in say("comments", "P", "--open").out
    assert do("resolve", "P", "1", "--reopen")["resolved_by"] == ""
    assert "P has no comment 9. Comments: 1 to 2." in say("resolve", "P", "9").err
    assert say("comment", "P", "x", "--area", "West", "--code", "NV").code == 2
