"""The areas of a plan file: a JSON list, every field by its name."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping

from tp_geo.domain.alignment import MAX_AREA_ID, Area, AreaId, Profile
from tp_geo.domain.shares import Overlap
from tp_geo.domain.signoff import Status
from tp_geo.errors import BadData
from tp_geo.files.plan_json import Json, found, parsed, unparsed


def areas_to_json(areas: Mapping[AreaId, Area], statuses: Mapping[AreaId, Status]) -> bytes:
    """Return areas as a JSON list, ascending by id, each with its status for the reader."""
    return unparsed([_area_to(a, statuses.get(k, Status.DRAFT)) for k, a in sorted(areas.items())])


def areas_from_json(data: bytes, part: str) -> dict[AreaId, Area]:
    """Return the areas of a JSON list, by id; raise ``BadData`` naming the entry and the field."""
    said = parsed(data, part)
    if not isinstance(said, list):
        raise BadData(f"{part} is no list of areas.")
    areas: dict[AreaId, Area] = {}
    for i, one in enumerate(said, start=1):
        area = area_from_json(one, f"{part}, entry {i}")
        if area.id in areas:
            raise BadData(f"{part}, entry {i}: the id {area.id} is that of another area.")
        areas[area.id] = area
    for area in areas.values():
        if area.parent is not None and area.parent not in areas:
            raise BadData(f"{part}: the parent {area.parent} of {area.name!r} is not there.")
    return areas


def _area_to(area: Area, status: Status) -> Json:
    return {
        "id": int(area.id),
        "name": area.name,
        "parent": None if area.parent is None else int(area.parent),
        "level": area.level,
        "owner": area.owner,
        "targets": dict(area.targets),
        "minimums": dict(area.minimums),
        "maximums": dict(area.maximums),
        "locked": area.locked,
        "status": str(status),
        "profile": str(area.profile),
        "color": area.color,
        "attributes": dict(area.attributes),
    }


def area_from_json(said: Json, where: str) -> Area:
    """Return one area; what is left out takes its default, and its status is the log's to tell."""
    one_of(Status, said, "status", where, Status.DRAFT)
    number = found(said, "id", int, where)
    if not 0 < number <= MAX_AREA_ID:
        raise BadData(f"{where}: the id {number} is not from 1 to {MAX_AREA_ID:,}.")
    parent = said.get("parent")
    if parent is not None:
        parent = AreaId(found(said, "parent", int, where))
    return Area(
        id=AreaId(number),
        name=found(said, "name", str, where),
        parent=parent,
        level=found(said, "level", str, where, "Area"),
        owner=_text_or_none(said, "owner", where),
        targets=_figures(said, "targets", where),
        minimums=_figures(said, "minimums", where),
        maximums=_figures(said, "maximums", where),
        locked=found(said, "locked", bool, where, False),
        profile=one_of(Profile, said, "profile", where, Profile.CONTIGUOUS),
        color=_text_or_none(said, "color", where),
        attributes={
            k: v if isinstance(v, str) else _figure(v, k, where)
            for k, v in found(said, "attributes", dict, where, {}).items()
        },
    )


def _text_or_none(said: Json, key: str, where: str) -> str | None:
    if said.get(key) is None:
        return None
    text: str = found(said, key, str, where)
    return text


def _figures(said: Json, key: str, where: str) -> dict[str, float]:
    return {k: _figure(v, k, where) for k, v in found(said, key, dict, where, {}).items()}


def _figure(value: Json, key: str, where: str) -> float:
    figure = math.nan
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):
            figure = float(value)
    if not math.isfinite(figure):
        raise BadData(f"{where}: {key!r} is {str(value)[:40]!r}, not a number.")
    return figure


def one_of(
    kind: type[Status] | type[Profile] | type[Overlap],
    said: Json,
    key: str,
    where: str,
    default: Json,
) -> Json:
    """Return a value of a JSON object that has to be one of a kind; without it, the default."""
    text = found(said, key, str, where, str(default))
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(kind)
        raise BadData(f"{where}: {key!r} is {text[:40]!r}, not one of {known}.") from None
