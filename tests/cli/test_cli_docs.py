"""The page of the command line: every command is in it, and all that is in it works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from tp_geo.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
TEXT = PAGE.read_text(encoding="utf-8")
HIDDEN = {"serve"}


def commands(group: object, prefix: str = "") -> list[str]:
    found: list[str] = []
    for name, command in getattr(group, "commands", {}).items():
        found.append(f"{prefix}{name}")
        found += commands(command, f"{prefix}{name} ")
    return found


ALL = [c for c in commands(typer.main.get_command(app)) if c not in HIDDEN]


@pytest.mark.parametrize("command", ALL)
def test_every_command_is_on_the_page(command: str) -> None:
    assert re.search(rf"tp-geo {command}(?![\w-])", TEXT), command


def test_every_command_on_the_page_is_there() -> None:
    named = set(re.findall(r"tp-geo ([a-z-]+)", TEXT))
    assert named <= {c.split()[0] for c in ALL}
    assert len(named) > 30


@pytest.mark.parametrize(
    "command", [c for c in ALL if c not in {"boundaries", "layers", "org", "team"}]
)
def test_every_option_on_the_page_is_one_of_its_command(command: str, say) -> None:
    lines = re.findall(rf"tp-geo {command}(?![\w-])([^\n`]*)", TEXT)
    said = say(*command.split(), "--help").out
    known = set(re.findall(r"--[a-z-]+", said)) | {"--json", "--store", "--user"}
    for line in lines:
        assert set(re.findall(r"--[a-z-]+", line)) <= known, line


def test_the_example_at_the_top_runs_word_for_word(
    say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "west.csv").write_text("code\n94103\n89501\n")
    example = TEXT.split("```")[1].strip()
    for line in example.splitlines():
        said = say(*shlex.split(line)[1:])
        assert said.code == 0, said.err
    assert (tmp_path / "fy27.xlsx").exists()
