"""Accounts that stay where they are: rolled up there by code, and only that taken in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tp_geo import cancelling
from tp_geo.domain.commands import counted
from tp_geo.domain.rolled_up import CODE, COUNT, COUNTRY
from tp_geo.errors import BadData
from tp_geo.files.doctor import diagnose
from tp_geo.files.frame import Frame
from tp_geo.files.headers import called
from tp_geo.files.mapping import guess
from tp_geo.store import Store
from tp_geo.warehouse import parquet
from tp_geo.warehouse.connection import Row, Warehouse, columns_in, rows_of
from tp_geo.warehouse.statement import Figure, RollUp, columns_of, found, statement, unusable
from tp_geo.workflow import compute
from tp_geo.workflow.importing import ImportReport, Order, check_name, frame_for, keep

if TYPE_CHECKING:
    import pyarrow as pa

ADDRESS = "TP_GEO_WAREHOUSE"
"""The warehouse whose accounts are rolled up where no other is named."""

_SUFFIX = ".parquet"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which columns are rolled up; the postal code is guessed where it is ""."""

    postal: str = ""
    country: str = ""
    measures: tuple[str, ...] = ()


def roll_up_warehouse(
    store: Store,
    address: str,
    table: str,
    choice: Choice,
    order: Order,
    *,
    boundaries: str = "postal",
) -> ImportReport:
    """Take in what one statement in a warehouse gives, checked as an upload is.

    The address may hold a password; what is kept and told does not.
    """
    check_name(order.name)
    warehouse = Warehouse.at(address)
    order.progress(f"Asking {warehouse.shown} for its columns", 0.0)
    known = columns_in(warehouse, table)
    frame = frame_for(store, boundaries)
    asked = _asked(table, known, choice, frame)
    order.progress(f"Rolling up {table} in {warehouse.shown}", 0.1)
    rows = rows_of(warehouse, asked)
    return _kept(store, asked, rows, frame, order, source=f"{warehouse.shown}, {table}")


def shown_at(address: str) -> str:
    """Return a warehouse's address as it may be shown: without user and password."""
    return Warehouse.at(address).shown


def columns_at(address: str, table: str) -> tuple[str, ...]:
    """Return the columns of a table in a warehouse."""
    return columns_in(Warehouse.at(address), table)


def statement_for(
    store: Store, engine: str, table: str, choice: Choice, *, boundaries: str = "postal"
) -> str:
    """Return the statement in the words of an engine, to run in its own console.

    What it gives, saved as CSV or Parquet, is imported like any file.
    Columns have to be named as they are there.
    """
    if not choice.postal:
        raise BadData("Name the column of postal codes with --postal: nobody asks the warehouse.")
    names = [choice.postal, *filter(None, [choice.country]), *choice.measures]
    frame = frame_for(store, boundaries)
    return statement(_asked(table, names, choice, frame), engine)


def roll_up_files(
    store: Store,
    paths: Sequence[Path],
    choice: Choice,
    order: Order,
    *,
    boundaries: str = "postal",
) -> ImportReport:
    """Take in the roll-up of accounts in Parquet files: all rows are read, none is kept.

    On a cluster each file is a task of its own, on this machine all are one;
    the result is the same. Of a folder, the Parquet files in it are meant.
    """
    check_name(order.name)
    files = parquet_files(paths)
    order.progress("Opening the boundaries", 0.0)
    frame = frame_for(store, boundaries)
    title = files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1:,} more"
    order.progress(f"Rolling up {counted(len(files), 'files')}", 0.1)
    names = [str(f.absolute()) for f in files]
    asked = _asked_of_files(names, choice, frame, title)
    table = roll_up_parts(asked, names, told=_share_of(order, len(names)))
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return _kept(store, parquet.exactly(asked), rows, frame, order, source=title)


def roll_up_parts(
    asked: RollUp, files: Sequence[str], *, told: Callable[[int], None] = lambda _n: None
) -> pa.Table:
    """Return the roll-up of Parquet files, by the cluster that is set or by this machine."""
    if compute.on_cluster():
        parts = [parquet.Part(asked, (file,)) for file in files]
    else:
        parts = [parquet.Part(asked, tuple(files), os.cpu_count() or 1)]
    done = compute.done(parquet.roll_up, parts, told=told)
    return parquet.merged(asked, done) if len(done) > 1 else done[0]


def parquet_files(paths: Iterable[Path]) -> list[Path]:
    """Return the Parquet files that paths mean, those of folders in order of name."""
    found_files = list[Path]()
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob(f"*{_SUFFIX}"))
            if not inside:
                raise BadData(f"The folder {path} has no file that ends in {_SUFFIX}.")
            found_files += inside
        elif path.suffix.lower() != _SUFFIX:
            raise BadData(
                f"{path.name} is no Parquet file. Import it as it is (tp-geo import), or save it "
                f"with the ending {_SUFFIX}."
            )
        elif not path.exists():
            raise BadData(f"There is no file {path}. Check the path.")
        else:
            found_files.append(path)
    if not found_files:
        raise BadData("Give at least one Parquet file, or a folder of them.")
    return found_files


def _share_of(order: Order, files: int) -> Callable[[int], None]:
    def told(done: int) -> None:
        said = f"Rolling up {counted(files, 'files')}"
        order.progress(said, 0.1 + 0.5 * done / files)

    return told


def _asked(table: str, known: Sequence[str], choice: Choice, frame: Frame) -> RollUp:
    """Return what to ask for, by the very names of the columns."""
    postal = choice.postal or next(iter(called("postal", known)), "")
    if not postal:
        listed = ", ".join(known[:30])
        raise BadData(
            f"No column of {table} is called as postal codes are. Name it with --postal; "
            f"it has: {listed}."
        )
    country = choice.country
    if not country and frame.several:
        country = next(iter(called("country", known)), "")
    measures = dict.fromkeys(found(m, known, table) for m in choice.measures)
    return RollUp(
        table=table,
        code=found(postal, known, table),
        country=found(country, known, table) if country else "",
        figures=tuple(Figure(m) for m in measures),
        zips=any(book.zips for book in frame.books),
    )


def _asked_of_files(files: Sequence[str], choice: Choice, frame: Frame, title: str) -> RollUp:
    """Return what to ask for; columns that are not chosen are guessed by the first rows."""
    if choice.postal and choice.measures:
        chosen = [choice.postal, *filter(None, [choice.country]), *choice.measures]
        return _asked(title, chosen, choice, frame)
    (sample,) = compute.done(parquet.sample_of, files[:1])
    texts: pd.DataFrame = sample.to_pandas()
    known = [str(c) for c in texts.columns]
    fixed = {"postal": found(choice.postal, known, title)} if choice.postal else {}
    guessed = guess(texts, fixed)
    more = choice.measures or guessed.measures
    if not (choice.postal or guessed.postal):
        return _asked(title, known, replace(choice, measures=more), frame)
    return _asked(title, known, replace(choice, postal=str(guessed.postal), measures=more), frame)


def _kept(
    store: Store, asked: RollUp, rows: Sequence[Row], frame: Frame, order: Order, *, source: str
) -> ImportReport:
    """Put what came over through the import doctor, and keep the dataset it makes."""
    cancelling.check()
    if not rows:
        raise BadData(f"{asked.table} has no accounts to roll up. Check that it is the right one.")
    table = table_of(asked, rows)
    order.progress(f"Placing {counted(len(table), 'codes')}", 0.7)
    diagnosis = diagnose(table, guess(table), frame)
    report = keep(store, diagnosis, order, source=source)
    return replace(report, notes=(*_unusable(asked, rows), *report.notes))


def table_of(asked: RollUp, rows: Sequence[Row]) -> pd.DataFrame:
    """Return the rows of a roll-up as a table of texts, as a file would be read."""
    names = columns_of(asked)
    columns = {
        name: np.array([_text(row[k]) for row in rows], dtype=object)
        for k, name in enumerate(names)
        if not name.startswith("tp_") or name in (CODE, COUNTRY, COUNT)
    }
    keys = [CODE, *([COUNTRY] if asked.country else [])]
    return pd.DataFrame(columns).sort_values(keys, ignore_index=True)


def _unusable(asked: RollUp, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return in words which values were no numbers."""
    names = columns_of(asked)
    told = []
    for k, figure in enumerate(asked.figures, 1):
        if not figure.exact:
            continue
        lost = sum(row[names.index(unusable(k))] for row in rows)
        if lost:
            told.append(f"{figure.column}: {counted(lost, 'values')} that can't be read as numbers")
    return tuple(told)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        case float():
            return "" if value != value else repr(value)  # noqa: PLR0124 - NaN alone differs
        case _:
            return str(value)
