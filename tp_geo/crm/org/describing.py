"""What the org tells of itself: versions, limits, objects, fields."""

from __future__ import annotations

from typing import Any, Final

from tp_geo.crm.org.ids import PREFIXES
from tp_geo.crm.org.problems import not_found
from tp_geo.crm.org.records import Context
from tp_geo.crm.schema import Field, SObject

OLDEST, NEWEST = 50, 67
VERSIONS: Final = tuple(f"{n}.0" for n in range(OLDEST, NEWEST + 1))
_SEASONS: Final = ("Winter", "Spring", "Summer")
_SOAP: Final = {
    "boolean": "xsd:boolean", "int": "xsd:int", "double": "xsd:double", "currency": "xsd:double",
    "date": "xsd:date", "datetime": "xsd:dateTime", "id": "tns:ID", "reference": "tns:ID",
}  # fmt: skip


def versions() -> list[dict[str, str]]:
    """Return the versions of the API, the oldest first."""
    told = []
    for number in range(OLDEST, NEWEST + 1):
        year, season = divmod(number - OLDEST + 1, 3)
        label = f"{_SEASONS[season]} '{21 + year}"
        told.append(
            {"label": label, "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        )
    return told


def resources(version: str) -> dict[str, str]:
    """Return where the resources of a version are."""
    root = f"/services/data/v{version}"
    return {name: f"{root}/{name}" for name in ("sobjects", "query", "limits", "composite", "jobs")}


def limits(context: Context, used: int) -> dict[str, Any]:
    """Return the limits of the org and what is left of them."""
    most = context.settings.calls_a_day
    return {
        "DailyApiRequests": {"Max": most, "Remaining": max(0, most - used)},
        "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
        "DailyBulkApiBatches": {"Max": 15_000, "Remaining": 15_000},
        "ConcurrentAsyncGetReportInstances": {"Max": 200, "Remaining": 200},
    }


def described(context: Context, name: str, version: str) -> dict[str, Any]:
    """Return an object with its fields."""
    sobject = context.schema.get(name) or _any_case(context, name)
    createable, updateable, _ = _flags(context, sobject)
    told = (_field(f, sobject) for f in sobject.fields.values())
    fields = [
        {
            **field,
            "createable": field["createable"] and createable,
            "updateable": field["updateable"] and updateable,
        }
        for field in told
    ]
    children = [
        {
            "childSObject": child.name,
            "field": child.field,
            "relationshipName": child.relationship,
            "cascadeDelete": child.cascades,
            "restrictedDelete": False,
        }
        for child in sobject.children
        if child.name in context.schema
    ]
    return {
        **brief(context, sobject, version),
        "fields": fields,
        "childRelationships": children,
        "recordTypeInfos": [],
    }


def brief(context: Context, sobject: SObject, version: str) -> dict[str, Any]:
    """Return an object as it stands in the list of all."""
    url = f"/services/data/v{version}/sobjects/{sobject.name}"
    createable, updateable, deletable = _flags(context, sobject)
    return {
        "name": sobject.name,
        "label": sobject.label,
        "labelPlural": f"{sobject.label}s",
        "keyPrefix": sobject.prefix or PREFIXES.get(sobject.name),
        "custom": False,
        "createable": createable,
        "updateable": updateable,
        "deletable": deletable,
        "queryable": True,
        "retrieveable": True,
        "undeletable": False,
        "urls": {"sobject": url, "describe": f"{url}/describe", "rowTemplate": f"{url}/{{ID}}"},
    }


def _any_case(context: Context, name: str) -> SObject:
    found = next((s for n, s in context.schema.items() if n.lower() == name.lower()), None)
    if found is None:
        raise not_found()
    return found


def _flags(context: Context, sobject: SObject) -> tuple[bool, bool, bool]:
    settings = context.settings
    if "Territory2" in sobject.name and not settings.manage_territories:
        return False, False, False
    if sobject.name == "RuleTerritory2Association" and not settings.rule_association_writes:
        return False, False, False
    updateable = sobject.updateable
    if sobject.name == "UserTerritory2Association":
        updateable = settings.role_by_patch
    return sobject.createable, updateable, sobject.deletable


def _field(field: Field, sobject: SObject) -> dict[str, Any]:
    alone = [columns[0] for columns in sobject.unique if len(columns) == 1]
    values = [
        {"value": v, "label": v, "active": True, "defaultValue": False, "validFor": None}
        for v in field.picklist
    ]
    return {
        "name": field.name,
        "label": field.label or field.name,
        "type": field.type,
        "soapType": _SOAP.get(field.type, "xsd:string"),
        "length": field.length,
        "byteLength": field.length * 3,
        "digits": field.digits,
        "precision": field.precision,
        "scale": field.scale,
        "nillable": field.nillable,
        "createable": field.createable,
        "updateable": field.updateable,
        "defaultedOnCreate": field.defaulted or field.generated,
        "filterable": field.filterable,
        "groupable": field.groupable,
        "sortable": field.sortable,
        "idLookup": field.id_lookup or field.name == "Id",
        "externalId": field.external_id,
        "unique": field.unique or field.name in alone,
        "custom": field.custom,
        "calculated": False,
        "autoNumber": False,
        "nameField": field.name == "Name",
        "restrictedPicklist": field.restricted,
        "picklistValues": values,
        "referenceTo": list(field.refers_to),
        "relationshipName": field.relationship,
    }
