"""The files for running it: what they must say, as far as it can be seen without an engine."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def block(name: str) -> str:
    """A service of the compose file, as it is written."""
    found = re.search(rf"^  {name}:.*?(?=^  \S|^\S|\Z)", text("compose.yaml"), re.M | re.S)
    assert found, name
    return found[0]


def test_the_image_takes_only_what_is_locked_and_runs_as_nobody_special() -> None:
    made = text("Containerfile")
    assert "--require-hashes -r requirements.txt" in made
    assert made.index("USER tpgeo") < made.index('CMD ["tp-geo"')
    assert "/readyz" in made
    for name in re.findall(r"^COPY (?!--from)(.+) \S+$", made, re.M):
        assert all((ROOT / part).exists() for part in name.split()), name


def test_what_the_image_keeps_goes_to_the_one_place_it_may_write() -> None:
    said = dict(re.findall(r"(\w+)=(\S+)", text("Containerfile").split("USER tpgeo")[1]))
    kept = ("XDG_DATA_HOME", "XDG_CACHE_HOME", "MPLCONFIGDIR", "TP_GEO_STORE")
    assert all(said[name].startswith("/data") for name in kept)
    assert "VOLUME /data" in text("Containerfile")
    assert "/data" in block("app-1")


def test_the_database_is_reached_by_the_apps_alone() -> None:
    assert "ports:" not in block("database")
    assert "networks: [inside]" in block("database")
    assert "internal: true" in text("compose.yaml")


@pytest.mark.parametrize("service", ["app-1", "proxy"])
def test_what_is_reached_from_outside_can_do_little(service: str) -> None:
    said = block(service)
    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert line in said


def test_no_secret_is_written_down() -> None:
    for line in text("compose.yaml").splitlines():
        if re.search(r"(?i)password:|secret:|token:", line):
            assert re.search(r"\$\{|secrets:|file:|_FILE|^\s*database_password:$", line), line


def test_every_app_of_the_compose_file_is_behind_the_proxy() -> None:
    apps = re.findall(r"^  (app-\d+):", text("compose.yaml"), re.M)
    (behind,) = re.findall(r"reverse_proxy (.+) {", text("Caddyfile"))
    assert behind.split() == [f"{name}:8501" for name in apps]
    assert len(apps) > 1
    assert "lb_policy cookie" in text("Caddyfile")


def test_the_proxy_shows_nothing_of_the_inside() -> None:
    (hidden,) = re.findall(r"@inside path (.+)", text("Caddyfile"))
    assert {"/metrics", "/readyz", "/healthz", "/_stcore/metrics"} <= set(hidden.split())
    assert "Strict-Transport-Security" in text("Caddyfile")


def test_the_files_are_indented_as_their_readers_want() -> None:
    assert "\t" not in text("compose.yaml")
    for line in text("compose.yaml").splitlines():
        assert (len(line) - len(line.lstrip(" "))) % 2 == 0, line
    opened = text("Caddyfile")
    plain = re.sub(r"\{\$\w+\}", "", opened)
    assert plain.count("{") == plain.count("}")


def test_cookies_go_over_tls_alone_and_links_stay_out_of_the_log() -> None:
    opened = text("Caddyfile")
    assert 'Set-Cookie (.+) "$1; Secure"\n\t\tdefer' in opened
    assert "replace link REDACTED" in opened


def sbom() -> Any:
    """The script that writes what the app is made of."""
    spec = importlib.util.spec_from_file_location("sbom", DEPLOY / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_bill_of_materials_has_every_package_of_the_lock_with_its_hashes() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    made = sbom().document(lock, "0.1.0")
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    names = {c["name"] for c in made["components"]}
    assert {"streamlit", "duckdb", "psycopg", "numpy"} <= names
    assert len(made["components"]) == len(re.findall(r"^[A-Za-z0-9._-]+==", lock, re.M))
    files = [file for c in made["components"] for file in c["externalReferences"]]
    assert sum(len(file["hashes"]) for file in files) == lock.count("--hash=sha256:")
    refs = [c["bom-ref"] for c in made["components"]]
    assert len(set(refs)) == len(refs)
    assert made["dependencies"][0]["dependsOn"] == refs
    assert json.dumps(made) == json.dumps(sbom().document(lock, "0.1.0"))
    assert any(c.get("licenses") for c in made["components"])
