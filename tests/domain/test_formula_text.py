"""Formulas are read by a grammar: any name can be written, what is hostile is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.domain.formula_check import FUNCTIONS
from tp_geo.domain.formula_text import MAX_LENGTH, Call, Name, Text, parsed, quoted
from tp_geo.domain.formula_units import UNKNOWN, Unit, unit_of
from tp_geo.errors import BadData

NAMES = st.text(min_size=1, max_size=30).filter(str.strip)


@settings(deadline=None)
@given(NAMES)
def test_a_name_with_any_characters_reads_back(name: str) -> None:
    tree = parsed(f"1 + {quoted(name)}")
    assert isinstance(tree, Call)
    assert tree.args[1] == Name(name, quoted(name))


@settings(deadline=None)
@given(NAMES)
def test_a_name_reads_back_from_backticks_too(name: str) -> None:
    tree = parsed("`" + name.replace("`", "``") + "`")
    assert isinstance(tree, Name)
    assert tree.name == name


@settings(deadline=None)
@given(st.text(max_size=30))
def test_a_text_reads_back_from_either_quotes(said: str) -> None:
    for quote in "\"'":
        tree = parsed(quote + said.replace(quote, quote * 2) + quote)
        assert isinstance(tree, Text)
        assert tree.value == said


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.sampled_from("ab1.+-*/^()[]`'\",<>=!&|~:;\\{}@#$% \n\té"), max_size=60))
def test_whatever_is_written_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        parsed(text)
    except BadData as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("a.__class__", "can't be read at '.', after 'a'"),
        ("a[0]", "can't be read at '[0]'"),
        ("lambda: 1", "can't be read at ':'"),
        ("(a := 1)", "can't be read at ':'"),
        ("a if b else c", "can't be read at 'if'"),
        ("{a}", "can't be read at '{'"),
        ("a; b", "can't be read at ';'"),
        ("1 < a < 2", "can't be read at '<'"),
        ("a + ", "ends too early"),
        ("min(a,", "ends too early"),
        ("[Open pipeline", "[ at character 1 is never closed"),
        ('x = "abc', '" at character 5 is never closed'),
        ("[ ]", "holds no name"),
        ("1e999", "too large"),
        ("-" * 1900 + "a", "too deeply nested"),
        ("a" + "+a" * 400, "too deeply nested"),
        ("abs(" * 300 + "a" + ")" * 300, "too deeply nested"),
        ("a" * (MAX_LENGTH + 1), "2,001 characters"),
    ],
)
def test_what_is_no_formula_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(BadData) as refused:
        parsed(text)
    assert said in str(refused.value)


def test_words_that_begin_like_operators_are_names() -> None:
    assert isinstance(parsed("order"), Name)
    assert isinstance(parsed("notes"), Name)
    assert quoted("and") == "[and]"
    assert "if" in FUNCTIONS


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("USD", "USD"),
        ("USD / h", "USD/h"),
        ("1/h", "1/h"),
        ("km^2", "km²"),
        ("a·b/c/d", "a·b/(c·d)"),
    ],
)
def test_units_of_measure_read_back(unit: str, said: str) -> None:
    assert str(unit_of(unit)) == said
    assert unit_of(said) == unit_of(unit)


def test_units_multiply_and_divide() -> None:
    usd, hours = unit_of("USD"), unit_of("h")
    assert str(usd.times(hours, -1)) == "USD/h"
    assert usd.times(hours, -1).times(hours) == usd
    assert usd.times(usd, -1) == Unit()
    assert usd.times(UNKNOWN) == UNKNOWN
    assert str(usd.power(2)) == "USD²"
    assert usd.power(0.5) == UNKNOWN
