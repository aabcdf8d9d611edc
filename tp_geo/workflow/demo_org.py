"""The demo org: a simulated org beside the store, started when it is wanted, ended with the app.

What is published to it is kept over restarts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

import requests

from tp_geo.crm.auth import ClientCredentials
from tp_geo.errors import Unavailable

CHILD: Final = "tp_geo.crm.org.child"
GRACE_S: Final = 5.0
RULES_S: Final = 60.0

_running: Final[dict[Path, DemoOrg]] = {}
_guard: Final = threading.Lock()


class DemoOrg:
    """A demo org that answers: a child process, and what it is signed in to with."""

    def __init__(self, path: Path) -> None:
        with tempfile.TemporaryFile() as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", CHILD, str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
            line = self._process.stdout.readline() if self._process.stdout else b""
            if not line:
                self._process.wait(GRACE_S)
                errors.seek(0)
                said = errors.read().decode("utf-8", "replace").strip().splitlines()
                why = said[-1] if said else "it ended at once"
                raise Unavailable(
                    f"The demo org does not start: {why}. Move {path} away to begin a new one."
                )
        told = json.loads(line)
        self.url = str(told["url"])
        self.credentials = ClientCredentials(self.url, told["client_id"], told["client_secret"])

    @property
    def alive(self) -> bool:
        """Whether it still answers."""
        return self._process.poll() is None

    def run_rules(self, model_id: str) -> int:
        """Do what the button Run Rules does in Setup, and return how many accounts were placed."""
        answer = requests.post(f"{self.url}/__run-rules", json={"model": model_id}, timeout=RULES_S)
        if not answer.ok:
            raise Unavailable(f"The demo org can't run its rules: {answer.text[:200]}")
        return int(answer.json()["associations"])

    def stop(self) -> None:
        """End it, and wait until its file is closed."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def demo_org(store: str) -> DemoOrg:
    """Return the demo org of a store, started where it is not running."""
    path = demo_path(store)
    with _guard:
        found = _running.get(path)
        if found is None or not found.alive:
            found = _running[path] = DemoOrg(path)
        return found


def demo_path(store: str) -> Path:
    """Return where the demo org of a store keeps its records."""
    beside = Path(store)
    return beside.with_name(f"{beside.stem}.demo-org.sqlite")
