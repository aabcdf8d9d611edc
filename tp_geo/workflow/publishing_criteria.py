"""Criteria of areas as rules of an org, beside those of boundaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tp_geo.crm.client import Crm
from tp_geo.crm.criteria import Criteria, Item
from tp_geo.crm.rows import ITEM
from tp_geo.crm.wanted import Staffed
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.criteria import OPERATORS, Criterion, criteria_of
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing_staff import Problem


def with_criteria(
    plan: Plan, crm: Crm, staffed: Mapping[AreaId, Staffed]
) -> tuple[Mapping[AreaId, Staffed], tuple[Problem, ...]]:
    """Return what areas have with a rule for the criteria of each, and what the org can't ask."""
    criteria = {k: c for k in staffed if (c := criteria_of(plan.alignment.area(k)))}
    if not criteria:
        return staffed, ()
    offered = _offered(crm)
    found = {
        k: replace(staffed[k], more=(*staffed[k].more, rule_of(some)))
        for k, some in criteria.items()
    }
    return {**staffed, **found}, tuple(_problems(plan, staffed, criteria, offered))


def rule_of(criteria: tuple[Criterion, ...]) -> Criteria:
    """Return criteria as an org has them."""
    return Criteria(
        tuple(
            Item(f"Account.{one.field}", OPERATORS[one.operator], ",".join(one.values))
            for one in criteria
        )
    )


def _offered(crm: Crm) -> frozenset[str]:
    fields = crm.describe(ITEM)["fields"]
    values = next(f["picklistValues"] for f in fields if f["name"] == "Field")
    return frozenset(v["value"] for v in values)


def _problems(
    plan: Plan,
    staffed: Mapping[AreaId, Staffed],
    criteria: Mapping[AreaId, tuple[Criterion, ...]],
    offered: frozenset[str],
) -> Iterator[Problem]:
    for k, some in criteria.items():
        name = plan.alignment.name(k)
        for one in some:
            if f"Account.{one.field}" not in offered:
                yield Problem(
                    f"{name}: rules of the org can't ask for an account field {one.field!r}. "
                    "Write its API name, as AnnualRevenue or Territory_Code__c.",
                    stops=True,
                    area=k,
                )
        if staffed[k].criteria:
            yield Problem(
                f"{name}: accounts have to fit its criteria and lie within its postal codes: "
                "an org asks for all rules of a territory at once.",
                area=k,
            )
