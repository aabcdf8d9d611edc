"""How much memory a process took at the most."""

from __future__ import annotations

import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Return the most memory this process had since its program began, MB.

    ``getrusage`` tells what the process had before, too: a child that was begun by a
    large program seems large (Linux keeps the mark when another program is put in).
    """
    if STATUS.exists():
        for line in STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
