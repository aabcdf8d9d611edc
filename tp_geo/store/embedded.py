"""The boundaries and measures that come with the project."""

from __future__ import annotations

import importlib.util
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from tp_geo.domain.dataset import Aggregate, Measure
from tp_geo.errors import BadData, Unavailable
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.boundaries import Boundaries, Shares
from tp_geo.store.geoparquet import from_geoparquet

KINDS = ("postal", "county", "state", "province", "municipality", "country")
MEASURED = ("postal", "county")
DATA_ADDRESS = "TP_GEO_DATA"
_PACKAGE = "tp_geo_data"
_IN_TREE = Path(__file__).parents[2] / "data"


def data_dir() -> Path:
    """Return the directory of the embedded data: the environment's, the tree's or the package's."""
    if address := os.environ.get(DATA_ADDRESS):
        return _checked(Path(address), f"{DATA_ADDRESS} says {address}")
    if (_IN_TREE / "boundaries").is_dir():
        return _IN_TREE
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise Unavailable(
            "The embedded data is not installed. Install the project again, or set "
            f"{DATA_ADDRESS} to the directory that holds boundaries/ and measures/."
        )
    found = package.submodule_search_locations[0]
    return _checked(Path(found), f"The package is at {found}")


def load_boundaries(kind: str) -> Boundaries:
    """Return an embedded layer; the postal one with its shares."""
    found = from_geoparquet(_file("boundaries", kind, KINDS))
    return replace(found, shares=_shares(found)) if kind == "postal" else found


def load_adjacency(kind: str) -> Adjacency:
    """Return who is next to whom in an embedded layer; it is one connected whole."""
    table = pq.read_table(_file("boundaries", kind, KINDS).with_suffix(".adjacency.parquet"))
    pairs = np.column_stack([table["i"].to_numpy(), table["j"].to_numpy()]).astype(np.int32)
    return Adjacency(
        pairs, table["length_m"].to_numpy().astype(np.float64), table["link"].to_numpy()
    )


def load_measures(kind: str) -> pd.DataFrame:
    """Return ``code`` and the measures of each container; NaN where the source has none."""
    return pd.read_parquet(_file("measures", kind, MEASURED))


def describe_measures(kind: str) -> tuple[Measure, ...]:
    """Return what the columns of ``load_measures`` are, with their source in ``note``."""
    metadata = pq.read_schema(_file("measures", kind, MEASURED)).metadata
    told = json.loads(metadata[b"tp_geo"])
    return tuple(
        Measure(**one | {"aggregate": Aggregate(one.get("aggregate", "sum"))}) for one in told
    )


def load_lookup() -> pd.DataFrame:
    """Return every postal code: code, lon, lat, city, state, kind, container ("" where none)."""
    return pd.read_parquet(data_dir() / "postal_lookup.parquet")


def load_cities() -> pd.DataFrame:
    """Return name, country, lon, lat and population of large cities, the largest first."""
    return pd.read_parquet(data_dir() / "cities.parquet")


def _shares(boundaries: Boundaries) -> Shares:
    table = pd.read_parquet(data_dir() / "boundaries" / "postal_shares.parquet")
    container = np.searchsorted(boundaries.codes.astype(str), table["code"].to_numpy(str))
    return Shares(
        container.astype(np.int32),
        table["county"].to_numpy(object),
        table["share"].to_numpy(np.float64),
    )


def _file(folder: str, kind: str, known: tuple[str, ...]) -> Path:
    if kind not in known:
        raise BadData(f"There is no embedded {kind!r}; there are: {', '.join(known)}.")
    return data_dir() / folder / f"{kind}.parquet"


def _checked(path: Path, said: str) -> Path:
    if not (path / "boundaries" / "postal.parquet").is_file():
        raise Unavailable(f"{said}, but there is no boundaries/postal.parquet in it.")
    return path
