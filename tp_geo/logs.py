"""The log of a running app: one JSON object a line, without secrets.

What is told with `bound` around it carries the request and the person.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

SECRETS: Final = (
    "TP_GEO_STORE",
    "TP_GEO_WAREHOUSE",
    "TP_GEO_ORG_CLIENT_SECRET",
    "TP_GEO_ORG_TOKEN",
    "TP_GEO_METRICS_TOKEN",
    "PGPASSWORD",
)
"""The variables whose values, or the passwords in them, are in no line."""
LEVEL: Final = "TP_GEO_LOG_LEVEL"
GONE: Final = "…"
_SHORTEST: Final = 4
_NAMES: Final = re.compile(
    r"(?i)pass(word|wd)|secret|token|authorization|cookie|assertion|private_key|api_key"
)
_IN_ADDRESS: Final = re.compile(r"(?i)([a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s/]*@")
_IN_TEXT: Final = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}")
_IN_PAIR: Final = re.compile(
    r"(?i)\b((?:client_)?secret|password|passwd|(?:access_|refresh_|id_)?token|assertion)"
    r"(['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,;}]+"
)


_serving: Final = threading.Event()


def event(name: str, **facts: object) -> None:
    """Write down something that happened, in a process that serves; else nothing is written."""
    if _serving.is_set():
        _log().info(name, **facts)


def failed(name: str, error: BaseException, **facts: object) -> None:
    """Write down something nobody foresaw, with all of its traceback."""
    _log().error(name, exc_info=error, **facts)


@contextmanager
def bound(**facts: object) -> Iterator[None]:
    """Have everything that is told inside carry some facts, such as the request and the user."""
    from structlog.contextvars import bound_contextvars

    with bound_contextvars(**facts):
        yield


def serve() -> None:
    """Write down what happens from now on, and what libraries tell by ``logging``, alike."""
    _serving.set()
    handler = _Lines()
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    if not any(isinstance(h, _Lines) for h in root.handlers):
        root.addHandler(handler)


def redacted(value: Any) -> Any:
    """Return a value without secrets: known ones, and what looks like one."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Mapping):
        return {k: GONE if _NAMES.search(str(k)) else redacted(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(v) for v in value]
    return value


def _clean(text: str) -> str:
    for secret in _known():
        text = text.replace(secret, GONE)
    text = _IN_ADDRESS.sub(rf"\1:{GONE}@", text)
    text = _IN_TEXT.sub(rf"\1 {GONE}", text)
    return _IN_PAIR.sub(rf"\1\2{GONE}", text)


def _known() -> list[str]:
    """Return the secrets that this process was given, longest first."""
    found = set()
    for name in SECRETS:
        value = os.environ.get(name, "")
        if name in ("TP_GEO_STORE", "TP_GEO_WAREHOUSE"):
            value = _password(value)
        found.add(value)
    return sorted((s for s in found if len(s) >= _SHORTEST), key=len, reverse=True)


def _password(address: str) -> str:
    from urllib.parse import unquote, urlsplit

    try:
        return unquote(urlsplit(address).password or "")
    except ValueError:
        return ""


def _redact(_: object, __: str, told: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {k: GONE if _NAMES.search(k) else redacted(v) for k, v in told.items()}


@cache
def _log() -> Any:
    import structlog

    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_level()),
    )


def _level() -> int:
    named = os.environ.get(LEVEL, "INFO").upper()
    return logging.getLevelNamesMapping().get(named, logging.INFO)


class _Lines(logging.Handler):
    """What a library tells, as a line of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        facts: dict[str, object] = {"logger": record.name}
        if record.exc_info and record.exc_info[1]:
            facts["exc_info"] = record.exc_info[1]
        _log().log(record.levelno, record.getMessage(), **facts)
