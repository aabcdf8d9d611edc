"""Formulas by another name: every use follows, nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.formula_names import rewritten
from tp_geo.domain.formula_text import names_at, parsed, quoted

WORDS = st.text(min_size=1, max_size=8).filter(lambda s: s.strip() == s)


@pytest.mark.parametrize(
    ("text", "new", "then"),
    [
        ("effort * 2", "work", "work * 2"),
        ("Effort + [effort]", "hours a week", "[hours a week] + [hours a week]"),
        ('if([Segment] = "effort", effort, 0)', "w]k", 'if([Segment] = "effort", [w]]k], 0)'),
        ("effort(effort)", "x", "effort(x)"),
        ("coalesce(visits, 0)", "x", "coalesce(visits, 0)"),
        ("total(effort) / `effort`", "and", "total([and]) / [and]"),
    ],
)
def test_only_names_that_are_meant_are_written_anew(text: str, new: str, then: str) -> None:
    assert rewritten(text, lambda name: name.casefold() == "effort", new) == then


@given(WORDS, WORDS, st.sampled_from(["{} + 1", "-{} ^ 2", "if({} > 1, visits, {})", "(({}))"]))
def test_a_name_that_was_changed_is_found_by_the_new_one(old: str, new: str, form: str) -> None:
    text = form.replace("{}", quoted(old))
    after = rewritten(text, lambda name: name == old, new)
    parsed(after)
    assert [n for *_, n in names_at(after)] == [new if n == old else n for *_, n in names_at(text)]
    assert rewritten(text, lambda _: False, new) == text
