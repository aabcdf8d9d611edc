"""The tests of crashes, hand-overs and damage on every version of DuckDB that may be installed.

Each version is installed beside the environment, in a folder of its own that comes first.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
TESTS = ("test_crash.py", "test_damage.py", "test_opening.py", "test_sql_store.py")


def main() -> None:
    """Print the table; exit with 1 when a test fails on a version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("versions", nargs="*", help="else all that pip finds in the range")
    asked = parser.parse_args()
    print("\n| DuckDB | tests passed | what failed |\n|---|---:|---|")
    failed = [_row(version) for version in asked.versions or _versions()]
    if any(failed):
        raise SystemExit(1)


def _versions() -> list[str]:
    """Return the versions that the package index has and the project takes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = next(r for r in map(Requirement, project["dependencies"]) if r.name == "duckdb")
    line = [sys.executable, "-m", "pip", "index", "versions", "duckdb", "--pre"]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Available versions: (.*)", said)
    assert found, said
    known = [Version(v.strip()) for v in found[1].split(",")]
    return [str(v) for v in sorted(known) if v in wanted.specifier and not v.is_prerelease]


def _row(version: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        line = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder]
        subprocess.run([*line, f"duckdb=={version}"], check=True)
        env = os.environ | {"PYTHONPATH": os.pathsep.join((folder, str(ROOT)))}
        line = [sys.executable, "-c", "import duckdb; print(duckdb.__version__)"]
        there = subprocess.run(line, env=env, capture_output=True, text=True, check=True).stdout
        assert there.strip() == version, there
        line = [sys.executable, "-m", "pytest", "-k", "not postgresql"]
        tests = [str(ROOT / "tests" / "store" / name) for name in TESTS]
        done = subprocess.run(
            [*line, *tests], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
    passed = re.search(r"(\d+) passed", done.stdout)
    failed = re.findall(r"^(?:FAILED|ERROR) \S*::(\S+)", done.stdout, re.MULTILINE)
    print(
        f"| {version} | {passed[1] if passed else 0} | {', '.join(failed) or 'nothing'} |",
        flush=True,
    )
    if done.returncode:
        print(done.stdout[-8_000:], file=sys.stderr)
    return done.returncode != 0


if __name__ == "__main__":
    main()
