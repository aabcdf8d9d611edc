"""Metadata: the rows of a plan as a package of the Metadata API, for teams that deploy by CI.

Users and accounts are no metadata. Shapes after the WSDL and a real retrieve;
contract section 1.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape

from tp_geo.crm.client import API_VERSION
from tp_geo.crm.rows import (
    ITEM,
    LINK,
    MODEL,
    PARENT,
    RULE,
    TERRITORY,
    TYPE,
    Fields,
    Key,
    Row,
    Rows,
)

_NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The same plan is the same file, whenever it is written."""

Node: TypeAlias = tuple[str, "str | Sequence[Node]"]
Part: TypeAlias = tuple[str, str, str, Sequence[Node]]
"""What a component is: its type, full name, path, and elements."""

_LEVELS: Mapping[str, str] = {
    "AccountAccessLevel": "accountAccessLevel",
    "CaseAccessLevel": "caseAccessLevel",
    "OpportunityAccessLevel": "opportunityAccessLevel",
}


def package(rows: Rows) -> bytes:
    """Return a zip with ``package.xml`` and a file for each type, model, territory and rule."""
    parts = sorted(_parts(rows), key=lambda part: part[2])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "package.xml", "Package", _members(parts))
        for kind, _, path, nodes in parts:
            _add(archive, path, kind, nodes)
    return out.getvalue()


def _parts(rows: Rows) -> Iterator[Part]:
    for row in rows.of_object(TYPE):
        name = row.key.name
        yield "Territory2Type", name, f"territory2Types/{name}.territory2Type", _type(row)
    for row in rows.of_object(MODEL):
        name = row.key.name
        path = f"territory2Models/{name}/{name}.territory2Model"
        yield "Territory2Model", name, path, [("name", _text(row, "Name"))]
    links = _by(rows.of_object(LINK), "Territory2Id")
    for row in rows.of_object(TERRITORY):
        folder, name = _folder(row), row.key.name
        path = f"{folder}/territories/{name}.territory2"
        nodes = _territory(row, links.get(row.key, ()))
        yield "Territory2", f"{_model(row)}.{name}", path, nodes
    items = _by(rows.of_object(ITEM), "RuleId")
    for row in rows.of_object(RULE):
        folder, name = _folder(row), row.key.name
        path = f"{folder}/rules/{name}.territory2Rule"
        yield "Territory2Rule", f"{_model(row)}.{name}", path, _rule(row, items.get(row.key, ()))


def _type(row: Row) -> Sequence[Node]:
    return [("name", _text(row, "MasterLabel")), ("priority", _text(row, "Priority"))]


def _territory(row: Row, links: Sequence[Row]) -> Sequence[Node]:
    levels = [(tag, _text(row, f)) for f, tag in sorted(_LEVELS.items()) if row.fields.get(f)]
    nodes: list[Node] = [*levels, ("description", _text(row, "Description"))]
    nodes.append(("name", _text(row, "Name")))
    if isinstance(parent := row.fields.get(PARENT), Key):
        nodes.append(("parentTerritory", parent.name))
    nodes += [("ruleAssociations", _association(link.fields)) for link in links]
    nodes.append(("territory2Type", _named(row.fields["Territory2TypeId"])))
    return sorted(nodes, key=lambda node: node[0])


def _association(link: Fields) -> Sequence[Node]:
    return [("inherited", _said(link["IsInherited"])), ("ruleName", _named(link["RuleId"]))]


def _rule(row: Row, items: Sequence[Row]) -> Sequence[Node]:
    nodes: list[Node] = [("active", _text(row, "IsActive"))]
    if row.fields.get("BooleanFilter"):
        nodes.append(("booleanFilter", _text(row, "BooleanFilter")))
    nodes += [("name", _text(row, "MasterLabel")), ("objectType", _text(row, "ObjectType"))]
    ordered = sorted(items, key=lambda item: int(str(item.fields["SortOrder"])))
    for one in ordered:
        told = [(f.casefold(), _text(one, f)) for f in ("Field", "Operation", "Value")]
        nodes.append(("ruleItems", told))
    return nodes


def _members(parts: Sequence[Part]) -> Sequence[Node]:
    named: dict[str, list[str]] = {}
    for kind, name, _, _ in parts:
        named.setdefault(kind, []).append(name)
    types: list[Node] = [
        ("types", [*(("members", one) for one in sorted(names)), ("name", kind)])
        for kind, names in sorted(named.items())
    ]
    return [*types, ("version", API_VERSION)]


def _add(archive: zipfile.ZipFile, path: str, kind: str, nodes: Sequence[Node]) -> None:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_NAMESPACE}">\n'
    text = f"{head}{''.join(_lines(nodes, 1))}</{kind}>\n"
    archive.writestr(zipfile.ZipInfo(path, _MOMENT), text, zipfile.ZIP_DEFLATED)


def _lines(nodes: Sequence[Node], depth: int) -> Iterator[str]:
    indent = "    " * depth
    for tag, inside in nodes:
        if isinstance(inside, str):
            yield f"{indent}<{tag}>{escape(inside)}</{tag}>\n"
        else:
            yield f"{indent}<{tag}>\n"
            yield from _lines(inside, depth + 1)
            yield f"{indent}</{tag}>\n"


def _by(rows: Sequence[Row], field: str) -> Mapping[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in rows:
        if isinstance(key := row.fields.get(field), Key):
            found.setdefault(key, []).append(row)
    return found


def _folder(row: Row) -> str:
    return f"territory2Models/{_model(row)}"


def _model(row: Row) -> str:
    return _named(row.fields["Territory2ModelId"])


def _text(row: Row, field: str) -> str:
    return _said(row.fields.get(field))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _named(value: object) -> str:
    return value.name if isinstance(value, Key) else str(value)
