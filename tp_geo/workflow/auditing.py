"""Looking into the log of a plan: which revisions were like this, and the path of one item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.audit import Stop, path
from tp_geo.domain.revision import Revision
from tp_geo.domain.trail import Trail
from tp_geo.errors import BadData
from tp_geo.workflow.plan import Plan


@dataclass(frozen=True, slots=True)
class Filter:
    """Which revisions are looked for; ``None`` and "" mean any.

    ``since`` and ``until`` are days in UTC, both included; ``code`` is a
    container or unit that the revision moved, held, released or shared.
    """

    person: str | None = None
    kind: str | None = None
    area: AreaId | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None
    code: str = ""

    def of(self, history: Sequence[Revision], trail: Trail) -> list[Revision]:
        """Return what is found in a log, newest first, whatever ``code`` says."""
        text = self.text.casefold()
        first = self.since.isoformat() if self.since else ""
        last = self.until.isoformat() if self.until else "9999-12-31"
        return [
            r
            for r in reversed(history)
            if (self.person is None or r.by == self.person)
            and (self.kind is None or r.kind == self.kind)
            and (self.area is None or self.area in trail.touched[r.seq - 1])
            and text in f"{r.text} {r.note}".casefold()
            and first <= r.at[:10] <= last
        ]


@dataclass(frozen=True, slots=True)
class Step:
    """What a revision did to one item: areas by the name they had last."""

    revision: int
    before: str
    after: str
    held: bool
    shared: tuple[str, ...]

    def __str__(self) -> str:
        where = f"{self.before} → {self.after}" if self.before != self.after else f"in {self.after}"
        more = [f"shared with {', '.join(self.shared)}"] if self.shared else []
        return " · ".join([where, *(["held"] if self.held else []), *more])


def found(plan: Plan, wanted: Filter) -> list[Revision]:
    """Return the revisions of a plan that are like this, newest first.

    Raises ``BadData`` for a container or unit there is not, and for days in the wrong order.
    """
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise BadData(
            f"The last day, {wanted.until}, is before the first, {wanted.since}. Swap them."
        )
    shown = wanted.of(plan.history(), plan.trail())
    if not wanted.code.strip():
        return shown
    on = steps(plan, wanted.code)
    return [r for r in shown if r.seq in on]


def steps(plan: Plan, code: str) -> Mapping[int, Step]:
    """Return by revision what was done to a container or unit; raise ``BadData`` if unknown."""
    item = plan.dataset.find(code.strip())
    if item is None:
        raise BadData(
            f"There is no container or unit {code.strip()!r} in {plan.dataset.name}. "
            "Give its code or id."
        )
    stops = path(plan.dataset.items, plan.history(), item)
    names = plan.trail().names
    return {s.seq: _told(s, names) for s in stops}


def _told(stop: Stop, names: Mapping[AreaId, Sequence[str]]) -> Step:
    def name(area: AreaId) -> str:
        return "Unassigned" if area == UNASSIGNED else names[area][-1]

    shared = tuple(sorted(name(k) for k in stop.shared))
    return Step(stop.seq, name(stop.before), name(stop.after), stop.held, shared)
