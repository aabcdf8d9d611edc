"""``tp-geo run``: the app on the same store."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tp_geo.cli import serve


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that were started instead of the server, with the store behind each."""
    lines: list[list[str]] = []

    def serve_(line: list[str], directory: Path, environment: dict[str, str]) -> None:
        lines.append([*line, environment["TP_GEO_STORE"]])

    monkeypatch.setattr(serve, "_serve", serve_)
    return lines


@pytest.mark.parametrize("command", ["run", "serve"])
def test_the_app_is_started_on_the_store_and_port(
    say, started: list[list[str]], address: Path, command: str
) -> None:
    said = say(command, "--port", 8765)
    assert said.code == 0
    assert "http://localhost:8765" in said.err
    (line,) = started
    assert line[1:4] == ["-m", "streamlit", "run"]
    assert Path(line[4]).name == "server.py"
    assert "--server.port=8765" in line
    assert line[-1] == str(address)


def test_the_port_comes_from_the_environment(
    say, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "8766")
    assert say("run").code == 0
    assert "--server.port=8766" in started[0]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_it_says_that_only_this_machine_reaches_it(
    say, started: list[list[str]], host: str
) -> None:
    assert "Only this machine reaches it" in say("run", "--host", host).err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "plans.example.com"])  # noqa: S104
def test_it_says_who_reaches_it_when_others_do(say, started: list[list[str]], host: str) -> None:
    said = say("run", "--host", host).err
    assert "on the network reaches the plans" in said
    assert f"--server.address={host}" in started[0]


def test_without_a_host_it_binds_to_the_loopback_address(say, started: list[list[str]]) -> None:
    say("run")
    assert "--server.address=localhost" in started[0]


def test_another_store_is_handed_on(
    say, started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    say("run", "--store", "other.duckdb")
    assert started[0][-1] == str(tmp_path / "other.duckdb")


def test_without_the_app_the_way_is_told(
    refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serve, "_APP", tmp_path / "server.py")
    assert "Run tp-geo from a checkout" in refused("run")


def test_a_served_app_protects_its_pages_and_who_stops_the_command_stops_it(
    address: Path,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [str(Path(sys.executable).parent / "tp-geo"), "run", "--port", str(port)]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        assert healthy(port, process)
        with urllib.request.urlopen(f"http://localhost:{port}/readyz") as answer:
            assert answer.status == 200
            assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert asked(port, "GET", "/_stcore/stream", Origin="http://evil.example") == 403
        assert asked(port, "PUT", "/_stcore/upload_file/a/b") in (400, 403)
        assert asked(port, "GET", "/app/static/../../etc/passwd") in (400, 403, 404)
        process.terminate()
        process.wait(60)
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", port)) != 0


def asked(port: int, method: str, path: str, **headers: str) -> int:
    """What the server answers to somebody who is no page of its own, as a number."""
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    line = http.client.HTTPConnection("localhost", port, timeout=30)
    line.request(method, path, headers={**(upgrade if "Origin" in headers else {}), **headers})
    status = line.getresponse().status
    line.close()
    return status


def healthy(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers, or has given up."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health") as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    return False
