"""Write what the app is made of as a CycloneDX 1.6 document: `make sbom`.

Names, versions and hashes are those of the lock; licences what the installed
packages say of themselves. Same lock, same document: it holds no time and no chance.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
_PIN: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.M)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VERSION: Final = re.compile(r'^version = "([^"]+)"', re.M)


def document(lock: str, version: str) -> dict[str, Any]:
    """Return the document of a lock."""
    parts = [_component(*found) for found in pins(lock)]
    app = _named("tp-geo", version)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, version + lock)}",
        "version": 1,
        "metadata": {"component": {"type": "application", **app, **_licences("Apache-2.0")}},
        "components": parts,
        "dependencies": [{"ref": app["bom-ref"], "dependsOn": [p["bom-ref"] for p in parts]}],
    }


def pins(lock: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield name, version and SHA-256 hashes of each package of a lock."""
    starts = [*_PIN.finditer(lock)]
    ends = [s.start() for s in starts[1:]] + [len(lock)]
    for start, end in zip(starts, ends, strict=True):
        yield start[1], start[2], _HASH.findall(lock, start.end(), end)


def _component(name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    files = [
        {"type": "distribution", "url": f"pkg:pypi/{name}@{version}", "hashes": [_sha256(found)]}
        for found in hashes
    ]
    found = {"type": "library", **_named(name, version), "externalReferences": files}
    return {**found, **_licences(_licence(name))}


def _named(name: str, version: str) -> dict[str, str]:
    purl = f"pkg:pypi/{name}@{version}"
    return {"bom-ref": purl, "name": name, "version": version, "purl": purl}


def _sha256(content: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": content}


def _licence(name: str) -> str:
    """Return what an installed package says of its licence, "" for one not installed here."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return ""
    classed = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or () if "License" in c]
    said = about.get("License-Expression") or "; ".join(classed) or about.get("License") or ""
    return said.strip().splitlines()[0] if said.strip() else ""


def _licences(said: str) -> dict[str, Any]:
    return {"licenses": [{"license": {"name": said}}]} if said else {}


if __name__ == "__main__":
    version = _VERSION.search((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    json.dump(document(lock, version[1] if version else ""), sys.stdout, indent=2)
    sys.stdout.write("\n")
