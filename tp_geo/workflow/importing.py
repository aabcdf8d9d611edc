"""Accounts taken in: from a file to a dataset in the store, and what was wrong with the file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tp_geo import cancelling
from tp_geo.domain.commands import counted
from tp_geo.errors import BadData, Refused, StoreDamaged
from tp_geo.files.build import Beside, dataset_from
from tp_geo.files.doctor import Diagnosis, diagnose
from tp_geo.files.frame import Frame, frame_of
from tp_geo.files.intake import read_table
from tp_geo.files.mapping import FIELDS, Columns, guess
from tp_geo.files.repairs import apply_repairs, read_repairs, write_repairs
from tp_geo.store import DatasetInfo, Store, embedded
from tp_geo.store.geoparquet import from_geoparquet
from tp_geo.workflow import default

Progress = Callable[[str, float], None]
"""Told what is being done and the share of the whole that lies behind."""

MAX_NAME = 255
_COLUMNS = b"tp_geo_columns"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``matched`` and ``unmatched`` make up ``rows``.

    ``repaired`` of the matched rows needed a repair; a row can have several
    reasons. ``repair_file`` is "" when there is nothing to mend or no file was
    asked for. ``unchanged``: the store had this very dataset already.
    """

    dataset: str
    key: str
    rows: int
    matched: int
    unmatched: int
    repaired: int
    by_reason: Mapping[str, int]
    totals: Mapping[str, float]
    columns: Mapping[str, str]
    repair_file: str = ""
    unchanged: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values, as the command line prints it."""
        return asdict(self)


def frame_for(store: Store, kind: str) -> Frame:
    """Return what rows are matched against: the newest boundary set of a kind, else the built-in.

    For boundaries of the USA, the known places of all ZIP codes help.
    """
    info = next((i for i in store.boundary_sets() if i.kind == kind), None)
    if info is None:
        return frame_of(embedded.load_boundaries(kind), lookup=embedded.load_lookup())
    blob = store.blob(info.key)
    if blob is None:
        raise StoreDamaged(f"The shapes of {info.title} are gone. Add the boundaries again.")
    return frame_of(from_geoparquet(blob), layer=info.key, lookup=embedded.load_lookup())


def import_dataset(
    store: Store,
    path: Path,
    name: str,
    *,
    by: str,
    at: str,
    columns: Columns | None = None,
    fixed: Mapping[str, str] | None = None,
    measures: Sequence[str] = (),
    boundaries: str = "postal",
    sheet: str | None = None,
    repair_to: Path | None = None,
    progress: Progress = lambda _what, _share: None,
) -> ImportReport:
    """Take a file in as a dataset; all of it or, on ``BadData``, nothing.

    Parameters
    ----------
    columns
        Which column is what; guessed when not given. To choose some and have
        the rest guessed, give ``fixed`` (column by field) and ``measures``.
    boundaries
        The kind of containers the rows are put into.
    repair_to
        Where to write the rows that need mending, if there are any.
    """
    check_name(name)
    progress(f"Reading {path.name}", 0.0)
    table = read_table(path, sheet=sheet)
    chosen = columns or guess(table, fixed, measures)
    progress("Opening the boundaries", 0.3)
    frame = frame_for(store, boundaries)
    progress(f"Placing {counted(len(table), 'rows')}", 0.4)
    diagnosis = diagnose(table, chosen, frame)
    return keep(
        store,
        diagnosis,
        name,
        by=by,
        at=at,
        source=path.name,
        repair_to=repair_to,
        progress=progress,
    )


def send_back(
    store: Store,
    name: str,
    repaired: Path,
    *,
    by: str,
    at: str,
    repair_to: Path | None = None,
    progress: Progress = lambda _what, _share: None,
) -> ImportReport:
    """Put the rows of a repair file into a dataset and import it anew under its name."""
    info = next((i for i in store.datasets() if i.name == name), None)
    data = store.blob(_source_key(info.key)) if info else None
    if info is None or data is None:
        raise BadData(f"There is no imported dataset {name!r} to repair. Import its file first.")
    progress(f"Reading {repaired.name}", 0.0)
    table, columns = _from_parquet(data)
    mended = apply_repairs(table, read_repairs(repaired), columns)
    progress("Opening the boundaries", 0.3)
    frame = frame_for(store, info.boundaries_kind)
    progress(f"Placing {counted(len(table), 'rows')}", 0.4)
    diagnosis = diagnose(mended, columns, frame)
    return keep(
        store,
        diagnosis,
        name,
        by=by,
        at=at,
        source=info.source,
        repair_to=repair_to,
        progress=progress,
    )


def keep(
    store: Store,
    diagnosis: Diagnosis,
    name: str,
    *,
    by: str,
    at: str,
    source: str,
    repair_to: Path | None = None,
    progress: Progress = lambda _what, _share: None,
) -> ImportReport:
    """Store the dataset of a diagnosed table, with its rows for later repairs, and report."""
    check_name(name)
    progress("Adding up", 0.7)
    dataset = dataset_from(
        diagnosis, name=name, source=source, made=at, beside=_beside(diagnosis.frame)
    )
    repair_file = _write_repairs(diagnosis, repair_to)
    unchanged = any(i.name == name and i.key == dataset.key for i in store.datasets())
    report = ImportReport(
        dataset=name,
        key=dataset.key,
        rows=len(diagnosis.table),
        matched=diagnosis.matched,
        unmatched=diagnosis.unmatched,
        repaired=diagnosis.repaired,
        by_reason=diagnosis.by_reason,
        totals=diagnosis.totals(),
        columns=diagnosis.columns.chosen,
        repair_file=repair_file,
        unchanged=unchanged,
    )
    if not unchanged:
        progress("Saving", 0.8)
        cancelling.keep()
        store.put_blob(_source_key(dataset.key), _to_parquet(diagnosis))
        info = DatasetInfo(
            name=name,
            key=dataset.key,
            boundaries_kind=dataset.boundaries,
            boundaries_key=dataset.layer,
            made=at,
            source=source,
            report={**report.to_json(), "by": by},
        )
        store.put_dataset(info, dataset)
    progress("Done", 1.0)
    return report


def check_name(name: str) -> None:
    """Raise ``Refused`` for a name that a dataset cannot have."""
    if not name.strip() or len(name) > MAX_NAME:
        raise Refused(f"A dataset's name has 1 to {MAX_NAME} characters; this one has {len(name)}.")
    if name == default.NAME:
        raise Refused(f"{name!r} is the dataset that is built in. Choose another name.")


def _beside(frame: Frame) -> Beside | None:
    """Return the built-in measures of the containers, where there are any for their codes."""
    if frame.country != "US" or frame.kind not in embedded.MEASURED:
        return None
    table = embedded.load_measures(frame.kind).set_index("code").reindex(list(frame.codes))
    measures = embedded.describe_measures(frame.kind)
    return Beside(measures, table[[m.name for m in measures]].to_numpy(np.float64))


def _write_repairs(diagnosis: Diagnosis, path: Path | None) -> str:
    """Write the repair file; "" when there is nothing to mend."""
    if path is None:
        return ""
    try:
        if write_repairs(diagnosis, path):
            return str(path)
        path.unlink()
    except OSError as failed:
        raise Refused(
            f"The repair file {path.name} cannot be written ({failed.strerror}). "
            "Nothing was imported; choose another place."
        ) from failed
    return ""


def _source_key(key: str) -> str:
    return f"rows/{key}"


def _to_parquet(diagnosis: Diagnosis) -> bytes:
    """Return the rows as they came, with which column is what."""
    table = pa.Table.from_pandas(diagnosis.table, preserve_index=False)
    columns = {name: getattr(diagnosis.columns, name) for name in FIELDS}
    columns |= {
        "measures": diagnosis.columns.measures,
        "attributes": diagnosis.columns.attributes,
    }
    out = io.BytesIO()
    about = {_COLUMNS: json.dumps(columns).encode()}
    pq.write_table(table.replace_schema_metadata(about), out, compression="zstd")
    return out.getvalue()


def _from_parquet(data: bytes) -> tuple[pd.DataFrame, Columns]:
    table = pq.read_table(pa.BufferReader(data))
    known = json.loads(table.schema.metadata[_COLUMNS])
    columns = Columns(
        **{name: known[name] for name in FIELDS},
        measures=tuple(known["measures"]),
        attributes=tuple(known["attributes"]),
    )
    return table.replace_schema_metadata(None).to_pandas(), columns
