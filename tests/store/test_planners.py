"""Planners who do anything in any order, held against a model that is as simple as can be.

The model knows three areas, seven states, and for each revision where everything was. It says
what is refused and what an edit, a sign-off, a snapshot or a challenge leads to. Two openings
of the plan take turns, as two processes do; it is opened anew now and then. On both engines.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import states
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from states import at

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.challenges import Verdict, Wish
from tp_geo.domain.commands import Change, HoldItems, Move
from tp_geo.domain.problems import problems
from tp_geo.errors import Refused
from tp_geo.store import open_store
from tp_geo.workflow import challenging, signoff
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

EXAMPLES, STEPS = 15, 30

CODES = ("CA", "FL", "NV", "NY", "OR", "TX", "WA")
AREAS = {"West": AreaId(1), "East": AreaId(2), "South": AreaId(3)}
NAMES = {0: "", **{k: name for name, k in AREAS.items()}}
WHOLE = ""
"""What the model calls the whole alignment where it is signed off, and no area where items are."""

people = st.sampled_from(["ana", "ben"])
codes = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True)
names = st.sampled_from([*AREAS])
branches = st.sampled_from([WHOLE, *AREAS])
_SEALED = ("submitted", "approved")
_STARTS = {
    "submit": ("draft", "sent back", "revoked"),
    "recall": ("submitted",),
    "send back": ("submitted",),
    "approve": ("submitted",),
    "revoke": ("approved",),
}
_ENDS = {
    "submit": "submitted",
    "recall": "draft",
    "send back": "sent back",
    "approve": "approved",
    "revoke": "revoked",
}


@dataclass(frozen=True)
class State:
    """Where everything is at a revision: the area of each code, what is held, what is locked."""

    holds: tuple[str, ...] = ("",) * len(CODES)
    held: tuple[bool, ...] = (False,) * len(CODES)
    locked: tuple[bool, ...] = (False,) * len(AREAS)

    def area(self, code: str) -> str:
        """Where a code is."""
        return self.holds[CODES.index(code)]

    def moved(self, wanted: list[str], to: str) -> State:
        """Everything as it is, some codes in another area."""
        pairs = zip(CODES, self.holds, strict=True)
        return replace(self, holds=tuple(to if c in wanted else a for c, a in pairs))

    def kept(self, wanted: list[str], on: bool) -> State:
        """Everything as it is, some codes held or not."""
        pairs = zip(CODES, self.held, strict=True)
        return replace(self, held=tuple(on if c in wanted else h for c, h in pairs))

    def reverted(self, before: State, after: State) -> State:
        """Everything as it is, but what a revision changed, and is as it left it, as before it.

        A code goes back with its hold or not at all: who moved it later has both.
        """

        def back(now: Any, was: Any, made: Any) -> Any:
            return [w if n == m else n for n, w, m in zip(now, was, made, strict=True)]

        codes_ = back(self._codes(), before._codes(), after._codes())
        locked = back(self.locked, before.locked, after.locked)
        return State(tuple(a for a, _ in codes_), tuple(h for _, h in codes_), tuple(locked))

    def _codes(self) -> list[tuple[str, bool]]:
        return [*zip(self.holds, self.held, strict=True)]


@dataclass
class Model:
    """A plan: its states by revision, who made each and why, and what is said of it."""

    states: list[State] = field(default_factory=lambda: [State(), State()])
    made: list[tuple[str, str]] = field(default_factory=lambda: [("", ""), ("maker", "branch")])
    status: dict[str, str] = field(default_factory=lambda: dict.fromkeys([WHOLE, *AREAS], "draft"))
    submitter: dict[str, str] = field(default_factory=dict)
    snapshots: list[tuple[str, int]] = field(default_factory=list)
    challenges: list[tuple[str, str, str, list[str], dict[str, str], str]] = field(
        default_factory=list
    )
    """Who asked what for which area, of which codes, where these were, and the verdict."""

    @property
    def now(self) -> State:
        return self.states[-1]

    @property
    def seq(self) -> int:
        return len(self.states) - 1

    def note(self, state: State, by: str, kind: str) -> None:
        self.states.append(state)
        self.made.append((by, kind))

    def sealed(self, area: str) -> bool:
        return self.status[WHOLE] in _SEALED or (bool(area) and self.status[area] in _SEALED)

    def guarded(self, area: str) -> bool:
        """Whether nothing in an area, or of what is in none, may change."""
        return self.sealed(area) or (bool(area) and self.now.locked[[*AREAS].index(area)])

    def may_move(self, wanted: list[str], to: str) -> bool:
        """Whether codes that are elsewhere may go to an area."""
        going = [c for c in wanted if self.now.area(c) != to]
        kept = any(self.now.held[CODES.index(c)] for c in going)
        touched = {self.now.area(c) for c in going} | {to}
        return not kept and not any(map(self.guarded, touched))

    def may_keep(self, wanted: list[str], on: bool) -> bool:
        """Whether codes may be held, or let go."""
        going = [c for c in wanted if self.now.held[CODES.index(c)] != on]
        return not any(self.guarded(self.now.area(c)) for c in going)


class Planners(RuleBasedStateMachine):
    """Two people on one plan. Drafts and merges are further rules of the same kind."""

    address = ""
    count = 0

    def __init__(self) -> None:
        super().__init__()
        Planners.count += 1
        self.name = f"Plan {Planners.count}"
        self.store = open_store(self.address)
        states.keep(self.store) if not self.store.datasets() else None
        Planner(self.store).create(self.name, states.NAME, by="maker", areas=[*AREAS])
        self.plans = [Planner(self.store).open(self.name) for _ in range(2)]
        self.model = Model()

    def teardown(self) -> None:
        self.store.close()

    def plan(self, which: int) -> Plan:
        return self.plans[which]

    # Edits

    @rule(which=st.integers(0, 1), by=people, wanted=codes, to=st.sampled_from(["", *AREAS]))
    def move(self, which: int, by: str, wanted: list[str], to: str) -> None:
        self._move(which, by, wanted, to)

    def _move(self, which: int, by: str, wanted: list[str], to: str) -> None:
        after = self.model.now.moved(wanted, to)
        allowed = self.model.may_move(wanted, to)
        command = Move(at(*wanted), AREAS.get(to, AreaId(0)))
        self._asked(which, by, command, after, allowed, "move")

    @precondition(lambda self: any(map(self.model.guarded, AREAS)))
    @rule(which=st.integers(0, 1), by=people, wanted=codes, data=st.data())
    def move_where_nothing_may(
        self, which: int, by: str, wanted: list[str], data: st.DataObject
    ) -> None:
        guarded = [area for area in AREAS if self.model.guarded(area)]
        self._move(which, by, wanted, data.draw(st.sampled_from(guarded)))

    @precondition(lambda self: any(self.model.now.held))
    @rule(which=st.integers(0, 1), by=people, wanted=codes, to=st.sampled_from(["", *AREAS]))
    def move_what_is_held(self, which: int, by: str, wanted: list[str], to: str) -> None:
        held = [c for c, h in zip(CODES, self.model.now.held, strict=True) if h]
        self._move(which, by, sorted({*wanted, held[0]}), to)

    @rule(which=st.integers(0, 1), by=people, wanted=codes, on=st.booleans())
    def hold(self, which: int, by: str, wanted: list[str], on: bool) -> None:
        after = self.model.now.kept(wanted, on)
        allowed = self.model.may_keep(wanted, on)
        self._asked(which, by, HoldItems(at(*wanted), on), after, allowed, "hold")

    @rule(which=st.integers(0, 1), by=people, area=names, on=st.booleans())
    def lock(self, which: int, by: str, area: str, on: bool) -> None:
        k = [*AREAS].index(area)
        locked = self.model.now.locked
        after = replace(self.model.now, locked=(*locked[:k], on, *locked[k + 1 :]))
        command = Change(AREAS[area], {"locked": on})
        self._asked(which, by, command, after, not self.model.sealed(area), "lock")

    def _asked(
        self, which: int, by: str, command: Any, after: State, allowed: bool, kind: str
    ) -> None:
        if after == self.model.now:
            assert self.plan(which).ask(command, by=by) is None
        elif not allowed:
            with pytest.raises(Refused):
                self.plan(which).ask(command, by=by)
        else:
            assert self.plan(which).ask(command, by=by)
            self.model.note(after, by, kind)

    # Taking back

    @rule(which=st.integers(0, 1), by=people)
    def undo(self, which: int, by: str) -> None:
        self._reverting(which, by, lambda plan: plan.undo(by=by))

    @rule(which=st.integers(0, 1), by=people)
    def redo(self, which: int, by: str) -> None:
        self._reverting(which, by, lambda plan: plan.redo(by=by))

    @rule(which=st.integers(0, 1), by=people, share=st.floats(0, 1))
    def take_back(self, which: int, by: str, share: float) -> None:
        seq = 2 + round(share * (self.model.seq - 2)) if self.model.seq > 1 else 1
        if seq == 1:
            return  # it made the areas: the model has no plan without them
        signs = self.model.made[seq][1] == "sign"
        before, after = self.model.states[seq - 1 : seq + 1]
        there = self.model.now.reverted(before, after)
        try:
            made = self.plan(which).take_back(seq, by=by).revision
        except Refused:
            assert signs or there == self.model.now or self._guards(there)
        else:
            assert not signs
            assert made.reverts == seq
            self.model.note(there, by, "reverted")

    def _reverting(self, which: int, by: str, act: Any) -> None:
        plan = self.plan(which)
        try:
            made = act(plan)
        except Refused:
            return  # what is refused changes nothing: see the invariant
        assert self.model.made[made.reverts][0] == by
        before, after = self.model.states[made.reverts - 1 : made.reverts + 1]
        there = self.model.now.reverted(before, after)
        assert there != self.model.now
        self.model.note(there, by, "reverted")

    def _guards(self, there: State) -> bool:
        """Whether anything is locked, held or sealed that can be in the way."""
        now = self.model.now
        return any(now.locked) or any(now.held) or any(map(self.model.sealed, ["", *AREAS]))

    # Signing off

    @rule(which=st.integers(0, 1), by=people, area=branches, step=st.sampled_from([*_STARTS]))
    def sign(self, which: int, by: str, area: str, step: str) -> None:
        model, status = self.model, self.model.status[area]
        allowed = status in _STARTS[step]
        allowed &= not area or model.status[WHOLE] not in _SEALED
        allowed &= step != "recall" or model.submitter.get(area) == by
        if not allowed:
            with pytest.raises(Refused):
                self._step(which, by, area, step)
            return
        self._step(which, by, area, step)
        model.note(model.now, by, "sign")
        model.status[area] = _ENDS[step]
        if step == "submit":
            model.submitter[area] = by
        if step in ("submit", "approve"):
            done = f"{area or 'The alignment'} {_ENDS[step]}, revision {model.seq}"
            model.snapshots.append((done, model.seq))

    def _step(self, which: int, by: str, area: str, step: str) -> None:
        plan, branch = self.plan(which), AREAS.get(area)
        plan.refresh()
        match step:
            case "submit":
                signoff.submit(plan, branch, by=by)
            case "recall":
                signoff.recall(plan, branch, by=by)
            case "send back":
                signoff.send_back(plan, branch, by=by, reason="look again")
            case "approve":
                signoff.approve(plan, branch, by=by)
            case _:
                signoff.revoke(plan, branch, by=by, reason="look again")

    # Snapshots

    @rule(which=st.integers(0, 1), by=people, name=st.sampled_from("ABC"))
    def snapshot(self, which: int, by: str, name: str) -> None:
        plan = self.plan(which)
        plan.refresh()
        if name in dict(self.model.snapshots):
            with pytest.raises(Refused):
                plan.snapshot(name, by=by)
        else:
            plan.snapshot(name, by=by)
            self.model.snapshots.append((name, self.model.seq))

    @precondition(lambda self: self.model.snapshots)
    @rule(which=st.integers(0, 1), by=people, data=st.data())
    def restore(self, which: int, by: str, data: st.DataObject) -> None:
        name, seq = data.draw(st.sampled_from(self.model.snapshots))
        plan = self.plan(which)
        plan.refresh()
        try:
            made = plan.restore(name, by=by)
        except Refused:
            assert self._guards(self.model.states[seq])
        else:
            assert (made is None) == (self.model.states[seq] == self.model.now)
            if made:
                self.model.note(self.model.states[seq], by, "restored")

    # Challenges

    @rule(which=st.integers(0, 1), by=people, wanted=codes, area=names, keep=st.booleans())
    def challenge(self, which: int, by: str, wanted: list[str], area: str, keep: bool) -> None:
        plan, now = self.plan(which), self.model.now
        plan.refresh()
        wish = Wish.KEEP if keep else Wish.TAKE
        allowed = all((now.area(c) == area) == keep for c in wanted)
        if not allowed:
            with pytest.raises(Refused):
                challenging.challenge(plan, wish, AREAS[area], wanted, by=by, reason="mine")
            return
        challenging.challenge(plan, wish, AREAS[area], wanted, by=by, reason="mine")
        where = {c: now.area(c) for c in wanted}
        self.model.challenges.append((by, "keep" if keep else "take", area, wanted, where, "open"))

    @precondition(lambda self: self.model.challenges)
    @rule(which=st.integers(0, 1), by=people, how=st.sampled_from(Verdict), data=st.data())
    def decide(self, which: int, by: str, how: Verdict, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.model.challenges)))
        asker, wish, area, wanted, where, verdict = self.model.challenges[number - 1]
        plan, model = self.plan(which), self.model
        plan.refresh()
        allowed = verdict == "open" and (by == asker) == (how is Verdict.WITHDRAWN)
        after = model.now
        if how is Verdict.ACCEPTED:
            allowed &= all(model.now.area(c) == a for c, a in where.items())
            if wish == "keep":
                after = model.now.kept(wanted, True)
                allowed &= model.may_keep(wanted, True)
            else:
                after = model.now.moved(wanted, area)
                allowed &= model.may_move(wanted, area)
        if how is Verdict.OPEN:
            return
        if not allowed:
            with pytest.raises(Refused):
                self._decided(plan, number, how, by)
            return
        self._decided(plan, number, how, by)
        if after != model.now:
            model.note(after, by, "challenge")
        model.challenges[number - 1] = (asker, wish, area, wanted, where, how.value)

    def _decided(self, plan: Plan, number: int, how: Verdict, by: str) -> None:
        match how:
            case Verdict.ACCEPTED:
                challenging.accept(plan, number, by=by)
            case Verdict.DECLINED:
                challenging.decline(plan, number, by=by, reason="no")
            case _:
                challenging.withdraw(plan, number, by=by)

    # What always holds

    @rule()
    def open_anew(self) -> None:
        """All is in the store: whoever opens it next finds the same."""
        self.store.close()
        self.store = open_store(self.address, wait_s=5)
        self.plans = [Planner(self.store).open(self.name) for _ in range(2)]

    @invariant()
    def every_opening_is_as_the_model(self) -> None:
        for plan in self.plans:
            plan.refresh()
            assert self._seen(plan) == self.model.now
            assert plan.seq == self.model.seq
            assert [r.by for r in plan.history()] == [by for by, _ in self.model.made[1:]]
            for area, status in self.model.status.items():
                found = plan.alignment.signoff(AREAS.get(area)).status
                assert found == status
            assert [(s.name, s.seq) for s in plan.snapshots()] == self.model.snapshots
            verdicts = sorted((c.number, c.verdict.value) for c in challenging.challenges(plan))
            assert verdicts == [(k, c[-1]) for k, c in enumerate(self.model.challenges, 1)]
            assert not problems(plan.alignment)

    def _seen(self, plan: Plan) -> State:
        alignment, where = plan.alignment, at(*CODES)
        return State(
            tuple(NAMES[int(k)] for k in alignment.area_of[where]),
            tuple(bool(h) for h in alignment.held[where]),
            tuple(alignment.area(k).locked for k in AREAS.values()),
        )


def test_planners_in_any_order_get_what_the_model_says(address: str) -> None:
    machine = type("Here", (Planners,), {"address": address})
    how = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(machine, settings=how)
