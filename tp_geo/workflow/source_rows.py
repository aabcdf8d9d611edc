"""The rows a dataset was imported from, as they came: repairs are put into them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tp_geo.files.doctor import Diagnosis
from tp_geo.files.intake import FACTS
from tp_geo.files.mapping import FIELDS, Columns
from tp_geo.store import DatasetInfo, Store

KEY = "rows_of"
"""Where the report of a dataset says under which key its rows are: later versions have others."""

_BEFORE = "key"
"""Where it said so before: the key of the import itself."""
_COLUMNS = b"tp_geo_columns"
_FACTS = b"tp_geo_facts"


@dataclass(frozen=True, slots=True, eq=False)
class SourceRows:
    """Rows as texts, which column is what, and the key of the dataset they made."""

    table: pd.DataFrame
    columns: Columns
    key: str


def keep(store: Store, key: str, diagnosis: Diagnosis) -> None:
    """Keep the rows of a diagnosed table under the key of the dataset they make."""
    store.put_blob(_blob(key), _to_parquet(diagnosis))


def load(store: Store, info: DatasetInfo) -> SourceRows | None:
    """Return the rows a dataset was imported from; None where it was not imported."""
    key = str(info.report.get(KEY) or info.report.get(_BEFORE) or info.key)
    data = store.blob(_blob(key))
    return SourceRows(*_from_parquet(data), key) if data is not None else None


def _blob(key: str) -> str:
    return f"rows/{key}"


def _to_parquet(diagnosis: Diagnosis) -> bytes:
    """Return the rows as they came, with which column is what."""
    table = pa.Table.from_pandas(diagnosis.table, preserve_index=False)
    columns = {name: getattr(diagnosis.columns, name) for name in FIELDS}
    columns |= {
        "measures": diagnosis.columns.measures,
        "attributes": diagnosis.columns.attributes,
        "source": diagnosis.columns.source,
        "count": diagnosis.columns.count,
    }
    out = io.BytesIO()
    facts = diagnosis.table.attrs.get(FACTS, {})
    about = {_COLUMNS: json.dumps(columns).encode(), _FACTS: json.dumps(facts).encode()}
    pq.write_table(table.replace_schema_metadata(about), out, compression="zstd")
    return out.getvalue()


def _from_parquet(data: bytes) -> tuple[pd.DataFrame, Columns]:
    table = pq.read_table(pa.BufferReader(data))
    known = json.loads(table.schema.metadata[_COLUMNS])
    columns = Columns(
        **{name: known[name] for name in FIELDS},
        measures=tuple(known["measures"]),
        attributes=tuple(known["attributes"]),
        source=known.get("source"),
        count=known.get("count"),
    )
    rows: pd.DataFrame = table.replace_schema_metadata(None).to_pandas()
    rows.attrs[FACTS] = json.loads(table.schema.metadata.get(_FACTS, b"{}"))
    return rows, columns
