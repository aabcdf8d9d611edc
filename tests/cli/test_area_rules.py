"""Rules of areas from the command line: what they take, taking it, and publishing them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tp_geo.crm.org.service import Org

ROWS = (("Oak", "97201", "Banking", 5), ("Bay", "94105", "Banking", 50),
        ("Hill", "94110", "Energy", 500), ("Elm", "10001", "Energy", 70))  # fmt: skip
RULE = "Industry = Banking AND AnnualRevenue >= 10"


@pytest.fixture(autouse=True)
def plan(do: Any, tmp_path: Path) -> None:
    """Oregon is North's, California South's; Key has no containers."""
    table = tmp_path / "accounts.csv"
    ids = [f"001{i:012}" for i in range(len(ROWS))]
    rows = [f"{k},{n},{z},{i},{r}" for k, (n, z, i, r) in zip(ids, ROWS, strict=True)]
    table.write_text("\n".join(["Id,Name,Zip,Industry,Annual Revenue", *rows]) + "\n")
    do("import", str(table), "--dataset", "org", "--id", "Id", "--postal", "Zip",
       "--name", "Name", "--measure", "Annual Revenue")  # fmt: skip
    do("new", "F", "--dataset", "org", "--names", "North,South,Key")
    do("assign", "F", "--to", "North", "97201")
    do("assign", "F", "--to", "South", "94105", "94110")


def listed(do: Any) -> dict[str, dict[str, Any]]:
    return {one["area"]: one for one in do("rules", "F")["rules"]}


def test_a_rule_tells_what_it_takes_and_is_undone_as_any_edit(do) -> None:
    do("rule", "F", "South", RULE)
    do("rule", "F", "Key", "Industry = energy AND AnnualRevenue > 60")
    found = listed(do)
    assert (found["South"]["fit"], found["South"]["taken"], found["South"]["left"]) == (1, 1, 1)
    assert (found["Key"]["taken"], found["Key"]["left"]) == (2, 0)
    do("undo", "F")
    assert set(listed(do)) == {"South"}
    do("rule", "F", "South", "-")
    assert listed(do) == {}


def test_within_containers_only_what_lies_there_is_taken(do) -> None:
    do("rule", "F", "North", "Industry = Banking")
    assert listed(do)["North"]["fit"] == 2
    assert listed(do)["North"]["taken"] == 1


def test_an_area_is_given_what_its_rule_takes(do) -> None:
    do("rule", "F", "Key", "Industry = Energy")
    do("assign-by-rule", "F", "Key")
    shown = {a["name"]: a for a in do("show", "F")["areas"]}
    assert shown["Key"]["units"] == 2
    assert shown["Key"]["attributes"]["rule"] == "Industry = Energy"


def test_what_the_dataset_does_not_have_can_not_be_told(do, refused) -> None:
    do("rule", "F", "Key", "Rating = Hot")
    assert listed(do)["Key"]["unknown"] == ["Rating"]
    assert "no column 'Rating'" in refused("assign-by-rule", "F", "Key")
    assert "compares no account field" in refused("rule", "F", "Key", "Hot")


def test_rules_are_published_beside_those_of_boundaries(do, org: Org) -> None:
    do("rule", "F", "South", RULE)
    do("rule", "F", "Key", "Industry = Energy")
    told = do("publish", "F")
    assert any("fit its criteria and lie within" in p["text"] for p in told["problems"])
    rows = org.state.rows(
        "select t.Name, count(*) from RuleTerritory2Association l "
        "join Territory2 t on t.Id = l.Territory2Id group by t.Name"
    )
    assert dict(rows) == {"North": 1, "South": 2, "Key": 1}
    writes = org.counts.told()["write"]
    assert do("publish", "F")["written"] == 0
    assert org.counts.told()["write"] == writes


def test_a_field_the_org_does_not_offer_stops_a_publish(do, refused, org: Org) -> None:
    do("rule", "F", "Key", "Nope__c = 1")
    assert "can't ask for an account field 'Nope__c'" in refused("publish", "F")
    assert org.counts.told()["write"] == 0
