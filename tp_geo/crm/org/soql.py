"""SOQL as text to a query: a parser by recursive descent; what it does not know is malformed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeAlias

from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.values import moment_of

LONGEST: Final = 100_000

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|\\.)*')
    | (?P<datetime>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))
    | (?P<date>\d{4}-\d\d-\d\d)
    | (?P<number>[+-]?\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)
    | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_COMPARISONS: Final = ("=", "!=", "<>", "<", "<=", ">", ">=")
_AGGREGATES: Final = ("COUNT", "COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG")
_CLAUSES: Final = ("FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "OFFSET", "HAVING", "WITH", "FOR")


@dataclass(frozen=True, slots=True)
class Path:
    """A field, through its parents: ``Territory2.Territory2Model.Name``."""

    names: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over the records of a group; COUNT() has no path."""

    function: str
    path: Path | None
    alias: str
    at: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A value with its kind: text, number, date, datetime, boolean, null; `raw` as written."""

    kind: str
    value: Any
    at: int
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against a value."""

    path: Path
    operator: str
    value: Literal


@dataclass(frozen=True, slots=True)
class Among:
    """A field among values, or among what another query finds."""

    path: Path
    negated: bool
    values: tuple[Literal, ...] | Query


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions that all hold, or one of them."""

    operator: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    """A condition that does not hold."""

    part: Condition


Condition: TypeAlias = Compare | Among | Joined | Negated


@dataclass(frozen=True, slots=True)
class Order:
    """A field to sort by."""

    by: Path | Aggregate
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What a query asks."""

    text: str
    selected: tuple[Path | Aggregate, ...]
    source: str
    source_at: int
    alias: str
    where: Condition | None = None
    group: tuple[Path, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0


def parsed(text: str) -> Query:
    """Return the query a text spells; raise `ApiError` when it spells none."""
    if len(text) > LONGEST:
        raise ApiError(
            "MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters."
        )
    parser = _Parser(text)
    query = parser.query()
    parser.end()
    return query


def at(text: str, position: int, code: str, message: str) -> ApiError:
    """Return an error that points at a place in the query."""
    start = max(0, position - 40)
    line = text[start : position + 40].replace("\n", " ")
    where = f"ERROR at Row:1:Column:{position + 1}"
    return ApiError(code, f"\n{line}\n{' ' * (position - start)}^\n{where}\n{message}")


def pattern_of(raw: str) -> str:
    """Return a text after LIKE for SQL, in which a backslash escapes %, _ and itself."""
    return re.sub(
        r"\\(.)",
        lambda found: found[0] if found[1] in "%_\\" else _ESCAPES.get(found[1], found[1]),
        raw,
        flags=re.DOTALL,
    )


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind in ("name", "sign") else ""


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0

    def query(self) -> Query:
        self._expect("SELECT")
        selected = self._listed(self._selected)
        self._expect("FROM")
        source = self._name("name of an object")
        alias = ""
        if self._next.kind == "name" and self._next.word not in _CLAUSES:
            alias = self._take().text
        where = self._condition() if self._skip("WHERE") else None
        group = self._listed(self._path) if self._skip("GROUP", "BY") else ()
        order = self._listed(self._order) if self._skip("ORDER", "BY") else ()
        limit = self._count() if self._skip("LIMIT") else None
        offset = self._count() if self._skip("OFFSET") else 0
        return Query(
            self._text, selected, source.text, source.at, alias, where, group, order, limit, offset
        )

    def end(self) -> None:
        if self._next.kind != "end":
            self._unexpected()

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip(self, *words: str) -> bool:
        ahead = self._tokens[self._at : self._at + len(words)]
        if tuple(token.word for token in ahead) != words:
            return False
        self._at += len(words)
        return True

    def _expect(self, word: str) -> None:
        if not self._skip(word):
            self._unexpected(f"expecting '{word}', found ")

    def _unexpected(self, before: str = "unexpected token: ") -> NoReturn:
        token = self._next
        shown = f"'{token.text}'" if token.kind != "end" else "'<EOF>'"
        raise at(self._text, token.at, "MALFORMED_QUERY", before + shown)

    def _name(self, what: str) -> _Token:
        if self._next.kind != "name" or self._next.word in _CLAUSES:
            self._unexpected(f"expecting a {what}, found ")
        return self._take()

    def _listed(self, one: Callable[[], Any]) -> tuple[Any, ...]:
        found = [one()]
        while self._skip(","):
            found.append(one())
        return tuple(found)

    def _path(self) -> Path:
        token = self._name("field")
        return Path(tuple(token.text.split(".")), token.at)

    def _selected(self) -> Path | Aggregate:
        return self._aggregate() or self._path()

    def _aggregate(self) -> Aggregate | None:
        token = self._next
        if token.word not in _AGGREGATES or self._tokens[self._at + 1].word != "(":
            return None
        self._at += 2
        path = None if self._next.word == ")" and token.word == "COUNT" else self._path()
        self._expect(")")
        alias = ""
        if self._next.kind == "name" and self._next.word not in (*_CLAUSES, "ASC", "DESC", "NULLS"):
            alias = self._take().text
        return Aggregate(token.word, path, alias, token.at)

    def _order(self) -> Order:
        by = self._selected()
        descending = self._skip("DESC") or (self._skip("ASC") and False)
        last = self._skip("NULLS", "LAST") or (self._skip("NULLS", "FIRST") and False)
        return Order(by, descending, last)

    def _count(self) -> int:
        token = self._next
        if token.kind != "number" or not token.text.isdigit():
            self._unexpected()
        return int(self._take().text)

    def _condition(self) -> Condition:
        parts = [self._single()]
        operator = self._next.word
        if operator not in ("AND", "OR"):
            return parts[0]
        while self._skip(operator):
            parts.append(self._single())
        if self._next.word in ("AND", "OR"):
            self._unexpected()
        return Joined(operator, tuple(parts))

    def _single(self) -> Condition:
        if self._skip("NOT"):
            return Negated(self._single())
        if self._skip("("):
            inner = self._condition()
            self._expect(")")
            return inner
        path = self._path()
        if self._next.word in ("IN", "NOT"):
            negated = self._skip("NOT")
            self._expect("IN")
            return Among(path, negated, self._values())
        if self._next.word not in (*_COMPARISONS, "LIKE"):
            self._unexpected()
        operator = self._take().word
        return Compare(path, "!=" if operator == "<>" else operator, self._value())

    def _values(self) -> tuple[Literal, ...] | Query:
        self._expect("(")
        inner = self.query() if self._next.word == "SELECT" else self._listed(self._value)
        self._expect(")")
        return inner

    def _value(self) -> Literal:
        token = self._next
        if token.kind == "name" and token.word in ("TRUE", "FALSE", "NULL"):
            self._at += 1
            value = {"TRUE": 1, "FALSE": 0, "NULL": None}[token.word]
            return Literal("null" if value is None else "boolean", value, token.at)
        if token.kind not in ("text", "number", "date", "datetime"):
            self._unexpected()
        self._at += 1
        return Literal(token.kind, self._plain(token), token.at, token.text[1:-1])

    def _plain(self, token: _Token) -> Any:
        if token.kind == "text":
            return _unescaped(token.text[1:-1])
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "datetime" and moment_of(token.text) is None:
            raise at(self._text, token.at, "MALFORMED_QUERY", f"{token.text} is no date and time")
        return token.text


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if not found or found.lastgroup is None:
            position += len(text[position:]) - len(text[position:].lstrip())
            raise at(text, position, "MALFORMED_QUERY", f"unexpected token: '{text[position]}'")
        kind = found.lastgroup
        tokens.append(_Token(kind, found[kind], found.start(kind)))
        position = found.end()
    return [*tokens, _Token("end", "", end)]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text, flags=re.DOTALL)
