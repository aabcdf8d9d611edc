"""The rule by account fields in *Edit area*: refused in words or kept, with what it takes told."""

from __future__ import annotations

import states
from area_dialog import dialog, saved
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.workflow.plan import Plan

EAST = AreaId(2)


def typed(at: AppTest, rule: str) -> str:
    """Type a rule, and return what is told below it."""
    at.text_area[0].input(rule).run()
    assert not at.exception
    return " ".join(c.value for c in at.expander[0].caption).replace("\\", "")


def test_a_rule_is_refused_in_words_or_kept_as_one_change(plan: Plan) -> None:
    at = AppTest.from_function(dialog, default_timeout=60).run()
    assert "'Revenue' compares no account field with a value" in typed(at, "Revenue")
    assert "'Revenue' compares no account field with a value" in saved(at)
    plan.refresh()
    assert plan.seq == 1
    typed(at, "Revenue>=3  AND rep = Ana")
    assert saved(at) == ""
    plan.refresh()
    assert plan.alignment.area(EAST).attributes == {"rule": "Revenue >= 3 AND rep = Ana"}
    assert plan.history()[-1].text == "changed rule of East to Revenue >= 3 AND rep = Ana"


def test_it_tells_how_many_accounts_the_rule_takes_as_it_is_typed(plan: Plan) -> None:
    at = AppTest.from_function(dialog, default_timeout=60).run()
    assert "Takes **4** of 6 accounts of the dataset." in typed(at, "Revenue >= 3")
    assert "The dataset has no column Industry" in typed(at, "Industry = Energy")
    plan.ask(Move(states.at("NV", "NY"), EAST), by="anna")
    told = typed(at, "Revenue >= 3")
    assert "Takes **2** of 6 accounts of the dataset. 2 more would fit" in told


def test_an_emptied_rule_is_gone_and_a_home_beside_it_stays(plan: Plan) -> None:
    plan.ask(Change(EAST, {"attributes": {"home": "CA", "rule": "rep = Ana"}}), by="anna")
    at = AppTest.from_function(dialog, default_timeout=60).run()
    assert at.text_area[0].value == "rep = Ana"
    typed(at, "")
    assert saved(at) == ""
    plan.refresh()
    assert plan.alignment.area(EAST).attributes == {"home": "CA"}
