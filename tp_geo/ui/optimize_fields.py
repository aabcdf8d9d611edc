"""A request as the values of the form's fields, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from tp_geo.optimize.objective import Objective
from tp_geo.workflow.optimizing import PRESETS, Cap, Request, Way

Values: TypeAlias = Mapping[str, Any]
"""By name of a field, what it says."""

PRIORITIES = ("balance", "continuity", "compactness")
WHOLE = 100
"""Sliders and shares go to so much."""


def values_of(request: Request) -> dict[str, Any]:
    """Return what the fields say of a request."""
    of, share = next(iter(request.max_change), ("", None))
    caps = [cap for cap in request.caps if cap.area is None]
    return {
        **sliders_of(request.objective),
        "preset": preset_of(request.objective),
        "measures": [name for name, _ in request.measures],
        **{f"weight_{name}": weight for name, weight in request.measures},
        "unassigned": request.focus.unassigned,
        "placeholders": request.placeholders,
        "only_unassigned": request.only_unassigned,
        "way": request.way,
        "homes": request.homes,
        "km": request.max_distance_km,
        "change_of": of,
        "change": None if share is None else share * WHOLE,
        "caps": [cap.measure for cap in caps],
        **{f"least_{cap.measure}": cap.minimum for cap in caps},
        **{f"most_{cap.measure}": cap.maximum for cap in caps},
        "respect": [name for name, _ in request.respect],
        "seed": request.seed,
        "seconds": request.max_runtime_s,
    }


def request_of(values: Values, before: Request) -> Request:
    """Return what the fields ask for; what has no field is as before."""
    return replace(
        before,
        measures=tuple((name, float(values[f"weight_{name}"])) for name in values["measures"]),
        focus=replace(before.focus, unassigned=bool(values["unassigned"])),
        objective=objective_of(values, before.objective),
        way=Way(values["way"]),
        placeholders=bool(values["placeholders"]),
        only_unassigned=bool(values["only_unassigned"]),
        homes=bool(values["homes"]),
        max_distance_km=values["km"],
        max_change=_change(values),
        caps=tuple(_caps(values)) + tuple(cap for cap in before.caps if cap.area is not None),
        respect=tuple((name, 1.0) for name in values["respect"]),
        seed=int(values["seed"]),
        max_runtime_s=values["seconds"],
    )


def sliders_of(objective: Objective) -> dict[str, Any]:
    """Return where the sliders of the priorities stand, and the tolerance in per cent."""
    found: dict[str, Any] = {
        name: min(round(getattr(objective, name) * WHOLE), WHOLE) for name in PRIORITIES
    }
    return {**found, "tolerance": round(objective.tolerance * WHOLE, 4)}


def preset_of(objective: Objective) -> str | None:
    """Return the preset that has the same priorities, if one has."""
    at = sliders_of(objective)
    return next((name for name, of in PRESETS.items() if sliders_of(of) == at), None)


def objective_of(values: Values, before: Objective) -> Objective:
    """Return the objective the sliders ask for; how borders count follows the nearest preset."""
    asked = {name: values[name] / WHOLE for name in PRIORITIES}
    tolerance = (values["tolerance"] or 0.0) / WHOLE
    if not any(asked.values()):
        asked["balance"] = 1.0
    found = Objective(**asked, tolerance=tolerance, borders=before.borders)
    preset = preset_of(found)
    return PRESETS[preset] if preset else found


def _change(values: Values) -> tuple[tuple[str, float], ...]:
    share = values["change"]
    return () if share is None else ((values["change_of"], share / WHOLE),)


def _caps(values: Values) -> list[Cap]:
    ends = [(m, values.get(f"least_{m}"), values.get(f"most_{m}")) for m in values["caps"]]
    return [Cap(m, least, most) for m, least, most in ends if (least, most) != (None, None)]
