from __future__ import annotations

from pathlib import Path

import hostile
import pytest

from tp_geo.errors import BadData
from tp_geo.files.intake import read_boundaries, read_table
from tp_geo.files.sandbox import Limits

LIMITS = Limits(memory_bytes=2 * 2**30, cpu_s=15)


@pytest.mark.parametrize("case", hostile.TABLES)
def test_a_hostile_table_ends_as_words(case: str, tmp_path: Path) -> None:
    build, words = hostile.TABLES[case]
    path = build(tmp_path)
    with pytest.raises(BadData, match=words) as caught:
        read_table(path, limits=LIMITS)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("case", hostile.BOUNDARIES)
def test_hostile_boundaries_end_as_words(case: str, tmp_path: Path) -> None:
    build, words = hostile.BOUNDARIES[case]
    path = build(tmp_path)
    with pytest.raises(BadData, match=words) as caught:
        read_boundaries(path, limits=LIMITS)
    assert hostile.MARK not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_the_other_file_could_have_been_read(tmp_path: Path) -> None:
    """The corpus is worth something only when its target is a file that reads well."""
    assert list(read_boundaries(hostile.secret(tmp_path))["code"]) == [hostile.MARK]
