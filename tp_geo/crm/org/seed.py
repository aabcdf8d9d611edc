"""Records an org begins with: from a JSON file, or those of the demo."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from tp_geo.crm.org.ids import PROFILE_ID
from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.service import Org
from tp_geo.crm.org.tables import add_field
from tp_geo.errors import BadData

_PARTS: Final = ("roles", "fields", "records", "files")
_MARK: Final = "@"


def read_seed(path: Path) -> dict[str, Any]:
    """Return the seed in a file; raise `BadData` when it is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadData(
            f"The seed {path} can't be read: {error.strerror}. Check the path."
        ) from error
    except ValueError as error:
        raise BadData(f"The seed {path} is no JSON: {error}. See docs/org.md.") from error
    unknown = set(told) - set(_PARTS) if isinstance(told, dict) else {"a list"}
    if unknown:
        raise BadData(
            f"The seed {path} has {', '.join(sorted(unknown))}. It takes {', '.join(_PARTS)}."
        )
    return dict(told)


def demo_seed() -> dict[str, Any]:
    """Return what the demo org begins with."""
    text = (files("tp_geo.crm.org") / "demo.json").read_text(encoding="utf-8")
    seed: dict[str, Any] = json.loads(text)
    seed["records"]["Account"] = list(_demo_accounts(seed.pop("places"), seed.pop("businesses")))
    return seed


def plant(org: Org, seed: Mapping[str, Any], *, beside: Path | None = None) -> None:
    """Put a seed into an org that has seen none; `beside` is where its files are."""
    if org.state.fact("seeded"):
        return
    with org.state.step():
        org.state.remember("roles", json.dumps(seed.get("roles", [])))
        for name, fields in seed.get("fields", {}).items():
            for told in fields:
                add_field(org.state, name, told)
        org.refresh()
        known: dict[str, str] = {}
        for name, record in _records(seed, beside or Path()):
            _create(org, name, record, known)
        org.state.remember("seeded", "yes")


def _records(seed: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, records in seed.get("records", {}).items():
        for record in records:
            yield name, record
    for name, file in seed.get("files", {}).items():
        with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                yield name, {k: v for k, v in row.items() if v != ""}


def _create(org: Org, name: str, record: Mapping[str, Any], known: dict[str, str]) -> None:
    references = {f.name for f in org.context.sobject(name).fields.values() if f.refers_to}
    values = {
        field: _meant(field, value, known) if field in references else value
        for field, value in record.items()
        if field != "ref"
    }
    if name == "User":
        values = {"ProfileId": PROFILE_ID, "IsActive": True, **values}
    try:
        record_id = org.records.create(name, values, by_org=True)
    except ApiError as error:
        raise BadData(f"The seed's {name} {dict(record)}: {error.message}") from error
    if "ref" in record:
        known[record["ref"]] = record_id


def _meant(field: str, value: Any, known: Mapping[str, str]) -> Any:
    if not isinstance(value, str) or not value.startswith(_MARK):
        return value
    if value[1:] not in known:
        raise BadData(f"The seed's {field} {value!r} names no record above it with that ref.")
    return known[value[1:]]


def _demo_accounts(
    places: list[list[str]], businesses: list[list[Any]]
) -> Iterator[dict[str, Any]]:
    for at, (city, state, code) in enumerate(places):
        for number, (kind, industry, employees, revenue) in enumerate(businesses):
            scale = 1 + (at * 7 + number * 3) % 11
            yield {
                "Name": f"{city} {kind}",
                "AccountNumber": f"D{at:03d}-{number}",
                "Industry": industry,
                "BillingCity": city,
                "BillingState": state,
                "BillingPostalCode": code,
                "BillingCountry": "United States",
                "NumberOfEmployees": employees * scale,
                "AnnualRevenue": revenue * scale,
            }
