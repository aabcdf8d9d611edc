import base64
import binascii
import json
import sys
import zlib
from pathlib import Path

import pytest

JS = Path(__file__).parents[1] / "js"
sys.path.insert(0, str(JS))

from make_fixtures import FIXTURES, FOLDER  # noqa: E402


@pytest.mark.parametrize("name", FIXTURES)
def test_what_the_browser_is_tested_with_is_what_python_makes(name):
    committed = json.loads((FOLDER / f"{name}.json").read_text())
    assert plain(committed) == plain(FIXTURES[name]())


def plain(value: object) -> object:
    """The value with compressed texts unpacked: other builds of zlib pack differently."""
    match value:
        case dict():
            return {k: plain(v) for k, v in value.items()}
        case list():
            return [plain(v) for v in value]
        case str():
            try:
                return zlib.decompress(base64.b64decode(value, validate=True))
            except (binascii.Error, zlib.error):
                return value
    return value
