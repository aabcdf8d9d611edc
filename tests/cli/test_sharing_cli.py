"""Containers shared from the command line."""

from __future__ import annotations

from pathlib import Path


def test_a_pair_shares_evenly_and_alone_again(do, say) -> None:
    do("new", "A", "--dataset", "accounts", "--names", "West,East", "--overlap", "even")
    do("assign", "A", "--to", "West", "CA", "NV")
    whole = do("show", "A")["areas"][0]["totals"]["people"]
    assert do("share", "A", "CA", "--with", "East")["text"] == "shared 1 state with East"
    west, east = (area["totals"]["people"] for area in do("show", "A")["areas"])
    assert west + east == whole
    assert east > 0
    assert "1 state is shared by several areas, split evenly" in say("show", "A").out
    assert do("unshare", "A", "CA", "--with", "East")["changed"]
    assert do("overlap", "A", "none")["text"] == "areas may not overlap"


def test_what_is_not_allowed_is_refused(do, say, tmp_path: Path) -> None:
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA")
    assert "does not allow areas to overlap" in say("share", "A", "CA", "--with", "East").err
    assert "none, full and even" in say("overlap", "A", "half").err
    do("overlap", "A", "full")
    do("share", "A", "CA", "--with", "East")
    assert "1 container is shared" in say("overlap", "A", "none").err
    copy = do("new", "B", "--copy", "A")
    assert do("diff", "A", "B")["same"]
    assert copy
