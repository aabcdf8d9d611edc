"""The outermost edge of the pages: whatever went wrong is said in words, and logged."""

from __future__ import annotations

import functools
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import streamlit as st
import structlog

from tp_geo.errors import StoreBusy, StoreDamaged, TpGeoError
from tp_geo.ui.text import plain

P = ParamSpec("P")
T = TypeVar("T")
LONG = 2_000
_log = structlog.wrap_logger(
    structlog.PrintLogger(sys.stderr),
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ],
)


@contextmanager
def edge() -> Iterator[None]:
    """Show what goes wrong inside in words; never a traceback."""
    try:
        yield
    except StoreBusy as busy:
        _stopped("The plans are in use elsewhere", busy)
    except StoreDamaged as damaged:
        _stopped("The plans can't be read", damaged)
    except TpGeoError as known:
        st.error(plain(known, LONG), icon=":material/error:")
    except Exception as fault:  # noqa: BLE001 - the one edge: the log has all of it
        st.error(unforeseen(fault), icon=":material/error:")


def handled(function: Callable[P, T]) -> Callable[P, T | None]:
    """Return a page part, dialog or callback that ends in words when something goes wrong."""

    @functools.wraps(function)
    def safe(*args: P.args, **kwargs: P.kwargs) -> T | None:
        with edge():
            return function(*args, **kwargs)
        return None

    return safe


def unforeseen(fault: Exception) -> str:
    """Log something nobody foresaw and return what to tell, with a reference to the log."""
    reference = uuid.uuid4().hex[:8]
    _log.error("page_failed", reference=reference, exc_info=fault)
    return (
        "Something went wrong that should not have. What was saved stays saved. "
        f"Reload the page; if it comes again, report reference {reference}."
    )


def _stopped(title: str, why: TpGeoError) -> None:
    st.subheader(title, anchor=False)
    st.write(plain(why, LONG))
    st.button("Try again", type="primary")
