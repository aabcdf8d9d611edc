"""Country names and codes as systems write them, as two letters."""

from __future__ import annotations

from tp_geo.files.headers import plain

_NAMES = {
    "US": "usa unitedstates unitedstatesofamerica america vereinigtestaaten etatsunis "
    "estadosunidos statiuniti",
    "CA": "can canada kanada",
    "MX": "mex mexico mexiko mexique",
    "PR": "pri puertorico",
    "GB": "gbr uk unitedkingdom greatbritain england grossbritannien royaumeuni",
    "DE": "deu germany deutschland allemagne alemania",
    "AT": "aut austria osterreich oesterreich autriche",
    "CH": "che switzerland schweiz suisse suiza",
    "FR": "fra france frankreich francia",
    "ES": "esp spain spanien espagne espana",
    "IT": "ita italy italien italie italia",
    "NL": "nld netherlands niederlande paysbas thenetherlands",
    "BE": "bel belgium belgien belgique",
    "BR": "bra brazil brasil brasilien bresil",
    "AU": "aus australia australien australie",
    "JP": "jpn japan japon",
    "IN": "ind india indien inde",
    "CN": "chn china chine",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}


def country_code(name: str) -> str:
    """Return two letters for a country known by another name, else the name in capitals."""
    bare = plain(name)
    return _CODES.get(bare, bare.upper())
