"""Run benchmarks: ``python -m benchmarks [NAME ...]``, without a name all but the long ones."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

LONG = frozenset({"damage", "fuzz", "million", "reliability", "soak", "versions"})
"""Take ten minutes and more, or install something: run by their names alone."""


def main() -> None:
    """Run the benchmarks named on the command line, or all that are not long."""
    here = Path(__file__).parent
    known = sorted(m.name for m in pkgutil.iter_modules([str(here)]) if not m.name.startswith("_"))
    wanted = sys.argv[1:] or [name for name in known if name not in LONG]
    del sys.argv[1:]  # a benchmark may have arguments of its own
    for name in wanted:
        if name not in known:
            sys.exit(f"There is no benchmark called {name!r}. Benchmarks: {', '.join(known)}.")
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
