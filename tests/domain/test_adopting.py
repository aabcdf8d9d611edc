"""What one side changed, brought into another: new areas get numbers that nobody has."""

from __future__ import annotations

import itertools
from dataclasses import replace

from grids import at, done, drawn, grid, new_ids, the

from tp_geo.domain.adopting import TakeOver, renumbered
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Move
from tp_geo.domain.edits import replay
from tp_geo.domain.shares import Overlap, Shares


def test_areas_that_both_added_are_two_areas() -> None:
    start = grid("AAA BBB")
    ours = done(start, Branch(None, ("Ours",)))
    ours = done(ours, Move(at(0), the(ours, "Ours")))
    theirs = done(start, Branch(None, ("Theirs",)))
    theirs = done(theirs, Move(at(5), the(theirs, "Theirs")))
    command = TakeOver(start, theirs, "adopt", "adopted", anew=True)
    found = replay(ours, command.edits(ours, new_ids(ours)))
    assert drawn(found) == "OAA BBT"
    assert sorted(found.areas) == [1, 2, 3, 4]


def test_what_was_changed_here_stays_and_is_told() -> None:
    start = grid("AAA BBB")
    ours, theirs = done(start, Move(at(0), AreaId(2))), done(start, Move(at(1), AreaId(2)))
    both = done(theirs, Move(at(0), AreaId(0)))
    command = TakeOver(start, both, "adopt", "adopted")
    assert drawn(replay(ours, command.edits(ours, itertools.repeat(AreaId(0))))) == "BBA BBB"
    assert command.left(ours) == ("1 item",)


def test_another_number_goes_with_what_an_area_shares() -> None:
    start = replace(grid("AAB"), shares=Shares.of(at(0), 2), overlap=Overlap.FULL)
    found = renumbered(start, {AreaId(2): AreaId(7)})
    assert found.shares == Shares.of(at(0), 7)
    assert found.area_of.tolist() == [1, 1, 7]
    assert found.areas[AreaId(7)].id == 7
