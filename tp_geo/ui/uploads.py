"""Files that a person hands over, gone when they are read; tables to take away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from streamlit.typing import UploadedFile

from tp_geo.files.exports_csv import write_csv

TABLES = ["csv", "tsv", "txt", "parquet", "xlsx"]
SHAPES = ["geojson", "json", "gpkg", "zip", "parquet", "geoparquet"]
LAYERS = [*SHAPES, "kml", "csv", "tsv", "txt", "xlsx"]
PLAN = ["tpgeo"]
_BLOCK = 1 << 20
_LONGEST = 60


@contextmanager
def kept(upload: UploadedFile) -> Iterator[Path]:
    """Yield a file with the upload's bytes and name, made harmless; it is removed afterwards."""
    name = "".join(c if c.isalnum() or c in " ._-" else "-" for c in Path(upload.name).name)
    with tempfile.TemporaryDirectory(prefix="tp-geo-upload-") as folder:
        path = Path(folder) / name[-_LONGEST:].lstrip(" .-")
        upload.seek(0)
        with path.open("wb") as file:
            while block := upload.read(_BLOCK):
                file.write(block)
        yield path


def csv_of(table: pd.DataFrame) -> bytes:
    """Return a table as a CSV file without formulas."""
    with tempfile.TemporaryDirectory(prefix="tp-geo-download-") as folder:
        path = Path(folder) / "table.csv"
        write_csv(table, path)
        return path.read_bytes()
