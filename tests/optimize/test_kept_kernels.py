"""Compiled kernels are used also where the program may not write beside its code."""

from __future__ import annotations

from pathlib import Path

import numba
import pytest
from numba.core.caching import UserProvidedCacheLocator

from tp_geo.optimize import compiled


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Kernels as an install leaves them, in a folder that can't be written."""
    folder = tmp_path / "optimize" / "__pycache__"
    folder.mkdir(parents=True)
    for name in ("moves.gain-1.py311.1.nbc", "moves.gain-1.py311.nbi"):
        (folder / name).write_text(f"the kernel {name}")
    writable = compiled._writable
    monkeypatch.setattr(compiled, "_writable", lambda f: f != folder and writable(f))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    return folder


def where_numba_looks() -> Path:
    folder = UserProvidedCacheLocator.get_suitable_cache_subpath(compiled.__file__)
    return Path(numba.config.CACHE_DIR) / folder


def test_kernels_that_were_compiled_at_install_are_found_elsewhere(
    made: Path, tmp_path: Path
) -> None:
    assert compiled.keep(made, tmp_path / "cache")
    found = {f.name: f.read_text() for f in where_numba_looks().iterdir()}
    assert found == {f.name: f.read_text() for f in made.iterdir()}


def test_what_was_compiled_since_stays_and_another_install_has_a_folder_of_its_own(
    made: Path, tmp_path: Path
) -> None:
    compiled.keep(made, tmp_path / "cache")
    before = where_numba_looks()
    (before / "moves.gain-1.py311.nbi").write_text("compiled for other numbers, too")
    numba.config.CACHE_DIR = ""
    compiled.keep(made, tmp_path / "cache")
    assert where_numba_looks() == before
    assert (before / "moves.gain-1.py311.nbi").read_text() == "compiled for other numbers, too"
    (made / "moves.gain-1.py311.nbi").write_text("the kernel of the next version")
    numba.config.CACHE_DIR = ""
    compiled.keep(made, tmp_path / "cache")
    assert where_numba_looks() != before


def test_where_nothing_can_be_written_kernels_are_compiled_each_time(
    made: Path, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    assert not compiled.keep(made, tmp_path / "cache")
    assert not numba.config.CACHE_DIR


def test_where_the_code_is_can_be_written_nothing_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    assert compiled.keep(tmp_path / "__pycache__", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
    assert not numba.config.CACHE_DIR


def test_where_somebody_said_where_kernels_go_they_go_there(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "said"))
    assert compiled.keep(made, tmp_path / "cache")
    assert str(tmp_path / "said") == numba.config.CACHE_DIR
    assert not (tmp_path / "cache").exists()
