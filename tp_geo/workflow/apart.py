"""What can't be done with a scenario or a draft, and what to do instead."""

from __future__ import annotations

from tp_geo.errors import Refused
from tp_geo.store import AlignmentInfo


def is_apart(info: AlignmentInfo) -> bool:
    """Whether it is a scenario or a draft, and no alignment of its own."""
    return bool(info.scenario or info.draft)


def refuse_apart(info: AlignmentInfo, done: str) -> None:
    """Refuse to do with a scenario or a draft what only an alignment is for."""
    if why := apart_text(info, done):
        raise Refused(why)


def apart_text(info: AlignmentInfo, done: str) -> str:
    """Return why one can't be published, submitted, …, and the way to it; "" of an alignment."""
    if info.scenario:
        return (
            f"{info.name} is a scenario and can't be {done}: it tries out what is assumed. Adopt "
            "it, and go on with the alignment it is a scenario of."
        )
    if info.draft:
        return (
            f"{info.name} is a draft and can't be {done}. Merge it, and go on with the alignment "
            "it is a draft of."
        )
    return ""
