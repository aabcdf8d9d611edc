"""Postal codes that do not fit a rule, by a field of accounts: chosen, tried out, published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.commands import Move
from tp_geo.workflow import clock
from tp_geo.workflow.connecting import Connection, connect_demo
from tp_geo.workflow.importing import Order, import_dataset
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
FIELD = "Territory_Code__c"


@pytest.fixture
def demo(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The demo org of the store, whose rules hold the country and one postal code."""
    monkeypatch.setattr("tp_geo.crm.packing.MAX_VALUE", 6)
    monkeypatch.setattr("tp_geo.crm.packing.MAX_ITEMS", 2)
    found = connect_demo(planner.store.address, None)
    yield found
    if found.demo:
        found.demo.stop()


@pytest.fixture
def accounts(planner: Planner, demo: Connection, tmp_path: Path) -> list[str]:
    """Two accounts of the org with postal codes of their own, both in South."""
    rows = demo.crm.query("SELECT Id, BillingPostalCode FROM Account ORDER BY Id LIMIT 50")
    by_code = {r["BillingPostalCode"][:5]: r["Id"] for r in rows if r["BillingPostalCode"]}
    two = dict(list(by_code.items())[:2])
    table = tmp_path / "accounts.csv"
    table.write_text("\n".join(["Id,Zip", *(f"{k},{code}" for code, k in two.items())]) + "\n")
    import_dataset(planner.store, table, Order("org", at=clock.now(), by="anna"))
    plan = planner.create("F", "org", by="anna", areas=("North", "South"))
    south = next(k for k, a in plan.alignment.areas.items() if a.name == "South")
    plan.ask(Move(plan.dataset.positions(list(two)), south), by="anna")
    return list(two.values())


def until(at: AppTest, there: Callable[[], object]) -> None:
    """Have the page shown again until what is under way is over."""
    for _ in range(200):
        at.run()
        assert not at.exception
        if there():
            return
    raise AssertionError([m.value for m in (*at.error, *at.warning, *at.markdown)])


def press(at: AppTest, label: str) -> None:
    next(b for b in at.button if b.label.startswith(label)).click()


def told(at: AppTest) -> str:
    shown = (*at.markdown, *at.success)
    return " ".join(m.value for m in shown).replace("\\", "")


def values(demo: Connection, ids: list[str]) -> set[str]:
    found = demo.crm.query(f"SELECT Id, {FIELD} FROM Account")
    return {r[FIELD] or "" for r in found if r["Id"] in ids}


def test_accounts_get_the_code_that_the_rule_asks_for(
    opened: Opened, demo: Connection, accounts: list[str]
) -> None:
    at = opened("publish", alignment="F")
    press(at, "Connect demo org")
    until(at, lambda: any(b.label == "Dry run" for b in at.button))
    at.selectbox(key="publish_overflow").select("by a field of accounts").run()
    offered = at.selectbox(key="publish_overflow_field").options
    assert offered[0] == f"Territory code ({FIELD})"
    assert not [o for o in offered if "(Name)" in o or "(Billing" in o]
    press(at, "Dry run")
    until(at, lambda: any(b.label.startswith("Publish ") for b in at.button))
    assert f"**2 accounts** would get a code in {FIELD}." in told(at)
    assert values(demo, accounts) == {""}
    press(at, "Publish ")
    until(at, lambda: "Published." in told(at))
    assert f"a code in {FIELD} to 2 accounts" in told(at)
    (code,) = values(demo, accounts)
    assert code
    press(at, "Dry run")
    until(at, lambda: "Nothing to do" in told(at))
    assert f"**0 accounts** would get a code in {FIELD}, 2 have theirs already." in told(at)
