"""What a browser may say under rights: every case times every event, forged ids and pages too.

The callbacks are called as they would be by whatever a browser sends.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import states
import streamlit as st
from rights_cases import ANA, CASES, EAST, EVA, WEST, Case, Desk, desk, everything
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.rights import Level, Role
from tp_geo.errors import TpGeoError
from tp_geo.ui import map_view, state
from tp_geo.ui.navigation import PAGES
from tp_geo.ui.wire import encode_positions
from tp_geo.workflow import team
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
Event = tuple[str, Callable[[Desk], Mapping[str, Any]], Callable[[Case], bool]]
NOBODY = 99
"""No area has this id."""


def edit(**op: object) -> Callable[[Desk], Mapping[str, Any]]:
    def said(d: Desk) -> Mapping[str, Any]:
        codes = op.get("codes", ())
        items = encode_positions(d.raw.dataset.positions(codes))  # type: ignore[arg-type]
        one = {"seq": 1, "items": items, **{k: v for k, v in op.items() if k != "codes"}}
        return {"client": "c", "alignment": d.raw.info.id, "have": d.raw.seq, "ops": [one]}

    return said


def act(**what: object) -> Callable[[Desk], Mapping[str, Any]]:
    return lambda _: {"acts": [{"at": 1.0, **what}]}


def put(area: AreaId, below: AreaId) -> Callable[[Desk], Mapping[str, Any]]:
    """Put an area under another, which has areas already."""

    def said(d: Desk) -> Mapping[str, Any]:
        d.raw.ask(Branch(below, ("Part",), "District"), by=ANA)
        return act(kind="put", area=int(area), parent=int(below))(d)

    return said


EVENTS: dict[str, Event] = {
    "give what is in West away": (
        "edit",
        edit(kind="assign", to=0, codes=["CA"]),
        lambda c: c.everywhere,
    ),
    "take from East": ("edit", edit(kind="assign", to=1, codes=["NY"]), lambda c: c.everywhere),
    "take what is unassigned": (
        "edit",
        edit(kind="assign", to=1, codes=["TX"]),
        lambda c: c.everywhere,
    ),
    "take from East along with what is West's": (
        "edit",
        edit(kind="assign", to=1, codes=["CA", "NY"]),
        lambda c: c.everywhere,
    ),
    "assign to no area": ("edit", edit(kind="assign", to=NOBODY, codes=["CA"]), lambda _: False),
    "assign to an area below 0": (
        "edit",
        edit(kind="assign", to=-1, codes=["CA"]),
        lambda _: False,
    ),
    "hold in West": ("edit", edit(kind="hold", held=True, codes=["CA"]), lambda c: c.west),
    "hold in East": ("edit", edit(kind="hold", held=True, codes=["NY"]), lambda c: c.everywhere),
    "undo what others did": ("edit", edit(kind="undo"), lambda _: False),
    "redo what others did": ("edit", edit(kind="redo"), lambda _: False),
    "lock West": ("act", act(kind="lock", area=1), lambda c: c.west),
    "lock East": ("act", act(kind="lock", area=2), lambda c: c.everywhere),
    "lock no area": ("act", act(kind="lock", area=NOBODY), lambda _: False),
    "put West below East": ("act", put(WEST, EAST), lambda c: c.everywhere),
    "put East below West": ("act", put(EAST, WEST), lambda c: c.everywhere),
    "cut East": (
        "act",
        act(kind="cut", area=2, line=[[-80, 40], [-70, 44]]),
        lambda _: False,  # it opens a dialog, or not even that
    ),
    "share by the map": ("act", act(kind="sharing", area=1), lambda _: False),
    "open the team by the map": ("act", act(kind="team"), lambda _: False),
    "look at another measure": ("act", act(kind="measure", measure="revenue"), lambda _: False),
}
CALLED = {"edit": map_view._on_edit, "act": map_view._on_act}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[[Desk, str, Mapping[str, Any]], None]:
    """Say something as Eva's browser would, in a new session of hers on an alignment."""
    monkeypatch.setattr(st, "query_params", {})
    monkeypatch.setenv("TP_GEO_USER", EVA)
    monkeypatch.setattr(map_view, "_done", inspect.unwrap(map_view._done))

    def said(d: Desk, event: str, message: Mapping[str, Any]) -> None:
        session = {
            state.ALIGNMENT: d.raw.info.id,
            state.SELECTION: np.zeros(0, dtype=np.intp),
            state.FOCUS: Focus(),
            "map": {event: message},
        }
        monkeypatch.setattr(st, "session_state", session)
        try:
            inspect.unwrap(CALLED[event])()
        except TpGeoError:
            return

    return said


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.role or 'no role'}-{c.share}")
def test_an_event_changes_exactly_what_its_sender_may_change(
    case: Case, planner: Planner, browser: Callable[[Desk, str, Mapping[str, Any]], None]
) -> None:
    states.keep(planner.store)
    wrong = []
    for at, (name, (event, message, allowed)) in enumerate(EVENTS.items()):
        case_desk = desk(planner.store, case, f"P{at}")
        what = message(case_desk)
        before = everything(planner.store, case_desk.raw)
        browser(case_desk, event, what)
        done = everything(planner.store, case_desk.raw) != before
        if done != allowed(case):
            wrong.append((name, "done" if done else "refused"))
    assert not wrong


def test_an_event_that_names_another_alignment_than_the_one_open_changes_nothing_unseen(
    planner: Planner, browser: Callable[[Desk, str, Mapping[str, Any]], None]
) -> None:
    states.keep(planner.store)
    case = Case("planner", "edit")
    mine, hidden = desk(planner.store, case, "Mine"), desk(planner.store, case, "Hidden")
    team.share(hidden.raw, EVA, None, by=ANA)
    before = everything(planner.store, hidden.raw)
    forged = dict(EVENTS["take from East"][1](hidden))
    for name in (hidden.raw.info.id, hidden.raw.info.name, "", "nothing", "../" + mine.raw.info.id):
        browser(mine, "edit", {**forged, "alignment": name})
    assert everything(planner.store, hidden.raw) == before


@pytest.mark.parametrize("page", [at for _, at in PAGES.values()])
def test_no_page_tells_of_what_is_not_shared(
    opened: Opened, plan: Plan, planner: Planner, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether by name, by id or by the alignment looked at last."""
    secret = planner.create("Secret", states.NAME, by=ANA, areas=("Hidden West",))
    team.put_roles(planner, ANA, {Role.ADMINISTRATOR}, by=ANA)
    team.put_roles(planner, EVA, {Role.PLANNER, Role.PUBLISHER}, by=ANA)
    team.share(plan, EVA, Level.EDIT, by=ANA)
    planner.store.put_setting(f"{state.LAST}:{EVA}", secret.info.id)
    monkeypatch.setenv("TP_GEO_USER", EVA)
    for name in ("Secret", secret.info.id):
        at = opened(page, alignment=name)
        assert not at.exception
        told = [str(getattr(e, "value", "")) for e in at.main if e.type not in ("unknown",)]
        options = [str(o) for s in at.selectbox for o in s.options]
        labels = [str(b.label) for b in at.button]
        assert not any("Hidden West" in text for text in (*told, *options, *labels))
        assert not any("Secret" in text for text in (*options, *labels))
        assert at.session_state[state.ALIGNMENT] != secret.info.id


@pytest.mark.parametrize("role", list(Role))
def test_a_dialog_that_is_forced_open_gives_no_rights(
    opened: Opened, plan: Plan, planner: Planner, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an administrator does in *Team* and *Share*, tried by everybody."""
    team.put_roles(planner, ANA, {Role.ADMINISTRATOR}, by=ANA)
    team.put_roles(planner, EVA, {role}, by=ANA)
    team.share(plan, EVA, Level.VIEW, by=ANA)
    monkeypatch.setenv("TP_GEO_USER", EVA)
    before = planner.store.grants()
    at = opened("map", alignment="North")
    at.session_state[state.DIALOG] = ("team", ())
    at.run()
    for field in (t for t in at.text_input if t.label == "Person"):
        field.input("bob")
        next(m for m in at.multiselect if m.label == "Roles").select(Role.PLANNER)
    for add in (b for b in at.button if b.label == "Add"):
        add.click().run()
    assert (planner.store.grants() != before) == (role is Role.ADMINISTRATOR)
    before = planner.store.grants()
    at = opened("map", alignment="North")
    at.session_state[state.DIALOG] = ("sharing", (plan.info.id,))
    at.run()
    for field in (f for f in at.selectbox if f.label == "With"):
        field.select_index(0)
    for share in (b for b in at.button if b.label == "Share"):
        share.click().run()
    assert (planner.store.grants() != before) == (role is Role.ADMINISTRATOR)
