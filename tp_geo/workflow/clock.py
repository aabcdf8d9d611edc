"""The time and the person, read at the edge so that the core never does."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, date, datetime

NAMELESS = "planner"


def now() -> str:
    """Return the time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today() -> date:
    """Return the day in UTC."""
    return datetime.now(UTC).date()


def local_user() -> str:
    """Return who works here when nobody has signed in: ``TP_GEO_USER`` or the login name.

    A container's user may have no name: everybody there is ``NAMELESS``.
    """
    try:
        return os.environ.get("TP_GEO_USER") or getpass.getuser()
    except (KeyError, OSError, ImportError):
        return NAMELESS
