"""Read-only links: what they open, when they end, and that nothing goes round them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import states
from writing import ANA

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.reader import READ_ONLY
from tp_geo.domain.rights import Rights, Role
from tp_geo.errors import BadData, Refused
from tp_geo.store import Store
from tp_geo.workflow import clock, comments, links, signoff
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.team import put_roles

WEST = AreaId(1)


def guest(plan: Plan) -> Planner:
    """Return the planner of whoever comes by a new link."""
    token = links.new_link(plan, by=ANA).token
    found = links.opened(plan.store, token)
    return Planner(plan.store).reading(found.info.id, maker=found.link.by)


WRITES: list[Callable[[Planner, Plan], object]] = [
    lambda _, p: p.ask(Move(np.array([0]), WEST), by="x"),
    lambda _, p: p.ask(Change(WEST, {"name": "Mine"}), by="x"),
    lambda _, p: p.undo(by=ANA),
    lambda _, p: p.take_back(1, by=ANA),
    lambda _, p: p.snapshot("mine", by="x"),
    lambda _, p: signoff.submit(p, WEST, by="x"),
    lambda _, p: comments.comment(p, "hello", by="x", area=WEST),
    lambda _, p: links.new_link(p, by="x"),
    lambda _, p: links.revoke_link(p, 1, by="x"),
    lambda planner, p: planner.rename(p, "Mine"),
    lambda planner, p: planner.archive(p),
    lambda planner, p: planner.copy(p, "Mine", by="x"),
    lambda planner, _: planner.create("Mine", states.NAME, by="x"),
    lambda planner, _: planner.store.put_setting("last_alignment:ana", "x"),
    lambda planner, _: planner.store.backup(Path("nowhere.duckdb")),
]


@pytest.mark.parametrize("write", WRITES)
def test_whatever_writes_is_refused_and_leaves_nothing(
    plan: Plan, write: Callable[[Planner, Plan], object]
) -> None:
    reader = guest(plan)
    seen = reader.open(plan.info.id)
    before = plan.seq, plan.store.alignments(), plan.snapshots(), links.links(plan)
    with pytest.raises(Refused, match=READ_ONLY):
        write(reader, seen)
    plan.refresh()
    assert before == (plan.seq, plan.store.alignments(), plan.snapshots(), links.links(plan))
    assert seen.seq == plan.seq, "what was refused is not shown as if it were so"


def test_a_guest_sees_one_plan_as_it_goes_on_and_no_other(plan: Plan, store: Store) -> None:
    reader, other = guest(plan), Planner(store).create("Other", states.NAME, by=ANA, areas=("A",))
    assert [i.name for i in reader.plans()] == ["P"]
    for name in ("Other", other.info.id):
        with pytest.raises(Refused, match="no alignment called"):
            reader.open(name)
    assert reader.store.entries(other.info.id) == ()
    assert reader.store.snapshots(other.info.id) == ()
    assert reader.store.comments(other.info.id) == ()
    plan.ask(Move(np.array([0]), WEST), by=ANA)
    assert reader.open("P").alignment.area_of[0] == WEST


def test_a_guest_need_not_know_who_may_do_what(plan: Plan) -> None:
    put_roles(Planner(plan.store), ANA, {Role.ADMINISTRATOR}, by=ANA)
    assert guest(plan).rights == Rights()


def test_of_a_token_only_its_digest_is_kept(plan: Plan) -> None:
    made = links.new_link(plan, by=ANA)
    alignment, number, secret = made.token.split(".")
    kept = plan.store.setting(f"link:{alignment}:{number}")
    assert kept is not None
    assert secret not in kept
    assert len(secret) >= 32
    assert json.loads(kept)["digest"] == made.link.digest
    assert made.address("https://app/", "P").startswith("https://app/review?alignment=P&link=")


def test_tokens_that_were_not_given_out_open_nothing(plan: Plan, store: Store) -> None:
    other = Planner(store).create("Other", states.NAME, by=ANA, areas=("A",))
    alignment, number, secret = links.new_link(plan, by=ANA).token.split(".")
    forged = (
        "", ".", "..", alignment, f"{alignment}.{number}.", f"{alignment}.{number}.x{secret}",
        f"{alignment}.2.{secret}", f"{other.info.id}.{number}.{secret}",
        f"{alignment}.{number}.{secret}.", f"{alignment}.-1.{secret}", f"{alignment}.\u0661.é",
    )  # fmt: skip
    for token in forged:
        with pytest.raises(Refused, match="opens nothing"):
            links.opened(store, token)


def test_a_link_ends_when_it_is_revoked_expired_or_its_plan_archived(
    plan: Plan, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today()
    first, second = (links.new_link(plan, by=ANA, until=day) for day in (None, today))
    assert links.opened(store, second.token).info.name == "P"
    revoked = links.revoke_link(plan, 1, by="bo")
    assert links.revoke_link(plan, 1, by="cy") == revoked, "who was first is kept"
    with pytest.raises(Refused, match="was revoked on"):
        links.opened(store, first.token)
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
    with pytest.raises(Refused, match=f"ended on {today}"):
        links.opened(store, second.token)
    third = links.new_link(plan, by=ANA)
    Planner(store).archive(plan)
    with pytest.raises(Refused, match="archive"):
        links.opened(store, third.token)
    assert [link.number for link in links.links(plan)] == [1, 2, 3]


def test_a_link_that_is_over_already_or_not_there_is_refused(plan: Plan) -> None:
    with pytest.raises(BadData, match="is over"):
        links.new_link(plan, by=ANA, until=date(2001, 1, 1))
    with pytest.raises(Refused, match="has 0 links; there is no link 1"):
        links.revoke_link(plan, 1, by=ANA)
