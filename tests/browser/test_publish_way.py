"""The whole way: connect, dry run, publish, drift, publish again, import back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from driving import painted, ready
from playwright.sync_api import Page, expect
from serving import cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PLAN = "FY27"


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    cli(store, "new", PLAN, "--sample", "Census divisions")
    cli(store, "owner", PLAN, "Pacific", "Ana Ruiz")


def test_a_plan_is_published_to_the_demo_org_watched_and_published_again(
    visit: Visit, store: Path
) -> None:
    page = visit(f"/publish?alignment={PLAN}")
    _connects(page)
    _dry_runs(page, "Publish 48 changes")
    page.get_by_role("button", name="Publish 48 changes").click()
    expect(page.get_by_text(re.compile(r"Published\. \d+ records written to FY27"))).to_be_visible()
    org = DemoOrg(page, store)
    assert org.names() >= {"Pacific", "Mountain", "New England"}
    _runs_rules(page)
    org.rename("Pacific", "West Coast")
    _sees_the_drift(page)
    _publishes_again(page)
    assert "West Coast" not in org.names()
    _imports_it_back(page)


def _connects(page: Page) -> None:
    page.get_by_role("button", name="Connect demo org").click()
    expect(page.get_by_role("button", name="Demo org")).to_be_visible()


def _dry_runs(page: Page, button: str) -> None:
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("button", name=button)).to_be_visible()


def _runs_rules(page: Page) -> None:
    page.get_by_text("Do it from here").click()
    page.get_by_role("button", name="Run rules").click()
    expect(page.get_by_text("240 accounts are in territories")).to_be_visible()


def _sees_the_drift(page: Page) -> None:
    page.get_by_role("button", name="Check drift").click()
    expect(page.get_by_text("Changed in the org since: 1 record")).to_be_visible()


def _publishes_again(page: Page) -> None:
    page.get_by_role("radio", name="Publish", exact=True).click()
    _dry_runs(page, "Publish 1 change")
    page.get_by_role("button", name="Publish 1 change").click()
    expect(page.get_by_text("Published. 1 record written")).to_be_visible()
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_text("Nothing to do")).to_be_visible()


def _imports_it_back(page: Page) -> None:
    page.get_by_role("radio", name="Import", exact=True).click()
    expect(page.get_by_text("The preview reads the model")).to_be_visible()
    _chooses(page, "Territory model", PLAN)
    name = "input[aria-label='Name of the new alignment']"
    expect(page.locator(f"{name}[value='{PLAN} (2)']")).to_be_visible()
    expect(page.locator(name)).to_have_count(1)
    _chooses(page, "Plan with", "default")
    page.get_by_role("button", name="Preview", exact=True).click()
    page.get_by_role("button", name="Import 9 areas").click()
    ready(page)
    expect(page.locator(".tp-map .legend")).to_contain_text("West South Central")
    assert painted(page).get(0, 0) == 0


def _chooses(page: Page, field: str, text: str) -> None:
    """Choose by typing, as lists that are clicked may be made anew meanwhile."""
    page.get_by_role("combobox", name=field).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name=field)).to_have_value(re.compile(f"^{text}"))


class DemoOrg:
    """The demo org as somebody sees it who works in it; its address is on the page."""

    def __init__(self, page: Page, store: Path) -> None:
        page.get_by_role("button", name="Demo org").click()
        told = page.get_by_text(re.compile(r"^http://127\.0\.0\.1:\d+$"))
        self.url = told.inner_text()
        page.keyboard.press("Escape")
        with sqlite3.connect(store.with_name(f"{store.stem}.demo-org.sqlite")) as file:
            facts = dict(file.execute("select name, value from fact"))
        form = {"grant_type": "client_credentials"} | {
            name: facts[name] for name in ("client_id", "client_secret")
        }
        token = requests.post(f"{self.url}/services/oauth2/token", data=form, timeout=10).json()
        self.headers = {"Authorization": f"Bearer {token['access_token']}"}

    def names(self) -> set[str]:
        return {r["Name"] for r in self.territories()}

    def territories(self) -> list[dict[str, Any]]:
        found = requests.get(
            f"{self.url}/services/data/v62.0/query",
            params={"q": f"SELECT Id, Name FROM Territory2 WHERE Territory2Model.Name = '{PLAN}'"},
            headers=self.headers,
            timeout=10,
        )
        records: list[dict[str, Any]] = found.json()["records"]
        return records

    def rename(self, name: str, to: str) -> None:
        record = next(r for r in self.territories() if r["Name"] == name)
        done = requests.patch(
            f"{self.url}/services/data/v62.0/sobjects/Territory2/{record['Id']}",
            json={"Name": to},
            headers=self.headers,
            timeout=10,
        )
        assert done.ok, done.text
