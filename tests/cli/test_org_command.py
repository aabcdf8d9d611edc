"""``tp-geo org serve``: what can't be served is told in one line, before anything is."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--edition", "Gold"], "There is no edition 'Gold'"),
        (["--fault", "explode"], "There is no fault 'explode'"),
        (["--switch", "speed=1"], "There is no switch 'speed=1'"),
        (["--seed", "nothing.json"], "There is no file nothing.json"),
        (["--jwt-certificate", "nothing.pem"], "There is no file nothing.pem"),
    ],
)
def test_what_can_not_be_served_is_told(refused, options: list[str], said: str) -> None:
    assert said in refused("org", "serve", "--port", 0, *options)


def test_a_port_that_is_taken_is_told(refused, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text("{}")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused("org", "serve", "--port", port, "--seed", tmp_path / "empty.json")
    assert f"can't answer at 127.0.0.1:{port}" in said
    assert "Choose another port" in said


def test_a_store_of_something_else_is_told(refused, tmp_path: Path) -> None:
    (tmp_path / "plans.duckdb").write_bytes(b"not SQLite at all, however it is read" * 50)
    said = refused("org", "serve", "--port", 0, "--store", tmp_path / "plans.duckdb")
    assert "is no file of a simulated org" in said
