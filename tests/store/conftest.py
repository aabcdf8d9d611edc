"""Tests of the store run on both engines, those of a DuckDB file (``store_path``) on that alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.postgres_server import Server, shared
from tp_geo.store import Store, open_store

ENGINES = ("duckdb", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for ``engine``, or for ``store`` without its file, on each engine."""
    asked = set(metafunc.fixturenames)
    if "engine" in asked:
        both = "store_path" not in metafunc.definition.fixturenames or _given(metafunc)
        metafunc.parametrize("engine", ENGINES if both else ENGINES[:1])


def _given(metafunc: pytest.Metafunc) -> bool:
    """Whether the test itself does not name the file."""
    return "store_path" not in metafunc.function.__code__.co_varnames


@pytest.fixture(scope="session")
def server() -> Server:
    """A PostgreSQL server, started when the first test asks for it."""
    return shared()


@pytest.fixture
def address(engine: str, request: pytest.FixtureRequest) -> str:
    """Where an empty store of an engine may be made."""
    if engine == "duckdb":
        return str(request.getfixturevalue("store_path"))
    return str(request.getfixturevalue("server").fresh())


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(address)
    yield opened
    opened.close()
