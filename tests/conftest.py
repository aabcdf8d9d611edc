"""What all tests share: the hypothesis profile, and a store in a fresh folder."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

import tp_geo
from tp_geo.store import Store, open_store

SAME = "TP_GEO_SAME_EXAMPLES" in os.environ
"""Continuous integration tries the same examples each time; people's machines look for new ones."""

settings.register_profile(
    "tp-geo",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize=SAME,
)
settings.load_profile("tp-geo")


def pytest_configure() -> None:
    """Load all our code where examples are to be the same each time.

    Examples are also made of the constants in the code loaded so far, which
    depends on the tests that ran before in the same process.
    """
    if not SAME:
        return
    for module in pkgutil.walk_packages(tp_geo.__path__, "tp_geo."):
        importlib.import_module(module.name)
    root = Path(tp_geo.__file__).parents[1]
    for script in (root / "app.py", *sorted((root / "pages").glob("*.py"))):
        # pages run as scripts: that they are loaded is all that is looked at
        page = sys.modules[f"script {script.stem}"] = ModuleType(script.stem)
        page.__file__ = str(script)


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
