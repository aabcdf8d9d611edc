"""Import generated accounts and say how long it takes and how much memory.

Accounts are drawn by the real population of postal codes; everything else
about them is generated. The peer, in the same run on the same file: plain
pandas, `read_csv` and a point-in-polygon join with geopandas.

    python benchmarks/import_accounts.py [--rows 250000 1000000]
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from tp_geo.store import embedded

SEED = 7
MESS = {"zip4": 0.10, "lost_zero": 0.05, "blank": 0.02, "unknown": 0.01, "swapped": 0.005}
INDUSTRIES = ("Health", "Retail", "Energy", "Education", "Manufacturing", "Finance")


def generate(rows: int, path: Path) -> None:
    """Write a CSV of generated accounts with the mess that real exports have."""
    chance = np.random.default_rng(SEED)
    layer = embedded.load_boundaries("postal")
    people = embedded.load_measures("postal").set_index("code")["population"]
    weight = np.nan_to_num(people.reindex(list(layer.codes)).to_numpy(np.float64)) + 1
    at = chance.choice(len(layer), size=rows, p=weight / weight.sum())
    zips = layer.codes[at].astype(str).astype(object)
    kind = chance.random(rows)
    edges = np.cumsum(list(MESS.values()))
    zip4 = kind < edges[0]
    zips[zip4] = [
        f"{z}-{n:04d}"
        for z, n in zip(zips[zip4], chance.integers(1, 9999, zip4.sum()), strict=True)
    ]
    lost = (kind >= edges[0]) & (kind < edges[1])
    zips[lost] = [z.lstrip("0") for z in zips[lost]]
    zips[(kind >= edges[1]) & (kind < edges[2])] = ""
    zips[(kind >= edges[2]) & (kind < edges[3])] = "00000"
    lonlat = layer.xy[at] + chance.normal(0, 0.02, (rows, 2))
    swapped = (kind >= edges[3]) & (kind < edges[4])
    lonlat[swapped] = lonlat[swapped][:, ::-1]
    lonlat[chance.random(rows) < 0.3] = np.nan
    pd.DataFrame(
        {
            "Account ID": [f"001{i:012d}AAA" for i in range(rows)],
            "Account Name": [f"Generated account {i}" for i in range(rows)],
            "Billing Zip/Postal Code": zips,
            "Billing Country": "United States",
            "Latitude": lonlat[:, 1].round(6),
            "Longitude": lonlat[:, 0].round(6),
            "Account Owner": [f"Planner {i}" for i in chance.integers(0, 400, rows)],
            "Industry": chance.choice(INDUSTRIES, rows),
            "Annual Revenue": [f"${v:,.2f}" for v in chance.lognormal(12, 1.5, rows)],
            "Employees": chance.integers(1, 5_000, rows),
        }
    ).to_csv(path, index=False)


def ours(path: Path) -> dict[str, float]:
    """Import into a fresh store."""
    from tp_geo.store import open_store
    from tp_geo.workflow.importing import Order, import_dataset

    marks: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as room:
        store = open_store(str(Path(room) / "store.duckdb"))
        report = import_dataset(
            store,
            path,
            Order(
                "generated",
                by="benchmark",
                at="2026-01-01T00:00:00Z",
                repair_to=Path(room) / "repair.csv",
                progress=lambda what, _share: marks.append((what, time.perf_counter())),
            ),
        )
        store.close()
    for (what, start), (_, end) in itertools.pairwise(marks):
        print(f"    {end - start:6.2f} s  {what}", file=sys.stderr)
    return {"matched": report.matched, "unmatched": report.unmatched, "repaired": report.repaired}


def peer(path: Path) -> dict[str, float]:
    """Do it as one would in a notebook: no repair, no report, the points alone."""
    import geopandas as gpd

    layer = embedded.load_boundaries("postal")
    areas = gpd.GeoDataFrame({"code": layer.codes}, geometry=layer.polygons, crs=4326)
    table = pd.read_csv(path, dtype={"Billing Zip/Postal Code": str})
    points = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["Longitude"], table["Latitude"]), crs=4326
    )
    joined = points.sjoin(areas, how="left", predicate="within")
    joined = joined[~joined.index.duplicated()]
    matched = int(joined["code"].notna().sum())
    return {"matched": matched, "unmatched": len(table) - matched, "repaired": 0}


def measure(who: str, path: Path) -> dict[str, float]:
    """Run one of the two in a process of its own; return seconds and peak memory."""
    start = time.perf_counter()
    command = [sys.executable, __file__, "--run", who, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ)
    return {**json.loads(done.stdout.splitlines()[-1]), "seconds": time.perf_counter() - start}


def run(who: str, path: Path) -> None:
    found = {"ours": ours, "peer": peer}[who](path)
    own, child = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(u.ru_utime + u.ru_stime for u in (own, child))
    memory = {"own_mb": own.ru_maxrss / 1024, "child_mb": child.ru_maxrss / 1024}
    print(json.dumps({**found, **memory, "cpu": cpu}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[250_000, 1_000_000])
    parser.add_argument("--run", nargs=2, metavar=("WHO", "FILE"))
    asked = parser.parse_args()
    if asked.run:
        run(asked.run[0], Path(asked.run[1]))
        return
    print("| rows (generated) | MB | by | seconds | CPU s | MB own + child | matched | repaired |")
    print("|---|---|---|---|---|---|---|---|")
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as room:
            path = Path(room) / "accounts.csv"
            generate(rows, path)
            for who, name in (("ours", "tp-geo import"), ("peer", "pandas + geopandas.sjoin")):
                m = measure(who, path)
                print(
                    f"| {rows:,} | {path.stat().st_size / 2**20:.0f} | {name} | {m['seconds']:.1f} "
                    f"| {m['cpu']:.1f} "
                    f"| {m['own_mb']:.0f} + {m['child_mb']:.0f} | {m['matched']:,.0f} "
                    f"| {m['repaired']:,.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
