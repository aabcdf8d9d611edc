"""Account fields from the command line: what differs is written, resumed and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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


def values(org: Org, field: str) -> dict[str, str]:
    rows = org.state.rows(f"select Name, {field} from Account")
    return {str(name): str(value or "") for name, value in rows}


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


def test_a_field_that_is_not_there_is_told_before_anything_is_written(
    refused, org: Org, accounts
) -> None:
    assert "no field 'Nope__c'" in refused("publish-fields", "F", "--code", "Nope__c")
    assert org.counts.told()["write"] == 0
