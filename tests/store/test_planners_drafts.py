"""Planners who also work in drafts and merge them, held against the same simple model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from states import at

from store.test_planners import AREAS, CODES, Model, Planners, State, codes, names, people
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, HoldItems, Move
from tp_geo.domain.drafts import Keep
from tp_geo.errors import Refused
from tp_geo.workflow import drafts
from tp_geo.workflow.planner import Planner

EXAMPLES, STEPS, MOST = 12, 30, 2


@dataclass
class Apart:
    """A draft: what it began with, what became of it, and the one area that may change in it."""

    name: str
    area: str
    start: State
    model: Model

    def may(self, *touched: str) -> bool:
        """Whether what touches these may be done in the draft as far as its branch goes."""
        return not self.area or set(touched) == {self.area}


def merged(start: State, base: State, draft: State, keep: Keep) -> State:
    """What a merge leads to: code by code, hold and place together where the sides clash."""
    winner = base if keep is Keep.BASE else draft
    places, held = [], []
    for i in range(len(CODES)):
        was, ours, theirs = start.holds[i], base.holds[i], draft.holds[i]
        hold, our, their = start.held[i], base.held[i], draft.held[i]
        clash = was not in (ours, theirs) and ours != theirs
        clash |= (our and not hold and theirs != was) or (their and not hold and ours != was)
        if clash and (ours, our) != (theirs, their):
            places.append(winner.holds[i])
            held.append(winner.held[i])
        else:
            places.append(theirs if ours == was else ours)
            held.append(their if our == hold else our)
    sides = zip(start.locked, base.locked, draft.locked, strict=True)
    locked = tuple(theirs if ours == was else ours for was, ours, theirs in sides)
    return State(tuple(places), tuple(held), locked)


class Drafters(Planners):
    """Two people on one plan and in drafts of it."""

    def __init__(self) -> None:
        super().__init__()
        self.apart: list[Apart] = []
        self.begun = 0

    @precondition(lambda self: len(self.apart) < MOST)
    @rule(by=people, area=st.sampled_from(["", *AREAS]))
    def begin(self, by: str, area: str) -> None:
        self._begin(by, area)

    def _begin(self, by: str, area: str) -> None:
        self.begun += 1
        base = self.plan(0)
        base.refresh()
        made = drafts.begin(
            Planner(self.store), base, f"{self.name} draft {self.begun}",
            area=AREAS.get(area), by=by,
        )  # fmt: skip
        now = self.model.now
        self.apart.append(Apart(made.info.name, area, now, Model(states=[now])))

    @precondition(lambda self: self.apart)
    @rule(by=people, wanted=codes, to=st.sampled_from(["", *AREAS]), data=st.data())
    def move_apart(self, by: str, wanted: list[str], to: str, data: st.DataObject) -> None:
        self._move_apart(data.draw(st.sampled_from(self.apart)), by, wanted, to)

    def _move_apart(self, draft: Apart, by: str, wanted: list[str], to: str) -> None:
        model = draft.model
        touched = {model.now.area(c) for c in wanted if model.now.area(c) != to} | {to}
        allowed = model.may_move(wanted, to) and draft.may(*touched)
        command = Move(at(*wanted), AREAS.get(to, AreaId(0)))
        self._done(draft, command, model.now.moved(wanted, to), allowed, by)

    @precondition(lambda self: len(self.apart) < MOST)
    @rule(by=people, wanted=codes, ways=st.permutations(["", *AREAS]), keep=st.sampled_from(Keep))
    def go_two_ways(self, by: str, wanted: list[str], ways: list[str], keep: Keep) -> None:
        self._begin(by, "")
        self._move(0, by, wanted, ways[0])
        self._move_apart(self.apart[-1], by, wanted, ways[1])
        self._merge(self.apart[-1], by, keep)

    @precondition(lambda self: self.apart)
    @rule(by=people, wanted=codes, on=st.booleans(), data=st.data())
    def hold_apart(self, by: str, wanted: list[str], on: bool, data: st.DataObject) -> None:
        draft = data.draw(st.sampled_from(self.apart))
        model = draft.model
        going = [c for c in wanted if model.now.held[CODES.index(c)] != on]
        allowed = model.may_keep(wanted, on) and draft.may(*{model.now.area(c) for c in going})
        self._done(draft, HoldItems(at(*wanted), on), model.now.kept(wanted, on), allowed, by)

    @precondition(lambda self: self.apart)
    @rule(by=people, area=names, on=st.booleans(), data=st.data())
    def lock_apart(self, by: str, area: str, on: bool, data: st.DataObject) -> None:
        draft = data.draw(st.sampled_from(self.apart))
        k, locked = [*AREAS].index(area), draft.model.now.locked
        after = replace(draft.model.now, locked=(*locked[:k], on, *locked[k + 1 :]))
        command = Change(AREAS[area], {"locked": on})
        self._done(draft, command, after, draft.may(area), by)

    def _done(self, draft: Apart, command: Any, after: State, allowed: bool, by: str) -> None:
        plan = Planner(self.store).open(draft.name)
        if after == draft.model.now:
            assert plan.ask(command, by=by) is None
        elif not allowed:
            with pytest.raises(Refused):
                plan.ask(command, by=by)
        else:
            assert plan.ask(command, by=by)
            draft.model.note(after, by, "apart")

    @precondition(lambda self: self.apart)
    @rule(by=people, keep=st.sampled_from(Keep), data=st.data())
    def merge(self, by: str, keep: Keep, data: st.DataObject) -> None:
        self._merge(data.draw(st.sampled_from(self.apart)), by, keep)

    def _merge(self, draft: Apart, by: str, keep: Keep) -> None:
        there = merged(draft.start, self.model.now, draft.model.now, keep)
        planner = Planner(self.store)
        plan = planner.open(draft.name)
        decided = {c.key: keep for c in drafts.report(planner, plan).conflicts}
        try:
            made = drafts.merge(planner, plan, decided, by=by).revision
        except Refused:
            assert self._guards(there), "nothing is in the way of it"
            return
        assert (made is None) == (there == self.model.now)
        if made:
            self.model.note(there, by, "merge")
        self.apart.remove(draft)

    @invariant()
    def every_draft_is_as_its_model(self) -> None:
        for draft in self.apart:
            assert self._seen(Planner(self.store).open(draft.name)) == draft.model.now


def test_planners_with_drafts_in_any_order_get_what_the_model_says(address: str) -> None:
    machine = type("Here", (Drafters,), {"address": address})
    how = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(machine, settings=how)
