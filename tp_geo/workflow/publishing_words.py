"""Words of a publish: what records, fields and comparisons of an org are called on our pages."""

from __future__ import annotations

from collections.abc import Mapping

from tp_geo.crm.rows import ACCOUNT, ITEM, LINK, MODEL, PARENT, RULE, TERRITORY, TYPE, USER

THINGS: Mapping[str, str] = {
    TYPE: "Territory type",
    MODEL: "Model",
    TERRITORY: "Territory",
    RULE: "Rule",
    ITEM: "Rule",
    LINK: "Rule",
    USER: "Person",
    ACCOUNT: "Account",
}
"""What records are called; what makes up a rule is told as one."""

COUNTED: Mapping[str, str] = {
    TYPE: "types",
    MODEL: "models",
    TERRITORY: "territories",
    RULE: "rules",
    ITEM: "conditions",
    LINK: "links",
    USER: "people",
    ACCOUNT: "accounts",
}
"""What many of each object are called."""

LABELS: Mapping[str, str] = {
    "Name": "Name", "DeveloperName": "Developer name", "Description": "Description",
    "MasterLabel": "Label", PARENT: "Below", "Territory2TypeId": "Type",
    "Territory2ModelId": "Model", "AccountAccessLevel": "Access to accounts",
    "OpportunityAccessLevel": "Access to opportunities", "CaseAccessLevel": "Access to cases",
    "ForecastUserId": "Forecasts", "Priority": "Priority", "State": "State",
    "ObjectType": "Assigns", "BooleanFilter": "Conditions are joined as", "IsActive": "Active",
    "RoleInTerritory2": "Role", "IsInherited": "Handed down", "UserId": "Person",
    "ObjectId": "Account", "AssociationCause": "Assigned by", "SortOrder": "Order",
}  # fmt: skip
SILENT = frozenset({"RuleId", "Territory2Id", "SortOrder", "IsInherited", "AssociationCause"})
"""Fields that only hold a tree together."""

OPERATIONS: Mapping[str, str] = {
    "equals": "is", "notEqual": "is not", "startsWith": "starts with", "contains": "contains",
    "notContain": "does not contain", "lessThan": "is less than", "greaterThan": "is more than",
    "lessOrEqual": "is at most", "greaterOrEqual": "is at least",
}  # fmt: skip
FIELDS: Mapping[str, str] = {
    "Account.BillingPostalCode": "Billing postal code",
    "Account.BillingCountry": "Billing country",
    "Account.BillingState": "Billing state",
}
