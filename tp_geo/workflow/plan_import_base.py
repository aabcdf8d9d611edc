"""What a scenario that comes in from a file is one of here."""

from __future__ import annotations

from tp_geo.domain.dataset import ASSUMED
from tp_geo.domain.scenario import loads
from tp_geo.files.plan_file import PlanFile
from tp_geo.workflow.default import NAME as BUILT_IN
from tp_geo.workflow.planner import Planner


def base_here(planner: Planner, file: PlanFile, unlogged: str) -> tuple[str, str]:
    """Return what a scenario is based on here, as id@revision, else "" and why it can't be one.

    That is the very alignment, else the one of its name. Both are "" for a
    file that holds no scenario. Raises ``BadData`` for what is no scenario.
    """
    tried = file.scenario
    if tried is None:
        return "", ""
    scenario = loads(tried.assumed)
    bases = [i for i in planner.plans() if not i.scenario]
    found = next((i for i in bases if i.id == tried.id), None)
    found = found or next((i for i in bases if i.name == tried.of), None)
    if found is None:
        return "", f"{tried.of or 'what it is a scenario of'} is not here"
    if unlogged:
        return "", "its log was left, and with it what it began with"
    named = file.ground.dataset.removesuffix(ASSUMED)
    there = named == BUILT_IN or planner.store.blob(scenario.dataset) is not None
    if scenario.growths and not there:
        return "", f"the figures of {named} that it began with are not here"
    return f"{found.id}@{tried.revision}", ""
