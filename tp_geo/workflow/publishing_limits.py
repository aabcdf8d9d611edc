"""Limits of an org that a publish has to keep within: what it would use, and what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tp_geo.crm.client import Crm
from tp_geo.crm.criteria import MAX_ITEMS
from tp_geo.crm.reconcile import ChangeSet
from tp_geo.crm.rows import ITEM, LINK, RULE, TERRITORY, Key, Row, Value
from tp_geo.crm.schema import limit, models_allowed
from tp_geo.workflow.publishing_staff import Problem
from tp_geo.workflow.verifying_org import edition

MAX_TERRITORIES = limit("territories per model")
"""Territories of a model, unless Salesforce was asked for more."""

CALLS = "DailyApiRequests"


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something is used once all is published, and how much there may be.

    ``remedy`` is what to do when it is more.
    """

    name: str
    used: int
    most: int
    remedy: str = ""

    @property
    def share(self) -> float:
        """The share that is used, at most 1."""
        return min(self.used / self.most, 1.0) if self.most else 1.0

    @property
    def over(self) -> bool:
        """Whether more would be used than there may be."""
        return self.used > self.most


def limits(
    crm: Crm, changes: ChangeSet, *, calls: int, models: int, new: bool
) -> tuple[Limit, ...]:
    """Return what is used of the limits of an org; asks it for its edition and the calls left.

    ``calls`` are those still to come; ``models`` how many there are once all is
    published, ``new`` whether one of them is made.
    """
    return (*_models(crm, models, new=new), *_model(changes), *calls_left(crm, calls))


def calls_left(crm: Crm, calls: int) -> Iterator[Limit]:
    """Yield the limit on calls, where the org tells how many are left."""
    left = crm.limits().get(CALLS, {}).get("Remaining")
    if left is not None:
        remedy = (
            "Wait until there are more: an org counts the last 24 hours. Or publish less at once, "
            "an area after the other."
        )
        yield Limit("API calls left in 24 hours", calls, left, remedy)


def exceeded(found: tuple[Limit, ...]) -> tuple[Problem, ...]:
    """Return the limits that would be broken, each with what to do."""
    return tuple(
        Problem(
            f"{one.name}: {one.used:,} are wanted and {one.most:,} is the limit. {one.remedy}",
            stops=True,
        )
        for one in found
        if one.over
    )


def _models(crm: Crm, models: int, *, new: bool) -> Iterator[Limit]:
    name = edition(crm)
    most = models_allowed(name)
    if most is not None and (new or models <= most):
        remedy = "Publish to a model that is there, or delete one in Setup that nobody needs."
        yield Limit(f"Models of the org ({name})", models, most, remedy)


def _model(changes: ChangeSet) -> Iterator[Limit]:
    """Yield the limits within a model."""
    rows = _after(changes)
    yield Limit(
        "Territories of the model",
        sum(row.key.object == TERRITORY for row in rows.values()),
        MAX_TERRITORIES,
        "Publish fewer levels, or a focus to a model of its own.",
    )
    linked = Counter(r.fields.get("Territory2Id") for r in rows.values() if r.key.object == LINK)
    yield _fullest(
        "Rules of one territory",
        linked,
        limit("assignment rules per territory"),
        rows,
        "Take rules from it that nobody needs, in Setup.",
    )
    items = Counter(row.fields.get("RuleId") for row in rows.values() if row.key.object == ITEM)
    yield _fullest(
        "Conditions of one rule",
        items,
        MAX_ITEMS,
        rows,
        "Shorten the area's rule, or divide the area.",
    )


def _fullest(
    name: str, counted: Counter[Value], most: int, rows: Mapping[Key, Row], remedy: str
) -> Limit:
    """Return a limit of each territory or rule, for the one that comes nearest to it."""
    (key, used), *_ = counted.most_common(1) or [(None, 0)]
    row = rows.get(key) if isinstance(key, Key) else None
    if row is None or used <= most:
        return Limit(name, used, most, remedy)
    called = row.fields.get("MasterLabel" if row.key.object == RULE else "Name")
    return Limit(f"{name} ({called})", used, most, remedy)


def _after(changes: ChangeSet) -> Mapping[Key, Row]:
    """Return what the model holds once all is published."""
    gone = {row.key for row in changes.delete}
    kept = {**changes.actual.by_key, **changes.wanted.by_key}
    return {key: row for key, row in kept.items() if key not in gone}
