"""What is written down of every change: who asked for what, what came of it, how long it took."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from tp_geo import logs, metrics
from tp_geo.errors import Stale, TpGeoError, Unavailable

P = ParamSpec("P")
T = TypeVar("T")
Plan = TypeVar("Plan", bound=Any)


def observed(
    ask: Callable[Concatenate[Plan, Any, P], T],
) -> Callable[Concatenate[Plan, Any, P], T]:
    """Return the way into a plan with a line in the log, and figures, for each use of it."""

    @functools.wraps(ask)
    def asked(plan: Plan, command: Any, /, *args: P.args, **how: P.kwargs) -> T:
        began, outcome, revision = time.perf_counter(), "failed", None
        try:
            revision = ask(plan, command, *args, **how)
            outcome = "done" if revision is not None else "nothing"
            return revision
        except Unavailable:
            outcome = "unavailable"
            raise
        except Stale:
            outcome = "stale"
            raise
        except TpGeoError:
            outcome = "refused"
            raise
        finally:
            took_s = time.perf_counter() - began
            kind = str(getattr(command, "kind", type(command).__name__))
            metrics.EDITS.add(kind=kind, outcome=outcome)
            if outcome == "done":
                metrics.EDIT_S.add(took_s)
            logs.event(
                "edit",
                alignment=plan.info.id,
                kind=kind,
                outcome=outcome,
                seq=getattr(revision, "seq", None),
                by=how.get("by"),
                origin=how.get("origin") or None,
                links=_links(plan),
                ms=round(took_s * 1000, 1),
            )

    return asked


def _links(plan: Any) -> list[str] | None:
    """Return the links by which whoever has a plan open has it, and whose they are."""
    held = plan.actor.rights.links(plan.actor.person.casefold(), plan.info.id)
    return [f"{link.number} of {link.maker}" for link in held] or None
