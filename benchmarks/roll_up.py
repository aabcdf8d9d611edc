"""Accounts in Parquet files rolled up by postal code: how long, how much memory, by whom.

Generated accounts, drawn by the real population of postal codes. Each way is
a process of its own and gives the same counts: TP Geo on this machine, TP Geo
on a Dask cluster of two workers, and as peers pandas, pyarrow and plain
DuckDB. Times include starting the process; the cluster runs already.

    python -m benchmarks roll_up [--rows 10000000] [--files 8]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tp_geo.store import embedded

SEED = 11
FIGURES = ("revenue", "visits")
AT_ONCE = 2_500_000


def generate(folder: Path, rows: int, files: int) -> None:
    """Write accounts: an id, a ZIP code (one in ten with its four more digits), two figures."""
    chance = np.random.default_rng(SEED)
    layer = embedded.load_boundaries("postal")
    people = embedded.load_measures("postal").set_index("code")["population"]
    weight = np.nan_to_num(people.reindex(list(layer.codes)).to_numpy(np.float64)) + 1
    known = np.array([*layer.codes, *(f"{c}-0001" for c in layer.codes)])
    for k in range(files):
        n = rows // files
        at = chance.choice(len(layer), size=n, p=weight / weight.sum()).astype(np.int32)
        at += len(layer) * (chance.random(n) < 0.1)
        table = pa.table(
            {
                "id": pa.array(np.arange(k * n, (k + 1) * n)).cast(pa.string()),
                "zip": pa.DictionaryArray.from_arrays(at, known).cast(pa.string()),
                "revenue": np.round(chance.lognormal(10, 1.5, n), 2),
                "visits": chance.integers(0, 60, n, dtype=np.int32),
            }
        )
        pq.write_table(table, folder / f"accounts-{k:03d}.parquet", compression="zstd")


def ours(folder: Path) -> dict[str, float]:
    """From the files to what goes into the import doctor."""
    from tp_geo.warehouse.statement import Figure, RollUp
    from tp_geo.workflow.rolling_up import parquet_files, roll_up_parts

    asked = RollUp("accounts", "zip", figures=tuple(map(Figure, FIGURES)), zips=True)
    made = roll_up_parts(asked, [str(f) for f in parquet_files([folder])])
    return _told(len(made), sum(made["tp_accounts"].to_pylist()), made["revenue"].to_pylist())


def with_pandas(folder: Path) -> dict[str, float]:
    import pandas as pd

    table = pd.read_parquet(folder, columns=["zip", *FIGURES])
    table["zip"] = table["zip"].str.slice(0, 5)
    made = table.groupby("zip").agg(n=("zip", "size"), revenue=("revenue", "sum"))
    return _told(len(made), int(made["n"].sum()), made["revenue"].tolist())


def with_pyarrow(folder: Path) -> dict[str, float]:
    import pyarrow.compute as pc

    table = pq.read_table(folder, columns=["zip", *FIGURES])
    table = table.set_column(0, "zip", pc.utf8_slice_codeunits(table["zip"], 0, 5))
    made = table.group_by("zip").aggregate([("zip", "count"), ("revenue", "sum")])
    return _told(len(made), pc.sum(made["zip_count"]).as_py(), made["revenue_sum"].to_pylist())


def with_duckdb(folder: Path) -> dict[str, float]:
    import duckdb

    duckdb.sql("set enable_progress_bar = false")
    rows = duckdb.sql(
        "select left(zip, 5), count(*), sum(revenue), sum(visits) "
        f"from read_parquet('{folder}/*.parquet') group by all"
    ).fetchall()
    return _told(len(rows), sum(r[1] for r in rows), [r[2] for r in rows])


WAYS = {
    "TP Geo": ours,
    "TP Geo on Dask, 2 workers": ours,
    "DuckDB, sums of floats": with_duckdb,
    "pyarrow": with_pyarrow,
    "pandas": with_pandas,
}


def _told(codes: int, accounts: int, revenue: list[float]) -> dict[str, float]:
    return {"codes": codes, "accounts": accounts, "revenue": round(float(sum(revenue)), 2)}


def measure(way: str, folder: Path, *more: str) -> dict[str, float]:
    """Run one of them in a process of its own; return what it found, seconds and memory."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.roll_up", "--run", way, str(folder), *more]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ)
    return {**json.loads(done.stdout.splitlines()[-1]), "seconds": time.perf_counter() - start}


def run(way: str, folder: Path, *more: str) -> None:
    if way == "generate":
        generate(folder, *map(int, more))
        print("{}")
        return
    found = WAYS[way](folder)
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(u.ru_utime + u.ru_stime for u in used)
    print(json.dumps({**found, "mb": max(u.ru_maxrss for u in used) / 1024, "cpu": cpu}))


def cluster_for(way: str):  # type: ignore[no-untyped-def]
    """Give a cluster of two processes to what runs on one."""
    os.environ.pop("TP_GEO_COMPUTE", None)
    if "Dask" not in way:
        return nullcontext()
    from distributed import LocalCluster

    made = LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    )
    os.environ["TP_GEO_COMPUTE"] = made.scheduler_address
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--without", nargs="*", default=[], choices=list(WAYS))
    parser.add_argument("--run", nargs="+", metavar="WAY FOLDER")
    asked = parser.parse_args()
    if asked.run:
        run(asked.run[0], Path(asked.run[1]), *asked.run[2:])
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        measure("generate", folder, str(asked.rows), str(asked.files))
        size = sum(f.stat().st_size for f in folder.iterdir()) / 2**20
        print(f"{asked.rows:,} accounts in {asked.files} files, {size:,.0f} MB; "
              f"load {os.getloadavg()[0]:.1f}\n")  # fmt: skip
        print("| by | seconds | CPU s | MB | codes | accounts | revenue |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for way in WAYS:
            if way in asked.without:
                continue
            with cluster_for(way):
                m = measure(way, folder)
            print(
                f"| {way} | {m['seconds']:.1f} | {m['cpu']:.1f} | {m['mb']:,.0f} | "
                f"{m['codes']:,} | {m['accounts']:,} | {m['revenue']:,.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
