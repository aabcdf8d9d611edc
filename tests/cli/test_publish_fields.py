"""Account fields from the command line: what differs is written, resumed and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tp_geo.crm.org.ids import PROFILE_ID
from tp_geo.crm.org.service import Org


@pytest.fixture
def accounts(org: Org, do: Any, tmp_path: Path) -> dict[str, str]:
    """Three accounts of the org, imported by their ids; North has Oregon's, South the others."""
    from tp_geo.crm.org.seed import plant

    codes = {"Oak": "97201", "Bay": "94105", "Hill": "94110"}
    records = [{"Name": n, "BillingPostalCode": c} for n, c in codes.items()]
    fields = [{"name": "Territory_Code__c", "label": "Territory code", "length": 20},
              {"name": "Territory__c", "label": "Territory", "length": 80}]  # fmt: skip
    plant(org, {"fields": {"Account": fields}, "records": {"Account": records}})
    found = org.state.rows("select Name, Id from Account")
    ids = {str(name): str(k) for name, k in found if name in codes}
    table = tmp_path / "accounts.csv"
    rows = [f"{ids[n]},{n},{c}" for n, c in codes.items()]
    table.write_text("\n".join(["Id,Name,Zip", *rows]) + "\n")
    do("import", str(table), "--dataset", "org", "--id", "Id", "--postal", "Zip", "--name", "Name")
    do("new", "F", "--dataset", "org", "--names", "North,South")
    do("assign", "F", "--to", "North", "97201")
    do("assign", "F", "--to", "South", "94105", "94110")
    return ids


def twice(do: Any, long: str, other: str, folder: Path) -> None:
    """A plan B without assignments, of one account by both forms of its id, in two places."""
    table = folder / "both.csv"
    table.write_text(f"Id,Name,Zip\n{long},Hill,94110\n{long[:15]},Hill,{other}\n")
    do("import", str(table), "--dataset", "both", "--id", "Id", "--postal", "Zip", "--name", "Name")
    do("new", "B", "--dataset", "both", "--names", "North,South")


def values(org: Org, field: str) -> dict[str, str]:
    rows = org.state.rows(f"select Name, {field} from Account")
    return {str(name): str(value or "") for name, value in rows}


def user(org: Org) -> str:
    """A user who is ann@x.example."""
    fields = {"Username": "ann@x.example", "LastName": "Ann", "Email": "ann@x.example",
              "Alias": "ann", "IsActive": True, "ProfileId": PROFILE_ID}  # fmt: skip
    with org.state.step():
        return org.records.create("User", fields, by_org=True)


WORDS = ("publish-fields", "F", "--territory", "Territory__c", "--code", "Territory_Code__c")


def test_a_dry_run_tells_how_many_accounts_would_change(do, org: Org, accounts) -> None:
    told = do(*WORDS, "--dry-run")
    assert (told["change"], told["unchanged"], told["written"]) == (3, 0, None)
    assert org.counts.told()["write"] == 0


def test_what_differs_is_written_once_and_each_value_told(
    do, org: Org, accounts, tmp_path: Path
) -> None:
    told = do(*WORDS, "--result", str(tmp_path / "r.csv"))
    assert told["written"] == 3
    assert values(org, "Territory__c") == {"Oak": "North", "Bay": "South", "Hill": "South"}
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 1 + 3 * 2
    writes = org.counts.told()["write"]
    assert do(*WORDS)["written"] == 0
    assert org.counts.told()["write"] == writes
    do("assign", "F", "--to", "North", "94110")
    assert do(*WORDS)["change"] == 1


def test_undoing_gives_values_back_unless_somebody_changed_them(do, org: Org, accounts) -> None:
    do(*WORDS)
    with org.state.step():
        org.records.update("Account", accounts["Bay"], {"Territory__c": "Theirs"})
    assert do("undo-fields", "F")["written"] == 2
    assert values(org, "Territory__c") == {"Oak": "", "Bay": "Theirs", "Hill": ""}


def test_an_undo_that_breaks_off_goes_on_when_it_is_asked_for_again(
    do, say, org: Org, accounts
) -> None:
    do(*WORDS)
    org.faults.add(["limit:at=3,method=GET,resource=query"])
    assert say("undo-fields", "F").code
    assert set(values(org, "Territory__c").values()) == {""}, "it broke off after the writes"
    do("undo-fields", "F")
    assert set(values(org, "Territory__c").values()) == {""}


def test_owners_are_given_back_too_where_only_some_areas_have_one(do, org: Org, accounts) -> None:
    ann = user(org)
    before = values(org, "OwnerId")
    do("owner", "F", "South", "ann@x.example")
    do(*WORDS, "--owner")
    assert values(org, "OwnerId") == {**before, "Bay": ann, "Hill": ann}
    assert do("undo-fields", "F")["written"] == 3
    assert values(org, "OwnerId") == before


def test_a_field_that_is_not_there_is_told_before_anything_is_written(
    refused, org: Org, accounts
) -> None:
    assert "no field 'Nope__c'" in refused("publish-fields", "F", "--code", "Nope__c")
    assert org.counts.told()["write"] == 0


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """An org whose rules hold the country and one postal code."""
    monkeypatch.setattr("tp_geo.crm.packing.MAX_VALUE", 6)
    monkeypatch.setattr("tp_geo.crm.packing.MAX_ITEMS", 2)


def held(org: Org) -> dict[str, set[str]]:
    """The accounts associated by hand, by territory."""
    rows = org.state.rows(
        "select t.Name, a.Name from ObjectTerritory2Association o "
        "join Territory2 t on t.Id = o.Territory2Id join Account a on a.Id = o.ObjectId"
    )
    found: dict[str, set[str]] = {}
    for territory, account in rows:
        found.setdefault(str(territory), set()).add(str(account))
    return found


def test_codes_that_do_not_fit_go_into_territories_below_unless_told_otherwise(
    do, org: Org, accounts, crowded: None
) -> None:
    told = do("publish", "F", "--dry-run")
    assert told["create"]["Territory2"] == 3
    assert any("1 territories below it hold the rest" in p["text"] for p in told["problems"])


def test_codes_that_do_not_fit_become_a_field_that_accounts_are_given(
    do, org: Org, accounts, crowded: None
) -> None:
    words = ("publish", "F", "--overflow", "field", "--overflow-field", "Territory_Code__c")
    told = do(*words, "--dry-run")
    assert told["create"]["Territory2"] == 2
    assert any("asks for Territory_Code__c" in p["text"] for p in told["problems"])
    assert org.counts.told()["write"] == 0
    do(*words)
    given = values(org, "Territory_Code__c")
    assert given["Oak"] == ""
    assert given["Bay"] == given["Hill"] != ""
    asked = org.state.rows("select Field, Value from ObjectTerritory2AssignmentRuleItem")
    assert ("Account.Territory_Code__c", given["Bay"]) in {(f, v) for f, v in asked}
    writes = org.counts.told()["write"]
    do(*words)
    assert org.counts.told()["write"] == writes


def test_codes_that_can_not_be_given_are_told_before_anything_is_written(
    do, refused, org: Org, accounts, crowded: None, tmp_path: Path
) -> None:
    twice(do, accounts["Hill"], "97201", tmp_path)
    do("assign", "B", "--to", "North", "97201", "97202", "97210")
    do("assign", "B", "--to", "South", "94105", "94110", "94301")
    words = ("publish", "B", "--overflow", "field", "--overflow-field", "Territory_Code__c")
    told = do(*words, "--dry-run")
    stops = [p["text"] for p in told["problems"] if p["stops"]]
    assert any("by its id of 15 and of 18 characters" in text for text in stops)
    assert "Take one of the two" in refused(*words)
    assert org.counts.told()["write"] == 0


def test_codes_that_do_not_fit_become_accounts_associated_directly(
    do, org: Org, accounts, crowded: None
) -> None:
    told = do("publish", "F", "--overflow", "accounts")
    assert told["create"]["ObjectTerritory2AssignmentRule"] == 1
    assert held(org) == {"South": {"Bay", "Hill"}}


def test_accounts_planned_by_themselves_are_associated_directly_and_given_up_again(
    do, org: Org, accounts
) -> None:
    do("assign", "F", "--to", "North", accounts["Hill"])
    told = do("publish", "F")
    assert any("planned by themselves" in p["text"] for p in told["problems"])
    assert held(org) == {"North": {"Hill"}}
    assert do("publish", "F", "--no-exceptions")["delete"] == {"ObjectTerritory2Association": 1}
    assert held(org) == {}


def test_a_field_that_rules_can_not_ask_for_is_told(refused, org: Org, accounts, crowded) -> None:
    words = ("publish", "F", "--overflow", "field", "--overflow-field", "Nope__c")
    assert "can't ask for an account field 'Nope__c'" in refused(*words)


def test_a_field_without_its_choice_is_a_usage_error(say, org: Org, accounts) -> None:
    assert say("publish", "F", "--overflow", "field").code == 2


def test_account_fields_wait_for_the_approval_that_the_alignment_asks_for(
    do, refused, org: Org, accounts
) -> None:
    do("sign-off", "require", "F", "alignment")
    told = do(*WORDS, "--dry-run")
    assert told["change"] == 3, "a dry run tells what would be"
    assert "asks for its approval" in told["stopped"][0]
    assert "asks for its approval" in refused(*WORDS)
    assert org.counts.told()["write"] == 0
    do("submit", "F")
    do("approve", "F")
    assert do(*WORDS)["written"] == 3


@pytest.mark.parametrize(("other", "stops"), [("94110", False), ("97201", True)])
def test_an_account_by_both_forms_of_its_id_is_one(
    do, refused, org: Org, accounts, tmp_path: Path, other: str, stops: bool
) -> None:
    twice(do, accounts["Hill"], other, tmp_path)
    do("assign", "B", "--to", "North", "97201")
    do("assign", "B", "--to", "South", "94110")
    words = ("publish-fields", "B", "--territory", "Territory__c")
    told = do(*words, "--dry-run")
    assert told["change"] == 1
    if stops:
        assert "by its id of 15 and of 18 characters: in South and in North" in told["stopped"][0]
        assert "Take one of the two" in refused(*words)
        assert org.counts.told()["write"] == 0
    else:
        assert do(*words)["written"] == 1
        assert values(org, "Territory__c")["Hill"] == "South"


def test_an_account_by_both_forms_of_its_id_is_associated_once(
    do, org: Org, accounts, tmp_path: Path
) -> None:
    long = accounts["Hill"]
    twice(do, long, "94110", tmp_path)
    do("assign", "B", "--to", "South", "94110")
    do("assign", "B", "--to", "North", long, long[:15])
    do("publish", "B", "--model", "FY27")
    assert len(org.state.find("ObjectTerritory2Association")) == 1
