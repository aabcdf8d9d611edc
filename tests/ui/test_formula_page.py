"""Calculated measures on the page Data: seen first, told what is wrong beside the field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import states
from streamlit.testing.v1 import AppTest

from tp_geo.domain.dataset import Level
from tp_geo.workflow.formula_drafts import Draft
from tp_geo.workflow.formulas import put_formula
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]


class Dialog:
    """A dialog of a dataset by itself; that it is on the page is another test's."""

    def __init__(self, part: str, name: str = "") -> None:
        self.at = AppTest.from_string(
            f"from tp_geo.ui import formula_view, state\nimport streamlit as st\n"
            f"st.session_state[state.ALIGNMENT] = 'North'\n"
            f"formula_view.{part}({states.NAME!r}, {name!r})",
            default_timeout=60,
        )
        self.run()

    def run(self) -> None:
        self.at.run()
        assert not self.at.exception

    def write(self, name: str, text: str) -> None:
        self.at.text_input(key="formula_name").set_value(name)
        self.at.text_area(key="formula_text").set_value(text)
        self.run()

    @property
    def said(self) -> str:
        return " ".join(c.value for c in self.at.caption).replace("\\", "")

    @property
    def ready(self) -> bool:
        return not self.at.button(key="formula_keep").disabled

    def keep(self) -> None:
        self.at.button(key="formula_keep").click().run()


@pytest.fixture
def dialog(plan: Plan) -> Dialog:
    return Dialog("write")


def test_what_a_formula_comes_to_is_shown_before_it_is_kept(
    dialog: Dialog, planner: Planner
) -> None:
    dialog.write("double", "12 / (revenue - 3)")
    figures = {m.label: m.value for m in dialog.at.metric}
    assert figures["Not known"] == "1"
    assert figures["Smallest"].startswith("−12")
    assert "1 of them divided by zero" in dialog.said
    assert planner.dataset(states.NAME).formulas == ()
    dialog.keep()
    (formula,) = planner.dataset(states.NAME).formulas
    assert (formula.name, formula.text, formula.level) == (
        "double",
        "12 / (revenue - 3)",
        Level.UNIT,
    )
    assert planner.open("North").dataset.formulas == (formula,)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x", "revnue * 2", "There is no measure 'revnue'. Did you mean 'revenue'?"),
        ("x", "income + revenue / people +", "ends too early"),
        ("Revenue", "people * 2", "has a measure 'revenue' of its own"),
        ("x", "x + 1", "would use itself"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_can_be_kept(
    dialog: Dialog, name: str, text: str, said: str
) -> None:
    dialog.write(name, text)
    assert said in dialog.said
    assert not dialog.ready
    assert not dialog.at.error


def test_a_mean_asks_what_it_is_weighted_by(dialog: Dialog, planner: Planner) -> None:
    dialog.write("rate", "revenue / people")
    dialog.at.selectbox(key="formula_aggregate").set_value("mean")
    dialog.run()
    assert dialog.at.selectbox(key="formula_weight").value == "people"
    dialog.at.selectbox(key="formula_weight").set_value("revenue")
    dialog.at.text_input(key="formula_unit").set_value("USD a head")
    dialog.run()
    dialog.keep()
    rate = planner.dataset(states.NAME).measure("rate")
    assert (rate.weight, rate.unit) == ("revenue", "USD a head")


def test_a_formula_of_areas_shows_those_of_the_plan_that_is_open(
    dialog: Dialog, planner: Planner
) -> None:
    dialog.at.segmented_control(key="formula_level").set_value(Level.AREA)
    dialog.write("share", "revenue / total(revenue)")
    first = next(d.value for d in dialog.at.dataframe if "share" in d.value.columns)
    assert first["Area"].tolist() == ["West", "East"]
    dialog.keep()
    assert planner.dataset(states.NAME).formulas[0].level is Level.AREA


def test_what_is_put_in_goes_to_the_end(dialog: Dialog) -> None:
    dialog.write("x", "2 *")
    dialog.at.selectbox(key="formula_insert").set_value("revenue")
    dialog.run()
    assert dialog.at.text_area(key="formula_text").value == "2 * revenue"
    assert dialog.ready


def test_a_formula_is_changed_and_removed_unless_it_is_used(plan: Plan, planner: Planner) -> None:
    put_formula(planner, states.NAME, Draft("double", "revenue * 2"))
    put_formula(planner, states.NAME, Draft("more", "double + 1"))
    dialog = Dialog("write", "double")
    dialog.write("more", "revenue * 3")
    assert "has a formula called 'more' already" in dialog.said
    assert not dialog.ready
    dialog.write("triple", "revenue * 3")
    dialog.keep()
    texts = {f.name: f.text for f in planner.dataset(states.NAME).formulas}
    assert texts == {"triple": "revenue * 3", "more": "triple + 1"}
    used = Dialog("remove", "triple").at
    assert any("the formula 'more'" in e.value.replace("\\", "") for e in used.error)
    assert used.button(key="formula_gone").disabled
    Dialog("remove", "more").at.button(key="formula_gone").click().run()
    assert [f.name for f in planner.dataset(states.NAME).formulas] == ["triple"]


def test_the_page_lists_formulas_and_opens_the_dialog(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    put_formula(planner, states.NAME, Draft("double", "revenue * 2"))
    at = opened("data", alignment="North")
    assert any("**double** = revenue" in m.value for m in at.markdown)
    next(b for b in at.button if b.label == "Add a formula").click().run()
    assert at.text_area(key="formula_text").value == ""
