"""SOQL: what is asked is answered, what is not SOQL is told with its place."""

from __future__ import annotations

import pytest

USERS = (
    ("Ann", "Archer", 5),
    ("Ben", "O'Brien", None),
    ("cara", "100%", 30),
    ("Dan", "Back\\slash", 12),
)


CONDITIONS: list[tuple[str, list[str] | None]] = [
    ("FirstName = 'ANN'", ["Ann"]),
    ("LastName = 'O\\'Brien'", ["Ben"]),
    ("LastName LIKE '100\\%'", ["cara"]),
    ("LastName LIKE '%r%' ", ["Ann", "Ben"]),
    ("LastName = 'Back\\\\slash'", ["Dan"]),
    ("LastName LIKE 'Back\\\\%'", ["Dan"]),
    ("Title = null", ["Ben"]),
    ("Title != '5'", ["Ben", "cara", "Dan"]),
    ("(NOT Title = '5')", ["Ben", "cara", "Dan"]),
    ("Title NOT IN ('5', '30')", ["Ben", "Dan"]),
    ("Title IN ('5', '30')", ["Ann", "cara"]),
    ("Title > '2'", ["Ann", "cara"]),
    ("(FirstName = 'Ann' OR (FirstName = 'Dan' AND IsActive = true))", ["Ann", "Dan"]),
    ("CreatedDateless__x = 1", None),
    ("LastModifiedDate >= 2026-02-01T10:00:00+01:00", ["Ann", "Ben", "cara", "Dan"]),
    ("LastModifiedDate > 2026-02-01T09:00:00Z", []),
    ("Id IN (SELECT Id FROM User WHERE FirstName = 'Dan')", ["Dan"]),
]
REFUSED = [
    ("", "MALFORMED_QUERY", "expecting 'SELECT'"),
    ("SELECT FROM User", "MALFORMED_QUERY", "expecting a field, found 'FROM'"),
    ("SELECT Id FROM User WHERE", "MALFORMED_QUERY", "found '<EOF>'"),
    ("SELECT Id FROM User WHERE Name = ", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
    ("SELECT Id FROM User WHERE Name = 'x", "MALFORMED_QUERY", "unexpected token: '''"),
    ("SELECT Id FROM User LIMIT x", "MALFORMED_QUERY", "unexpected token: 'x'"),
    ("SELECT Id FROM User WHERE A = 'a' AND B = 'b' OR C = 'c'", "MALFORMED_QUERY", "'OR'"),
    ("SELECT Id, Id FROM User", "MALFORMED_QUERY", "duplicate field selected: Id"),
    ("SELECT Id, COUNT() FROM User", "MALFORMED_QUERY", "Field must be grouped"),
    ("SELECT Name, COUNT(Id) FROM User", "MALFORMED_QUERY", "Field must be grouped"),
    ("SELECT Id FROM User; DROP TABLE User", "MALFORMED_QUERY", "unexpected token: ';'"),
    ("SELECT Nothing FROM User", "INVALID_FIELD", "No such column 'Nothing' on entity 'User'"),
    ("SELECT Foo.Name FROM User", "INVALID_FIELD", "Didn't understand relationship 'Foo'"),
    ("SELECT CreatedDate FROM Territory2", "INVALID_FIELD", "No such column 'CreatedDate'"),
    ("SELECT Id FROM Nothing", "INVALID_TYPE", "sObject type 'Nothing' is not supported"),
    ("SELECT Id FROM User WHERE IsActive = 'true'", "INVALID_FIELD", "should not be enclosed"),
    ("SELECT Id FROM User WHERE Name = 5", "INVALID_FIELD", "should be enclosed in quotes"),
    ("SELECT Id FROM User WHERE Id LIKE '005%'", "INVALID_FIELD", "operator on id field"),
    ("SELECT Id FROM User WHERE Id = 'abc'", "INVALID_ID_FIELD", "invalid ID field: abc"),
    ("SELECT Id FROM User ORDER BY Id OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000"),
]
MODEL = "0MA5g0000000001GAA"
IMPORTING = [
    "SELECT Id, Name, DeveloperName, Description, State, ActivatedDate, DeactivatedDate, "
    "LastRunRulesEndDate FROM Territory2Model",
    "SELECT Id, Name, DeveloperName, Description, ParentTerritory2Id, Territory2TypeId, "
    "AccountAccessLevel, OpportunityAccessLevel, CaseAccessLevel, ContactAccessLevel, "
    f"ForecastUserId FROM Territory2 WHERE Territory2ModelId = '{MODEL}'",
    "SELECT Id, Field, Operation, Value, SortOrder, RuleId FROM "
    f"ObjectTerritory2AssignmentRuleItem WHERE Rule.Territory2ModelId = '{MODEL}'",
    "SELECT Id, RuleId, Territory2Id, IsInherited FROM RuleTerritory2Association WHERE "
    f"Territory2.Territory2ModelId = '{MODEL}'",
    "SELECT UserId, User.Username, User.Name, User.Email, User.IsActive, User.UserRoleId, "
    "RoleInTerritory2, Territory2Id FROM UserTerritory2Association WHERE "
    f"Territory2.Territory2ModelId = '{MODEL}'",
]


def conditions() -> list[str]:
    """The queries of `CONDITIONS`."""
    return [f"SELECT FirstName FROM User WHERE {where}" for where, _ in CONDITIONS]


@pytest.fixture
def people(org):
    for first, last, number in USERS:
        values = {"FirstName": first, "Title": None if number is None else str(number)}
        org.user(LastName=last, Department="Sales", **values)
    return org


def names(org, where: str, order: str = "FirstName") -> list[str]:
    text = f"SELECT FirstName FROM User WHERE Department = 'Sales' AND {where} ORDER BY {order}"
    return [record["FirstName"] for record in org.query(text)]


@pytest.mark.parametrize(("where", "found"), CONDITIONS)
def test_a_condition_finds_what_it_says(people, where: str, found: list[str] | None) -> None:
    if found is None:
        text = f"SELECT Id FROM User WHERE {where}"
        assert people.refused("GET", "query", q=text) == "INVALID_FIELD"
    else:
        assert names(people, where) == found


def test_empty_values_come_first_unless_asked_otherwise(people) -> None:
    everyone = "IsActive = TRUE"
    assert names(people, everyone, "Title")[0] == "Ben"
    assert names(people, everyone, "Title DESC")[0] == "Ben"
    assert names(people, everyone, "Title DESC NULLS LAST") == ["Ann", "cara", "Dan", "Ben"]


def test_limit_and_offset_cut_a_part_out(people) -> None:
    assert names(people, "IsActive = TRUE", "FirstName LIMIT 2 OFFSET 1") == ["Ben", "cara"]


@pytest.mark.parametrize(("text", "code", "message"), REFUSED)
def test_what_is_wrong_is_told(org, text: str, code: str, message: str) -> None:
    answer = org.ask("GET", "query", q=text)
    assert answer.status == 400
    (problem,) = answer.body
    assert problem["errorCode"] == code
    assert message in problem["message"]


def test_an_error_points_at_its_place(org) -> None:
    answer = org.ask("GET", "query", q="SELECT Id, Foo FROM User")
    message = answer.body[0]["message"].splitlines()
    assert message[1:4] == ["SELECT Id, Foo FROM User", "           ^", "ERROR at Row:1:Column:12"]


def test_parents_stand_within_their_children_or_are_null(org) -> None:
    model = org.model("FY27")
    top = org.territory(model, "Top")
    org.territory(model, "Low", top)
    found = org.query(
        "SELECT t.Name, ParentTerritory2.Name, ParentTerritory2.Territory2Model.Name, "
        "ForecastUser.Name FROM Territory2 t WHERE Territory2Model.DeveloperName = 'FY27' "
        "ORDER BY Territory2.Name"
    )
    low, high = found
    assert low["ParentTerritory2"]["Name"] == "Top"
    assert low["ParentTerritory2"]["Territory2Model"]["Name"] == "FY27"
    assert low["ParentTerritory2"]["attributes"]["url"].endswith(f"/Territory2/{top}")
    assert high["ParentTerritory2"] is None is high["ForecastUser"]
    assert list(low) == ["attributes", "Name", "ParentTerritory2", "ForecastUser"]


def test_records_are_counted_by_group(org) -> None:
    model = org.model()
    top = org.territory(model)
    for _ in range(3):
        org.territory(model, parent=top)
    assert org.count("Territory2") == 4
    found = org.query(
        "SELECT ParentTerritory2Id, COUNT(Id) n, MAX(Name), COUNT_DISTINCT(Territory2TypeId) "
        "FROM Territory2 GROUP BY ParentTerritory2Id ORDER BY COUNT(Id) DESC"
    )
    assert found[0]["n"] == 3
    assert found[0]["attributes"] == {"type": "AggregateResult"}
    assert set(found[0]) == {"attributes", "ParentTerritory2Id", "n", "expr0", "expr1"}


def test_a_long_answer_comes_in_pages(org) -> None:
    kind = [{"attributes": {"type": "Account"}, "Name": f"A{n:03d}"} for n in range(200)]
    for _ in range(3):
        org.ask("POST", "composite/sobjects", {"records": kind})
    small = {"sforce-query-options": "batchSize=50"}
    page = org.ask("GET", "query/", headers=small, q="SELECT Name FROM Account").body
    assert (page["totalSize"], page["done"], len(page["records"])) == (600, False, 200)
    seen = page["records"]
    while not page["done"]:
        page = org.ask("GET", page["nextRecordsUrl"]).body
        seen += page["records"]
    assert len(seen) == 600
    assert org.refused("GET", "query/01gNothing-200") == "INVALID_QUERY_LOCATOR"


@pytest.mark.parametrize("text", IMPORTING)
def test_every_query_of_the_contract_for_importing_is_answered(org, text: str) -> None:
    model = org.model()
    assert model == MODEL
    org.territory(model)
    org.query(text)
