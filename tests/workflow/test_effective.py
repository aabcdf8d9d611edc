"""Plans valid from a day: one of a line at most, told on cards, asked for before a publish."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from wired import wired
from writing import ANA

from tp_geo.crm.org.service import Org
from tp_geo.errors import BadData, Refused
from tp_geo.files import plan_file
from tp_geo.workflow import clock
from tp_geo.workflow.effective import line_of, lines, not_yet, period_text, set_period
from tp_geo.workflow.exporting import export, plan_file_of
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import import_plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Request, publish_plan
from tp_geo.workflow.scenarios import begin

TODAY = date(2026, 11, 22)


@pytest.fixture
def planner(plan: Plan) -> Planner:
    """The planner of P, in force since the year began, and of a copy of it, Next."""
    made = Planner(plan.store)
    set_period(made, made.open("P"), "2026-01-01")
    made.copy(made.open("P"), "Next", by=ANA)
    return made


def test_two_of_a_line_are_not_valid_on_one_day_and_the_remedy_is_told(planner: Planner) -> None:
    with pytest.raises(Refused, match=r"P is valid from 1 January 2026, .* End P on 30 June 2027"):
        set_period(planner, planner.open("Next"), "2027-07-01")
    with pytest.raises(Refused, match="End Next on 31 December 2025"):
        set_period(planner, planner.open("Next"), "2025-07-01", "2026-03-31")
    assert line_of(planner, planner.find("P")).on(date(2030, 1, 1)) == planner.find("P")


def test_what_was_before_ends_the_day_before_where_that_is_asked(planner: Planner) -> None:
    _, ended = set_period(planner, planner.open("Next"), "2027-07-01", ending_others=True)
    assert [(i.name, i.valid_until) for i in ended] == [("P", "2027-06-30")]
    (line,) = [x for x in lines(planner) if x.dated]
    found = [line.on(day) for day in (date(2025, 12, 31), date(2027, 6, 30), date(2027, 7, 1))]
    assert [i and i.name for i in found] == [None, "P", "Next"]
    assert period_text(planner.find("Next"), TODAY) == "from 1 July 2027 (in 221 days)"


def test_plans_that_were_made_apart_may_be_valid_on_the_same_day(planner: Planner) -> None:
    other = planner.create("Q", planner.open("P").dataset.name, by=ANA, areas=["North"])
    set_period(planner, other, "2026-01-01")
    found = (line.on(TODAY) for line in lines(planner) if line.dated)
    assert {i.name for i in found if i} == {"P", "Q"}


def test_days_can_be_taken_away_and_given_to_another(planner: Planner) -> None:
    plan, _ = set_period(planner, planner.open("P"), "")
    assert period_text(plan.info, TODAY) == ""
    set_period(planner, planner.open("Next"), "2026-06-01")
    assert line_of(planner, plan.info).on(TODAY) == planner.find("Next")


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("2027-02-31", "", "first day '2027-02-31' is not in the calendar"),
        ("2027-07-01", "soon", "last day 'soon' is no day"),
        ("2027-07-01", "2027-06-30", "can't end before that"),
        ("", "2027-06-30", "needs a first one"),
    ],
)
def test_days_that_make_no_period_are_refused_and_nothing_is_kept(
    planner: Planner, start: str, end: str, why: str
) -> None:
    with pytest.raises((BadData, Refused), match=why):
        set_period(planner, planner.open("P"), start, end)
    assert planner.find("P").valid_from == "2026-01-01"


def test_a_scenario_is_valid_from_no_day(planner: Planner) -> None:
    trial = begin(planner, planner.open("P"), "Trial", by=ANA)
    with pytest.raises(Refused, match="Trial is a scenario and can't be valid from a day"):
        set_period(planner, trial, "2030-01-01")


def test_a_plan_whose_day_has_not_come_is_published_only_when_that_is_confirmed(
    planner: Planner, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2025, 12, 31))
    org = Org()
    crm, _ = wired(org)
    try:
        with pytest.raises(Refused, match="P is valid from 1 January 2026 on, in 1 day"):
            publish_plan(planner.open("P"), crm, Request(model="FY26"), by=ANA)
        receipt, _ = publish_plan(planner.open("P"), crm, Request(model="FY26", early=True), by=ANA)
        assert receipt.written
    finally:
        org.close()
    assert not_yet(planner.find("P"), date(2026, 1, 1)) == ""


def test_a_plan_file_and_a_map_book_have_the_days(planner: Planner, tmp_path: Path) -> None:
    made = planner.open("P")
    opened = import_plan(planner, export(made, tmp_path / "p.tpgeo"), by=ANA, name="Again")
    assert (opened.plan.info.valid_from, opened.plan.info.valid_until) == ("2026-01-01", "")
    file = plan_file.loads((tmp_path / "p.tpgeo").read_bytes())
    assert "valid_until" not in plan_file.dumps(file).decode("latin-1")
    assert "valid from 1 January 2026" in export(made, tmp_path / "p.html").read_text("utf-8")


def test_a_plan_file_with_a_day_that_is_none_is_refused(planner: Planner) -> None:
    plan = plan_file_of(planner.open("P"), seq=1)
    with pytest.raises(BadData, match=r"manifest.json, valid_from .* '2027-02-31' is not in the"):
        plan_file.loads(plan_file.dumps(replace(plan, valid_from="2027-02-31")))
