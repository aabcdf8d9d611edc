"""Settings: one file, and the environment, which wins.

The file is TOML: each line is a variable's name without ``TP_GEO_``, in small
letters. ``store = "plans.duckdb"`` is as if ``TP_GEO_STORE`` said so.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import MutableMapping
from difflib import get_close_matches
from pathlib import Path
from textwrap import shorten
from typing import Final

from tp_geo.errors import BadData

PLACE: Final = "TP_GEO_SETTINGS"
"""The variable that names the file; else it is ``tp-geo.toml`` where the command runs."""
DEFAULT: Final = "tp-geo.toml"
PREFIX: Final = "TP_GEO_"
_SHOWN: Final = 200
"""So many characters of what is wrong are told."""
_HIGHEST: Final = 2**53
NAMES: Final = (
    "administrators",
    "census_url",
    "compute",
    "data",
    "intake_file_mb",
    "intake_memory_mb",
    "intake_seconds",
    "log",
    "log_level",
    "metrics_token",
    "org_audience",
    "org_client_id",
    "org_client_secret",
    "org_key",
    "org_token",
    "org_url",
    "org_username",
    "roads",
    "store",
    "tiles",
    "tiles_credit",
    "user",
    "warehouse",
)
"""What can be set."""


def load(environment: MutableMapping[str, str] = os.environ) -> Path | None:
    """Take what the settings file says for what the environment does not; return the file.

    Raises ``BadData`` for a file that is named and not there, can't be read,
    or sets something that is not known, with the nearest name.
    """
    named = environment.get(PLACE)
    path = Path(named or DEFAULT)
    if not named and not path.is_file():
        return None
    for name, value in _read(path).items():
        environment.setdefault(PREFIX + name.upper(), _text(path, name, value))
    return path


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise BadData(
            f"The settings {path} can't be read: {error.strerror}. "
            f"Correct {PLACE}, or leave it out."
        ) from error
    except (ValueError, RecursionError) as error:  # of numbers and of lists without end, too
        said = shorten(str(error), _SHOWN, placeholder=" …")
        raise BadData(f"The settings {path} are no TOML: {said}. Correct that line.") from error


def _text(path: Path, name: str, value: object) -> str:
    if name not in NAMES:
        near = get_close_matches(name[:_SHOWN], NAMES, n=1)
        hint = f"Do you mean {near[0]}?" if near else f"There are: {', '.join(NAMES)}."
        raise BadData(f"The settings {path} set {name[:_SHOWN]!r}, which is not known. {hint}")
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    if not plain or (isinstance(value, int) and abs(value) > _HIGHEST):
        raise BadData(
            f"The settings {path} set {name} to {_told(value)}. Write a text in quotes or a number."
        )
    if "\0" in str(value):
        raise BadData(f"The settings {path} set {name} to a text with a NUL. Take that out.")
    return str(value)


def _told(value: object) -> str:
    """Return a value as a message shows it: its beginning."""
    try:
        return repr(value)[:_SHOWN]
    except (ValueError, RecursionError):  # a number too long to be written, a list too deep
        return "something very long"
