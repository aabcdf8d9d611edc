"""Columns of text between pandas, Arrow and numpy."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def texts_of(column: object) -> NDArray[np.object_]:
    """Return a column of text as Python strings."""
    if isinstance(column, pa.ChunkedArray | pa.Array):
        return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)
    return np.asarray(column, dtype=object)
