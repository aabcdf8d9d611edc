"""The demo org as a child process: it answers, keeps what it has, and ends with its parent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tp_geo.crm.rows import Verb
from tp_geo.errors import Refused, Unavailable
from tp_geo.workflow.connecting import WAYS, connect, connect_demo, missing
from tp_geo.workflow.demo_org import CHILD, DemoOrg, demo_path


def test_the_demo_org_keeps_what_it_has_over_a_restart(tmp_path: Path) -> None:
    store = str(tmp_path / "plans.duckdb")
    first = connect_demo(store, None)
    assert first.demo is not None
    assert (first.name, first.user, first.models) == ("Demo org", "admin@tp-geo.example", 4)
    assert 0 < first.left < first.calls
    first.crm.write(Verb.CREATE, "Account", [{"Name": "Kept"}])
    first.demo.stop()
    again = connect_demo(store, None)
    assert again.demo is not None
    assert list(again.crm.query("SELECT Name FROM Account WHERE Name = 'Kept'"))
    assert connect_demo(store, None).demo is again.demo, "one process is enough"
    again.demo.stop()


def test_the_demo_org_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", CHILD, str(tmp_path / "org.sqlite")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None and child.stdin is not None
    assert b"http://127.0.0.1:" in child.stdout.readline()
    child.stdin.close()
    assert child.wait(20) is not None
    child.stdout.close()


def test_a_file_that_is_no_org_is_told_with_the_way_out(tmp_path: Path) -> None:
    path = demo_path(str(tmp_path / "plans.duckdb"))
    path.write_text("no org" * 1_000)
    with pytest.raises(Unavailable, match=r"demo org does not start: .* Move .* away"):
        DemoOrg(path)


def test_what_is_not_set_is_told_by_name_and_never_by_value() -> None:
    given = {"TP_GEO_ORG_URL": "https://acme.my.salesforce.com", "TP_GEO_ORG_CLIENT_ID": "3MV"}
    lacking = missing(given)
    assert lacking["An app of your org signs in"] == ("TP_GEO_ORG_CLIENT_SECRET",)
    assert set(lacking) == set(WAYS)
    with pytest.raises(Refused, match="TP_GEO_ORG_CLIENT_SECRET"):
        connect(given)
