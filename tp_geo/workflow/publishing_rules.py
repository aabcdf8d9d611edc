"""Rules of a publish: the postal codes of each territory, point codes included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
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
        codes, at = list(containers), np.arange(len(containers))
        country = boundaries.country
        if country == "US":
            lookup, known = embedded.load_lookup(), pd.Index(list(containers))
            inside = known.get_indexer(pd.Index(lookup["container"]))
            more = (inside >= 0) & (known.get_indexer(pd.Index(lookup["code"])) < 0)
            codes += lookup["code"][more].tolist()
            at = np.concatenate([at, inside[more]])
        return cls(tuple(codes), at.astype(np.intp), COUNTRIES.get(country, ()))


def packed_rules(plan: Plan, codes: Codes, areas: Sequence[AreaId]) -> Mapping[AreaId, Packed]:
    """Return the rules of the leaf areas among some; areas without a code have none.

    Codes that areas share are in the rules of each.
    """
    owner = _owner(plan, codes, areas)
    rules = pack(codes.codes, owner, country=codes.country)
    found = {areas[number]: rule for number, rule in enumerate(rules) if rule.criteria}
    for area, shared in shared_codes(plan, codes).items():
        if area in areas:
            mine = np.where((owner == areas.index(area)) | shared, 0, -1).astype(np.int32)
            found[area] = pack(codes.codes, mine, country=codes.country)[0]
    return found


def proved(
    plan: Plan, codes: Codes, areas: Sequence[AreaId], rules: Mapping[AreaId, Packed]
) -> tuple[AreaId, ...]:
    """Return the areas whose rules take other codes than theirs: none, if all is well.

    The rules are read back one by one, apart from how they were packed.
    """
    owner = _owner(plan, codes, areas)
    country = (codes.country or ("",))[0]
    places = Places({POSTAL: codes.codes, COUNTRY: [country] * len(codes.codes)})
    wrong, more = [], shared_codes(plan, codes)
    for number, area in enumerate(areas):
        held = np.zeros(len(codes.codes), dtype=np.bool_)
        for criteria in rules[area].criteria if area in rules else ():
            held |= fitting(criteria, places)
        if (held != ((owner == number) | more.get(area, False))).any():
            wrong.append(area)
    return tuple(wrong)


def _owner(plan: Plan, codes: Codes, areas: Sequence[AreaId]) -> NDArray[np.int32]:
    """Return the number of the area that has each code, -1 for none of these."""
    number = np.full(max(plan.alignment.areas, default=0) + 1, -1, dtype=np.int32)
    number[list(areas)] = np.arange(len(areas), dtype=np.int32)
    found: NDArray[np.int32] = number[plan.alignment.area_of[codes.container]]
    return found


def shared_codes(plan: Plan, codes: Codes) -> Mapping[AreaId, NDArray[np.bool_]]:
    """Return the codes that each area holds beside those it is the main area of."""
    shared = plan.alignment.shared
    areas = (AreaId(k) for k in np.unique(shared.areas).tolist())
    return {k: np.isin(codes.container, shared.inside((k,)).items) for k in areas}
