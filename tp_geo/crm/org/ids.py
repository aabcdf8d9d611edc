"""Record ids: 15 characters that tell the object, and 3 that check their case."""

from __future__ import annotations

import re
import string
from typing import Final

_DIGITS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECK: Final = string.ascii_uppercase + "012345"
_SHAPE: Final = re.compile(r"^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$")
_INSTANCE: Final = "5g"
_WIDTH: Final = 10

PREFIXES: Final = {
    "Territory2ObjectExclusion": "1TO",
    "Territory2AlignmentLog": "1TL",
    "Territory2ModelHistory": "1TH",
    "Territory2ObjSharingConfig": "1TS",
    "TerritoryMgmtObjectConfig": "1TM",
    "UserTerritory2AssocLog": "1TU",
}
"""Prefixes for objects whose own the contract does not know; made up."""

ORG_ID: Final = "00D5g0000000001"
PROFILE_ID: Final = "00e5g0000000001AAA"
"""The one profile: profiles are not part of the contract, users need one."""


def id_of(prefix: str, number: int) -> str:
    """Return the id of a record by its running number."""
    digits = ""
    while number:
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    return full(f"{prefix}{_INSTANCE}{digits.rjust(_WIDTH, '0')}")


def number_of(record_id: str) -> int:
    """Return the running number of a record."""
    number = 0
    for digit in record_id[5:15]:
        number = number * len(_DIGITS) + _DIGITS.index(digit)
    return number


def full(short: str) -> str:
    """Return an id of 15 characters with the 3 that check it; any other text as it is."""
    if len(short) != 15:
        return short
    check = ""
    for start in (0, 5, 10):
        capitals = (c in string.ascii_uppercase for c in short[start : start + 5])
        check += _CHECK[sum(2**i for i, capital in enumerate(capitals) if capital)]
    return short + check


def well_formed(text: object) -> bool:
    """Tell whether a value looks like an id."""
    return isinstance(text, str) and bool(_SHAPE.match(text))
