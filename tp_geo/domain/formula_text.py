"""The text of a formula: read into a tree, bounded in size; names with any characters."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, cast

from lark import Lark, Token, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from tp_geo.errors import BadData

MAX_LENGTH = 2_000
MAX_DEPTH = 100
MAX_NODES = 500
NEGATIVE = "-x"
"""What the sign before a value is called, as no function can be."""

_SHOWN = 40
_PLAIN = re.compile(r"[^\W\d]\w*")
_WORDS = ("and", "or", "not")
_OPENERS = {"[": "]", "`": "`", '"': '"', "'": "'"}

_GRAMMAR = r"""
    ?start: either
    ?either: both | either OR both -> two
    ?both: negation | both AND negation -> two
    ?negation: comparison | NOT negation -> one
    ?comparison: sum | sum COMPARE sum -> two
    ?sum: product | sum ADD product -> two
    ?product: signed | product MULTIPLY signed -> two
    ?signed: power | ADD signed -> one
    ?power: atom | atom POWER signed -> two
    ?atom: NUMBER -> number
        | TEXT -> text
        | WORD -> word
        | BRACKETED -> bracketed
        | WORD "(" [either ("," either)*] ")" -> call
        | "(" either ")"

    OR.2: /or\b/i
    AND.2: /and\b/i
    NOT.2: /not\b/i
    COMPARE: "<=" | ">=" | "<>" | "!=" | "==" | "=" | "<" | ">" | "≤" | "≥" | "≠"
    ADD: "+" | "-" | "−"
    POWER.1: "**" | "^"
    MULTIPLY: "*" | "/" | "×" | "÷" | "·"
    NUMBER: /(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?/i
    TEXT: /"([^"]|"")*"|'([^']|'')*'/
    BRACKETED: /\[([^\]]|\]\])*\]|`([^`]|``)*`/
    WORD: /[^\W\d]\w*/
    %ignore /\s+/
"""

_SAME = {
    "==": "=", "!=": "<>", "≠": "<>", "≤": "<=", "≥": ">=",
    "×": "*", "·": "*", "÷": "/", "−": "-", "**": "^",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float
    said: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    value: str
    said: str


@dataclass(frozen=True, slots=True)
class Name:
    """What a formula looks up: a measure, a column, another formula."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator with what it is applied to; ``said`` is the part of the text."""

    function: str
    args: tuple[Node, ...]
    said: str
    depth: int
    nodes: int


Node: TypeAlias = Number | Text | Name | Call


@lru_cache(maxsize=512)
def parsed(text: str) -> Node:
    """Return the tree of a formula, or raise ``BadData`` saying where it can't be read."""
    if not text.strip():
        raise BadData("The formula is empty. Write one, such as revenue / accounts.")
    if len(text) > MAX_LENGTH:
        raise BadData(
            f"The formula has {len(text):,} characters; {MAX_LENGTH:,} are allowed. "
            "Make parts of it formulas of their own."
        )
    try:
        tree = _parser().parse(text)
        return _Builder(text).transform(tree)
    except UnexpectedInput as error:
        raise BadData(_unread(text, error)) from None
    except VisitError as error:
        raise error.orig_exc from None


def names_at(text: str) -> list[tuple[int, int, str]]:
    """Return where the names stand that a formula looks up: start, end and name, in order."""
    found = []
    for leaf in _parser().parse(text).iter_subtrees():
        if leaf.data in ("word", "bracketed"):
            token = cast(Token, leaf.children[0])
            name = _inside(token) if leaf.data == "bracketed" else str(token)
            found.append((int(token.start_pos or 0), int(token.end_pos or 0), name))
    return sorted(set(found))


def quoted(name: str) -> str:
    """Return a name as a formula writes it: in brackets unless it is one plain word."""
    if _PLAIN.fullmatch(name) and name.casefold() not in _WORDS:
        return name
    return "[" + name.replace("]", "]]") + "]"


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", propagate_positions=True)


@v_args(meta=True)
class _Builder(Transformer_NonRecursive[Token, Node]):
    """Makes nodes of the parser's tree from the leaves up."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def number(self, _: Meta, children: list[Token]) -> Node:
        value = float(children[0])
        if not math.isfinite(value):
            raise BadData(f"The number {_short(children[0])} is too large.")
        return Number(value, str(children[0]))

    def text(self, _: Meta, children: list[Token]) -> Node:
        return Text(_inside(children[0]), str(children[0]))

    def word(self, _: Meta, children: list[Token]) -> Node:
        return Name(str(children[0]), str(children[0]))

    def bracketed(self, _: Meta, children: list[Token]) -> Node:
        name = _inside(children[0])
        if not name.strip():
            raise BadData(f"{children[0]} holds no name. Write one between the brackets.")
        return Name(name, str(children[0]))

    def call(self, meta: Meta, children: list[Node | Token | None]) -> Node:
        name, *args = children
        return self._made(str(name).casefold(), [a for a in args if _is_node(a)], meta)

    def one(self, meta: Meta, children: list[Node | Token]) -> Node:
        sign = _operator(children[0])
        if sign == "+" and _is_node(children[1]):
            return cast(Node, children[1])
        return self._made(NEGATIVE if sign == "-" else sign, [children[1]], meta)

    def two(self, meta: Meta, children: list[Node | Token]) -> Node:
        *first, operator, last = children
        return self._made(_operator(operator), [*first, last], meta)

    def _made(self, function: str, args: Sequence[Any], meta: Meta) -> Node:
        depth = 1 + max((a.depth for a in args if isinstance(a, Call)), default=1)
        nodes = 1 + sum(a.nodes if isinstance(a, Call) else 1 for a in args)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise BadData(
                "The formula is too deeply nested or too long to work with. "
                "Make parts of it formulas of their own."
            )
        said = self._text[meta.start_pos : meta.end_pos]
        return Call(function, tuple(args), said, depth, nodes)


def _is_node(value: object) -> bool:
    return isinstance(value, Number | Text | Name | Call)


def _operator(token: object) -> str:
    said = str(token).casefold()
    return _SAME.get(said, said)


def _inside(token: str) -> str:
    """Return what stands between quotes or brackets; the closing one is written twice inside."""
    end = token[-1]
    return token[1:-1].replace(end * 2, end)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _unread(text: str, error: UnexpectedInput) -> str:
    at = error.pos_in_stream
    if (isinstance(error, UnexpectedToken) and error.token.type == "$END") or at is None:
        return f"The formula ends too early, after {_short(text.strip()[-_SHOWN:])!r}. Finish it."
    found = str(error.token) if isinstance(error, UnexpectedToken) else text[at]
    if found in _OPENERS:
        return f"{found} at character {at + 1} is never closed. Write {_OPENERS[found]} behind it."
    before = _short(text[:at].strip()[-_SHOWN:])
    where = f"after {before!r}" if before else "at the beginning"
    return (
        f"The formula can't be read at {_short(found)!r}, {where} (character {at + 1}). "
        "Between two values stands an operator such as + - * /; "
        "names with spaces stand in [brackets]."
    )
