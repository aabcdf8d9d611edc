"""What the log says about undo and redo."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from grids import at, done, grid
from hypothesis import given
from hypothesis import strategies as st
from planners import ITEMS, START, attempt, commands

from tp_geo.domain.alignment import Alignment, Area, AreaId
from tp_geo.domain.commands import Command, Move
from tp_geo.domain.edits import DropArea, Edit, PutArea, replay
from tp_geo.domain.merge import revert
from tp_geo.domain.revision import (
    REDO,
    TAKE_BACK,
    UNDO,
    Revision,
    UndoStack,
    last_id,
    start,
    undo_stack,
)


def entry(seq: int, kind: str = "move", reverts: int = 0, by: str = "ann") -> Revision:
    return Revision(seq, by, "2026-01-01T00:00:00Z", kind, "", (), reverts=reverts)


@dataclass
class Log:
    """A log and the states it leads to, as the planner keeps them."""

    entries: list[Revision] = field(default_factory=list)
    states: list[Alignment] = field(default_factory=lambda: [START])

    def append(self, kind: str, edits: tuple[Edit, ...], reverts: int = 0, by: str = "ann") -> None:
        seq = len(self.states)
        self.entries.append(Revision(seq, by, "", kind, "", edits, reverts=reverts))
        self.states.append(replay(self.states[-1], edits))

    def revert(self, seq: int, kind: str, by: str = "ann") -> bool:
        made = revert(self.states[-1], self.states[seq], self.states[seq - 1])
        if made.edits and not made.problems:
            self.append(kind, made.edits, seq, by)
            return True
        return False


steps = st.lists(st.one_of(commands, st.sampled_from([UNDO, REDO])), max_size=14)


@given(steps)
def test_undo_and_redo_walk_to_and_fro_like_a_stack_of_states(asked: list[Command | str]) -> None:
    """Alone on a plan, undo and redo are what they are in any editor."""
    log, past, future = Log(), [START], []
    for step in asked:
        stack = undo_stack(log.entries, "ann")
        assert (len(stack.undo), len(stack.redo)) == (len(past) - 1, len(future))
        if step == UNDO:
            if stack.undo:
                assert log.revert(stack.undo[-1], UNDO)
                future.append(past.pop())
        elif step == REDO:
            if stack.redo:
                assert log.revert(stack.redo[-1], REDO)
                past.append(future.pop())
        elif not isinstance(step, str):
            edits, after = attempt(log.states[-1], step)
            if after != log.states[-1]:
                log.append(step.kind, edits)
                past.append(after)
                future.clear()
        assert log.states[-1] == past[-1]


@given(steps, st.lists(st.sampled_from("ab"), min_size=14, max_size=14))
def test_nobody_undoes_what_another_did(asked: list[Command | str], whose: str) -> None:
    log = Log()
    for step, by in zip(asked, whose, strict=False):
        stack = undo_stack(log.entries, by)
        for seq in (*stack.undo, *stack.redo):
            assert log.entries[seq - 1].by == by
        if step == UNDO and stack.undo:
            log.revert(stack.undo[-1], UNDO, by)
        elif step == REDO and stack.redo:
            log.revert(stack.redo[-1], REDO, by)
        elif not isinstance(step, str):
            log.append(step.kind, attempt(log.states[-1], step)[0], by=by)


def test_an_empty_log_has_nothing_to_undo() -> None:
    assert undo_stack([], "ann") == UndoStack()


def test_undone_revisions_wait_to_be_done_again_until_something_new_is_done() -> None:
    log = [entry(1), entry(2), entry(3, UNDO, 2)]
    assert undo_stack(log, "ann") == UndoStack((1,), (3,))
    assert undo_stack([*log, entry(4, REDO, 3)], "ann") == UndoStack((1, 4), ())
    assert undo_stack([*log, entry(4)], "ann") == UndoStack((1, 4), ())


def test_what_others_do_in_between_changes_no_ones_stack() -> None:
    log = [entry(1), entry(2, by="bob"), entry(3, UNDO, 1), entry(4, by="bob")]
    assert undo_stack(log, "ann") == UndoStack((), (3,))
    assert undo_stack(log, "bob") == UndoStack((2, 4), ())


def test_what_somebody_took_back_can_not_be_undone_again() -> None:
    log = [entry(1), entry(2), entry(3, TAKE_BACK, 2, by="bob")]
    assert undo_stack(log, "ann") == UndoStack((1,), ())
    assert undo_stack(log, "bob") == UndoStack((3,), ())
    again = [*log, entry(4, UNDO, 3, by="bob")]
    assert undo_stack(again, "ann") == UndoStack((1, 2), ())


def test_taking_back_is_itself_undone() -> None:
    log = [entry(1), entry(2), entry(3, TAKE_BACK, 1)]
    assert undo_stack(log, "ann") == UndoStack((2, 3), ())
    assert undo_stack([*log, entry(4, UNDO, 3)], "ann") == UndoStack((1, 2), (4,))


def test_numbers_of_areas_are_counted_also_when_the_area_is_gone() -> None:
    put = (PutArea(Area(AreaId(4), "D")), PutArea(Area(AreaId(2), "B")))
    assert last_id([*put, DropArea(AreaId(4))]) == 4
    assert last_id([DropArea(AreaId(9))]) == 0


def test_a_plan_starts_without_areas() -> None:
    assert start(ITEMS) == Alignment.empty(ITEMS)


def test_an_undo_of_a_move_brings_the_items_back() -> None:
    """
    A A B  ->  B A B  ->  A A B
    """
    before = grid("AAB")
    after = done(before, Move(at(0), AreaId(2)))
    assert replay(after, revert(after, after, before).edits) == before
    assert np.array_equal(after.area_of, [2, 1, 2])
