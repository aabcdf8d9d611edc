"""Run the benchmark of the optimizer."""

from benchmarks.optimize import main

main()
