"""Settings: one file, and the environment, which wins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tp_geo import settings
from tp_geo.errors import BadData

ROOT = Path(__file__).resolve().parents[1]


def given(path: Path, text: str | bytes) -> dict[str, str]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return {settings.PLACE: str(path)}


def test_the_file_says_what_the_environment_does_not(tmp_path: Path) -> None:
    env = given(tmp_path / "a.toml", 'store = "plans.duckdb"\nuser = "ann"\nintake_seconds = 20\n')
    env["TP_GEO_USER"] = "ben"
    assert settings.load(env) == tmp_path / "a.toml"
    assert env["TP_GEO_STORE"] == "plans.duckdb"
    assert env["TP_GEO_USER"] == "ben"
    assert env["TP_GEO_INTAKE_SECONDS"] == "20"


def test_without_a_file_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    env: dict[str, str] = {}
    assert settings.load(env) is None
    assert env == {}


def test_the_file_where_the_command_runs_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / settings.DEFAULT).write_text('user = "ann"', encoding="utf-8")
    env: dict[str, str] = {}
    settings.load(env)
    assert env == {"TP_GEO_USER": "ann"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('stroe = "x"', "'stroe', which is not known. Do you mean store?"),
        ('zzzz = "x"', "There are: "),
        ("store = [1]", r"store to \[1\]. Write a text"),
        ("user = true", "user to True. Write a text"),
        ("store", "are no TOML"),
        (b"\xff\xfe", "are no TOML"),
        ("user = " + "[" * 3_000, "are no TOML"),
        ("user = 0x" + "f" * 5_000, "user to something very long. Write a text"),
        ("user = " + "9" * 5_000, "are no TOML"),
        ('user = "a\\u0000b"', "user to a text with a NUL. Take that out"),
        ("x" * 5_000 + " = 1", "^.{1,900}$"),
    ],
)
def test_what_is_wrong_in_the_file_is_told(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(BadData, match=said):
        settings.load(given(tmp_path / "a.toml", text))


def test_a_file_that_is_named_and_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="can't be read: No such file"):
        settings.load({settings.PLACE: str(tmp_path / "none.toml")})


def test_every_setting_is_in_the_docs_and_every_variable_is_a_setting() -> None:
    docs = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [n for n in settings.NAMES if f"`{n}`" not in docs] == []
    source = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tp_geo").rglob("*.py"))
    used = {name.lower() for name in re.findall(r'"TP_GEO_([A-Z_]+)"', source)}
    assert used - {"settings", "roads"} <= set(settings.NAMES)


@pytest.mark.parametrize("name", settings.NAMES)
def test_what_can_be_set_is_used_and_in_the_docs(name: str) -> None:
    variable = settings.PREFIX + name.upper()
    code = (p for p in (ROOT / "tp_geo").rglob("*.py") if p.name != "settings.py")
    assert any(variable in path.read_text("utf-8") for path in code)
    assert f"`{name}`" in (ROOT / "docs" / "operations.md").read_text("utf-8")
