"""What can't be done with a scenario, and what to do instead."""

from __future__ import annotations

from tp_geo.errors import Refused
from tp_geo.store import AlignmentInfo


def refuse_scenario(info: AlignmentInfo, done: str) -> None:
    """Refuse to do with a scenario what only an alignment is for."""
    if info.scenario:
        raise Refused(scenario_text(info, done))


def scenario_text(info: AlignmentInfo, done: str) -> str:
    """Return why a scenario can't be published, submitted, …, and the way to it."""
    return (
        f"{info.name} is a scenario and can't be {done}: it tries out what is assumed. Adopt it, "
        "and go on with the alignment it is a scenario of."
    )
