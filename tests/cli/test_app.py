"""The root: where options may stand, exit codes, errors on one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tp_geo.cli import main
from tp_geo.cli.app import hoisted

BIN = Path(sys.executable).parent / "tp-geo"
FEW = {"numpy", "pandas", "duckdb", "pyarrow", "shapely", "streamlit", "structlog"}


def tp_geo(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN), *words],
        capture_output=True,
        text=True,
        env={**os.environ, **env},
        timeout=120,
        check=False,
    )


def test_without_a_command_one_is_asked_for(say) -> None:
    said = say()
    assert (said.code, said.err) == (2, "tp-geo: Give a command. See tp-geo --help\n")


def test_without_a_command_the_help_is_shown(say) -> None:
    said = say("--help")
    assert said.code == 0
    assert "Plan sales territories" in said.out
    assert "boundaries" in said.out


def test_help_needs_none_of_the_heavy_libraries() -> None:
    program = """
        import sys
        from tp_geo.cli import main
        main(["--help"])
        main(["show", "--help"])
        print("loaded:", *sorted(sys.modules), file=sys.stderr)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    loaded = done.stderr.partition("loaded:")[2].split()
    assert len(loaded) > 100
    assert FEW.isdisjoint(loaded)


@pytest.mark.parametrize(
    ("given", "parsed"),
    [
        (["show", "A", "--json"], ["--json", "show", "A"]),
        (["--json", "show", "A"], ["--json", "show", "A"]),
        (["show", "--store", "x", "A"], ["--store", "x", "show", "A"]),
        (["show", "--user=me", "A"], ["--user=me", "show", "A"]),
        (["show", "--", "--json"], ["show", "--", "--json"]),
        (["show", "--store"], ["--store", "show"]),
    ],
)
def test_options_of_every_command_may_stand_anywhere(given: list[str], parsed: list[str]) -> None:
    assert hoisted(given) == parsed


def test_json_before_or_behind_the_command_gives_the_same_object(say) -> None:
    before, behind = say("--json", "list"), say("list", "--json")
    assert before.data == behind.data == {"alignments": []}
    assert before.out.count("\n") == 1


def test_the_store_and_the_person_can_be_given(say, do, tmp_path: Path) -> None:
    other = tmp_path / "other" / "store.duckdb"
    do("new", "Here", "--dataset", "accounts", "--areas", 1)
    assert do("list", "--store", other) == {"alignments": []}
    assert other.exists()
    assert do("list")["alignments"][0]["by"] == "tess"
    do("rename-area", "Here", "Region 1", "West", "--user", "kim")
    assert do("history", "Here")["revisions"][0]["by"] == "kim"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["frobnicate"], "No such command 'frobnicate'. See tp-geo --help"),
        (["show"], "Missing argument 'A'. See tp-geo show --help"),
        (["show", "A", "B"], "unexpected extra argument"),
        (["new", "A", "--areas", "many"], "--areas': Input should be a valid integer"),
        (["new", "A", "--areas", "many"], "unable to parse string as an integer, not 'many'. See"),
        (["new", "A", "--areas", "-1"], "should be greater than or equal to 0, not '-1'. See"),
        (["new", "My", "Plan"], "'Plan' is one argument too many"),
        (
            ["new", "B", "--sample", "States", "--copy", "A"],
            "give areas or one of --from, --columns",
        ),
        (["branch", "A", "West"], "give one of --areas, --names, --by, --column"),
        (["assign", "A", "CA"], "Missing option '--to'"),
        (["target", "A", "West", "people"], "'people' is not MEASURE=VALUE"),
        (["show", "A", "--frob"], "No such option"),
        (["revert", "A", "x"], "'SEQ': Input should be a valid integer"),
        (["profile", "A", "West", "round"], "neither contiguous nor non-contiguous"),
        (["color", "A", "West", "red"], "'red' is no color"),
        (["show", "caf\udce9"], "is not UTF-8"),
        (["new", "B", "--columns", " , "], "--columns is blank"),
        (["new", "B", "--sample", ""], "--sample is blank"),
        (["split", "A", "West", "--line", "200,1", "--name", "X"], "'200,1' is no place"),
        (["split", "A", "West", "--line", "nan,1", "--name", "X"], "'nan,1' is no place"),
        (["supplement", "A", "x.csv", "--level", "x"], "'--level': 'x' is not one of 'unit'"),
    ],
)
def test_wrong_usage_is_told_on_one_line_with_exit_code_2(
    say, do, words: list[str], says: str
) -> None:
    do("new", "A", "--dataset", "accounts", "--names", "West")
    said = say(*words)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert len(said.err.splitlines()) == 1


def test_what_is_refused_is_told_on_one_line_with_exit_code_1(refused) -> None:
    assert "There is no alignment called 'Nope'" in refused("show", "Nope")


def test_names_can_do_nothing_to_the_terminal(refused) -> None:
    line = refused("show", "a\x1b[31m\nb\u202ec")
    assert "\x1b" not in line
    assert "\u202e" not in line


def test_what_nobody_foresaw_is_told_on_one_line_and_logged_in_full(
    refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(self: object, name: str) -> None:
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr("tp_geo.workflow.planner.Planner.open", broken)
    line = refused("show", "A")
    log = tmp_path / "log" / "tp-geo.log"
    assert "ZeroDivisionError: first line second line" in line
    assert str(log) in line
    (entry,) = map(json.loads, log.read_text().splitlines())
    assert entry["command"] == "show A --json"
    assert entry["reference"] in line
    assert "Traceback" in entry["exception"]


def test_stopping_with_the_keyboard_is_no_failure_of_ours(
    say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: object, name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tp_geo.workflow.planner.Planner.open", stopped)
    said = say("show", "A")
    assert said.code == 130
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["boundaries"],
        ["show", "A"],
        ["new", "B", "--areas", "2"],
        ["assign", "A", "--to", "West", "CA"],
        ["backup", "copy.duckdb"],
        ["boundaries", "get", "zcta2020", "--url", "http://127.0.0.1:9"],
        ["run", "--port", "1"],
        ["recover"],
    ],
)
def test_while_another_process_has_the_store_every_command_says_so(
    holder: subprocess.Popen[str], address: Path, refused, words: list[str]
) -> None:
    assert f"The store {address} is in use by process {holder.pid}" in refused(*words)


@pytest.fixture
def holder(address: Path):
    """Another process that has the store open."""
    program = """
        import sys
        from tp_geo.store import open_store
        store = open_store()
        print("up", flush=True)
        sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.stdin.close()


def test_the_installed_command_returns_the_exit_code(address: Path) -> None:
    assert tp_geo("list", "--json").stdout == '{"alignments": []}\n'
    assert tp_geo("list").returncode == 0
    assert tp_geo("show", "Nope").returncode == 1
    assert tp_geo("nope").returncode == 2


def test_a_reader_that_goes_away_is_no_error(address: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [str(BIN), "boundaries"], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert "Traceback" not in done.stderr
    assert done.stderr == ""


def test_a_damaged_store_says_how_to_go_on(address: Path, refused) -> None:
    address.write_bytes(b"not a database" * 1000)
    assert "tp-geo recover" in refused("list")


def test_recovering_brings_the_alignments_back(address: Path, do, say) -> None:
    do("new", "A", "--dataset", "accounts", "--names", "West")
    raw = bytearray(address.read_bytes())
    raw[:8192] = bytes(8192)
    address.write_bytes(raw)
    assert say("recover").code == 0
    assert [a["alignment"] for a in do("list")["alignments"]] == ["A"]


def test_main_reads_the_arguments_of_the_process(
    monkeypatch: pytest.MonkeyPatch, address: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tp-geo", "list", "--json"])
    assert main() == 0
    assert capsys.readouterr().out == '{"alignments": []}\n'
