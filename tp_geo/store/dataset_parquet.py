"""A dataset as Parquet bytes and back, identical: one row an item, the rest in the metadata."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tp_geo.domain.alignment import Items, frozen
from tp_geo.domain.dataset import (
    Aggregate,
    Dataset,
    Floats,
    Formula,
    Level,
    Measure,
    Texts,
    renamed,
)
from tp_geo.errors import BadData, StoreDamaged

VERSION = 2
"""2: with formulas; a dataset without any is still written as 1, as older programs read it."""
METADATA_KEY = b"tp_geo_dataset"


def to_parquet(dataset: Dataset) -> bytes:
    """Return a dataset as Parquet; raise ``BadData`` for text that is not Unicode."""
    n = dataset.items.containers
    inside = np.concatenate([np.full(n, -1, dtype=np.int32), dataset.items.container_of])
    columns: dict[str, pa.Array] = {"container": pa.array(inside)}
    columns["code"] = _text("code", dataset.codes)
    columns["name"] = _text("name", dataset.names)
    for k, measure in enumerate(dataset.measures):
        columns[f"measure:{measure.name}"] = pa.array(np.ascontiguousarray(dataset.values[:, k]))
    for name, texts in dataset.attributes.items():
        columns[f"attribute:{name}"] = _text(name, texts).dictionary_encode()
    schema = pa.schema(
        [(name, column.type) for name, column in columns.items()],
        metadata={METADATA_KEY: json.dumps(_described(dataset)).encode()},
    )
    table = pa.Table.from_arrays(list(columns.values()), schema=schema)
    out = io.BytesIO()
    pq.write_table(
        table,
        out,
        compression="zstd",
        row_group_size=max(len(table), 1),
        use_dictionary=[f"attribute:{name}" for name in dataset.attributes],
        write_statistics=False,
    )
    return out.getvalue()


def from_parquet(data: bytes) -> Dataset:
    """Return the dataset that `to_parquet` wrote; raise ``StoreDamaged`` when it did not."""
    try:
        table = pq.read_table(pa.BufferReader(data))
        about = json.loads(table.schema.metadata[METADATA_KEY])
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise StoreDamaged(
            f"A stored dataset can't be read ({error}). Import its file again."
        ) from error
    if about["version"] > VERSION:
        raise StoreDamaged(
            f"Dataset {about['name']!r} was stored by a newer TP Geo. Update TP Geo to read it."
        )
    return _dataset(table, about)


def _dataset(table: pa.Table, about: dict[str, Any]) -> Dataset:
    n = about["containers"]
    measures = tuple(
        renamed(Measure(**{**m, "aggregate": Aggregate(m["aggregate"])})) for m in about["measures"]
    )
    inside = table["container"].to_numpy()[n:].astype(np.int32)
    return Dataset(
        name=about["name"],
        key=about["key"],
        boundaries=about["boundaries"],
        items=Items(n, frozen(inside)),
        codes=_texts(table, "code"),
        names=_texts(table, "name"),
        measures=measures,
        values=_values(table, [m.name for m in measures]),
        attributes={k: _texts(table, f"attribute:{k}") for k in about["attributes"]},
        source=about["source"],
        made=about["made"],
        layer=about["layer"],
        formulas=tuple(_formula(f) for f in about.get("formulas", ())),
    )


def _formula(told: dict[str, Any]) -> Formula:
    kinds = {"level": Level(told["level"]), "aggregate": Aggregate(told["aggregate"])}
    return Formula(**{**told, **kinds})


def _described(dataset: Dataset) -> dict[str, Any]:
    formulas = {"formulas": [asdict(f) for f in dataset.formulas]} if dataset.formulas else {}
    return {
        "version": VERSION if formulas else 1,
        "name": dataset.name,
        "key": dataset.key,
        "boundaries": dataset.boundaries,
        "containers": dataset.items.containers,
        "measures": [asdict(m) for m in dataset.measures],
        "attributes": list(dataset.attributes),
        "source": dataset.source,
        "made": dataset.made,
        "layer": dataset.layer,
        **formulas,
    }


def _text(name: str, texts: Texts) -> pa.Array:
    try:
        return pa.array(texts, type=pa.string(), from_pandas=False)
    except (UnicodeEncodeError, pa.ArrowException) as error:
        raise BadData(
            f"Column {name!r} holds a value that is not text: {error}. Save the file as UTF-8."
        ) from error


def _texts(table: pa.Table, column: str) -> Texts:
    found = table[column].combine_chunks()
    if pa.types.is_dictionary(found.type):
        words: NDArray[np.object_] = found.dictionary.to_numpy(zero_copy_only=False)
        return frozen(words[found.indices.to_numpy()])
    return frozen(np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.object_))


def _values(table: pa.Table, measures: list[str]) -> Floats:
    values = np.empty((len(table), len(measures)), dtype=np.float64)
    for k, name in enumerate(measures):
        values[:, k] = table[f"measure:{name}"].to_numpy()
    return frozen(values)
