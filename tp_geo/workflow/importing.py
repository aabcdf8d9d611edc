"""Accounts taken in: from a file to a dataset in the store, and what was wrong with the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tp_geo import cancelling
from tp_geo.domain.commands import counted
from tp_geo.domain.dataset import Dataset, Formula
from tp_geo.domain.formulas import carried_over
from tp_geo.errors import BadData, Refused, StoreDamaged
from tp_geo.files.build import Beside, dataset_from
from tp_geo.files.doctor import Diagnosis, Fate, diagnose
from tp_geo.files.frame import HOME, Frame, frame_of
from tp_geo.files.intake import read_table
from tp_geo.files.mapping import Columns
from tp_geo.files.repairs import apply_repairs, read_repairs, write_repairs
from tp_geo.files.several import Together, together
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import DatasetInfo, Store, embedded
from tp_geo.store.geoparquet import from_geoparquet
from tp_geo.workflow import default, source_rows
from tp_geo.workflow.additions import NOTHING, Additions
from tp_geo.workflow.model_columns import labels_of

Progress = Callable[[str, float], None]
"""Told what is being done and the share of the whole that lies behind."""

MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class Order:
    """What an import makes: a dataset of a name, for whom and when.

    ``repair_to`` is where to write the rows that need mending, if there are any.
    """

    name: str
    by: str
    at: str
    repair_to: Path | None = None
    progress: Progress = lambda _what, _share: None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``matched`` and ``unmatched`` make up ``rows``.

    ``repaired`` of the matched rows needed a repair; a row can have several
    reasons. ``repair_file`` is "" when there is nothing to mend or no file was
    asked for. ``unchanged``: the store had this very dataset already. ``notes``
    say what the files of an import don't share. Of accounts that were rolled
    up, ``rows``, ``matched`` and the like count accounts and ``by_reason`` the
    ``codes`` they came under, which are 0 otherwise.
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
    notes: tuple[str, ...] = ()
    codes: int = 0

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values, as the command line prints it."""
        return asdict(self)


def frame_for(store: Store, kind: str) -> Frame:
    """Return what rows are matched against: the newest boundary set of a kind, else the built-in.

    For boundaries of the USA, the known places of all ZIP codes help.
    """
    known = store.boundary_sets()
    info = next((i for i in known if i.kind == kind), None)
    if info is None and kind not in embedded.KINDS:
        kinds = ", ".join(dict.fromkeys([*embedded.KINDS, *(i.kind for i in known)]))
        raise BadData(f"There are no boundaries of kind {kind!r}. There are: {kinds}.")
    if info is None:
        return _frame(embedded.load_boundaries(kind))
    blob = store.blob(info.key)
    if blob is None:
        raise StoreDamaged(f"The shapes of {info.title} are gone. Add the boundaries again.")
    return _frame(from_geoparquet(blob), layer=info.key)


def _frame(boundaries: Boundaries, layer: str = "") -> Frame:
    states = labels_of(embedded.load_boundaries("state"))
    return frame_of(boundaries, layer=layer, lookup=embedded.load_lookup(), states=states)


def import_dataset(
    store: Store,
    path: Path,
    order: Order,
    *,
    more: Sequence[Path] = (),
    columns: Columns | None = None,
    fixed: Mapping[str, str] | None = None,
    measures: Sequence[str] = (),
    boundaries: str = "postal",
    sheet: str | None = None,
) -> ImportReport:
    """Take a file in as a dataset; all of it or, on ``BadData``, nothing.

    Parameters
    ----------
    more
        Files whose rows go below those of the first, their columns by header.
    columns
        Which column is what; guessed when not given. To choose some and have
        the rest guessed, give ``fixed`` (column by field) and ``measures``.
    boundaries
        The kind of containers the rows are put into.
    """
    check_name(order.name)
    _check_apart(order, path, *more)
    read = read_files([path, *more], order.progress, sheet=sheet)
    chosen = columns or read.guess(fixed, measures)
    diagnosis = _placed(store, read.table, chosen, boundaries, order)
    report = keep(store, diagnosis, order, source=read.title)
    return replace(report, notes=(*read.notes, *report.notes))


def read_files(paths: Sequence[Path], progress: Progress, *, sheet: str | None = None) -> Together:
    """Return the rows of files one after another."""
    files = []
    for n, path in enumerate(paths):
        progress(f"Reading {path.name}", 0.3 * n / len(paths))
        files.append((path.name, read_table(path, sheet=sheet)))
    return together(files)


def send_back(store: Store, repaired: Path, order: Order) -> ImportReport:
    """Put the rows of a repair file into a dataset and import it anew under its name.

    What was added to the dataset since it was imported goes along.
    """
    info = next((i for i in store.datasets() if i.name == order.name), None)
    rows = source_rows.load(store, info) if info else None
    if info is None or rows is None:
        raise BadData(
            f"There is no imported dataset {order.name!r} to repair. Import its file first."
        )
    _check_apart(order, repaired)
    order.progress(f"Reading {repaired.name}", 0.0)
    mended = apply_repairs(rows.table, read_repairs(repaired), rows.columns)
    diagnosis = _placed(store, mended, rows.columns, info.boundaries_kind, order)
    added = Additions.between(store.dataset(rows.key), store.dataset(info.key))
    return keep(store, diagnosis, order, source=info.source, added=added)


def _placed(
    store: Store, table: pd.DataFrame, columns: Columns, boundaries: str, order: Order
) -> Diagnosis:
    order.progress("Opening the boundaries", 0.3)
    frame = frame_for(store, boundaries)
    order.progress(f"Placing {counted(len(table), 'rows')}", 0.4)
    return diagnose(table, columns, frame)


def keep(
    store: Store, diagnosis: Diagnosis, order: Order, *, source: str, added: Additions = NOTHING
) -> ImportReport:
    """Store the dataset of a diagnosed table, with its rows for later repairs, and report."""
    check_name(order.name)
    order.progress("Adding up", 0.7)
    dataset = dataset_from(
        diagnosis, name=order.name, source=source, made=order.at, beside=_beside(diagnosis.frame)
    )
    repair_file = _write_repairs(diagnosis, order.repair_to)
    added = added if added.formulas else replace(added, formulas=_formulas(store, order.name))
    whole = added.to(dataset)
    report = ImportReport(
        dataset=order.name,
        key=whole.key,
        rows=diagnosis.standing_for(diagnosis.fate >= 0),
        matched=diagnosis.standing_for(diagnosis.fate != Fate.UNMATCHED),
        unmatched=diagnosis.standing_for(diagnosis.fate == Fate.UNMATCHED),
        repaired=diagnosis.standing_for(diagnosis.fate == Fate.REPAIRED),
        by_reason=diagnosis.by_reason,
        totals=diagnosis.totals(),
        columns=diagnosis.columns.chosen,
        repair_file=repair_file,
        unchanged=any(i.name == order.name and i.key == whole.key for i in store.datasets()),
        notes=tuple(_left_out(added.formulas, whole)),
        codes=len(diagnosis.table) if diagnosis.rolled_up else 0,
    )
    if not report.unchanged:
        order.progress("Saving", 0.8)
        cancelling.keep()
        _put(store, diagnosis, dataset, whole, {**report.to_json(), "by": order.by})
    order.progress("Done", 1.0)
    return report


def _formulas(store: Store, name: str) -> tuple[Formula, ...]:
    """Return the formulas of the dataset that has the name until now."""
    info = next((i for i in store.datasets() if i.name == name), None)
    return store.dataset(info.key).formulas if info else ()


def _left_out(formulas: Sequence[Formula], dataset: Dataset) -> Iterator[str]:
    """Yield which formulas of the version before the new one can't have, and why."""
    for name, why in carried_over(dataset, _missing(formulas, dataset))[1].items():
        yield f"The formula {name!r} is left out: {why}"


def _missing(formulas: Sequence[Formula], dataset: Dataset) -> list[Formula]:
    return [f for f in formulas if f not in dataset.formulas]


def _put(
    store: Store,
    diagnosis: Diagnosis,
    dataset: Dataset,
    whole: Dataset,
    report: Mapping[str, object],
) -> None:
    """Keep the rows, the dataset they make and, if anything was added to that, the whole."""
    source_rows.keep(store, dataset.key, diagnosis)
    for made in (dataset,) if whole.key == dataset.key else (dataset, whole):
        info = DatasetInfo(
            name=made.name,
            key=made.key,
            boundaries_kind=made.boundaries,
            boundaries_key=made.layer,
            made=made.made,
            source=made.source,
            report={**report, source_rows.KEY: dataset.key},
        )
        store.put_dataset(info, made)


def check_name(name: str) -> None:
    """Raise ``Refused`` for a name that a dataset cannot have."""
    if not name.strip() or len(name) > MAX_NAME:
        raise Refused(f"A dataset's name has 1 to {MAX_NAME} characters; this one has {len(name)}.")
    if name == default.NAME:
        raise Refused(f"{name!r} is the dataset that is built in. Choose another name.")


def _check_apart(order: Order, *read: Path) -> None:
    """Raise ``Refused`` when the repair file would take the place of a file that is read."""
    for path in read:
        if order.repair_to is not None and order.repair_to.resolve() == path.resolve():
            raise Refused(
                f"{path.name} is the file that is read. Choose another place for the repair file."
            )


def _beside(frame: Frame) -> Beside | None:
    """Return the built-in measures of the containers, where there are any for their codes."""
    book = next((b for b in frame.books if b.country == HOME), None)
    if book is None or book.kind not in embedded.MEASURED:
        return None
    table = embedded.load_measures(book.kind).set_index("code").reindex(list(book.codes))
    measures = embedded.describe_measures(book.kind)
    values = np.full((len(frame.codes), len(measures)), np.nan)
    values[book.at] = table[[m.name for m in measures]].to_numpy(np.float64)
    return Beside(measures, values)


def _write_repairs(diagnosis: Diagnosis, path: Path | None) -> str:
    """Write the repair file; "" when there is nothing to mend."""
    if path is None or not write_repairs(diagnosis, path):
        return ""
    return str(path)
