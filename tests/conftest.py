"""What all tests share: the hypothesis profile, and a store in a fresh folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tp_geo.store import Store, open_store

settings.register_profile(
    "tp-geo",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    # continuous integration tries the same examples each time; people's machines look for new ones
    derandomize="TP_GEO_SAME_EXAMPLES" in os.environ,
)
settings.load_profile("tp-geo")


PROGRAM = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def same_program() -> Iterator[None]:
    """Put ``__main__`` back, for which script runs of Streamlit stand in: new processes run it."""
    sys.modules["__main__"] = PROGRAM
    yield
    sys.modules["__main__"] = PROGRAM


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    """Where a store may be made; its folder does not exist yet."""
    return tmp_path / "my plans" / "store.duckdb"


@pytest.fixture
def store(store_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(str(store_path))
    yield opened
    opened.close()
