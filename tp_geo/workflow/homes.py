"""Owners' homes: what an area says of where its owner lives, read and placed on the Earth."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import HOME, Alignment, Area
from tp_geo.errors import Refused
from tp_geo.files.postal import Form, normalize
from tp_geo.geometry.boundaries import DECIMALS, Boundaries, Texts
from tp_geo.geometry.combining import own_codes, positions_by_country
from tp_geo.geometry.earth import Floats

_NUMBER = r"([+-]?[0-9]+(?:\.[0-9]*)?)"
_PAIR = re.compile(rf"{_NUMBER}(?:\s*[,;]\s*|\s+){_NUMBER}")
_ROOM = 5.0
"""Degrees round the containers in which owners of a plan may well live."""


class Home(NamedTuple):
    """A home as it is written, a code or "latitude, longitude", and where it is in degrees."""

    text: str
    lon: float
    lat: float


class Mark(NamedTuple):
    """A home on the map, and whose it is."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, eq=False)
class Homes:
    """Where homes can be: codes ascending, a point inside each, their form by country.

    ``forms`` is by what stands before the codes of a country, "" where there is one.
    """

    codes: Texts
    xy: Floats
    forms: Mapping[str, Form]

    @classmethod
    def of(cls, boundaries: Boundaries) -> Homes:
        """Return the homes there can be in containers, and anywhere by coordinates."""
        codes = boundaries.codes
        apart = positions_by_country(boundaries)
        forms = {f"{k}_": Form.of(own_codes(k, codes[at])) for k, at in apart.items()}
        return cls(codes, boundaries.xy, forms or {"": Form.of(codes)})

    def find(self, text: str) -> Home:
        """Return the home a text means; raise ``Refused`` when it means none."""
        found = self.read(text)
        if isinstance(found, str):
            raise Refused(f"Owner's home {text!r} {found}.")
        return found

    def read(self, text: str) -> Home | str:
        """Return the home a text means, or why it means none and what to write."""
        text = text.strip()
        for code in (text, text.upper()):
            if (at := self._at(code)) is not None:
                return self._inside(at)
        if pair := _PAIR.fullmatch(text.replace("−", "-")):
            return self._placed(float(pair[1]), float(pair[2]))
        meant = [at for code in self._meant(text) if (at := self._at(code)) is not None]
        if len(meant) > 1:
            choice = " or ".join(str(self.codes[at]) for at in meant)
            return f"is a code of several countries; write {choice}"
        if meant:
            return self._inside(meant[0])
        return (
            f"is no place; write a code of the boundaries, such as {self.codes[0]}, or "
            "latitude and longitude, as in 37.76, -122.42"
        )

    def _at(self, code: str) -> int | None:
        at = int(np.searchsorted(self.codes, code))
        return at if at < len(self.codes) and self.codes[at] == code else None

    def _meant(self, text: str) -> list[str]:
        """Return the codes a text may stand for, one a country."""
        given = pd.Series([text], dtype=str)
        return [f"{k}{normalize(given, form).codes[0]}" for k, form in self.forms.items()]

    def _inside(self, at: int) -> Home:
        lon, lat = self.xy[at].tolist()
        return Home(str(self.codes[at]), lon, lat)

    def _placed(self, lat: float, lon: float) -> Home | str:
        if self._swapped(lat, lon):
            return f"has longitude first; write latitude first: {_written(lon, lat)}"
        if abs(lat) > 90 or abs(lon) > 180:
            return "is out of range: latitude goes from -90 to 90, longitude from -180 to 180"
        lat, lon = round(lat, DECIMALS) + 0.0, round(lon, DECIMALS) + 0.0
        return Home(_written(lat, lon), lon, lat)

    def _swapped(self, lat: float, lon: float) -> bool:
        """Tell whether two numbers are a place near the containers only the other way round."""
        return not self._near(lon, lat) and self._near(lat, lon)

    def _near(self, lon: float, lat: float) -> bool:
        if abs(lat) > 90 or abs(lon) > 180 or not len(self.xy):
            return False
        place = np.array([lon, lat])
        low, high = self.xy.min(axis=0) - _ROOM, self.xy.max(axis=0) + _ROOM
        return bool(((low <= place) & (place <= high)).all())


WhereHomes: TypeAlias = Callable[[], Homes]
"""Where homes can be, for those who may not need to know: shapes take a second to load."""


def home_of(area: Area) -> str:
    """Return what an area says of its owner's home, "" where it says nothing."""
    return str(area.attributes.get(HOME, ""))


def with_home(area: Area, home: str) -> dict[str, float | str]:
    """Return the attributes of an area with another home, or with none where it is ""."""
    rest = {k: v for k, v in area.attributes.items() if k != HOME}
    return {**rest, HOME: home} if home else rest


def owners_at(alignment: Alignment) -> tuple[tuple[str, str], ...]:
    """Return each home that areas say with whose it is: the owner, else the area; each once."""
    said = (
        (home, area.owner or area.name)
        for area in alignment.areas.values()
        if (home := home_of(area))
    )
    return tuple(sorted(set(said)))


def marks(alignment: Alignment, homes: Homes) -> tuple[Mark, ...]:
    """Return the homes to show, one a place with all who live there.

    What means no place in these boundaries is left out.
    """
    names: dict[tuple[float, float], dict[str, None]] = {}
    for text, name in owners_at(alignment):
        found = homes.read(text)
        if isinstance(found, Home):
            names.setdefault((found.lon, found.lat), {})[name] = None
    return tuple(Mark(", ".join(of), *at) for at, of in names.items())


def _written(lat: float, lon: float) -> str:
    return ", ".join(f"{x:.{DECIMALS}f}".rstrip("0").rstrip(".") for x in (lat, lon))
