"""The child process: limits itself, parses one file, hands back an Arrow file. No network.

Started by ``sandbox`` with a private directory as its only argument. Limits
are set, and every geographic driver but the one needed is switched off,
before a parser is imported: afterwards it would be too late.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tp_geo.errors import BadData
from tp_geo.files.formats import Format
from tp_geo.files.sandbox import EXIT_BAD_DATA, JOB, REPORT, RESULT

_CPU_GRACE_S = 5


def main(room: Path) -> int:
    """Do the job described in the directory and return the exit code."""
    job = json.loads((room / JOB).read_text(encoding="utf-8"))
    limit(job["limits"])
    os.environ["OGR_SKIP"] = os.environ["GDAL_SKIP"] = ",".join(job["skip"])
    try:
        facts = _parse(room, job)
    except BadData as bad:
        _report(room, {"message": str(bad)})
        return EXIT_BAD_DATA
    _report(room, facts)
    return 0


def limit(limits: dict[str, int]) -> None:
    """Bound this process's memory, time and output; no core dumps."""
    if sys.platform == "win32":
        return
    import resource

    bounds = {
        resource.RLIMIT_AS: (limits["memory_bytes"],) * 2,
        resource.RLIMIT_CPU: (limits["cpu_s"], limits["cpu_s"] + _CPU_GRACE_S),
        resource.RLIMIT_FSIZE: (2 * limits["file_bytes"] + 2**30,) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, (soft, hard) in bounds.items():
        ceiling = resource.getrlimit(kind)[1]
        top = hard if ceiling == resource.RLIM_INFINITY else min(hard, ceiling)
        resource.setrlimit(kind, (min(soft, top), top))


def _parse(room: Path, job: dict[str, str]) -> Mapping[str, object]:
    import pyarrow as pa

    facts: Mapping[str, object]
    path, name, how = room / job["input"], job["name"], Format(job["format"])
    if job["task"] == "boundaries":
        from tp_geo.files import polygons

        table, facts = polygons.read(path, name, how)
    elif job["task"] == "layer":
        from tp_geo.files import reference

        table, facts = reference.read(path, name, how)
    else:
        from tp_geo.files import tables

        table, facts = tables.read(path, name, how, job["sheet"] or None)
    with pa.OSFile(str(room / RESULT), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
        out.write_table(table)
    return facts


def _report(room: Path, facts: Mapping[str, object]) -> None:
    (room / REPORT).write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
