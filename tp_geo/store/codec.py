"""Edits as text and back: by code, never by position, so that they outlive a dataset.

The text is JSON: ``{"v": 4, "e": [edit, ...]}``, an edit being a list that
starts with its kind::

    ["put", {"id": 3, "name": "West", "parent": null, ...}]
    ["drop", 3]
    ["assign", 3, {"c": [container codes], "u": [unit ids]}]      area -1: units follow again
    ["hold", true, {"c": [...], "u": [...]}]
    ["sign", 3, {"status": "submitted", ...}]                     area null: the whole alignment
    ["ask", "branches"]
    ["share", 3, true, {"c": [...]}]                              false: no more
    ["overlap", "even"]

Fields of an area or a sign-off that say nothing are left out. Texts of every
older version stay readable; ``tests/store/golden`` has one file for each.
What those say of the status of an area was no sign-off and is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeAlias

import numpy as np

from tp_geo.domain.alignment import Area, AreaId, Positions, Profile
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.edits import Allow, Ask, Assign, DropArea, Edit, Hold, PutArea, Share, Sign
from tp_geo.domain.shares import Overlap
from tp_geo.domain.signoff import UNSIGNED, Asks, SignOff, Status
from tp_geo.errors import BadData

VERSION = 4

Json: TypeAlias = Any
Gone: TypeAlias = dict[str, None]

_UPDATE = "Update TP Geo to read it."
_OLD_STATUS = "status"
"""A field that areas had before branches could be signed off."""


def dumps(edits: Iterable[Edit], dataset: Dataset) -> str:
    """Return edits as text. Codes are those of the dataset; the order of items is kept by kind."""
    made = {"v": VERSION, "e": [_written(edit, dataset) for edit in edits]}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def loads(text: str, dataset: Dataset) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """Return the edits of a text, and the codes in it that the dataset doesn't have (any more).

    An edit stays in its place when all its items are gone; it then has none.
    """
    found = _opened(text)
    gone: Gone = {}
    try:
        edits = tuple(_read(edit, dataset, gone) for edit in found)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise BadData(
            f"A revision can't be read: {error!r} in {text[:80]!r}. Restore it from a backup."
        ) from error
    return edits, tuple(gone)


def area_to(area: Area) -> dict[str, Json]:
    """Return an area as JSON has it, without the fields that say nothing."""
    values = ((name, getattr(area, name)) for name in _DEFAULTS)
    return {k: _plain(v) for k, v in values if v != _DEFAULTS[k]}


def area_from(found: Mapping[str, Json]) -> Area:
    """Return an area from JSON; fields that are missing take their defaults."""
    if unknown := sorted(set(found) - set(_DEFAULTS) - {_OLD_STATUS}):
        raise BadData(f"An area has the unknown field {unknown[0]!r}. {_UPDATE}")
    given = {k: _FROM.get(k, _same)(v) for k, v in found.items() if k != _OLD_STATUS}
    return Area(**given)


def signoff_to(signoff: SignOff) -> dict[str, Json]:
    """Return a sign-off as JSON has it, without the fields that say nothing."""
    values = {f.name: getattr(signoff, f.name) for f in fields(SignOff)}
    return {k: v for k, v in values.items() if v != getattr(UNSIGNED, k)}


def signoff_from(found: Mapping[str, Json]) -> SignOff:
    """Return a sign-off from JSON; fields that are missing take their defaults."""
    known = {f.name: type(getattr(UNSIGNED, f.name)) for f in fields(SignOff)}
    if unknown := sorted(set(found) - set(known)):
        raise BadData(f"A sign-off has the unknown field {unknown[0]!r}. {_UPDATE}")
    given: dict[str, Json] = {k: Status(v) if k == "status" else v for k, v in found.items()}
    if wrong := [k for k, v in given.items() if type(v) is not known[k]]:
        raise BadData(f"The {wrong[0]} of a sign-off is {given[wrong[0]]!r:.40}. {_UPDATE}")
    return SignOff(**given)


def _opened(text: str) -> list[Json]:
    try:
        found = json.loads(text)
        version, edits = found["v"], found["e"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadData(
            f"A revision can't be read: {text[:80]!r} is not our JSON. Restore it from a backup."
        ) from error
    if version not in range(1, VERSION + 1) or len(found) > 2:
        raise BadData(
            f"A revision has format {version!r}; this TP Geo reads up to {VERSION}. {_UPDATE}"
        )
    if not isinstance(edits, list):
        raise BadData(f"A revision can't be read: its edits are {edits!r:.40}, not a list.")
    return edits


def _written(edit: Edit, dataset: Dataset) -> list[Json]:
    match edit:
        case PutArea(area):
            return ["put", area_to(area)]
        case DropArea(gone):
            return ["drop", int(gone)]
        case Assign(items, to):
            return ["assign", int(to), _codes(items, dataset)]
        case Hold(items, on):
            return ["hold", bool(on), _codes(items, dataset)]
        case Sign(signed, signoff):
            return ["sign", None if signed is None else int(signed), signoff_to(signoff)]
        case Ask(asks):
            return ["ask", asks.value]
        case Share(items, sharer, on):
            return ["share", int(sharer), bool(on), _codes(items, dataset)]
        case Allow(overlap):
            return ["overlap", overlap.value]


def _read(found: Sequence[Json], dataset: Dataset, gone: Gone) -> Edit:
    match found:
        case ["assign", int(to), dict(codes)]:
            return Assign(_positions(codes, dataset, gone), AreaId(to))
        case ["put", dict(area)]:
            return PutArea(area_from(area))
        case ["drop", int(area)]:
            return DropArea(AreaId(area))
        case ["hold", bool(on), dict(codes)]:
            return Hold(_positions(codes, dataset, gone), on)
        case ["sign", None | int() as signed, dict(signoff)]:
            return Sign(None if signed is None else AreaId(signed), signoff_from(signoff))
        case ["ask", str(asks)]:
            return Ask(Asks(asks))
        case ["share", int(sharer), bool(on), dict(codes)]:
            return Share(_positions(codes, dataset, gone), AreaId(sharer), on)
        case ["overlap", str(overlap)]:
            return Allow(Overlap(overlap))
    raise BadData(f"A revision has an edit of a form not known here: {found!r:.60}. {_UPDATE}")


def _codes(items: Positions, dataset: Dataset) -> dict[str, list[str]]:
    n, codes = dataset.items.containers, dataset.codes
    sides = {"c": items[items < n], "u": items[items >= n]}
    return {side: codes[at].tolist() for side, at in sides.items() if len(at)}


def _positions(found: Mapping[str, Sequence[str]], dataset: Dataset, gone: Gone) -> Positions:
    if not found.keys() <= {"c", "u"}:
        raise BadData(f"A revision names items of an unknown sort: {sorted(found)}. {_UPDATE}")
    at = _looked_up(found.get("c", ()), dataset.containers, gone)
    at += _looked_up(found.get("u", ()), dataset.units, gone)
    return np.array(at, dtype=np.intp)


def _looked_up(codes: Sequence[str], known: Mapping[str, int], gone: Gone) -> list[int]:
    try:
        return [known[code] for code in codes]
    except KeyError:
        gone.update(dict.fromkeys(code for code in codes if code not in known))
        return [known[code] for code in codes if code in known]


def _plain(value: object) -> Json:
    return dict(value) if isinstance(value, Mapping) else value


def _same(value: Json) -> Json:
    return value


_FROM: Mapping[str, Callable[[Json], Json]] = {
    "profile": Profile,
    "targets": dict,
    "minimums": dict,
    "maximums": dict,
    "attributes": dict,
}
_DEFAULTS: Mapping[str, object] = {
    f.name: f.default_factory() if f.default_factory is not MISSING else f.default
    for f in fields(Area)
}
"""By field of an area: what it is when left out; ``MISSING`` where it can't be."""
