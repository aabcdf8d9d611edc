"""Importing a model and verifying an org from the command line, over a simulated org."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from wired import URL, Wire

from tp_geo.cli import publish
from tp_geo.crm.auth import SessionId
from tp_geo.crm.client import Salesforce
from tp_geo.crm.org.seed import demo_seed, plant
from tp_geo.crm.org.service import Org


@pytest.fixture
def org(monkeypatch: pytest.MonkeyPatch) -> Iterator[Org]:
    """The demo org, as if the environment named it."""
    made = Org()
    plant(made, demo_seed())
    session = requests.Session()
    session.mount(URL, Wire(made))
    crm = Salesforce(SessionId(URL, made.session()), session=session)
    monkeypatch.setattr(publish, "org_of_environment", lambda: crm)
    monkeypatch.setattr("tp_geo.cli.import_model.org_of_environment", lambda: crm)
    yield made
    made.close()


def test_models_are_listed_when_none_is_named(do, say, org: Org) -> None:
    assert do("import-model")["models"][0]["name"] == "FY26 Sales"
    assert "Active" in say("import-model").out


def test_a_model_is_imported_and_published_back_without_a_write(do, say, org: Org) -> None:
    dry = do("import-model", "FY26 Sales", "--dry-run")
    assert (dry["alignment"], dry["areas"], dry["accounts"]) == (None, 9, 240)
    told = do("import-model", "FY26 Sales", "--as", "Ours", "--field", "Territory_Code__c")
    assert (told["alignment"], told["placed"], told["kept"]) == ("Ours", 240, [])
    again = do("publish", "Ours", "--dry-run")
    assert (again["create"], again["update"], again["delete"]) == ({}, {}, {})
    said = say("import-model", "FY26 Sales", "--as", "Twice", "--dataset", "default").out
    assert "9 areas (1 Geography 1, 2 Geography 2, 6 Geography 3)" in said


@pytest.mark.parametrize(
    "words", [("--start", "all"), ("--start", "field"), ("--start-field", "Segment__c")]
)
def test_options_that_mean_nothing_are_a_usage_error(say, org: Org, words: tuple[str, ...]) -> None:
    assert say("import-model", "FY26 Sales", *words).code == 2


def test_a_model_that_is_not_there_is_refused_in_one_line(refused, org: Org) -> None:
    assert "no model 'FY99'" in refused("import-model", "FY99")


def test_an_org_is_verified_and_the_exit_code_says_whether_something_stops(
    say, do, org: Org
) -> None:
    assert do("org", "verify") == {"org": "00D5g0000000001", "stops": False, "differences": []}
    assert "as publish and import expect it" in say("org", "verify").out
    org.context.schema = {n: s for n, s in org.context.schema.items() if n != "Territory2"}
    said = say("org", "verify", "--json")
    assert said.code == 1
    assert said.data["differences"][0]["object"] == "Territory2"
