"""How kernels are compiled: kept on disk, without the interpreter's lock, exact in every bit."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
from numba import njit
from numba.core.caching import UserProvidedCacheLocator
from platformdirs import user_cache_path

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

MADE: Final = Path(__file__).parent / "__pycache__"
"""Where kernels are kept: beside their code, where they are compiled at install."""


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function that makes arrays."""
    options: dict[str, Any] = {"cache": KEPT, "nogil": True}
    made: Kernel = njit(**options)(kernel)
    return made


def bare(kernel: Kernel) -> Kernel:
    """Compile an innermost function, which makes no arrays.

    Nothing in it counts references, which at every array of a named tuple
    would cost ten times what the work does.
    """
    options: dict[str, Any] = {"cache": KEPT, "nogil": True, "_nrt": False}
    made: Kernel = njit(**options)(kernel)
    return made


def keep(made: Path, cache: Path) -> bool:
    """Have compiled kernels kept, and return whether they can be.

    Where the program may not write beside its code, as in a container whose
    files are fixed, numba keeps nothing there and reads nothing either. Then,
    unless ``NUMBA_CACHE_DIR`` says where they go,
    the kernels of ``made`` are copied to a folder of their own in ``cache``,
    where later ones are kept as well.
    """
    if numba.config.CACHE_DIR or _writable(made):  # type: ignore[attr-defined]
        return True
    kernels = sorted(made.glob("*.nbc")) + sorted(made.glob("*.nbi"))  # an index comes last
    told = [f"{k.name} {k.stat().st_size} {k.stat().st_mtime_ns}" for k in kernels]
    place = cache / hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
    named = UserProvidedCacheLocator.get_suitable_cache_subpath(__file__)  # type: ignore[no-untyped-call]
    folder = place / named
    if not _writable(folder):
        return False
    for kernel in kernels:
        if not (folder / kernel.name).exists():
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
                part.write(kernel.read_bytes())
            Path(part.name).replace(folder / kernel.name)
    numba.config.CACHE_DIR = str(place)  # type: ignore[attr-defined]
    return True


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


KEPT: Final = keep(MADE, user_cache_path("tp-geo") / "kernels")
