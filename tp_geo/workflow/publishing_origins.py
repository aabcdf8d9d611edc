"""Areas of a plan that were imported from the model they are published to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tp_geo.crm.client import Crm
from tp_geo.crm.extract import quoted
from tp_geo.crm.imported_rules import Universe
from tp_geo.crm.journal import read_journal
from tp_geo.crm.origin_rules import OriginRules
from tp_geo.crm.origins import ID, Origins
from tp_geo.crm.rows import TERRITORY, Rows
from tp_geo.domain.alignment import AreaId
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import embedded
from tp_geo.workflow.model_columns import labels_of
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing_people import PER_QUERY
from tp_geo.workflow.publishing_rules import Codes

STATE = "state"


def universe_of(kind: str, containers: Sequence[str], boundaries: Boundaries) -> Universe | None:
    """Return the postal codes that rules are read on, ``None`` where there are none.

    Their states are known where the boundaries tell them.
    """
    codes = Codes.on(kind, containers, boundaries)
    if codes is None:
        return None
    within = boundaries.within.get(STATE)
    if within is None:
        return Universe.of(codes.codes, codes.container, country=codes.country)
    state = dict(zip(boundaries.codes.tolist(), within.tolist(), strict=True))
    return Universe.of(
        codes.codes,
        codes.container,
        country=codes.country,
        states=[state.get(containers[at], "") for at in codes.container.tolist()],
        state_names=labels_of(embedded.load_boundaries(STATE)),
    )


def came_from(plan: Plan, crm: Crm) -> str:
    """Return the id of the model that areas of a plan were imported from, "" where none were."""
    ids = {
        str(area.attributes[ID]) for area in plan.alignment.areas.values() if ID in area.attributes
    }
    if not ids:
        return ""
    some = ", ".join(quoted(found) for found in sorted(ids)[:PER_QUERY])
    soql = f"SELECT Id, Territory2ModelId FROM Territory2 WHERE Id IN ({some})"
    return next((str(row["Territory2ModelId"]) for row in crm.query(soql)), "")


def as_before(actual: Rows, path: Path) -> tuple[Rows, Rows]:
    """Return what a model held before a publish began, and what it holds but for what that wrote.

    Of a publish that is over, or none, both are what the model holds now.
    """
    if not path.exists() or (last := read_journal(path)).ended:
        return actual, actual
    written = {w.key for w in last.written}
    others = (row for row in actual if row.key not in written)
    own = (row for row in last.before if row.key in written)
    return last.before, Rows.of((*others, *own))


def find_origins(plan: Plan, areas: Sequence[AreaId], base: Rows, code: str) -> Origins | None:
    """Return which areas came from territories of a model, ``None`` where none did.

    ``base`` is what the model held before anything of this publish was written.
    """
    there = {row.id for row in base.of_object(TERRITORY)}
    if not any(plan.alignment.area(k).attributes.get(ID) in there for k in areas):
        return None
    universe = _universe(plan)
    return Origins.of(plan.alignment, areas, base, OriginRules(base, universe, code))


def _universe(plan: Plan) -> Universe | None:
    containers = list(plan.dataset.containers)
    return universe_of(plan.dataset.boundaries, containers, plan.boundaries)
