"""What a map book and a web map of a whole country cost: pages, bytes, processor time."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pypdfium2

from benchmarks.map_edits import divided
from tp_geo.store import open_store
from tp_geo.workflow.exporting import export
from tp_geo.workflow.planner import Planner


def main() -> None:
    """Print the table."""
    print("\nReports of 33,639 postal areas\n")
    print("| areas | file | pages | MB | cpu s | wall s |\n|---:|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        planner = Planner(open_store(str(Path(folder) / "bench.duckdb")))
        for areas in (50, 1_000):
            plan = divided(planner, f"{areas} areas", areas)
            for suffix in (".pdf", ".html", ".svg"):
                path = Path(folder) / f"plan{suffix}"
                cpu, wall = time.process_time(), time.perf_counter()
                export(plan, path)
                cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
                pages = f"{len(pypdfium2.PdfDocument(str(path))):,}" if suffix == ".pdf" else ""
                size = path.stat().st_size / 1e6
                print(f"| {areas:,} | {suffix} | {pages} | {size:.1f} | {cpu:.1f} | {wall:.1f} |")


if __name__ == "__main__":
    main()
