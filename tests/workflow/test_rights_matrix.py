"""Every role times everything shared times everything one can do: the allowed passes, no more.

The table of who may do what stands here once more, by hand: it is not asked of the app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import states
from rights_cases import ANA, CASES, EAST, EVA, LINKED, WEST, Case, Desk, desk, everything
from store.samples import boundary_info, layer_info

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.challenges import Wish
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.domain.rights import Level, Role
from tp_geo.domain.signoff import Asks
from tp_geo.errors import BadData, Refused
from tp_geo.store import Grant, Store
from tp_geo.workflow import (
    challenging,
    comments,
    drafts,
    effective,
    links,
    scenarios,
    signoff,
    team,
)
from tp_geo.workflow.publishing import Request
from tp_geo.workflow.publishing_package import plan_rows

Act = Callable[[Desk], object]
Allowed = Callable[[Case], bool]


def submitted(d: Desk, area: AreaId | None = WEST) -> Desk:
    signoff.submit(d.raw, area, by=ANA)
    return d


def challenged(d: Desk) -> Desk:
    challenging.challenge(d.raw, Wish.TAKE, WEST, ["NY"], by=ANA, reason="near")
    return d


ACTS: dict[str, tuple[Act, Allowed]] = {
    "open it": (lambda d: d.planner.open(d.raw.info.id), lambda c: c.sees),
    "rename West": (lambda d: d.plan.ask(Change(WEST, {"name": "W"}), by=EVA), lambda c: c.west),
    "branch West": (lambda d: d.plan.ask(Branch(WEST, ("A", "B"), "D"), by=EVA), lambda c: c.west),
    "rename East": (
        lambda d: d.plan.ask(Change(EAST, {"name": "E"}), by=EVA),
        lambda c: c.everywhere,
    ),
    "take from East": (lambda d: move(d, "NY", WEST), lambda c: c.everywhere),
    "give to East": (lambda d: move(d, "CA", EAST), lambda c: c.everywhere),
    "take what is unassigned": (lambda d: move(d, "TX", WEST), lambda c: c.everywhere),
    "submit West": (lambda d: signoff.submit(d.plan, WEST, by=EVA), lambda c: c.west),
    "submit the whole": (lambda d: signoff.submit(d.plan, None, by=EVA), lambda c: c.everywhere),
    "approve West": (
        lambda d: signoff.approve(submitted(d).plan, WEST, by=EVA),
        lambda c: c.reviews(False),
    ),
    "approve the whole": (
        lambda d: signoff.approve(submitted(d, None).plan, None, by=EVA),
        lambda c: c.reviews(True),
    ),
    "send West back": (
        lambda d: signoff.send_back(submitted(d).plan, WEST, by=EVA, reason="no"),
        lambda c: c.reviews(False),
    ),
    "ask for approval": (
        lambda d: signoff.require(d.plan, Asks.ALIGNMENT, by=EVA),
        lambda c: c.everywhere,
    ),
    "undo": (lambda d: d.plan.take_back(d.raw.seq, by=EVA), lambda c: c.everywhere),
    "comment": (lambda d: comments.comment(d.plan, "why?", by=EVA, area=WEST), lambda c: c.talks),
    "challenge": (
        lambda d: challenging.challenge(d.plan, Wish.TAKE, WEST, ["NY"], by=EVA, reason="near"),
        lambda c: c.talks,
    ),
    "decline a challenge": (
        lambda d: challenging.decline(challenged(d).plan, 1, by=EVA, reason="far"),
        lambda c: c.everywhere,
    ),
    "take a snapshot": (
        lambda d: d.plan.snapshot("mine", by=EVA),
        lambda c: c.sees and bool(c.role),
    ),
    "start a draft": (
        lambda d: drafts.begin(d.planner, d.plan, "Mine", area=WEST, by=EVA),
        lambda c: c.west,
    ),
    "start an alignment": (
        lambda d: d.planner.create("Mine", states.NAME, by=EVA, areas=2),
        lambda c: c.plans and c.sees,
    ),
    "copy it": (lambda d: d.planner.copy(d.plan, "Mine", by=EVA), lambda c: c.plans and c.sees),
    "start a scenario": (
        lambda d: scenarios.begin(d.planner, d.plan, "Mine", by=EVA),
        lambda c: c.plans and c.sees,
    ),
    "rename it": (lambda d: d.planner.rename(d.plan, "Mine"), lambda c: c.hands_on),
    "describe it": (
        lambda d: d.planner.describe(d.plan, description="mine"),
        lambda c: c.hands_on,
    ),
    "archive it": (lambda d: d.planner.archive(d.plan), lambda c: c.hands_on),
    "give it days": (
        lambda d: effective.set_period(d.planner, d.plan, "2030-01-01"),
        lambda c: c.hands_on,
    ),
    "hear challenges until": (
        lambda d: challenging.put_last_day(d.plan, date(2099, 1, 1)),
        lambda c: c.hands_on,
    ),
    "share it": (
        lambda d: team.share(d.plan, "bob", Level.VIEW, by=EVA),
        lambda c: c.hands_on,
    ),
    "share West": (
        lambda d: team.share(d.plan, "bob", Level.EDIT, area=WEST, by=EVA),
        lambda c: c.hands_on_west,
    ),
    "share East": (
        lambda d: team.share(d.plan, "bob", Level.EDIT, area=EAST, by=EVA),
        lambda c: c.hands_on,
    ),
    "make a link": (lambda d: links.new_link(d.plan, by=EVA), lambda c: c.hands_on),
    "write a package": (
        lambda d: plan_rows(d.plan, Request()),
        lambda c: c.sees and c.role in ("administrator", "publisher"),
    ),
    "import a dataset": (
        lambda d: states.keep(d.planner.store, replace(states.dataset("new"), name="new")),
        lambda c: c.plans,
    ),
    "change a dataset": (
        lambda d: states.keep(d.planner.store, states.dataset("newer")),
        lambda c: c.admin,
    ),
    "put boundaries": (
        lambda d: d.planner.store.put_boundaries(boundary_info("zips", "k"), b"x"),
        lambda c: c.plans,
    ),
    "put a layer": (
        lambda d: d.planner.store.put_layer(layer_info("roads", "k"), b"x"),
        lambda c: c.plans,
    ),
    "give roles": (
        lambda d: team.put_roles(d.planner, "bob", {Role.PLANNER}, by=EVA),
        lambda c: c.admin,
    ),
    "make oneself administrator": (
        lambda d: d.planner.store.put_grants((Grant(EVA, "team", "administrator", EVA, "now"),)),
        lambda c: c.admin,
    ),
    "hide a measure": (
        lambda d: team.hide(d.planner, states.NAME, "revenue", ["publisher"], by=EVA),
        lambda c: c.admin,
    ),
    "copy the store": (
        lambda d: d.planner.store.backup(Path(f"{d.planner.store.beside}.copy")),
        lambda c: c.admin,
    ),
    "act as Ana": (lambda d: d.plan.ask(Change(WEST, {"name": "W"}), by=ANA), lambda c: False),
}


def move(d: Desk, code: str, to: AreaId) -> object:
    return d.plan.ask(Move(d.plan.dataset.positions([code]), to), by=EVA)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Make empty stores."""
    from tp_geo.store import open_store

    made: list[Store] = []

    def fresh() -> Store:
        made.append(open_store(str(tmp_path / f"{len(made)}.duckdb")))
        states.keep(made[-1])
        return made[-1]

    yield fresh
    for store in made:
        store.close()


@pytest.mark.parametrize("case", CASES + LINKED, ids=str)
def test_exactly_what_is_allowed_passes(case: Case, stores: Callable[[], Store]) -> None:
    store = stores()
    wrong = []
    fresh = False
    for name, (act, allowed) in ACTS.items():
        set_up = name.startswith(("approve", "send", "decline"))
        if set_up or not fresh:
            _clear(store)
            at = desk(store, case)
        before = everything(store, at.raw)
        try:
            act(at)
        except (Refused, BadData) as why:
            done, said = False, str(why)
        else:
            done, said = True, ""
        if done != allowed(case):
            wrong.append((name, "done" if done else said))
        fresh = not done and not set_up
        if fresh:
            assert everything(store, at.raw) == before, f"{name} was refused and left something"
    assert not wrong


def _clear(store: Store) -> None:
    """Put all alignments away, and take all rights back."""
    for info in store.alignments():
        store.put_alignment(replace(info, name=info.id, archived=True))
    store.put_grants([replace(g, level="") for g in store.grants() if g.level])
