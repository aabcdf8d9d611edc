"""A real server on a fresh store, and a real Chromium with software WebGL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
TP_GEO = str(Path(sys.executable).with_name("tp-geo"))
STREAMLIT = (sys.executable, "-m", "streamlit", "run", "--server.headless=true")
START_S = 60


@dataclass
class Server:
    """The app on a store of its own; can be stopped hard and started again."""

    store: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    app: str = "server.py"
    database: str = ""
    """Where the plans are when they are in no file; the log is beside ``store`` also then."""
    secrets: Path | None = None
    """Where Streamlit finds its secrets, that of signing in among them."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        env = os.environ | {
            "TP_GEO_STORE": self.database or str(self.store),
            "TP_GEO_USER": "planner",
            "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
        }
        secrets = [f"--secrets.files={self.secrets}"] if self.secrets else []
        with (self.store.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*STREAMLIT, f"--server.port={self.port}", *secrets, self.app],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1)
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError((self.store.parent / "server.log").read_text())

    @contextmanager
    def running(self) -> Iterator[Server]:
        """Answer as long as the context lasts, also when it was killed and started meanwhile."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def kill(self) -> None:
        """End the process as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def chromium() -> str | None:
    """Where Debian's (or another) Chromium is; ``None``: the one Playwright installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for n in names if (found := shutil.which(n))), None)


def cli(store: Path, *args: str) -> str:
    """Run the command line on a store and return what it printed."""
    done = subprocess.run(
        [TP_GEO, *args],
        env=os.environ | {"TP_GEO_STORE": str(store), "TP_GEO_USER": "planner"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def watched(browser: Browser, server: Server, provider: str = "") -> Iterator[Callable[..., Page]]:
    """Open pages of the app; no error and no other host but the one people sign in by is allowed.

    What the provider's own pages ask for is theirs, and is not fetched.
    """
    errors: list[str] = []
    foreign: list[str] = []
    contexts = []
    own = (server.url, f"ws://127.0.0.1:{server.port}", "blob:", "data:")
    own += (provider,) if provider else ()

    def asked(request: Request) -> None:
        by_provider = provider and request.frame.url.startswith(provider)
        if not request.url.startswith(own) and not by_provider:
            foreign.append(request.url)

    def opened(path: str = "/", *, width: int = 1440, height: int = 900, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("request", asked)
        context.route(lambda url: not url.startswith(own), lambda route: route.abort())
        page.goto(server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors, errors
    assert not foreign, f"the page asked other hosts: {sorted(set(foreign))}"
