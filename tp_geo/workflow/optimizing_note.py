"""A request as JSON in the note of its revision, so that a run can be read and run again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import BadData
from tp_geo.optimize.objective import Objective
from tp_geo.workflow.optimizing import Cap, Request, Way

KEY = "optimize"


def noted(request: Request, note: str = "", label: str = "") -> str:
    """Return a planner's note with the request, and which of its plans was taken, below it."""
    said: dict[str, Any] = {KEY: as_json(request)}
    if label:
        said["plan"] = label
    return "\n".join(filter(None, (note.strip(), json.dumps(said))))


def request_in(note: str) -> Request | None:
    """Return the request that a note holds, ``None`` where it holds none."""
    said = _said(note)
    return from_json(said[KEY]) if said else None


def without_request(note: str) -> str:
    """Return what a planner wrote of a note."""
    return "\n".join(line for line in note.splitlines() if not line.startswith(f'{{"{KEY}"'))


def readable(note: str) -> str:
    """Return a note as people read it: what was asked of the optimizer in words, not as JSON."""
    said = _said(note)
    if not said:
        return note
    try:
        request = from_json(said[KEY])
    except BadData:
        return note
    balanced = ", ".join(name for name, _ in request.measures)
    asked = f"balanced {balanced}" if balanced else "optimized"
    if request.objective.tolerance:
        asked += f" within {100 * request.objective.tolerance:g} %"
    told = f"{asked}, plan “{said['plan']}”" if said.get("plan") else asked
    return "\n".join(filter(None, (without_request(note), told)))


def as_json(request: Request) -> Mapping[str, Any]:
    """Return a request by field, what is as usual left out."""
    usual = {f.name: f.default for f in fields(Request)}
    given = {f.name: getattr(request, f.name) for f in fields(Request)}
    every = asdict(request)
    return {name: every[name] for name in every if given[name] != usual[name]}


def from_json(said: Mapping[str, Any]) -> Request:
    """Return the request that was written by ``as_json``; raise ``BadData`` for anything else."""
    known = {f.name for f in fields(Request)}
    if unknown := sorted(said.keys() - known):
        raise BadData(f"{unknown[0]!r} is no part of a request to optimize.")
    given = {name: _tuples(value) for name, value in said.items()}
    try:
        if "focus" in said:
            focus = dict(said["focus"])
            areas = focus.get("areas")
            focus["areas"] = None if areas is None else tuple(AreaId(k) for k in areas)
            given["focus"] = Focus(**focus)
        if "objective" in said:
            given["objective"] = Objective(**said["objective"])
        if "way" in said:
            given["way"] = Way(said["way"])
        if "caps" in said:
            given["caps"] = tuple(Cap(**cap) for cap in said["caps"])
        return Request(**given)
    except (TypeError, ValueError, AttributeError) as error:
        raise BadData(f"This is no request to optimize: {error}.") from error


def _said(note: str) -> Mapping[str, Any]:
    """Return the JSON of a note that holds a request, the last one; empty where there is none."""
    for line in reversed(note.splitlines()):
        if line.startswith("{"):
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict) and KEY in said:
                return said
    return {}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value
