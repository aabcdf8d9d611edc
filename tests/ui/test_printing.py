"""Tables as they stand on paper."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from tp_geo.ui.printing import COLUMNS, ROWS, paper_table
from tp_geo.ui.text import deviation

number, text = st.column_config.NumberColumn, st.column_config.TextColumn


def test_names_are_shown_letter_by_letter():
    made = paper_table(pd.DataFrame({"<b>": ["<img src=x>"]}), {}, {})
    assert "<img" not in made
    assert "&lt;img src=x&gt;" in made
    assert "<th>&lt;b&gt;</th>" in made


def test_figures_are_written_as_the_column_says():
    table = pd.DataFrame({"a": [-1_234.0], "b": [-3.14159], "c": [0.5], "d": [math.nan]})
    made = paper_table(
        table,
        {"b": number("Off", format="%+.1f %%"), "c": number(format="percent")},
        {"a": lambda v: deviation(v) if isinstance(v, float) else ""},
    )
    assert ">Off<" in made
    assert ">−123,400.0 %<" in made
    assert ">−3.1 %<" in made
    assert ">50.0 %<" in made
    assert ">–<" in made


def test_only_pictures_that_are_in_the_page_are_shown():
    config = {"p": st.column_config.ImageColumn()}
    assert "<img" in paper_table(pd.DataFrame({"p": ["data:image/svg+xml,x"]}), config, {})
    assert "<img" not in paper_table(pd.DataFrame({"p": ["https://a.example/x.png"]}), config, {})


def test_a_wide_table_goes_on_below_with_its_first_column():
    table = pd.DataFrame({f"c{i}": [i] for i in range(2 * COLUMNS)})
    made = paper_table(table, {}, {})
    assert made.count("<table") == 3
    assert made.count(">c0<") == 3
    assert all(made.count(f">c{i}<") == 1 for i in range(1, 2 * COLUMNS))


def test_a_long_table_says_how_much_is_left_out():
    made = paper_table(pd.DataFrame({"n": range(ROWS + 1_200)}), {}, {})
    assert made.count("<tr>") == ROWS + 1
    assert "1,200 more" in made
