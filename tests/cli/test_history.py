"""What was done, from the command line: read, undone, taken back, named, restored, compared."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """Revision 1: West and East; 2: CA and NV in West."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA", "NV", "--note", "theirs")


def test_history_tells_who_when_what_and_why_newest_first(do) -> None:
    told = do("history", "A")
    assert (told["alignment"], told["revision"]) == ("A", 2)
    last, first = told["revisions"]
    at = last.pop("at")
    assert last == {
        "revision": 2,
        "by": "tess",
        "kind": "move",
        "text": "moved 2 states from Unassigned to West",
        "note": "theirs",
        "reverts": None,
        "snapshots": [],
    }
    assert len(at) == len("2026-01-01T00:00:00Z")
    assert first["text"] == "added 2 areas at the top"
    assert [r["revision"] for r in do("history", "A", "--last", 1)["revisions"]] == [2]


def test_undo_and_redo(do, refused) -> None:
    assert do("undo", "A")["text"] == "undid: moved 2 states from Unassigned to West"
    assert do("show", "A")["unassigned"]["containers"] == 51
    assert do("redo", "A")["revision"] == 4
    assert do("show", "A")["unassigned"]["containers"] == 49
    assert "nothing to redo" in refused("redo", "A")
    assert "nothing to undo" in refused("undo", "A", "--user", "somebody else")


def test_any_revision_is_taken_back_and_what_stays_is_told(do, refused) -> None:
    do("assign", "A", "--to", "East", "NV")
    done = do("revert", "A", 2, "--note", "too early")
    assert done["left"] == ["1 item was moved later"]
    assert done["revision"] == 4
    assert [m["containers"] for m in do("diff", "A@2", "A")["items"]["moves"]] == [["CA"], ["NV"]]
    assert "Nothing of revision 2 is left" in refused("revert", "A", 2)
    assert "has revisions 1 to 4, not 9" in refused("revert", "A", 9)


def test_snapshots_are_taken_listed_and_restored(do, refused) -> None:
    taken = do("snapshot", "A", " before the meeting ")
    assert taken == {"alignment": "A", "snapshot": "before the meeting", "revision": 2}
    do("assign", "A", "--to", "East", "CA", "NV", "NY")
    do("add-area", "A", "South")
    (found,) = do("snapshots", "A")["snapshots"]
    assert (found["name"], found["revision"], found["by"]) == ("before the meeting", 2, "tess")
    assert do("history", "A")["revisions"][2]["snapshots"] == ["before the meeting"]
    assert do("diff", "A@before the meeting", "A")["same"] is False
    assert do("restore", "A", "before the meeting")["changed"] is True
    assert do("diff", "A@before the meeting", "A")["same"] is True
    assert do("restore", "A", "before the meeting")["changed"] is False
    assert "no snapshot called 'x'" in refused("restore", "A", "x")
    assert "before the meeting" in refused("snapshot", "A", "before the meeting")


def test_diff_tells_areas_and_items_that_differ(do) -> None:
    do("new", "B", "--copy", "A")
    do("rename-area", "B", "West", "Far West")
    do("target", "B", "Far West", "people=500")
    do("add-area", "B", "South")
    do("remove-area", "B", "East")
    do("assign", "B", "--to", "South", "NV", "u1")
    do("hold", "B", "CA")
    told = do("diff", "A", "B")
    assert told["from"] == {"alignment": "A", "revision": 2}
    assert told["to"]["alignment"] == "B"
    assert told["same"] is False
    assert told["areas"] == {
        "added": ["South"],
        "removed": ["East"],
        "changed": [
            {
                "area": "Far West",
                "fields": {"name": ["West", "Far West"], "targets": [{}, {"people": 500}]},
            }
        ],
    }
    assert told["items"] == {
        "moved": 3,
        "moves": [{"from": "West", "to": "South", "containers": ["NV"], "units": ["u1", "u3"]}],
        "held": ["CA"],
        "released": [],
        "only_in_from": [],
        "only_in_to": [],
    }


def test_diff_the_other_way_is_the_opposite(do) -> None:
    do("new", "B", "--copy", "A")
    do("assign", "B", "--to", "East", "CA")
    (there,) = do("diff", "A", "B")["items"]["moves"]
    (back,) = do("diff", "B", "A")["items"]["moves"]
    assert (there["from"], there["to"]) == (back["to"], back["from"]) == ("West", "East")
    assert there["containers"] == back["containers"] == ["CA"]


def test_areas_made_apart_in_two_copies_are_not_the_same(do) -> None:
    """Both get the next number; they are told apart by their paths."""
    do("new", "B", "--copy", "A")
    do("add-area", "A", "North")
    do("add-area", "B", "South")
    told = do("diff", "A", "B")["areas"]
    assert (told["added"], told["removed"], told["changed"]) == (["South"], ["North"], [])


def test_plans_that_were_made_apart_are_compared_by_path(do) -> None:
    do("new", "B", "--dataset", "accounts", "--names", "South,East,West")
    do("assign", "B", "--to", "West", "CA")
    told = do("diff", "A", "B")
    assert told["areas"] == {"added": ["South"], "removed": [], "changed": []}
    (moved,) = told["items"]["moves"]
    assert (moved["from"], moved["to"], moved["containers"]) == ("West", "Unassigned", ["NV"])


def test_plans_on_different_data_are_compared_by_code(do) -> None:
    do("new", "B", "--names", "West,East")
    told = do("diff", "A", "B")["items"]
    assert told["moved"] == 0
    assert set(told["only_in_from"]) >= {"CA", "NV", "u1", "stray"}
    assert "94103" in told["only_in_to"]


def test_the_same_is_the_same(do, say) -> None:
    assert do("diff", "A", "A@2")["same"] is True
    assert do("diff", "A@1", "A")["items"]["moved"] == 5
    assert say("diff", "A", "A").out == "No difference.\n"


def test_a_name_with_an_at_sign_is_a_name(do) -> None:
    do("new", "me@home", "--copy", "A")
    assert do("diff", "me@home", "A")["same"] is True
    assert do("diff", "me@home@0", "A")["same"] is False


def test_one_branch_alone_is_restored(do, refused) -> None:
    do("branch", "A", "West", "--names", "Coast,Inland")
    do("assign", "A", "--to", "Coast", "CA")
    do("snapshot", "A", "carved")
    do("assign", "A", "--to", "Inland", "CA")
    do("assign", "A", "--to", "East", "NY")
    told = do("restore", "A", "carved", "--inside", "West")
    assert told["text"] == "restored West as in the snapshot carved"
    (move,) = do("diff", "A@carved", "A")["items"]["moves"]
    assert (move["to"], move["containers"]) == ("East", ["NY"])
    assert "no area" in refused("restore", "A", "carved", "--inside", "Nowhere").lower()


@pytest.mark.parametrize("when", ["9", "-1", "nope", ""])
def test_a_revision_or_snapshot_that_is_not_there_is_refused(refused, when: str) -> None:
    assert f"A has no revision or snapshot '{when}'" in refused("diff", f"A@{when}", "A")


def test_an_archived_plan_in_between_still_joins_its_copies(do) -> None:
    do("copy", "A", "B")
    do("copy", "B", "C")
    do("archive", "B")
    do("rename-area", "C", "West", "Far West")
    assert do("diff", "A", "C")["areas"]["changed"][0]["area"] == "Far West"


def test_the_path_of_a_container_is_told_and_the_log_is_searched(do, say) -> None:
    do("new", "Q", "--dataset", "accounts", "--names", "West,East")
    do("assign", "Q", "--to", "West", "NV", "CA", "--user", "ana")
    do("assign", "Q", "--to", "East", "NV", "--note", "closer", "--user", "ben")
    do("hold", "Q", "NV")
    found = do("history", "Q", "--of", "NV")["revisions"]
    assert [(r["step"]["before"], r["step"]["after"], r["step"]["held"]) for r in found] == [
        ("East", "East", True),
        ("West", "East", False),
        ("Unassigned", "West", False),
    ]
    assert "West \u2192 East" in say("history", "Q", "--of", "NV").out
    assert [r["by"] for r in do("history", "Q", "--by", "ana")["revisions"]] == ["ana"]
    assert len(do("history", "Q", "--text", "closer")["revisions"]) == 1
    assert do("history", "Q", "--until", "2000-01-01")["revisions"] == []
    assert "No revision is like that." in say("history", "Q", "--kind", "branching").out
    assert "There is no container or unit 'XX'" in say("history", "Q", "--of", "XX").err
    assert "The first day 'soon' is no day" in say("history", "Q", "--since", "soon").err
    refused = say("history", "Q", "--since", "2027-02-01", "--until", "2027-01-01")
    assert "is before the first" in refused.err
