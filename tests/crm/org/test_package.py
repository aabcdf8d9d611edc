"""A package of the Metadata API, read by the library that deploys, and CSV files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from test_org_clients import node

from tp_geo.crm.criteria import Criteria, Item
from tp_geo.crm.metadata import package
from tp_geo.crm.packing import pack
from tp_geo.crm.rows import ITEM, LINK, MODEL, RULE, TERRITORY, TYPE, Rows
from tp_geo.crm.tables import tables
from tp_geo.crm.wanted import Publication, Staffed, wanted
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items

FY27 = Publication("ab12cd", "FY27", "FY <27> & on", {"Region": "Region", "District": "District"})
KINDS = {
    TYPE: "Territory2Type",
    MODEL: "Territory2Model",
    TERRITORY: "Territory2",
    RULE: "Territory2Rule",
}
TAG = "{http://soap.sforce.com/2006/04/metadata}"


@pytest.fixture(scope="module")
def rows() -> Rows:
    """West with two districts; codes dealt out so that filters are needed; one rule of its own."""
    areas = {AreaId(1): Area(AreaId(1), "West & Co", level="Region")}
    areas |= {AreaId(i): Area(AreaId(i), f"D {i}", AreaId(1), "District") for i in (2, 3)}
    alignment = replace(Alignment.empty(Items.only_containers(0)), areas=areas)
    codes = [f"{i:05}" for i in range(10_000, 12_000)]
    owner = np.random.default_rng(1).integers(0, 2, len(codes)).astype(np.int32)
    packed = pack(codes, owner, country=("United States", "US"))
    own = Criteria((Item("Account.Industry", "equals", "R&D,<Other>"),))
    staffed = {AreaId(i): Staffed(criteria=packed[i - 2].criteria) for i in (2, 3)}
    staffed[AreaId(1)] = Staffed(more=(own,))
    return wanted(alignment, tuple(areas), FY27, staffed)


def names(rows: Rows) -> set[tuple[str, str]]:
    """The components that a package of rows is to have."""
    plain = {(KINDS[k], row.key.name) for k in (TYPE, MODEL) for row in rows.of_object(k)}
    inside = {
        (KINDS[k], f"FY27.{row.key.name}") for k in (TERRITORY, RULE) for row in rows.of_object(k)
    }
    return plain | inside


def test_the_library_that_deploys_finds_every_component_and_its_parts(
    clients: Path, rows: Rows, tmp_path: Path
) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(package(rows))
    done = node(clients, "metadata.mjs", str(path), capture_output=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {(c["type"], c["name"]) for c in told["components"]} == names(rows)
    assert {(c["type"], c["name"]) for c in told["named"]} == names(rows)
    rules = {c["name"]: c["xml"]["Territory2Rule"] for c in told["components"]
             if c["type"] == "Territory2Rule"}  # fmt: skip
    assert {name: items(rule) for name, rule in rules.items()} == {
        f"FY27.{row.key.name}": held(rows, row.key.name) for row in rows.of_object(RULE)
    }


def items(rule: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = rule["ruleItems"] if isinstance(rule["ruleItems"], list) else [rule["ruleItems"]]
    return [(one["field"], one["operation"], one["value"]) for one in found]


def held(rows: Rows, rule: str) -> list[tuple[str, str, str]]:
    own = [r for r in rows.of_object(ITEM) if r.key.name.startswith(f"{rule}#")]
    own.sort(key=lambda r: int(str(r.fields["SortOrder"])))
    return [tuple(str(r.fields[f]) for f in ("Field", "Operation", "Value")) for r in own]  # type: ignore[misc]


def test_a_package_is_the_same_file_for_the_same_plan(rows: Rows) -> None:
    assert package(rows) == package(rows)


def test_territories_name_their_parent_type_and_rules(rows: Rows) -> None:
    with zipfile.ZipFile(io.BytesIO(package(rows))) as archive:
        found = [n for n in archive.namelist() if n.endswith(".territory2")]
        assert len(found) == len(rows.of_object(TERRITORY))
        for row in rows.of_object(TERRITORY):
            path = f"territory2Models/FY27/territories/{row.key.name}.territory2"
            root = ElementTree.fromstring(archive.read(path))  # noqa: S314 - our own
            linked = {e.text for e in root.iter(f"{TAG}ruleName")}
            assert root.findtext(f"{TAG}name") == row.fields["Name"]
            assert linked == {
                link.fields["RuleId"].name  # type: ignore[union-attr]
                for link in rows.of_object(LINK)
                if link.fields["Territory2Id"] == row.key
            }


def test_tables_name_only_what_a_table_before_them_has(rows: Rows) -> None:
    there: dict[str, set[str]] = {}
    for name, text in tables(rows).items():
        found = list(csv.DictReader(io.StringIO(text)))
        for row in found:
            for column, value in row.items():
                what = column.removesuffix(".DeveloperName")
                if what != column and value:
                    kind = {"Rule": RULE, "ParentTerritory2": TERRITORY}.get(what, what)
                    assert value in there[kind], name
        kind = name.split("-")[2].removesuffix(".csv")
        there.setdefault(kind, set()).update(r.get("DeveloperName", "") for r in found)
    assert len(there[TERRITORY]) == len(rows.of_object(TERRITORY))
