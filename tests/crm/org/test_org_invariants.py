"""Whatever is tried in whatever order, an org keeps to what the contract says."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.service import Org
from tp_geo.crm.org.settings import Settings

SETTINGS = Settings(edition="Enterprise", territories=3, activation_s=0)
ITEM = "ObjectTerritory2AssignmentRuleItem"
RULE = "ObjectTerritory2AssignmentRule"
PLACES = st.integers(min_value=0, max_value=30)
NAMES = st.sampled_from(["A", "B", "C", "D", "not ok"])


class AnyWork(RuleBasedStateMachine):
    """Creates, changes and deletes at random; most of it is refused."""

    @initialize()
    def begin(self) -> None:
        self.org = Org(settings=SETTINGS)
        self.records = self.org.records
        self.type = self.made("Territory2Type", MasterLabel="x", DeveloperName="x", Priority=1)
        self.users = [self.made_user(n) for n in range(3)]

    def made_user(self, number: int) -> str | None:
        values = {"LastName": "x", "Email": "x@x.example", "Alias": "x", "IsActive": number > 0}
        profile = "00e5g0000000001AAA"
        return self.made("User", Username=f"u{number}@x.example", ProfileId=profile, **values)

    def made(self, name: str, **values: Any) -> str | None:
        try:
            with self.org.state.step():
                return self.records.create(name, values)
        except ApiError:
            return None

    def some(self, name: str, place: int) -> str | None:
        found = self.org.state.find(name)
        return found[place % len(found)]["Id"] if found else None

    def attempt(self, what: Any, *arguments: Any) -> None:
        try:
            with self.org.state.step():
                what(*arguments)
        except ApiError:
            pass

    @rule(name=NAMES)
    def model(self, name: str) -> None:
        self.made("Territory2Model", Name=name, DeveloperName=name)

    @rule(name=NAMES, model=PLACES, parent=PLACES)
    def territory(self, name: str, model: int, parent: int) -> None:
        values = {"Territory2ModelId": self.some("Territory2Model", model)}
        values["ParentTerritory2Id"] = self.some("Territory2", parent) if parent else None
        self.made("Territory2", Name=name, DeveloperName=name, Territory2TypeId=self.type, **values)

    @rule(name=NAMES, model=PLACES)
    def rule_of_model(self, name: str, model: int) -> None:
        values = {"Territory2ModelId": self.some("Territory2Model", model), "ObjectType": "Account"}
        self.made(RULE, MasterLabel=name, DeveloperName=name, **values)

    @rule(of=PLACES, order=st.integers(min_value=0, max_value=12))
    def item(self, of: int, order: int) -> None:
        values = {"Field": "Account.Name", "Operation": "equals", "Value": "x"}
        self.made(ITEM, RuleId=self.some(RULE, of), SortOrder=order, **values)

    @rule(of=PLACES, text=st.sampled_from(["1", "1 AND 2", "1 OR (2 AND 3)", None, "9"]))
    def boolean_filter(self, of: int, text: str | None) -> None:
        if found := self.some(RULE, of):
            self.attempt(self.records.update, RULE, found, {"BooleanFilter": text})

    @rule(rule=PLACES, territory=PLACES)
    def link(self, rule: int, territory: int) -> None:
        values = {"RuleId": self.some(RULE, rule), "IsInherited": True}
        self.made(
            "RuleTerritory2Association", Territory2Id=self.some("Territory2", territory), **values
        )

    @rule(user=PLACES, territory=PLACES)
    def assign(self, user: int, territory: int) -> None:
        values = {"UserId": self.users[user % 3]}
        self.made(
            "UserTerritory2Association", Territory2Id=self.some("Territory2", territory), **values
        )

    @rule(territory=PLACES, parent=PLACES)
    def move(self, territory: int, parent: int) -> None:
        if found := self.some("Territory2", territory):
            to = {"ParentTerritory2Id": self.some("Territory2", parent)}
            self.attempt(self.records.update, "Territory2", found, to)

    @rule(model=PLACES, to=st.sampled_from(["Planning", "Active", "Archived"]))
    def change_state(self, model: int, to: str) -> None:
        if found := self.some("Territory2Model", model):
            self.attempt(self.records.update, "Territory2Model", found, {"State": to})
            self.org.work()

    @rule(
        name=st.sampled_from(["Territory2", "Territory2Model", RULE, ITEM, "Territory2Type"]),
        place=PLACES,
    )
    def delete(self, name: str, place: int) -> None:
        if found := self.some(name, place):
            self.attempt(self.records.delete, name, found)
            self.org.work()

    @invariant()
    @precondition(lambda self: hasattr(self, "org"))
    def references_lead_somewhere(self) -> None:
        state = self.org.state
        for name, sobject in self.org.context.schema.items():
            for field in sobject.fields.values():
                for target in field.refers_to:
                    if target in self.org.context.schema and len(field.refers_to) == 1:
                        lost = f'not exists (select 1 from "{target}" t where t.Id = {{0}})'
                        own = f'"{name}"."{field.name}"'
                        condition = f"{own} is not null and {lost.format(own)}"
                        assert state.count(name, condition) == 0, (name, field.name)

    @invariant()
    @precondition(lambda self: hasattr(self, "org"))
    def limits_and_keys_hold(self) -> None:
        state = self.org.state
        assert state.count("Territory2Model") <= SETTINGS.models
        assert state.count("Territory2Model", "State = 'Active'") <= 1
        for name in ("Territory2", RULE):
            found = state.find(name)
            keys = Counter((r["Territory2ModelId"], r["DeveloperName"].lower()) for r in found)
            assert all(n == 1 for n in keys.values())
        sizes = Counter(r["Territory2ModelId"] for r in state.find("Territory2"))
        assert all(n <= SETTINGS.territories for n in sizes.values())
        assert all(n <= 10 for n in Counter(r["RuleId"] for r in state.find(ITEM)).values())

    @invariant()
    @precondition(lambda self: hasattr(self, "org"))
    def the_tree_is_a_tree_of_one_model(self) -> None:
        found = {r["Id"]: r for r in self.org.state.find("Territory2")}
        for start in found.values():
            seen, here = set(), start
            while here["ParentTerritory2Id"]:
                assert here["Id"] not in seen
                seen.add(here["Id"])
                here = found[here["ParentTerritory2Id"]]
                assert here["Territory2ModelId"] == start["Territory2ModelId"]

    def teardown(self) -> None:
        if hasattr(self, "org"):
            self.org.close()


AnyWork.TestCase.settings = settings(max_examples=25, stateful_step_count=60, deadline=None)
test_an_org_keeps_its_invariants = AnyWork.TestCase
