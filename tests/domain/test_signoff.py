"""Signing off: which step leads where, what is closed meanwhile, and who opens it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from grids import at, done, new_ids
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from planners import ITEMS, START, attempt, commands, states
from strategies import edits

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Combine, Command, Move, Remove, Reparent
from tp_geo.domain.edits import Ask, Edit, PutArea, Sign, diff, replay
from tp_geo.domain.locking import LockAreas
from tp_geo.domain.merge import merge
from tp_geo.domain.revision import start
from tp_geo.domain.rules import Remit, admit
from tp_geo.domain.signing import Require, TakeStep
from tp_geo.domain.signoff import OPEN, STEPS, Asks, SignOff, Status, Step, follows
from tp_geo.errors import Refused

N, S = AreaId(1), AreaId(2)
ANN, BEN, CY = "ann", "ben", "cy"


def submitted(a: Alignment, area: AreaId | None = N, by: str = ANN) -> Alignment:
    return done(a, TakeStep(Step.SUBMIT, area, by, dataset="d"))


def approved(a: Alignment, area: AreaId | None = N) -> Alignment:
    return done(submitted(a, area), TakeStep(Step.APPROVE, area, BEN, dataset="d"))


def refusal(a: Alignment, command: Command) -> str:
    with pytest.raises(Refused) as refused:
        done(a, command)
    return str(refused.value)


def inside(a: Alignment, area: AreaId | None) -> object:
    """Return everything there is of a branch, or of the whole, as values that compare."""
    areas = [*a.areas] if area is None else [*a.subtree(area)]
    in_it = np.ones(a.items.count, np.bool_) if area is None else np.isin(a.resolved, areas)
    held = a.held & in_it
    return {k: a.areas[k] for k in areas}, np.where(in_it, a.resolved, -9).tolist(), held.tolist()


# laws


steps = st.builds(
    TakeStep,
    st.sampled_from(Step),
    st.none() | st.integers(1, 6).map(AreaId),
    st.sampled_from([ANN, BEN]),
    st.sampled_from(["", "why"]),
    dataset=st.sampled_from(["d", "e"]),
)


class Planning(RuleBasedStateMachine):
    """Planners edit, submit and decide as they like; the gate keeps what is signed off."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[tuple[Edit, ...]] = []
        self.now = START
        self.was = START
        self.fresh = map(AreaId, range(3, 999))

    def _admitted(self, made: tuple[Edit, ...], after: Alignment) -> None:
        self.was, self.now = self.now, after
        self.log.append(made)

    @rule(command=commands)
    def edit(self, command: Command) -> None:
        self._admitted(*attempt(self.now, command, self.fresh))

    @rule(step=steps)
    def take_step(self, step: TakeStep) -> None:
        self._admitted(*attempt(self.now, step))

    @rule(area=st.sampled_from([N, S, None]))
    def submit(self, area: AreaId | None) -> None:
        self._admitted(*attempt(self.now, TakeStep(Step.SUBMIT, area, ANN, dataset="d")))

    @precondition(lambda self: self.log)
    @rule(made=st.lists(edits(ITEMS), max_size=3))
    def out_of_nowhere(self, made: list[Edit]) -> None:
        try:
            self._admitted(tuple(made), admit(self.now, made))
        except Refused:
            self._admitted((), self.now)

    @precondition(lambda self: self.log)
    @rule(back=st.integers(1, 6))
    def go_back(self, back: int) -> None:
        """Any revert or restore is a diff to a state that was."""
        there = START
        for made in self.log[: -back or None]:
            there = replay(there, made)
        way = diff(self.now, replace(there, signoffs=self.now.signoffs, asks=self.now.asks))
        try:
            self._admitted(way, admit(self.now, way))
        except Refused:
            self._admitted((), self.now)

    @invariant()
    def nothing_changes_in_what_was_submitted_or_approved(self) -> None:
        for k, signoff in self.was.signoffs.items():
            if signoff.seals:
                assert inside(self.was, k) == inside(self.now, k)

    @invariant()
    def only_a_step_leads_from_one_sign_off_to_the_next(self) -> None:
        for k in self.was.signoffs.keys() | self.now.signoffs.keys():
            before, after = self.was.signoff(k), self.now.signoff(k)
            gone = k is not None and k not in self.now.areas
            assert before == after or gone or follows(before, after)

    @invariant()
    def the_log_leads_to_where_it_stands(self) -> None:
        state = START
        for made in self.log:
            state = replay(state, made)
        assert state == self.now


TestPlanning = Planning.TestCase
TestPlanning.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@given(states(), st.sampled_from(["branch", "whole"]), st.lists(edits(ITEMS), max_size=4))
def test_a_copy_of_what_is_signed_off_is_told_by_its_difference(
    a: Alignment, what: str, made: list[Edit]
) -> None:
    b = replay(a, made)
    assert replay(a, diff(a, b)) == replace(
        b, signoffs={k: s for k, s in b.signoffs.items() if k is None or k in b.areas}
    )


@given(st.sampled_from(Step), st.sampled_from(Status))
def test_a_step_is_taken_from_where_it_starts_and_from_nowhere_else(
    step: Step, status: Status
) -> None:
    a = replace(START, signoffs={N: SignOff(status, 1, ANN, ANN, dataset="d")})
    made, after = attempt(a, TakeStep(step, N, ANN, "why", dataset="d"))
    starts, end = STEPS[step]
    assert bool(made) == (status in starts)
    assert after.signoff(N).status == (end if made else status)


# what is closed


CHANGES: dict[str, Command] = {
    "items out": Move(at(0), S),
    "items in": Move(at(4), N),
    "items to nobody": Move(at(0), UNASSIGNED),
    "name": Change(N, {"name": "X"}),
    "target": Change(N, {"targets": {"people": 3.0}}),
    "lock": LockAreas((N,)),
    "branch": Branch(N, ("N1", "N2")),
    "combine": Combine(S, frozenset({N})),
    "combine into": Combine(N, frozenset({S})),
    "remove": Remove(N),
    "remove into": Remove(S, N),
    "reparent": Reparent(N, S),
}


@pytest.mark.parametrize("command", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("bring", [submitted, approved])
def test_no_change_reaches_into_a_branch_that_is_signed_off(
    command: Command, bring: Callable[[Alignment], Alignment]
) -> None:
    a = done(START, Branch(S, ("S1",))) if isinstance(command, Reparent) else START
    said = refusal(bring(a), command)
    assert said.startswith("N was submitted")
    assert ANN in said


def test_who_is_refused_learns_who_submitted_it_and_the_way_out() -> None:
    said = refusal(submitted(START), Move(at(0), S))
    assert said == (
        "N was submitted for review by ann, so nothing in it may change. "
        "ann or an owner can recall it, a reviewer can send it back."
    )
    said = refusal(approved(START), Move(at(0), S))
    assert "approved by ben" in said
    assert "Revoke the approval" in said


def test_other_branches_go_on_while_one_is_submitted() -> None:
    a = done(submitted(START), Move(at(4), UNASSIGNED), Change(S, {"name": "South"}))
    assert a.name(S) == "South"


def test_while_the_whole_is_submitted_nothing_changes_anywhere() -> None:
    a = submitted(START, None)
    assert "The alignment was submitted" in refusal(a, Move(at(4), UNASSIGNED))
    assert "The alignment was submitted" in refusal(a, Branch(None, ("West",)))
    assert "The alignment was submitted" in refusal(a, TakeStep(Step.SUBMIT, S, BEN))


def test_a_branch_within_a_submitted_one_keeps_where_it_stands() -> None:
    a = done(START, Branch(N, ("N1", "N2")))
    inner = next(k for k in a.children(N))
    a = submitted(approved(a, inner), N)
    assert refusal(a, TakeStep(Step.REVOKE, inner, BEN, "why")).startswith("N was submitted")
    a = done(a, TakeStep(Step.SEND_BACK, N, BEN, "why"))
    assert a.signoff(inner).status is Status.APPROVED
    assert "N1 was submitted" in refusal(a, Move(at(0), S))


# steps


def test_sending_back_and_revoking_need_a_reason() -> None:
    assert refusal(submitted(START), TakeStep(Step.SEND_BACK, N, BEN, "  ")).startswith("Say why N")
    assert refusal(approved(START, None), TakeStep(Step.REVOKE, None, BEN)) == (
        "Say why the alignment has to be worked on again."
    )


def test_only_who_submitted_and_owners_recall() -> None:
    a = submitted(done(START, Change(N, {"owner": CY})))
    assert "Ask ann to recall it" in refusal(a, TakeStep(Step.RECALL, N, BEN))
    for by in (ANN, CY):
        assert done(a, TakeStep(Step.RECALL, N, by)).signoff(N).status is Status.DRAFT


def test_an_approval_of_a_submission_that_was_replaced_is_refused() -> None:
    a = submitted(done(submitted(START), TakeStep(Step.RECALL, N, ANN)))
    late = TakeStep(Step.APPROVE, N, BEN, round=1, dataset="d")
    assert "submitted again since you looked" in refusal(a, late)
    assert done(a, replace(late, round=2)).signoff(N).status is Status.APPROVED


def test_an_approval_on_other_figures_than_those_submitted_is_refused() -> None:
    late = TakeStep(Step.APPROVE, N, BEN, dataset="e")
    assert "figures under N have changed" in refusal(submitted(START), late)


@pytest.mark.parametrize(
    ("bring", "step", "says"),
    [
        (submitted, Step.SUBMIT, "N was submitted already, by ann."),
        (approved, Step.SUBMIT, "Revoke that first"),
        (approved, Step.RECALL, "Revoke the approval instead."),
        (approved, Step.APPROVE, "N was approved already, by ben."),
        (submitted, Step.REVOKE, "there is no approval to revoke"),
        (lambda a: a, Step.APPROVE, "N is draft: it has to be submitted first."),
    ],
)
def test_a_step_out_of_place_says_what_to_do(
    bring: Callable[[Alignment], Alignment], step: Step, says: str
) -> None:
    assert says in refusal(bring(START), TakeStep(step, N, ANN, "why", dataset="d"))


def test_an_alignment_without_areas_is_not_submitted() -> None:
    said = refusal(start(ITEMS), TakeStep(Step.SUBMIT, None, ANN))
    assert said == "There is no area to submit. Add areas first."


def test_a_locked_area_can_be_submitted_and_unlocked_only_after() -> None:
    a = submitted(done(START, LockAreas((N,))))
    assert refusal(a, LockAreas((N,), locked=False)).startswith("N was submitted")


def test_sign_offs_come_alone_and_never_out_of_nowhere() -> None:
    wanted = Sign(N, SignOff(Status.SUBMITTED, 1, ANN, ANN))
    renamed = PutArea(replace(START.areas[S], name="X"))
    with pytest.raises(Refused, match="can't come together"):
        admit(START, (wanted, renamed))
    with pytest.raises(Refused, match="N is draft and can't become approved"):
        admit(START, (Sign(N, SignOff(Status.APPROVED, 1, ANN, ANN)),))
    with pytest.raises(Refused, match="Area 9 is gone"):
        admit(START, (Sign(AreaId(9), SignOff(Status.SUBMITTED, 1, ANN, ANN)),))


def test_an_owner_submits_their_own_part_only() -> None:
    a = done(START, TakeStep(Step.SUBMIT, N, ANN), remit=Remit.of(N))
    assert a.signoff(N).status is Status.SUBMITTED
    for step in (TakeStep(Step.SUBMIT, S, ANN), TakeStep(Step.SUBMIT, None, ANN)):
        with pytest.raises(Refused, match="outside the part you plan"):
            done(START, step, remit=Remit.of(N))
    with pytest.raises(Refused, match="outside the part you plan"):
        done(START, Require(Asks.BRANCHES), remit=Remit.of(N))


def test_what_is_asked_for_is_set_in_any_state_and_once() -> None:
    a = done(submitted(START, None), Require(Asks.ALIGNMENT))
    assert a.asks is Asks.ALIGNMENT
    assert Require(Asks.ALIGNMENT).edits(a, new_ids(a)) == ()
    assert diff(START, a)[-1] == Ask(Asks.ALIGNMENT)


def test_a_merge_leaves_sign_offs_to_their_own_steps() -> None:
    there = submitted(START)
    assert merge(START, START, there).edits == ()
    assert merge(there, there, START).edits == ()


def test_an_area_that_goes_takes_its_sign_off_along() -> None:
    sent = done(submitted(START), TakeStep(Step.SEND_BACK, N, BEN, "why"))
    a = done(sent, Remove(N))
    assert not a.signoffs
    assert sent.signoff(N).status in OPEN
