"""Countries as people and systems write them: names in many languages, two or three letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from tp_geo.files.headers import plain

LETTERS = 2

_GROUPS = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Two letters that are no country's, among those of countries."""

LANGUAGES = (
    *("en", "es", "fr", "de", "it", "pt", "nl", "ca", "pl", "cs", "sk", "sl", "hr", "hu", "ro"),
    *("bg", "sv", "da", "nb", "fi", "et", "lv", "lt", "el", "tr", "ru", "uk", "ar", "he", "ja"),
    *("ko", "zh", "hi", "id", "vi", "th"),
)
"""Where two languages call two countries alike, the one that comes first is followed."""

_ALSO = {
    "US": "unitedstatesofamerica america vereinigtestaatenvonamerika etatsunisdamerique "
    "estadosunidosdeamerica eua",
    "MX": "estadosunidosmexicanos",
    "GB": "greatbritain england grossbritannien",
    "NL": "holland thenetherlands",
    "AT": "oesterreich",
    "CI": "ivorycoast",
    "CZ": "czechrepublic",
    "KR": "republicofkorea southkorea",
    "TR": "turkey",
}
"""Names that are in use, but no language's own."""

USES_ZIP_CODES = frozenset({"PR", "VI", "GU", "AS", "MP"})
"""Territories with codes of their own whose postal codes are ZIP codes of the USA."""


def country_code(name: str) -> str:
    """Return the two letters of a country known by name or code, else the name in capitals."""
    bare = plain(name)
    return _codes().get(bare, bare.upper())


def known_country(name: str) -> str:
    """Return the two letters of a country, "" for what is no country's name or code."""
    code = country_code(name)
    return code if code in _names() else ""


def country_name(code: str) -> str:
    """Return what a country is called in English; the code where it is not known."""
    return _names().get(code, code)


def every_country() -> list[str]:
    """Return the two letters of all countries, by their English names."""
    return sorted(_names(), key=country_name)


def country_names(codes: Iterable[str]) -> dict[str, str]:
    """Return names by code."""
    return {code: country_name(code) for code in codes}


@cache
def _names() -> Mapping[str, str]:
    return _territories("en")


@cache
def _codes() -> Mapping[str, str]:
    """Return two letters by plain name; other codes of ISO 3166 among the names."""
    from babel.core import get_global

    names = _names()
    found = {code.lower(): code for code in names}
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and codes[0] in names:
            found.setdefault(alias.lower(), codes[0])
    for code, also in _ALSO.items():
        found.update(dict.fromkeys(also.split(), code))
    for language in LANGUAGES:
        for code, name in _territories(language).items():
            found.setdefault(plain(name), code)
    return found


def _territories(language: str) -> dict[str, str]:
    """Return a language's names of countries by two letters, without groups such as the EU."""
    from babel import Locale  # its tables are read when a country is first asked for

    names = Locale.parse(language).territories.items()
    return {c: n for c, n in names if len(c) == LETTERS and c.isalpha() and c not in _GROUPS}
