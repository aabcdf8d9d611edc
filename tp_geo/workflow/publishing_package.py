"""A plan as files that others load or deploy: no org is asked, so people are left out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tp_geo.crm.metadata import package
from tp_geo.crm.naming import MAX_NAME, developer_name
from tp_geo.crm.rows import TERRITORY, Rows
from tp_geo.crm.tables import tables
from tp_geo.crm.wanted import Publication, Staffed, wanted
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.criteria import criteria_of
from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.workflow import clock
from tp_geo.workflow.effective import not_yet
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing import Request, plan_code
from tp_geo.workflow.publishing_criteria import rule_of
from tp_geo.workflow.publishing_limits import MAX_TERRITORIES
from tp_geo.workflow.publishing_rules import Codes, packed_rules, proved
from tp_geo.workflow.publishing_scope import published
from tp_geo.workflow.signoff import publish_gate


def plan_rows(plan: Plan, request: Request) -> Rows:
    """Return the rows of a plan for a model of its own: types, territories and rules.

    Refuses a plan that lacks the approval it asks for, that is over a limit,
    or whose rules would take other postal codes than it says.
    """
    plan.actor.require(Action.PUBLISH, plan.info)
    if reasons := publish_gate(plan, request.focus):
        raise Refused(reasons[0])
    if (early := not_yet(plan.info, clock.today())) and not request.early:
        raise Refused(early)
    areas = tuple(published(plan.alignment, request.focus, request.level))
    if not areas:
        raise Refused("There is no area to publish. Add areas first, or choose another focus.")
    name = (request.model or plan.info.name).strip()[:MAX_NAME]
    levels = dict.fromkeys(plan.alignment.area(k).level for k in areas)
    publication = Publication(
        plan_code(plan),
        developer_name(name, free=lambda _: True),
        name,
        {level: developer_name(level, free=lambda _: True) for level in levels},
        access=request.access,
    )
    rows = wanted(plan.alignment, areas, publication, _rules(plan, areas))
    if (count := len(rows.of_object(TERRITORY))) > MAX_TERRITORIES:
        raise Refused(
            f"{count:,} territories are more than the {MAX_TERRITORIES:,} that a model holds. "
            "Publish fewer levels, or a focus."
        )
    return rows


def write_package(rows: Rows, path: Path) -> None:
    """Write a package of the Metadata API as a zip."""
    path.write_bytes(package(rows))


def write_tables(rows: Rows, folder: Path) -> tuple[str, ...]:
    """Write CSV files into a folder and return their names in the order of loading."""
    folder.mkdir(parents=True, exist_ok=True)
    found = tables(rows)
    for name, text in found.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(found)


def _rules(plan: Plan, areas: tuple[AreaId, ...]) -> Mapping[AreaId, Staffed]:
    codes = Codes.of(plan)
    leaves = [k for k in areas if k in plan.alignment.leaves]
    packed = packed_rules(plan, codes, leaves) if codes else {}
    if codes and (wrong := proved(plan, codes, leaves, packed)):
        raise Refused(
            f"{plan.alignment.name(wrong[0])}: its rule takes other postal codes than it holds. "
            "Please report this fault of ours."
        )
    own = {k: c for k in areas if (c := criteria_of(plan.alignment.area(k)))}
    return {
        k: Staffed(
            criteria=packed[k].criteria if k in packed else (),
            more=(rule_of(own[k]),) if k in own else (),
        )
        for k in areas
    }
