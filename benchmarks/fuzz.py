"""A fuzzer on every parser: it keeps what leads it to new lines of ours, and goes on from there.

Each parser runs in a process of its own, so that one that dies or hangs is seen.
Inputs are at most 20,000 bytes, a second each. With ``--seed`` the run can be repeated.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 10_000
LONGEST = 20_000
HANGS_S = 10


def main() -> None:
    """Print the table; exit with 1 when anything but words came of an input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of the name of a parser")
    parser.add_argument("--keep", type=Path, help="where inputs that were found are kept")
    parser.add_argument("--child", nargs=2, metavar=("PARSER", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        _fuzz(asked.child[0], Path(asked.child[1]), asked.runs, asked.seed)
        return
    names = [name for name in _names() if asked.only in name]
    print(f"\nA fuzzer (atheris) on each parser, seed {asked.seed}\n")
    print("| parser | inputs | seconds | told in words | found |\n|---|---:|---:|---:|---|")
    found = [_row(name, asked) for name in names]
    sys.exit(any(found))


def _row(name: str, asked: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory() as room:
        folder = asked.keep or Path(room)
        folder.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.fuzz", f"--runs={asked.runs}"]
        command += [f"--seed={asked.seed}", "--child", name, str(folder)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        took = time.perf_counter() - began
    told = [line for line in done.stdout.splitlines() if line.startswith("tried ")]
    tried, words = told[-1].split()[1:3] if told else ("?", "?")
    said = _fault(done.stdout + done.stderr) if done.returncode else "nothing"
    print(f"| {name} | {int(tried):,} | {took:.0f} | {int(words):,} | {said} |", flush=True)
    if done.returncode:
        sys.stderr.write((done.stdout + done.stderr)[-8_000:])
    return done.returncode != 0


def _fault(log: str) -> str:
    lines = [x for x in log.splitlines() if "Error" in x or "ERROR" in x]
    return lines[0].strip()[:160].replace("|", "/") if lines else "the process died"


def _names() -> list[str]:
    _see_tests()
    from made_up import NAMES

    return [*NAMES]


def _see_tests() -> None:
    """Make the helpers of the tests importable as they import each other."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "files")]


def _fuzz(name: str, folder: Path, runs: int, seed: int) -> None:
    """Fuzz one parser in this process, which ends with it."""
    import atheris
    from hypothesis import given, settings

    _see_tests()
    with atheris.instrument_imports(include=["tp_geo", "tomllib", "zipfile"]):
        import made_up
    parser = made_up.parsers()[name]
    corpus = folder / name.replace(" ", "-")
    corpus.mkdir(exist_ok=True)
    for number, sample in enumerate(parser.samples):
        (corpus / f"sample-{number}").write_bytes(sample)
    words = folder / "words.dict"
    words.write_text("".join(f'"{_escaped(w)}"\n' for w in parser.words if len(w) < 100))
    counts = [0, 0]

    def one(data: bytes) -> None:
        counts[0] += 1
        counts[1] += bool(made_up.run(parser, data))

    fuzzed = one
    if parser.made is not None:
        fuzzed = given(parser.made)(settings(database=None)(one)).hypothesis.fuzz_one_input

    def told(data: bytes) -> None:
        fuzzed(data)
        if counts[0] % 100 == 0 or counts[0] >= runs:
            print(f"tried {counts[0]} {counts[1]}", flush=True)
        if counts[0] >= runs:
            made_up.leave()
            os._exit(
                0
            )  # the fuzzer's own end takes libraries down in an order that they don't bear

    options = [f"-runs={20 * runs}", f"-seed={seed}", f"-max_len={LONGEST}", f"-timeout={HANGS_S}"]
    options += [f"-dict={words}", f"-artifact_prefix={folder}/found-", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], told)
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    main()
