"""The log file: where what nobody foresaw is written down in full."""

from __future__ import annotations

import os
import tempfile
import uuid
from pathlib import Path

LOG_ADDRESS = "TP_GEO_LOG"


def log_path() -> Path:
    """Return the log file: ``TP_GEO_LOG``, else ``tp-geo.log`` where the system keeps logs."""
    if address := os.environ.get(LOG_ADDRESS):
        return Path(address)
    import platformdirs

    return Path(platformdirs.user_log_path("tp-geo")) / "tp-geo.log"


def record(error: BaseException, command: str) -> str:
    """Write an error with its traceback into the log; return where to find it, in words."""
    reference = uuid.uuid4().hex[:8]
    path = log_path()
    try:
        _append(path, error, command, reference)
    except OSError:
        path = Path(tempfile.gettempdir()) / "tp-geo.log"
        _append(path, error, command, reference)
    return f"{reference} in {path}"


def _append(path: Path, error: BaseException, command: str, reference: str) -> None:
    import structlog

    from tp_geo.logs import redacted

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        log = structlog.wrap_logger(
            structlog.WriteLogger(file),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
        log.error("unexpected", reference=reference, command=redacted(command), exc_info=error)
