"""How kernels are compiled: kept on disk, without the interpreter's lock, exact in every bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function that makes arrays."""
    options: dict[str, Any] = {"cache": True, "nogil": True}
    made: Kernel = njit(**options)(kernel)
    return made


def bare(kernel: Kernel) -> Kernel:
    """Compile an innermost function, which makes no arrays.

    Nothing in it counts references, which at every array of a named tuple
    would cost ten times what the work does.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    made: Kernel = njit(**options)(kernel)
    return made
