"""What a formula comes to for all rows is what plain Python makes of each row."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.domain.formula_text import parsed
from tp_geo.domain.formula_values import worked_out

Value = float | None
Row = Mapping[str, Value]
Part = tuple[str, Callable[[Row], Value]]
"""A formula as text, and as a function of a row; ``None`` is not known."""


def finite(value: float) -> Value:
    return value if math.isfinite(value) else None


def both(f: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    def apply(a: Value, b: Value) -> Value:
        return None if a is None or b is None else finite(f(a, b))

    return apply


def divide(a: Value, b: Value) -> Value:
    return None if a is None or not b else finite(a / b)


def either(a: Value, b: Value) -> Value:
    if a == 1 or b == 1:
        return 1.0
    return None if a is None or b is None else 0.0


def every(a: Value, b: Value) -> Value:
    if a == 0 or b == 0:
        return 0.0
    return None if a is None or b is None else 1.0


def chosen(test: Value, a: Value, b: Value) -> Value:
    return None if test is None else a if test else b


def named(name: str) -> Part:
    return name, lambda row: row[name]


def number(value: int) -> Part:
    return str(value), lambda row: float(value)


LEAVES = st.one_of(st.sampled_from("abc").map(named), st.integers(0, 9).map(number))
OPERATORS = {"+": both(operator.add), "-": both(operator.sub), "*": both(operator.mul), "/": divide}
TESTS = {"<": both(operator.lt), "<=": both(operator.le), "=": both(operator.eq),
         "<>": both(operator.ne)}  # fmt: skip


def infix(words: Mapping[str, Callable[[Value, Value], Value]], parts: st.SearchStrategy[Part]):
    def made(word: str, left: Part, right: Part) -> Part:
        f = words[word]
        return f"({left[0]} {word} {right[0]})", lambda row: f(left[1](row), right[1](row))

    return st.builds(made, st.sampled_from(sorted(words)), parts, parts)


def truths(parts: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    simple = infix(TESTS, parts)
    negated = simple.map(
        lambda p: (f"not {p[0]}", lambda row: None if p[1](row) is None else 1.0 - p[1](row))
    )
    return st.one_of(simple, negated, infix({"and": every, "or": either}, simple))


def called(parts: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    def function(name: str, f: Callable[..., Value], *args: Part) -> Part:
        text = f"{name}({', '.join(a[0] for a in args)})"
        return text, lambda row: f(*(a[1](row) for a in args))

    return st.one_of(
        infix(OPERATORS, parts),
        st.builds(lambda p: function("abs", lambda a: None if a is None else abs(a), p), parts),
        st.builds(lambda p, q: function("min", both(min), p, q), parts, parts),
        st.builds(lambda p, q: function("max", both(max), p, q), parts, parts),
        st.builds(
            lambda p, q: function("coalesce", lambda a, b: b if a is None else a, p, q),
            parts, parts,
        ),
        st.builds(lambda t, p, q: function("if", chosen, t, p, q), truths(parts), parts, parts),
    )  # fmt: skip


FORMULAS = st.recursive(LEAVES, called, max_leaves=12)
ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | st.integers(-5, 5).map(float) for name in "abc"}),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=200)
@given(FORMULAS, ROWS)
def test_a_formula_is_for_every_row_what_python_makes_of_it(formula: Part, rows: list[Row]) -> None:
    columns = {n: np.array([np.nan if r[n] is None else r[n] for r in rows]) for n in "abc"}
    worked = worked_out(parsed(formula[0]), len(rows), lambda _of, name: columns[name])
    expected = [formula[1](row) for row in rows]
    wanted = np.array([np.nan if v is None else v for v in expected], dtype=float)
    np.testing.assert_allclose(worked.values, wanted, rtol=1e-9, atol=1e-9)
    assert not np.isinf(worked.values).any()


def one(text: str, **columns: float | str) -> float:
    found = {k: np.array([v], dtype=object if isinstance(v, str) else float)
             for k, v in columns.items()}  # fmt: skip
    return float(worked_out(parsed(text), 1, lambda _of, name: found[name]).values[0])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2^2", -4), ("2^3^2", 512), ("2 ** 3", 8), ("7 - 2 - 1", 4), ("8 / 4 / 2", 1),
        ("1 + 2 * 3", 7), ("(1 + 2) × 3", 9), ("6 ÷ 4", 1.5), ("+3 − 1", 2),
        ("round(2.5)", 3), ("round(-2.5)", -3), ("round(1.25, 1)", 1.3), ("round(1234, -2)", 1200),
        ("floor(-1.5)", -2), ("ceil(1.2)", 2), ("sqrt(9)", 3), ("ln(exp(2))", 2), ("log(1000)", 3),
        ("log(8, 2)", 3), ("IF(1 < 2, 10, 20)", 10), ("where(2 <= 1, 10, 20)", 20),
        ("not 1 = 2 and 2 ≥ 2", 1), ("1 == 1 or 1/0 > 1", 1), ("1 = 2 and 1/0 > 1", 0),
        ("known(1/0)", 0), ("number(5)", 5), ('"a" = "a"', 1), ("'a' <> \"b\"", 1),
    ],
)  # fmt: skip
def test_operators_and_functions_mean_what_is_written_of_them(text: str, value: float) -> None:
    assert one(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    ["1/0", "0/0", "-1/0", "9^9^9^9", "exp(1e9)", "sqrt(-1)", "ln(0)", "log(-1)", "1/(9^999)",
     "(-8)^0.5", "1e308 * 10", "log(5, 1)", "if(1/0 > 1, 2, 3)", "1/0 = 1/0"],
)  # fmt: skip
def test_what_has_no_value_is_not_known(text: str) -> None:
    assert math.isnan(one(text))


def test_divisions_by_zero_count_where_they_leave_nothing_to_know() -> None:
    a, b = np.array([1.0, 2.0, np.nan, 4.0]), np.array([0.0, 1.0, 1.0, 0.0])
    found = {"a": a, "b": b}
    plain = worked_out(parsed("a / b"), 4, lambda _of, name: found[name])
    assert (plain.unknown, plain.divided.tolist()) == (3, [True, False, False, True])
    caught = worked_out(parsed("coalesce(a / b, 0)"), 4, lambda _of, name: found[name])
    assert (caught.unknown, int(caught.divided.sum())) == (0, 0)


def test_texts_are_compared_row_by_row() -> None:
    assert one('if(segment = "Large", 12, 4)', segment="Large") == 12
    assert one('if(segment = "Large", 12, 4)', segment="large") == 4
    assert one("known(segment)", segment="") == 0
