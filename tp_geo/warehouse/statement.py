"""The one statement that rolls accounts up: a ``GROUP BY`` in the words of an engine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tp_geo.domain.rolled_up import CODE, COUNT, COUNTRY
from tp_geo.errors import BadData

if TYPE_CHECKING:
    from sqlglot import exp

MOST_CODES = 2_000_000
"""So many groups are taken over at most; no country has as many postal codes."""

DIALECTS: Mapping[str, str] = {
    "postgresql": "postgres",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "databricks": "databricks",
    "sqlserver": "tsql",
    "duckdb": "duckdb",
}
"""Engines by what we call them, and what ``sqlglot`` does."""

EXACT = "DECIMAL(38, 6)"
"""What figures with decimals are added up as in files: it does not matter in which order."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_PART = re.compile(r'"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]]+)\]|([^."`\[\]]+)')
_MOST_PARTS = 3
_ZIP_4 = "_____-____"
_ZIP = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A column to add up. ``exact``: as `EXACT`, and what is no number counted apart."""

    column: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class RollUp:
    """What is rolled up: columns of a table by the very names they have there.

    ``zips``: codes are ZIP codes, and ``94110-1234`` is grouped with ``94110``.
    """

    table: str
    code: str
    country: str = ""
    figures: tuple[Figure, ...] = ()
    zips: bool = False


def columns_of(asked: RollUp) -> tuple[str, ...]:
    """Return what the columns of the answer are called, in order."""
    columns = [CODE, *([COUNTRY] if asked.country else []), COUNT]
    for k, figure in enumerate(asked.figures, 1):
        columns += [figure.column] + ([unusable(k)] if figure.exact else [])
    return tuple(columns)


def unusable(k: int) -> str:
    """Return what the column is called that counts values of the ``k``-th figure of no use."""
    return f"tp_unusable_{k}"


def statement(asked: RollUp, engine: str) -> str:
    """Return the statement that gives a row for each code: accounts counted, figures added up.

    Names of columns are quoted, so that none of them is read as anything else.
    """
    from sqlglot import exp

    keys = [_code(asked), *([_text(asked.country)] if asked.country else [])]
    columns: list[exp.Expr] = [
        exp.alias_(key, name) for key, name in zip(keys, (CODE, COUNTRY), strict=False)
    ]
    columns.append(exp.alias_(exp.Count(this=exp.Star()), COUNT))
    for k, figure in enumerate(asked.figures, 1):
        columns += _figure(figure, k)
    made = (
        exp.select(*columns)
        .from_(_table(asked.table))
        .group_by(*(key.copy() for key in keys))
        .limit(MOST_CODES + 1)
    )
    return made.sql(dialect=_dialect(engine), pretty=True)


def names_of(table: str, engine: str) -> str:
    """Return the statement whose answer has no rows, and all columns of a table."""
    from sqlglot import exp

    made = exp.select("*").from_(_table(table)).where("1 = 0")
    return made.sql(dialect=_dialect(engine))


def found(column: str, known: Sequence[str], table: str) -> str:
    """Return the very name of a column that is written in whatever case; refuse one not there."""
    if column in known:
        return column
    alike = [k for k in known if k.casefold() == column.strip().casefold()]
    if len(alike) != 1:
        listed = ", ".join(known[:30]) or "none"
        raise BadData(f"{table} has no column {column!r}. It has: {listed}.")
    return alike[0]


def _dialect(engine: str) -> str:
    if engine not in DIALECTS:
        raise BadData(f"There is no dialect {engine!r}. There are: {', '.join(DIALECTS)}.")
    return DIALECTS[engine]


def _table(name: str) -> exp.Table:
    """Return the table that a text such as ``sales.accounts`` or ``"My db"."t"`` names."""
    from sqlglot import exp

    parts, at = list[exp.Identifier](), 0
    text = name.strip()
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            break
        *quoted, plain = part.groups()
        said = next((q.replace('""', '"') for q in quoted if q), "") or plain.strip()
        unquoted = bool(plain) and bool(_PLAIN.fullmatch(said))
        parts.append(exp.to_identifier(said, quoted=not unquoted))
        at = part.end()
        if at < len(text) and text[at] == ".":
            at += 1
            continue
        break
    if at < len(text) or not parts or len(parts) > _MOST_PARTS or text.endswith("."):
        raise BadData(
            f"{name!r} is no table. Write its name, as in sales.accounts; "
            'in double quotes what has dots or blanks: sales."my accounts".'
        )
    *above, this = parts
    places = dict(zip(("db", "catalog"), reversed(above), strict=False))
    return exp.Table(this=this, **places)


def _column(name: str) -> exp.Column:
    from sqlglot import exp

    return exp.column(exp.to_identifier(name, quoted=True))


def _text(name: str) -> exp.Expr:
    """Return a column as a text without blanks around it; "" where there is none."""
    from sqlglot import exp

    text = exp.Trim(this=exp.cast(_column(name), "varchar(200)"))
    return exp.Coalesce(this=text, expressions=[exp.Literal.string("")])


def _code(asked: RollUp) -> exp.Expr:
    from sqlglot import exp

    text = _text(asked.code)
    if not asked.zips:
        return text
    first = exp.Substring(
        this=text.copy(), start=exp.Literal.number(1), length=exp.Literal.number(_ZIP)
    )
    plus_4 = exp.Like(this=text.copy(), expression=exp.Literal.string(_ZIP_4))
    return exp.Case(ifs=[exp.If(this=plus_4, true=first)], default=text)


def _figure(figure: Figure, k: int) -> list[exp.Expr]:
    from sqlglot import exp

    column, name = _column(figure.column), exp.to_identifier(figure.column, quoted=True)
    if not figure.exact:
        return [exp.alias_(exp.Sum(this=column), name)]
    number = exp.TryCast(this=column, to=exp.DataType.build(EXACT, dialect="duckdb"))
    lost = exp.Sub(this=exp.Count(this=column.copy()), expression=exp.Count(this=number.copy()))
    return [exp.alias_(exp.Sum(this=number), name), exp.alias_(lost, unusable(k))]
