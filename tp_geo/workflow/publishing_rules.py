"""Rules of a publish: the postal codes of each territory, point codes included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tp_geo.crm.criteria import COUNTRY, POSTAL
from tp_geo.crm.evaluating import Places, fitting
from tp_geo.crm.packing import Packed, pack
from tp_geo.domain.alignment import AreaId
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import embedded
from tp_geo.workflow.plan import Plan

POSTAL_KIND = "postal"
COUNTRIES: Mapping[str, tuple[str, ...]] = {"US": ("United States", "US", "USA")}
"""What accounts call a country; codes of five digits repeat between countries."""


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Every postal code that is known, and the container it lies in."""

    codes: tuple[str, ...]
    container: NDArray[np.intp]
    country: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan) -> Codes | None:
        """Return the codes of a plan's containers, ``None`` where these are no postal areas."""
        return cls.on(plan.dataset.boundaries, list(plan.dataset.containers), plan.boundaries)

    @classmethod
    def on(cls, kind: str, containers: Sequence[str], boundaries: Boundaries) -> Codes | None:
        """Return the codes of containers of a kind, ``None`` where these are no postal areas.

        Codes without an area of their own, as of post-office boxes, go with
        the area they are in: rules that leave them out would miss accounts.
        """
        if kind != POSTAL_KIND or boundaries.parts:
            return None
        position = {code: i for i, code in enumerate(containers)}
        codes, at = list(position), list(position.values())
        country = boundaries.country
        if country == "US":
            lookup = embedded.load_lookup()
            for code, inside in zip(lookup["code"], lookup["container"], strict=True):
                if code not in position and inside in position:
                    codes.append(code)
                    at.append(position[inside])
        return cls(tuple(codes), np.array(at, dtype=np.intp), COUNTRIES.get(country, ()))


def packed_rules(plan: Plan, codes: Codes, areas: Sequence[AreaId]) -> Mapping[AreaId, Packed]:
    """Return the rules of the leaf areas among some; areas without a code have none."""
    owner = _owner(plan, codes, areas)
    rules = pack(codes.codes, owner, country=codes.country)
    return {areas[number]: rule for number, rule in enumerate(rules) if rule.criteria}


def proved(
    plan: Plan, codes: Codes, areas: Sequence[AreaId], rules: Mapping[AreaId, Packed]
) -> tuple[AreaId, ...]:
    """Return the areas whose rules take other codes than theirs: none, if all is well.

    The rules are read back one by one, apart from how they were packed.
    """
    owner = _owner(plan, codes, areas)
    country = (codes.country or ("",))[0]
    places = Places({POSTAL: codes.codes, COUNTRY: [country] * len(codes.codes)})
    wrong = []
    for number, area in enumerate(areas):
        held = np.zeros(len(codes.codes), dtype=np.bool_)
        for criteria in rules[area].criteria if area in rules else ():
            held |= fitting(criteria, places)
        if (held != (owner == number)).any():
            wrong.append(area)
    return tuple(wrong)


def _owner(plan: Plan, codes: Codes, areas: Sequence[AreaId]) -> NDArray[np.int32]:
    """Return the number of the area that has each code, -1 for none of these."""
    number = np.full(max(plan.alignment.areas, default=0) + 1, -1, dtype=np.int32)
    number[list(areas)] = np.arange(len(areas), dtype=np.int32)
    found: NDArray[np.int32] = number[plan.alignment.area_of[codes.container]]
    return found
