"""Which checks an object has, and what follows from its changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tp_geo.crm.org.guards_models import check_model, delete_model
from tp_geo.crm.org.guards_people import (
    check_territory_of_opportunity,
    mirror_user,
    name_user,
    note_account,
    own,
)
from tp_geo.crm.org.guards_rules import check_item, check_rule
from tp_geo.crm.org.guards_territories import (
    check_account_association,
    check_rule_association,
    check_territory,
    check_user_association,
)
from tp_geo.crm.org.records import Guard, Removal

BEFORE: Final[Mapping[str, tuple[Guard, ...]]] = {
    "Account": (own,),
    "Opportunity": (own, check_territory_of_opportunity),
    "User": (name_user,),
    "Territory2Model": (check_model,),
    "Territory2": (check_territory,),
    "ObjectTerritory2AssignmentRule": (check_rule,),
    "ObjectTerritory2AssignmentRuleItem": (check_item,),
    "RuleTerritory2Association": (check_rule_association,),
    "UserTerritory2Association": (check_user_association,),
    "ObjectTerritory2Association": (check_account_association,),
}

AFTER: Final[Mapping[str, tuple[Guard, ...]]] = {
    "Account": (note_account,),
    "User": (mirror_user,),
}

REMOVALS: Final[Mapping[str, Removal]] = {"Territory2Model": delete_model}

SETUP: Final = frozenset(
    {
        "ObjectTerritory2AssignmentRule",
        "ObjectTerritory2AssignmentRuleItem",
        "RuleTerritory2Association",
        "Territory2",
        "Territory2Model",
        "Territory2Type",
        "User",
        "UserRole",
        "UserTerritory2Association",
    }
)
"""Objects of Setup: one type of them in a call, and no others beside it."""
