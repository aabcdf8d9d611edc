"""Several countries on one map: for each a boundary set that is there, combined to one set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from tp_geo.errors import BadData, Refused
from tp_geo.files.countries import country_name, known_country
from tp_geo.geometry.boundaries import LEVELS, Boundaries
from tp_geo.geometry.combining import JOINT, Portion, combined
from tp_geo.geometry.mending import Mending
from tp_geo.store import embedded
from tp_geo.workflow.boundary_list import BoundarySet, boundary_sets
from tp_geo.workflow.planner import Planner

MAX_NAME = 120
MOSTLY = 0.9
"""The share of codes or names that must be countries' for a set to be one of whole countries."""

Told = Callable[[str, float], None]


def combine(
    planner: Planner,
    name: str,
    chosen: Mapping[str, str],
    *,
    without: Iterable[str] = (),
    told: Told = lambda _what, _share: None,
) -> tuple[Boundaries, tuple[Mending, ...]]:
    """Return boundary sets of several countries as one, and what was mended; nothing is kept.

    Parameters
    ----------
    name
        What to call it; also its kind. Of a name that is there already, what
        isn't chosen stays as it was.
    chosen
        By country, however it is written: the kind, title or key of its set.
    without
        Countries, however they are written, that a combination of this name loses.
    """
    name = name.strip()
    told("Looking for the boundary sets", 0.0)
    sets = boundary_sets(planner)
    wanted = {_country(c): what for c, what in chosen.items()}
    earlier = _parts(planner, _earlier(sets, name))
    for country in map(_country, without):
        if country not in earlier:
            raise BadData(f"{country_name(country)} is not in {name!r}, so it can't be left out.")
        if country in wanted:
            raise BadData(f"{country_name(country)} is both put in and left out. Choose one.")
        del earlier[country]
    wanted = {**earlier, **wanted}
    if len(wanted) < 2:
        raise Refused("Choose boundary sets of two countries or more.")
    portions = [_portion(planner, sets, country, what) for country, what in wanted.items()]
    told("Fitting the countries together", 0.3)
    made, mendings = combined(portions, name=name)
    told("Done", 1.0)
    return made, mendings


def sets_of(planner: Planner, name: str) -> Mapping[str, str]:
    """Return, by country, the key of the set that the newest combination of a name is made of.

    Empty where there is none of that name.
    """
    sets = boundary_sets(planner)
    return _parts(planner, next((s for s in sets if s.kind == name and combination(s)), None))


def choices(sets: tuple[BoundarySet, ...], country: str) -> tuple[BoundarySet, ...]:
    """Return the sets a country's can be chosen from: its own, then those that state no country."""
    own = [s for s in sets if s.country == country]
    return (*sorted(own, key=lambda s: s.built_in), *(s for s in sets if not s.country))


def combination(found: BoundarySet) -> bool:
    """Tell whether a set is one of several countries."""
    return JOINT in found.country


def _earlier(sets: tuple[BoundarySet, ...], name: str) -> BoundarySet | None:
    """Return the newest combination of a name; refuse names that can't be or are taken."""
    if not name or len(name) > MAX_NAME:
        raise Refused(f"Give the combination a name of 1 to {MAX_NAME} characters.")
    if name.casefold() in {*embedded.KINDS, *LEVELS}:
        raise Refused(f"{name!r} is the name of a kind of its own. Choose another name.")
    found = next((s for s in sets if s.kind == name), None)
    if found and not combination(found):
        raise Refused(f"{name!r} is a kind of boundaries already. Choose another name.")
    return found


def _parts(planner: Planner, found: BoundarySet | None) -> dict[str, str]:
    if found is None:
        return {}
    return {part.country: part.key for part in planner.layer(found.key).parts}


def _country(text: str) -> str:
    if code := known_country(text):
        return code
    raise BadData(f"{text!r} is no country. Write its two letters, as in US=postal.")


def _portion(planner: Planner, sets: tuple[BoundarySet, ...], country: str, what: str) -> Portion:
    found = _find(sets, country, what)
    layer = planner.layer(found.kind if found.built_in else found.key)
    return Portion(country, layer, _rows(layer, country))


def _find(sets: tuple[BoundarySet, ...], country: str, what: str) -> BoundarySet:
    """Return a country's set by key, title or kind; of several, its own and the newest."""
    name, known = what.strip().casefold(), choices(sets, country)
    for field in ("key", "title", "kind"):
        for found in known:
            if getattr(found, field).casefold() == name:
                return found
    there = ", ".join(dict.fromkeys(s.kind for s in known)) or "none"
    raise BadData(
        f"There is no boundary set {what!r} of {country_name(country)}. Its kinds: {there}. "
        f"Add one with: tp-geo boundaries add FILE --kind KIND --country {country}"
    )


def _rows(layer: Boundaries, country: str) -> NDArray[np.intp]:
    """Return all positions, or the country's own in a set of whole countries."""
    every = np.arange(len(layer))
    if layer.country:
        return every
    for texts in (layer.codes, layer.names):
        countries = np.array([known_country(t) for t in texts], dtype=object)
        if (countries != "").mean() < MOSTLY:
            continue
        at = np.flatnonzero(countries == country)
        if len(at):
            return at
        raise BadData(f"{layer.title} does not have {country_name(country)}.")
    return every
