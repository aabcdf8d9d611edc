"""Secrets of an org: in no output, log, journal or store, whichever way somebody signs in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tp_geo.crm.org.certificate import write_certificate
from tp_geo.crm.org.service import Org

Way = Callable[[Org, pytest.MonkeyPatch, Path], str]
WRONG = "wrong-but-still-secret"


def by_token(org: Org, patch: pytest.MonkeyPatch, folder: Path) -> str:
    """Sign in with a session that the environment names already."""
    return "TP_GEO_ORG_TOKEN"


def by_client(org: Org, patch: pytest.MonkeyPatch, folder: Path) -> str:
    """Sign in as an app, with its secret."""
    patch.delenv("TP_GEO_ORG_TOKEN")
    patch.setenv("TP_GEO_ORG_CLIENT_ID", org.auth.client_id)
    patch.setenv("TP_GEO_ORG_CLIENT_SECRET", org.auth.client_secret)
    return "TP_GEO_ORG_CLIENT_SECRET"


def by_key(org: Org, patch: pytest.MonkeyPatch, folder: Path) -> str:
    """Sign in with an assertion that a private key signs."""
    public, key = write_certificate(folder, "localhost")
    org.auth._certificate = public.read_bytes()
    patch.delenv("TP_GEO_ORG_TOKEN")
    patch.setenv("TP_GEO_ORG_CLIENT_ID", org.auth.client_id)
    patch.setenv("TP_GEO_ORG_USERNAME", "admin@tp-geo.example")
    patch.setenv("TP_GEO_ORG_KEY", key.read_text())
    key.unlink()
    return "TP_GEO_ORG_KEY"


def held(folder: Path) -> str:
    """Return all that the files of a folder hold; a store packs its texts, so it is asked."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.append(path.read_bytes().decode("utf-8", "replace"))
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as store:
                tables = store.execute("select table_name from information_schema.tables")
                for (table,) in tables.fetchall():
                    found += map(str, store.sql(f'select * from "{table}"').fetchall())
    return "\n".join(found)


def test_publishes_leave_no_secret_anywhere_whichever_way_somebody_signs_in(
    say: Any,
    org: Org,
    address: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    said: list[str] = []

    def run(*words: object, code: int = 0) -> None:
        done = say(*words)
        assert done.code == code, done
        said.extend((done.out, done.err))

    run("new", "P", "--names", "West")
    keys, secrets = tmp_path_factory.mktemp("keys"), [org.auth.client_secret, WRONG]
    for way, words in (
        (by_token, ("publish", "P", "--dry-run")),
        (by_client, ("publish", "P", "--result", address.parent / "result.csv")),
        (by_key, ("undo-publish", "P", "--json")),
    ):
        with monkeypatch.context() as patch:
            setting = way(org, patch, keys)
            secrets += _lines(setting)
            run(*words)
            org.faults.add(["limit:method=GET,resource=query"])
            run("drift", "P", code=1)
            org.faults.clear()
            patch.setenv(setting, WRONG)
            run("drift", "P", code=1)
    everywhere = "\n".join((*said, caplog.text, held(address.parent)))
    kinds = {path.suffix for path in address.parent.rglob("*")}
    assert kinds >= {".duckdb", ".jsonl", ".csv"}
    for secret in (*secrets, *(token for (token,) in org.state.rows("select token from token"))):
        assert secret not in everywhere


def _lines(setting: str) -> list[str]:
    """Return a secret line by line, without those that any key begins and ends with."""
    return [line for line in os.environ[setting].splitlines() if "-----" not in line]
