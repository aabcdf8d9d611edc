"""What each territory of a publish has beside its place: its people and its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tp_geo.crm.client import Crm
from tp_geo.crm.origins import ROLE
from tp_geo.crm.packing import Packed
from tp_geo.crm.wanted import Member, Staffed
from tp_geo.domain.alignment import AreaId
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing_people import Person, find_people
from tp_geo.workflow.publishing_rules import Codes, packed_rules, proved


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that stops a publish, or makes it worth less."""

    text: str
    stops: bool = False
    area: AreaId | None = None


def find_staff(
    plan: Plan,
    crm: Crm,
    areas: Sequence[AreaId],
    *,
    role: str | None,
    forecasts: bool,
    standing: Collection[AreaId] = (),
) -> tuple[Mapping[AreaId, Staffed], tuple[Problem, ...]]:
    """Return what areas have, and what is wrong with it; asks the org for the owners.

    ``standing`` are areas whose rules are in the org and get no others here.
    """
    owners = {k: owner for k in areas if (owner := plan.alignment.area(k).owner)}
    people = find_people(crm, owners.values()) if owners else {}
    rules, wrong = _rules(plan, [k for k in areas if k not in standing])
    problems = (*_absent(plan, owners, people, forecasts=forecasts), *wrong)
    found = {}
    for k in areas:
        person = people.get(owners.get(k, ""))
        user = person if person and person.active else None
        found[k] = Staffed(
            members=(Member(user.id, role or _role(plan, k)),) if user else (),
            forecasts=user.id if user and forecasts and user.forecasts else None,
            criteria=rules[k].criteria if k in rules else (),
        )
    return found, problems


def _role(plan: Plan, area: AreaId) -> str | None:
    """Return what an owner is by the area's own word."""
    return str(plan.alignment.area(area).attributes.get(ROLE, "")) or None


def _absent(
    plan: Plan,
    owners: Mapping[AreaId, str],
    people: Mapping[str, Person | None],
    *,
    forecasts: bool,
) -> Iterator[Problem]:
    for k, owner in owners.items():
        name, person = plan.alignment.name(k), people[owner]
        if person is None:
            yield Problem(
                f"{name}: no one user of the org is {owner!r}, so the territory gets nobody. "
                "Write the owner as user name, e-mail or id.",
                area=k,
            )
        elif not person.active:
            yield Problem(
                f"{name}: {person.name} is not active in the org. Activate the user, "
                "or give the area another owner.",
                stops=True,
                area=k,
            )
        elif forecasts and not person.forecasts:
            yield Problem(
                f"{name}: {person.name} may not forecast in the org, so nobody forecasts for the "
                "territory by this publish. Switch on “Allow Forecasting” for the user in Setup, "
                "or give the area another owner.",
                area=k,
            )


def _rules(
    plan: Plan, areas: Sequence[AreaId]
) -> tuple[Mapping[AreaId, Packed], tuple[Problem, ...]]:
    codes = Codes.of(plan)
    if codes is None:
        text = (
            f"The plan is of {plan.noun}, not of postal codes of one country: "
            "territories get no rules."
        )
        return {}, (Problem(text),)
    leaves = [k for k in areas if k in plan.alignment.leaves]
    rules = packed_rules(plan, codes, leaves)
    wrong = proved(plan, codes, leaves, rules)
    return rules, (*_mistaken(plan, wrong), *_beyond(rules))


def _mistaken(plan: Plan, areas: Sequence[AreaId]) -> Iterator[Problem]:
    for k in areas:
        yield Problem(
            f"{plan.alignment.name(k)}: its rule takes other postal codes than it holds. "
            "Please report this fault of ours.",
            stops=True,
            area=k,
        )


def _beyond(rules: Mapping[AreaId, Packed]) -> Iterator[Problem]:
    beyond = sum(packed.cover.beyond for packed in rules.values())
    if beyond:
        yield Problem(
            f"Rules ask for beginnings of postal codes: {beyond:,} codes that nobody uses today "
            "would go along, should they come to be."
        )
