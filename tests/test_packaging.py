"""What a wheel must carry so that it works without the tree it was built from."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-w", str(out), str(ROOT)], check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.mark.parametrize(
    "name",
    [
        "tp_geo/pyproject.toml",
        "tp_geo/ui/territory_map/map.js",
        "tp_geo/store/migrations/",
        "tp_geo/crm/contract/Territory2.json",
        "tp_geo/crm/org/demo.json",
        "tp_geo_data/boundaries/postal.parquet",
        "tp_geo_data/topology/postal.tpg",
        "tp_geo_data/measures/postal.parquet",
    ],
)
def test_the_wheel_carries(wheel: Path, name: str) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(n.startswith(name) for n in names)


def test_the_wheel_carries_every_module_of_the_tree(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {str(p.relative_to(ROOT)) for p in (ROOT / "tp_geo").rglob("*.py")} <= names


def test_streamlit_finds_the_map_in_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    probe = (
        "from streamlit.components.v2.manifest_scanner import scan_component_manifests as scan;"
        "print([(m.name, str(r)) for m, r in scan()])"
    )
    found = subprocess.run(
        [sys.executable, "-c", probe],
        env={"PYTHONPATH": str(site), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "tp-geo" in found and str(site) in found
