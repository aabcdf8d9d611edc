"""How kernels are compiled: kept on disk, without the interpreter's lock, exact in every bit."""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, nogil=True)
"""For functions that make arrays."""

bare = njit(cache=True, nogil=True, _nrt=False)
"""For innermost functions, which make no arrays: references are not counted, 10 x faster."""
