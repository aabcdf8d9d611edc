"""After a publish: rules run and a model activated from here, and the accounts territories have.

Nobody could try activating by the API in a real org so far: contract, section 9.
"""

from __future__ import annotations

from tp_geo.crm.client import Crm
from tp_geo.crm.extract import quoted
from tp_geo.crm.reasons import failure
from tp_geo.crm.rows import ACCOUNT, MODEL, Verb
from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing_choices import Model, choices


def activate(plan: Plan, crm: Crm, name: str) -> Model:
    """Ask an org to activate a model of a plan; it takes its time.

    Raises ``CrmFailure`` when the org refuses.
    """
    plan.actor.require(Action.PUBLISH, plan.info)
    model = _model(crm, name)
    (outcome,) = crm.write(Verb.UPDATE, MODEL, [{"Id": model.id, "State": "Active"}])
    if not outcome.done:
        raise failure(outcome.code, outcome.message, about=f"Activating {model.name}")
    return _model(crm, name)


def model_id(crm: Crm, name: str) -> str:
    """Return the id of a model."""
    return _model(crm, name).id


def accounts(crm: Crm, name: str) -> tuple[tuple[str, int], ...]:
    """Return how many accounts the territories of a model have, the most first."""
    model = _model(crm, name)
    found = crm.query(
        f"SELECT Territory2.Name, COUNT(Id) accounts FROM {ACCOUNT} "
        f"WHERE Territory2.Territory2ModelId = {quoted(model.id)} GROUP BY Territory2.Name"
    )
    counted = ((str(r["Name"]), int(r["accounts"])) for r in found)
    return tuple(sorted(counted, key=lambda one: (-one[1], one[0])))


def _model(crm: Crm, name: str) -> Model:
    found = choices(crm).model(name)
    if found is None:
        raise Refused(f"The org has no model {name!r}. It may have been renamed or deleted.")
    return found
