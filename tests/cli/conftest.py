"""The command line in this process, on a store of its own that has the dataset of states."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import states
import uvicorn

from tp_geo.cli import main, session
from tp_geo.crm.org.server import Application
from tp_geo.crm.org.service import Org
from tp_geo.store import open_store


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)


Run: TypeAlias = Callable[..., Said]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the dataset ``accounts``; copied for each test."""
    path = tmp_path_factory.mktemp("template") / "store.duckdb"
    store = open_store(str(path))
    states.keep(store)
    store.close()
    return path


@pytest.fixture
def address(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the store of this test is; the commands find it by the environment."""
    path = tmp_path / "store.duckdb"
    for file in template.parent.glob("store.duckdb*"):
        shutil.copy(file, tmp_path / file.name)
    monkeypatch.setenv("TP_GEO_STORE", str(path))
    monkeypatch.setenv("TP_GEO_LOG", str(tmp_path / "log" / "tp-geo.log"))
    monkeypatch.setenv("TP_GEO_USER", "tess")
    monkeypatch.setattr(session, "EVERY_S", 3600.0)
    return path


@pytest.fixture
def say(address: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command, whatever its exit code."""

    def run(*words: object) -> Said:
        capsys.readouterr()
        code = main([str(w) for w in words])
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def do(say: Run) -> Run:
    """Run a command that must succeed, with ``--json``; return its object."""

    def run(*words: object) -> Any:
        said = say(*words, "--json")
        assert said.code == 0, said.err
        return said.data

    return run


@pytest.fixture
def refused(say: Run) -> Run:
    """Run a command that must be refused in one line; return the line."""

    def run(*words: object) -> str:
        said = say(*words, "--json")
        assert said.code == 1, said
        assert said.out == ""
        assert said.err.endswith("\n")
        assert len(said.err.splitlines()) == 1, said.err
        return said.err

    return run


@pytest.fixture
def org(monkeypatch: pytest.MonkeyPatch) -> Iterator[Org]:
    """An org without records, which the environment names."""
    made = Org()
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Application(made), log_level="error"))
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    monkeypatch.setenv("TP_GEO_ORG_URL", f"http://127.0.0.1:{bound.getsockname()[1]}")
    monkeypatch.setenv("TP_GEO_ORG_TOKEN", made.session())
    yield made
    server.should_exit = True
    thread.join()
    made.close()
