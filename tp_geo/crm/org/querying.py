"""Queries answered: records as JSON, in pages that follow one another."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tp_geo.crm.org.calls import Answer, Call
from tp_geo.crm.org.ids import id_of
from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.records import Context
from tp_geo.crm.org.soql import Compare, Joined, Literal, Path, Query, parsed
from tp_geo.crm.org.soql_sql import Compiler, Statement
from tp_geo.crm.org.state import Record
from tp_geo.crm.org.values import told
from tp_geo.crm.schema import document

_PAGE: Final = next(e for e in document("limits")["rest"] if e["name"] == "query page")
_OPEN: Final = 10
_BATCH: Final = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)
_LOCATOR: Final = "01g"

STATE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "Territory2Model": ("State",),
    "Territory2": ("Territory2Model", "State"),
    "ObjectTerritory2AssignmentRule": ("Territory2Model", "State"),
    "ObjectTerritory2AssignmentRuleItem": ("Rule", "Territory2Model", "State"),
    "RuleTerritory2Association": ("Territory2", "Territory2Model", "State"),
    "UserTerritory2Association": ("Territory2", "Territory2Model", "State"),
    "ObjectTerritory2Association": ("Territory2", "Territory2Model", "State"),
}
"""Where the state of its model stands: who may not manage territories sees the active one only."""


@dataclass(frozen=True, slots=True)
class Found:
    """All rows of a query, of which pages are told."""

    statement: Statement
    rows: list[tuple[Any, ...]]
    page: int


class Queries:
    """The queries of an org, and those that have pages left."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._open: OrderedDict[str, Found] = OrderedDict()
        self._opened = 0

    def find(self, text: str) -> Found:
        """Return what a query finds."""
        query = parsed(text)
        if not self._context.settings.manage_territories:
            query = _active_only(query)
        statement = Compiler(self._context.schema, query).statement()
        rows = self._context.state.rows(statement.sql, *statement.values)
        return Found(statement, rows, _PAGE["default"])

    def answer(self, call: Call, version: str) -> Answer:
        """Answer a query with its first page."""
        found = self.find(call.query.get("q", ""))
        if found.statement.only_count:
            size = found.rows[0][0]
            return Answer(body={"totalSize": size, "done": True, "records": []})
        wanted = _BATCH.search(call.headers.get("sforce-query-options", ""))
        size = int(wanted[1]) if wanted else _PAGE["default"]
        found = replace(found, page=max(_PAGE["min"], min(size, _PAGE["max"])))
        return self._page(found, 0, "", version)

    def more(self, locator: str, version: str) -> Answer:
        """Answer with the page that a locator names."""
        name, _, start = locator.partition("-")
        if name not in self._open or not start.isdigit():
            raise ApiError("INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(self._open[name], int(start), name, version)

    def _page(self, found: Found, start: int, name: str, version: str) -> Answer:
        end = start + found.page
        body: Record = {
            "totalSize": len(found.rows),
            "done": end >= len(found.rows),
            "records": records_of(found.statement, found.rows[start:end], version),
        }
        if not body["done"]:
            name = name or self._keep(found)
            body["nextRecordsUrl"] = f"/services/data/v{version}/query/{name}-{end}"
        return Answer(body=body)

    def _keep(self, found: Found) -> str:
        self._opened += 1
        name = id_of(_LOCATOR, self._opened)
        self._open[name] = found
        if len(self._open) > _OPEN:
            self._open.popitem(last=False)
        return name


def records_of(statement: Statement, rows: list[tuple[Any, ...]], version: str) -> list[Record]:
    """Return rows as records, parents within their children."""
    if statement.aggregated:
        return [_aggregated(statement, row) for row in rows]
    ids = [n for n, c in enumerate(statement.columns) if c.path == ("Id",)]
    return [_record(statement, row, version, ids) for row in rows]


def attributes(name: str, version: str, record_id: str | None = None) -> Record:
    """Return what a record says of itself."""
    url = f"/services/data/v{version}/sobjects/{name}"
    return {"type": name, "url": f"{url}/{record_id}"} if record_id else {"type": name}


def _record(statement: Statement, row: tuple[Any, ...], version: str, ids: list[int]) -> Record:
    own = row[ids[0]] if ids else None
    record: Record = {"attributes": attributes(statement.source.name, version, own)}
    there = dict(zip(statement.parents, row[len(statement.columns) :], strict=True))
    for column, value in zip(statement.columns, row, strict=False):
        where = record
        for depth, (name, parent) in enumerate(zip(column.path, column.objects, strict=False), 1):
            parent_id = there[column.path[:depth]]
            if parent_id is None:
                where[name] = None
                break
            where = where.setdefault(name, {"attributes": attributes(parent, version, parent_id)})
        else:
            where[column.path[-1]] = told(column.field, value) if column.field else value
    return record


def _aggregated(statement: Statement, row: tuple[Any, ...]) -> Record:
    record: Record = {"attributes": {"type": "AggregateResult"}}
    for column, value in zip(statement.columns, row, strict=True):
        record[column.path[-1]] = told(column.field, value) if column.field else value
    return record


def _active_only(query: Query) -> Query:
    names = next((n for name, n in STATE_OF.items() if name.lower() == query.source.lower()), None)
    if names is None:
        return query
    active = Compare(Path(names, 0), "=", Literal("text", "Active", 0))
    return replace(query, where=Joined("AND", (query.where, active)) if query.where else active)
