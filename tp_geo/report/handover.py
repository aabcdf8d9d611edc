"""Hand-over packs: for each owner a workbook of what is gained and lost, from whom and to whom."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from tp_geo.files.exports_compare import (
    Compared,
    items_table,
    owner_flows_table,
    owners_table,
    sides_table,
)
from tp_geo.files.exports_xlsx import write_xlsx
from tp_geo.report.book import Told

SUMMARY = "Summary.xlsx"
MAX_NAME = 80


def write_packs(
    contents: Compared, path: Path, *, told: Told = lambda _what, _share: None
) -> tuple[str, ...]:
    """Write a zip with a workbook for each owner who gains or loses, and one of all owners.

    Return the owners, in order of their names. Items are containers and units;
    a workbook has them with the area and owner before and after, every measure
    and every attribute of the dataset. Where it is known which plans these are,
    a sheet tells it, with the days they are valid.
    """
    told("Looking who gains and loses", 0.0)
    items, owners = items_table(contents), owners_table(contents)
    changed = items[items["owner before"] != items["owner after"]]
    gained = dict(tuple(changed.groupby("owner after", sort=False)))
    lost = dict(tuple(changed.groupby("owner before", sort=False)))
    names = tuple(n for n in contents.found.names if n and (n in gained or n in lost))
    called = _file_names(names)
    place = {name: at for at, name in enumerate(contents.found.names)}
    with (
        tempfile.TemporaryDirectory(prefix="tp-geo-") as folder,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        made = Path(folder) / "pack.xlsx"
        flows = owner_flows_table(contents)
        sides = {"Plans": sides_table(contents)} if contents.called else {}
        write_xlsx({"Owners": owners, "From owner to owner": flows, **sides}, made)
        packed.write(made, SUMMARY)
        for at, name in enumerate(names):
            told(f"Pack {at + 1:,} of {len(names):,}", at / len(names))
            write_xlsx(
                {
                    "Summary": _summary(owners.iloc[place[name]]),
                    "Gained": gained.get(name, changed.iloc[:0]),
                    "Lost": lost.get(name, changed.iloc[:0]),
                    **sides,
                },
                made,
            )
            packed.write(made, called[name])
    return names


def _summary(figures: pd.Series) -> pd.DataFrame:
    """Return a row a figure: before, after, gained, lost."""
    words = ("before", "after", "gained", "lost")
    names = [str(n).removesuffix(" before") for n in figures.index if str(n).endswith(" before")]
    return pd.DataFrame(
        {"figure": names, **{w: [float(figures[f"{n} {w}"]) for n in names] for w in words}}
    )


def _file_names(names: tuple[str, ...]) -> Mapping[str, str]:
    """Return a file name for each owner that every system takes, no two alike."""
    found: dict[str, str] = {}
    taken = {SUMMARY.casefold()}
    for name in names:
        kept = "".join(c if c.isalnum() or c in " -_.@" else "-" for c in name)
        stem = kept.strip(" .")[:MAX_NAME] or "owner"
        file, number = f"{stem}.xlsx", 2
        while file.casefold() in taken:
            file, number = f"{stem} {number}.xlsx", number + 1
        taken.add(file.casefold())
        found[name] = file
    return found
