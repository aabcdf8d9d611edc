"""The docs say what is there: links lead somewhere, nothing is left out."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from tp_geo.domain import commands

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
KINDS = sorted(
    c.kind
    for c in vars(commands).values()
    if isinstance(c, type) and isinstance(vars(c).get("kind"), str)
)


def text(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


@pytest.mark.parametrize("page", DOCS, ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "line", [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
)
def test_every_dependency_has_its_reason(line: str) -> None:
    name = re.split(r"[<>=!\[ ]", line)[0]
    assert re.search(rf"`{re.escape(name)}\b[^`]*`", text("decisions/dependencies.md"))


@pytest.mark.parametrize("module", sorted((ROOT / "tp_geo" / "domain").glob("[a-z]*.py")))
def test_every_module_of_the_core_is_in_the_architecture(module: Path) -> None:
    assert f"`{module.name}`" in text("architecture.md")


@pytest.mark.parametrize("package", sorted((ROOT / "tp_geo").glob("*/__init__.py")))
def test_every_package_is_in_the_architecture(package: Path) -> None:
    assert f"`{package.parent.name}/" in text("architecture.md")


def test_every_command_is_in_the_glossary() -> None:
    assert KINDS
    assert [k for k in KINDS if f"| **{k}** |" not in text("glossary.md")] == []
