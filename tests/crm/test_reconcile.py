"""Reconciling: after the steps an org has what is wanted, and what is others' is as it was."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import (
    ITEM,
    LINK,
    MODEL,
    PARENT,
    RULE,
    TERRITORY,
    USER,
    Fields,
    Key,
    Row,
    Rows,
    Verb,
    item,
    link,
    member,
)
from tp_geo.crm.steps import FORECAST, Step, calls, steps

THE_MODEL = Key(MODEL, "FY27")


def ours(row: Row) -> bool:
    return "theirs" not in row.key.name


def territory(name: str, parent: str | None = None, **fields: str | None) -> Row:
    above = Key(TERRITORY, parent) if parent else None
    return Row(
        Key(TERRITORY, name),
        {"DeveloperName": name, "Name": name, PARENT: above, "Territory2ModelId": THE_MODEL,
         **fields},
    )  # fmt: skip


def rule(name: str, territory: str, values: Iterable[str]) -> list[Row]:
    values = list(values)
    key, of = Key(RULE, name), Key(TERRITORY, territory)
    several = " OR ".join(str(i + 1) for i in range(len(values))) if len(values) > 1 else None
    return [
        Row(key, {"DeveloperName": name, "BooleanFilter": several, "IsActive": True}),
        *(Row(item(key, i + 1), {"RuleId": key, "SortOrder": i + 1, "Value": v})
          for i, v in enumerate(values)),
        Row(link(key, of), {"RuleId": key, "Territory2Id": of, "IsInherited": False}),
    ]  # fmt: skip


class StrictOrg:
    """Rows, and the order that an org asks for."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = {row.key: dict(row.fields) for row in rows}

    def write(self, step: Step) -> None:
        for write in step.writes:
            if write.key.object == ITEM and step.verb is not Verb.UPDATE:
                rule = self.rows[Key(RULE, write.key.name.partition("#")[0])]
                assert rule.get("BooleanFilter") is None, "items are locked by a filter"
            match step.verb:
                case Verb.CREATE:
                    assert write.key not in self.rows
                    self._refers(write.fields)
                    self.rows[write.key] = dict(write.fields)
                case Verb.UPDATE:
                    self._refers(write.fields)
                    who = write.fields.get(FORECAST)
                    assert not who or member(str(who), write.key) in self.rows
                    self.rows[write.key] |= write.fields
                case Verb.DELETE:
                    del self.rows[write.key]
                    for key, fields in [*self.rows.items()]:
                        if write.key in fields.values():
                            assert key.object != TERRITORY, "those below have to go first"
                            del self.rows[key]

    def _refers(self, fields: Fields) -> None:
        for value in fields.values():
            assert not isinstance(value, Key) or value in self.rows, f"there is no {value}"

    def now(self) -> Rows:
        return Rows.of(Row(key, fields) for key, fields in self.rows.items())


def published(wanted: Rows, actual: Rows) -> Rows:
    org = StrictOrg(actual)
    for step in steps(change(wanted, actual)):
        org.write(step)
    return org.now()


def change(wanted: Rows, actual: Rows) -> ChangeSet:
    return reconcile(wanted, actual, ours=ours)


NAMES = ("A", "B", "C", "D", "E")


@st.composite
def plans(draw: st.DrawFn, marked: str = "") -> list[Row]:
    """A model with territories in any tree, rules, users and who forecasts."""
    names = [n + marked for n in NAMES[: draw(st.integers(0, 5))]]
    rows: list[Row] = []
    for at, name in enumerate(names):
        parent = draw(st.sampled_from([None, *names[:at]]))
        users = draw(st.lists(st.sampled_from(["u1", "u2"]), unique=True))
        who = draw(st.sampled_from([None, *users]))
        text = draw(st.sampled_from(["", "x"]))
        rows.append(territory(name, parent, Description=text, ForecastUserId=who))
        rows += [
            Row(member(u, rows[-1].key), {"UserId": u, "Territory2Id": Key(TERRITORY, name),
                                          "RoleInTerritory2": draw(st.sampled_from(["a", "b"]))})
            for u in users
        ]  # fmt: skip
        if draw(st.booleans()):
            values = draw(st.lists(st.sampled_from(["1", "2", "3"]), min_size=1, max_size=3))
            rows += rule(f"r_{name}", name, values)
    return rows


@given(plans(), plans(), plans(marked="_theirs"))
@settings(deadline=None)
def test_after_the_steps_an_org_has_what_is_wanted_and_others_rows_as_they_were(
    wanted: list[Row], before: list[Row], theirs: list[Row]
) -> None:
    model = Row(THE_MODEL, {"DeveloperName": "FY27"})
    actual = published(Rows.of([model, *before, *theirs]), Rows.of([model]))
    after = published(Rows.of([model, *wanted]), actual)
    expected = published(Rows.of([model, *wanted, *theirs]), Rows.of([model]))
    assert contents(after) == contents(expected)
    assert change(Rows.of([model, *wanted]), after).empty, "again, nothing would change"


def contents(rows: Rows) -> dict[Key, dict[str, object]]:
    return {row.key: {k: v for k, v in row.fields.items() if v not in (None, "")} for row in rows}


def test_a_step_is_counted_in_calls_of_two_hundred() -> None:
    rows = [Row(THE_MODEL, {}), *(territory(f"T{i}") for i in range(401))]
    changes = change(Rows.of(rows), Rows())
    assert [(s.object, s.calls) for s in steps(changes)] == [(MODEL, 1), (TERRITORY, 3)]
    assert calls(changes) == 4


def test_a_thousand_territories_with_full_rules_and_their_users_take_few_calls() -> None:
    rows = [Row(THE_MODEL, {})]
    for i in range(1_000):
        above = f"T{(i - 10) // 9}" if i >= 10 else None
        rows.append(territory(f"T{i}", above))
        rows += rule(f"R{i}", f"T{i}", [str(v) for v in range(10)])
        rows += [
            Row(member(f"u{u}", rows[-1].key), {"UserId": f"u{u}"}) for u in (2 * i, 2 * i + 1)
        ]
    assert calls(change(Rows.of(rows), Rows())) <= 90


def test_models_and_types_are_never_deleted() -> None:
    assert change(Rows(), Rows.of([Row(THE_MODEL, {})])).empty


def test_a_territory_below_itself_is_refused() -> None:
    rows = Rows.of([territory("A", "B"), territory("B", "A")])
    with pytest.raises(ValueError, match="below itself"):
        rows.depth(Key(TERRITORY, "A"))


def test_rows_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="Two rows of Territory2"):
        Rows.of([territory("A"), territory("A")])


def test_the_counts_name_objects_in_their_order() -> None:
    rows = Rows.of([*rule("r", "A", ["1", "2"]), territory("A"), Row(Key(USER, "u>A"), {})])
    counts = change(rows, Rows()).counts()
    assert counts["create"] == {TERRITORY: 1, RULE: 1, ITEM: 2, LINK: 1, USER: 1}
