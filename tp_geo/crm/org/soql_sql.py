"""SOQL to SQL: parents become joins, two-valued comparisons stay two-valued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tp_geo.crm.org.ids import full, well_formed
from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.soql import (
    Aggregate,
    Among,
    Compare,
    Condition,
    Joined,
    Literal,
    Negated,
    Order,
    Path,
    Query,
    at,
    pattern_of,
)
from tp_geo.crm.org.values import moment_of, timestamp
from tp_geo.crm.schema import Field, SObject

_NUMERIC: Final = ("int", "double", "currency")
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "boolean": ("boolean",),
    "int": ("number",),
    "double": ("number",),
    "currency": ("number",),
    "date": ("date",),
    "datetime": ("datetime",),
}
_MOST_PARENTS: Final = 5
_LATEST_OFFSET: Final = 2_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the answer: where it stands in a record, and the field it is of."""

    path: tuple[str, ...]
    objects: tuple[str, ...]
    field: Field | None


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values, and the columns of what it answers; then the ids of these parents."""

    sql: str
    values: tuple[Any, ...]
    columns: tuple[Column, ...]
    parents: tuple[tuple[str, ...], ...]
    source: SObject
    aggregated: bool
    only_count: bool


@dataclass(slots=True)
class Compiler:
    """Compiles one query, or one within another."""

    schema: Mapping[str, SObject]
    query: Query
    _joins: dict[tuple[str, ...], str] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _values: list[Any] = field(default_factory=list)
    _prefix: str = "t"

    def statement(self) -> Statement:
        """Return the query as SQL."""
        query, source = self.query, self._source()
        aggregated = bool(query.group) or any(isinstance(s, Aggregate) for s in query.selected)
        only_count = len(query.selected) == 1 and _counts_rows(query.selected[0])
        self._check_selected(aggregated, only_count)
        columns, selected = self._selected()
        parents = () if aggregated else tuple(self._joins)
        selected += [f"{self._joins[parent]}.Id" for parent in parents]
        where = self._condition(query.where) if query.where else "1"
        group = ", ".join(self._resolved(p, "group")[0] for p in query.group)
        order = ", ".join(self._order(o) for o in query.order)
        if not aggregated:
            order = f"{order}, {self._prefix}0.Id" if order else f"{self._prefix}0.Id"
        tables = f'"{source.name}" {self._prefix}0 {" ".join(self._lines)}'
        sql = f"select {', '.join(selected)} from {tables} where {where}"
        sql += f" group by {group}" if group else ""
        sql += f" order by {order}" if order else ""
        sql += f" limit {-1 if query.limit is None else query.limit} offset {self._offset()}"
        return Statement(sql, tuple(self._values), columns, parents, source, aggregated, only_count)

    def _source(self) -> SObject:
        source = self.schema.get(self.query.source) or next(
            (s for n, s in self.schema.items() if n.lower() == self.query.source.lower()), None
        )
        if source is None:
            raise at(
                self.query.text,
                self.query.source_at,
                "INVALID_TYPE",
                f"sObject type '{self.query.source}' is not supported. If you are attempting to "
                "use a custom object, be sure to append the '__c' after the entity name. Please "
                "reference your WSDL or the describe call for the appropriate names.",
            )
        return source

    def _offset(self) -> int:
        if self.query.offset > _LATEST_OFFSET:
            raise ApiError(
                "NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {_LATEST_OFFSET}"
            )
        return self.query.offset

    def _check_selected(self, aggregated: bool, only_count: bool) -> None:
        if only_count:
            return
        grouped = {tuple(n.lower() for n in p.names) for p in self.query.group}
        for item in self.query.selected:
            if isinstance(item, Path) and aggregated:
                if tuple(n.lower() for n in item.names) not in grouped:
                    raise self._malformed(
                        item, f"Field must be grouped or aggregated: {'.'.join(item.names)}"
                    )
            elif isinstance(item, Aggregate) and item.path is None:
                raise ApiError(
                    "MALFORMED_QUERY", "Grouped or aggregated queries cannot use COUNT()"
                )

    def _selected(self) -> tuple[tuple[Column, ...], list[str]]:
        columns, selected, unnamed, seen = [], [], 0, set()
        for item in self.query.selected:
            if isinstance(item, Aggregate):
                name = item.alias or f"expr{unnamed}"
                unnamed += not item.alias
                columns.append(Column((name,), (), self._aggregated_field(item)))
                selected.append(self._aggregate(item))
                continue
            sql, column = self._resolved(item, "select")
            if column.path in seen:
                raise self._malformed(item, f"duplicate field selected: {'.'.join(item.names)}")
            seen.add(column.path)
            columns.append(column)
            selected.append(sql)
        return tuple(columns), selected

    def _aggregated_field(self, item: Aggregate) -> Field | None:
        if item.function not in ("MIN", "MAX") or item.path is None:
            return None
        return self._resolved(item.path, "select")[1].field

    def _aggregate(self, item: Aggregate) -> str:
        if item.path is None:
            return "count(*)"
        sql, column = self._resolved(item.path, "select")
        if item.function in ("SUM", "AVG") and column.field and column.field.type not in _NUMERIC:
            raise self._malformed(
                item.path,
                f"field {column.field.name} does not support aggregate operator {item.function}",
            )
        if item.function == "COUNT_DISTINCT":
            return f"count(distinct {sql})"
        return f"{item.function.lower()}({sql})"

    def _resolved(self, path: Path, use: str) -> tuple[str, Column]:
        names = list(path.names)
        if (
            names[0].lower() in (self.query.alias.lower(), self.query.source.lower())
            and len(names) > 1
        ):
            names = names[1:]
        sobject, table = self._source(), f"{self._prefix}0"
        walked: tuple[str, ...] = ()
        objects: tuple[str, ...] = ()
        for name in names[:-1]:
            reference = _reference(sobject, name, self.schema)
            if reference is None or len(walked) == _MOST_PARENTS:
                raise self._no_relation(path, name, sobject)
            by, sobject = reference
            walked = (*walked, by.relationship or "")
            objects = (*objects, sobject.name)
            table = self._join(walked, table, by, sobject)
        found = sobject.find(names[-1])
        if found is None:
            raise self._no_column(path, names[-1], sobject)
        self._check_use(path, found, use)
        return f'{table}."{found.name}"', Column((*walked, found.name), objects, found)

    def _join(self, walked: tuple[str, ...], table: str, by: Field, parent: SObject) -> str:
        if walked not in self._joins:
            alias = f"{self._prefix}{len(self._joins) + 1}"
            self._joins[walked] = alias
            self._lines.append(
                f'left join "{parent.name}" {alias} on {alias}.Id = {table}."{by.name}"'
            )
        return self._joins[walked]

    def _check_use(self, path: Path, found: Field, use: str) -> None:
        allowed = {"filter": found.filterable, "group": found.groupable, "sort": found.sortable}
        if not allowed.get(use, True) or (
            use == "filter" and found.type == "textarea" and found.length > 255
        ):
            words = {"filter": "filtered", "group": "grouped", "sort": "sorted"}[use]
            raise at(
                self.query.text,
                path.at,
                "INVALID_FIELD",
                f"field '{found.name}' can not be {words} in a query call",
            )

    def _order(self, order: Order) -> str:
        if isinstance(order.by, Aggregate):
            sql = self._aggregate(order.by)
        else:
            sql, _ = self._resolved(order.by, "sort")
        direction = "desc" if order.descending else "asc"
        return f"{sql} {direction} nulls {'last' if order.nulls_last else 'first'}"

    def _condition(self, condition: Condition) -> str:
        match condition:
            case Joined():
                joint = f" {condition.operator.lower()} "
                return "(" + joint.join(self._condition(p) for p in condition.parts) + ")"
            case Negated():
                return f"(not {self._condition(condition.part)})"
            case Among():
                return self._among(condition)
            case _:
                return self._compare(condition)

    def _compare(self, condition: Compare) -> str:
        sql, column = self._resolved(condition.path, "filter")
        known = column.field or Field("Id")
        value = self._literal(condition.path, known, condition.value, condition.operator)
        self._values.append(value)
        match condition.operator:
            case "=":
                return f"({sql} is ?)"
            case "!=":
                return f"({sql} is not ?)"
            case "LIKE":
                return f"coalesce({sql} like ? escape '\\', 0)"
            case operator:
                return f"coalesce({sql} {operator} ?, 0)"

    def _among(self, condition: Among) -> str:
        sql, column = self._resolved(condition.path, "filter")
        known = column.field or Field("Id")
        if isinstance(condition.values, Query):
            inner = Compiler(self.schema, condition.values, _prefix=self._prefix + "s").statement()
            if len(inner.columns) != 1 or inner.parents or inner.aggregated:
                raise self._malformed(condition.path, "A semi join selects one field of its object")
            self._values += inner.values
            among = inner.sql
        else:
            values = [self._literal(condition.path, known, v, "=") for v in condition.values]
            self._values += values
            among = ", ".join("?" * len(values))
        test = "not in" if condition.negated else "in"
        return f"coalesce({sql} {test} ({among}), {int(condition.negated)})"

    def _literal(self, path: Path, known: Field, literal: Literal, operator: str) -> Any:
        name = known.name
        if literal.kind == "null":
            if operator in ("=", "!="):
                return None
            raise self._malformed(path, f"invalid operator on null for field {name}")
        if operator == "LIKE" and known.type in (*_KINDS, "id", "reference"):
            raise at(
                self.query.text, path.at, "INVALID_FIELD", f"invalid operator on {known.type} field"
            )
        kinds = _KINDS.get(known.type, ("text",))
        if literal.kind not in kinds:
            quoted = "should" if kinds == ("text",) else "should not"
            raise at(
                self.query.text,
                literal.at,
                "INVALID_FIELD",
                f"value of filter criterion for field '{name}' must be of type {known.type} and "
                f"{quoted} be enclosed in quotes",
            )
        return self._value(known, literal, operator)

    def _value(self, known: Field, literal: Literal, operator: str) -> Any:
        if known.type in ("id", "reference"):
            if not well_formed(literal.value) and literal.value != "":
                raise at(
                    self.query.text,
                    literal.at,
                    "INVALID_ID_FIELD",
                    f"invalid ID field: {literal.value}",
                )
            return full(literal.value)
        if known.type == "datetime" and literal.kind == "datetime":
            moment = moment_of(literal.value)
            return timestamp(moment) if moment else None
        if operator == "LIKE":
            return pattern_of(literal.raw)
        return None if literal.value == "" and operator in ("=", "!=") else literal.value

    def _malformed(self, path: Path, message: str) -> ApiError:
        return at(self.query.text, path.at, "MALFORMED_QUERY", message)

    def _no_column(self, path: Path, name: str, sobject: SObject) -> ApiError:
        return at(
            self.query.text,
            path.at,
            "INVALID_FIELD",
            f"No such column '{name}' on entity '{sobject.name}'. If you are attempting to use a "
            "custom field, be sure to append the '__c' after the custom field name. Please "
            "reference your WSDL or the describe call for the appropriate names.",
        )

    def _no_relation(self, path: Path, name: str, sobject: SObject) -> ApiError:
        return at(
            self.query.text,
            path.at,
            "INVALID_FIELD",
            f"Didn't understand relationship '{name}' in field path on entity '{sobject.name}'. If "
            "you are attempting to use a custom relationship, be sure to append the '__r' after "
            "the custom relationship name. Please reference your WSDL or the describe call for "
            "the appropriate names.",
        )


def _counts_rows(item: Path | Aggregate) -> bool:
    return isinstance(item, Aggregate) and item.path is None and item.function == "COUNT"


def _reference(
    sobject: SObject, name: str, schema: Mapping[str, SObject]
) -> tuple[Field, SObject] | None:
    for known in sobject.fields.values():
        if known.relationship and known.relationship.lower() == name.lower():
            parents = [schema[target] for target in known.refers_to if target in schema]
            return (known, parents[0]) if parents else None
    return None
