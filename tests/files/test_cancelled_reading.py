"""A file that is being read when somebody cancels: its child process ends at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from tp_geo.cancelling import Cancelling, within
from tp_geo.errors import Cancelled
from tp_geo.files import sandbox
from tp_geo.files.intake import read_table

SLEEPER = """
import os, pathlib, sys, time
told = pathlib.Path({told!r})
told.with_suffix(".new").write_text(str(os.getpid()))
told.with_suffix(".new").replace(told)
time.sleep(600)
"""


def test_the_child_process_of_a_cancelled_reading_ends_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "pid"
    (tmp_path / "sleeper.py").write_text(SLEEPER.format(told=str(told)))
    (tmp_path / "accounts.csv").write_text("id,zip\n1,94103\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(sandbox, "_CHILD", "sleeper")
    work = Cancelling()

    def read() -> pd.DataFrame:
        with within(work):
            return read_table(tmp_path / "accounts.csv")

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        while not told.is_file():
            assert not reading.done()
        work.cancel()
        with pytest.raises(Cancelled):
            reading.result()
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)
