"""The map's modules in one small file, made from the sources when they are first served.

The file's name is the hash of what it was made from, so it is never out of date. Where it
can't be written, the browser loads the modules one by one; where there is no minifier, it
loads them with their comments. It is the same program in any case.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Set
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TypeAlias

SOURCES = Path(__file__).with_name("territory_map")
BUILT = "built"
KEPT = 16
"""Files of other sources that may stay: a process that is still running may serve them."""

Given: TypeAlias = dict[Path, dict[str, str]]
"""By module and exported name, what it is called in the bundle."""

_IMPORT = re.compile(
    r"^import (?:(?P<default>\w+)|{(?P<names>[^}]*)}) from '(?P<path>\.[^']+)';\n", re.M
)
_EXPORT = re.compile(
    r"^export (?P<default>default )?(?P<what>(?:async )?(?:function|class|const) (?P<name>\w+))",
    re.M,
)
_FUNCTION = re.compile(r"^export (?:async )?function (?P<name>\w+)\(.*?^}\n", re.M | re.S)
_MINIFY = """
import sys, minify
for stream in (sys.stdin, sys.stdout):
    stream.reconfigure(encoding="utf-8")
sys.stdout.write(minify.string("application/javascript", sys.stdin.read()))
"""
_CONST = re.compile(r"^( *)const (?=[\w{[])", re.M)
_SHADER = re.compile(r"`#version[^`]*`")
_OTHER = re.compile(r"^(?:import|export)\b.*", re.M)


def script(entry: str, root: Path = SOURCES) -> str:
    """Return the script to serve for an entry module, as a path below ``root``."""
    text = bundled(root / entry)
    name = f"{Path(entry).stem}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    made = f"{BUILT}/{name}{'.min' if find_spec('minify') else ''}.js"
    try:
        if not (root / made).exists():
            _write(root / made, minified(text))
    except OSError:
        return entry
    return made


def bundled(entry: Path) -> str:
    """Return one module that does what ``entry`` and all it imports do.

    Each module becomes a function that gives what others import from it to all that come after
    it: an exported name that the browser has too would hide that one. Raises ``ValueError``
    for imports in a circle, and for ways to import or export that are not used here.
    """
    order: dict[Path, str] = {}
    _visit(entry.resolve(), order, ())
    taken = [_taken(found) for text in order.values() for found in _IMPORT.finditer(text)]
    used = {name for name, _ in chain.from_iterable(taken)}
    renamed = {name for name, here in chain.from_iterable(taken) if name != here}
    given: Given = {}
    for path, text in order.items():
        given[path] = _names_outside(text, given, renamed)
    parts = [_wrapped(path, _without_unused(text, used), given) for path, text in order.items()]
    last = given[entry.resolve()]["default"]
    return "\n".join(["export default (() => {", *parts, f"return {last};\n}})();\n"])


def minified(text: str) -> str:
    """Return a module without comments and blanks and with short names; as it is without the tool.

    In a process of its own: the tool brings a runtime along that a server should not carry.
    """
    run = [sys.executable, "-c", _MINIFY]
    done = subprocess.run(run, input=text, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    return text if done.returncode else done.stdout


def _visit(path: Path, order: dict[Path, str], above: tuple[Path, ...]) -> None:
    """Put a module behind those it imports."""
    if path in above:
        circle = " → ".join(p.name for p in (*above[above.index(path) :], path))
        raise ValueError(f"Modules of the map import each other in a circle: {circle}.")
    if path in order:
        return
    text = path.read_text(encoding="utf-8")
    for found in _IMPORT.finditer(text):
        _visit((path.parent / found["path"]).resolve(), order, (*above, path))
    order[path] = text


def _taken(statement: re.Match[str]) -> list[tuple[str, str]]:
    """Return what an import takes, each with what it is called here."""
    if statement["default"]:
        return [("default", statement["default"])]
    names = (name.split() for name in statement["names"].split(",") if name.strip())
    return [(name[0], name[-1]) for name in names]


def _exported(text: str) -> dict[str, str]:
    """Return what a module exports, each with what it is called here."""
    found = _EXPORT.finditer(text)
    return {"default" if one["default"] else one["name"]: one["name"] for one in found}


def _names_outside(text: str, given: Given, renamed: Set[str]) -> dict[str, str]:
    """Return what the exports of a module are called in the bundle.

    As in the module, so that others need not name them anew; but what two modules export, or
    one imports under another name, is called as nothing in a module is.
    """
    outside = {name for names in given.values() for name in names.values()}
    found = {}
    for name, here in _exported(text).items():
        called = f"{here}$" if name in renamed else here
        while called in outside:
            called += "$"
        found[name] = called
    return found


def _without_unused(text: str, used: Set[str]) -> str:
    """Leave out functions that are there for others, but that nobody uses."""
    for found in _FUNCTION.finditer(text):
        name = found["name"]
        if name not in used and len(re.findall(rf"\b{name}\b", text)) == 1:
            text = text.replace(found[0], "")
    return text


def _wrapped(path: Path, text: str, given: Given) -> str:
    def imported(found: re.Match[str]) -> str:
        source = given[(path.parent / found["path"]).resolve()]
        other = [(source[name], here) for name, here in _taken(found) if source[name] != here]
        return "".join(f"const {here} = {name};\n" for name, here in other)

    body = _terse(_EXPORT.sub(lambda found: found["what"], _IMPORT.sub(imported, text)))
    if other := _OTHER.search(body):
        raise ValueError(f"{path.name} can't be bundled: {other[0]!r}.")
    exported = _exported(text)
    outside = ", ".join(given[path][name] for name in exported)
    inside = ", ".join(exported.values())
    return f"const [{outside}] = (() => {{\n{body}\nreturn [{inside}];\n}})();"


def _terse(text: str) -> str:
    """Return a text that compresses better: one word for what is declared, no blanks in shaders."""
    text = _SHADER.sub(lambda found: re.sub(r"\n\s*", "\n", found[0]), text)
    return _CONST.sub(r"\1let ", text).replace("for (const ", "for (let ")


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all, and forget the oldest of its siblings."""
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    built = sorted(path.parent.glob("*.js"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in built[KEPT:]:
        old.unlink(missing_ok=True)
