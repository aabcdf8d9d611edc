"""Heavy work, by processes of this machine and by a Dask cluster of real processes."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import states

from tp_geo import cancelling
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import BadData, Cancelled, Unavailable
from tp_geo.store import Store
from tp_geo.warehouse import parquet
from tp_geo.warehouse.statement import Figure, RollUp
from tp_geo.workflow import compute
from tp_geo.workflow.optimizing import default
from tp_geo.workflow.optimizing_problem import setting_of
from tp_geo.workflow.optimizing_run import best_of, job_of, solved
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.rolling_up import roll_up_parts

ASKED = RollUp("accounts", "zip", figures=(Figure("revenue"),), zips=True)


def doubled(n: int) -> int:
    return 2 * n


def refusing(n: int) -> int:
    if n == 2:
        raise BadData("Row 2 is wrong.")
    return n


def dying(path: str) -> int:
    """Kill the process that does this the first time; the second time it is done."""
    mark = Path(path)
    if not mark.exists():
        mark.write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def deadly(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def endless(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)


def rolled_up_once_killed(job: tuple[parquet.Part, str]) -> pa.Table:
    part, mark = job
    if mark:
        dying(mark)
    return parquet.roll_up(part)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    chance, folder = np.random.default_rng(3), tmp_path_factory.mktemp("accounts")
    names = []
    for k in range(4):
        codes = [f"{n:05d}" for n in chance.integers(501, 99_950, 5_000)]
        names.append(str(folder / f"{k}.parquet"))
        pq.write_table(pa.table({"zip": codes, "revenue": chance.random(5_000)}), names[-1])
    return names


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two workers, each a process, on the loopback address."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    ) as made:
        yield made.scheduler_address


@pytest.fixture(params=["processes", "cluster"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv(compute.ADDRESS, raising=False)
    if request.param == "cluster":
        monkeypatch.setenv(compute.ADDRESS, request.getfixturevalue("cluster"))
    return str(request.param)


def test_results_come_in_the_order_of_jobs_and_progress_is_told(place: str) -> None:
    told = list[int]()
    assert compute.done(doubled, [3, 1, 2], told=told.append) == [6, 2, 4]
    assert told[-1] == 3 and told == sorted(told)
    assert compute.done(doubled, []) == []


def test_what_a_job_refuses_is_told_as_it_is(place: str) -> None:
    with pytest.raises(BadData, match=r"^Row 2 is wrong\.$"):
        compute.done(refusing, [1, 2, 3])


def test_a_roll_up_is_the_same_wherever_it_is_done(place: str, files: list[str]) -> None:
    alone = parquet.roll_up(parquet.Part(ASKED, tuple(files), 2))
    assert roll_up_parts(ASKED, files).equals(alone)


def test_scenarios_are_optimized_wherever_work_is_done(place: str, store: Store) -> None:
    states.keep(store)
    plan = Planner(store).create("P", states.NAME, by="ana", areas=["West", "East"])
    plan.ask(Move(states.at("CA", "NV", "OR", "WA"), AreaId(1)), by="ana")
    plan.ask(Move(states.at("NY", "PA", "NJ"), AreaId(2)), by="ana")
    asked = replace(default(plan, Focus(level=1), "people"), max_runtime_s=0.5)
    setting = setting_of(plan, asked)
    found = compute.done(solved, [job_of(setting)] * 2)
    for solution in found:
        assert not isinstance(solution, str)
        assert len(solution.area_of) == len(setting.frame.number)
        assert best_of(setting, solution).command.says(plan.alignment, "states")


def test_a_worker_killed_in_the_middle_changes_no_figure(
    cluster: str, monkeypatch: pytest.MonkeyPatch, files: list[str], tmp_path: Path
) -> None:
    monkeypatch.setenv(compute.ADDRESS, cluster)
    mark = tmp_path / "killed"
    jobs = [
        (parquet.Part(ASKED, (file,)), str(mark) if k == 1 else "") for k, file in enumerate(files)
    ]
    parts = compute.done(rolled_up_once_killed, jobs)
    assert mark.exists()
    alone = parquet.roll_up(parquet.Part(ASKED, tuple(files)))
    assert parquet.merged(ASKED, parts).equals(alone)


def test_a_job_that_ends_its_process_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(compute.ADDRESS, raising=False)
    with pytest.raises(Unavailable, match="ended before it was done, often for want of memory"):
        compute.done(deadly, [1, 2])


def test_cancelled_work_ends_its_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(compute.ADDRESS, raising=False)
    work, mark, ended = cancelling.Cancelling(), tmp_path / "pid", list[BaseException]()

    def run() -> None:
        with cancelling.within(work):
            try:
                compute.done(endless, [str(mark)])
            except Cancelled as cancelled:
                ended.append(cancelled)

    thread = threading.Thread(target=run)
    thread.start()
    while not (mark.exists() and mark.read_text()):
        time.sleep(0.05)
    work.cancel()
    thread.join(60)
    assert not thread.is_alive() and len(ended) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


@pytest.mark.parametrize("address", ["scheduler:8786", "http://x:1", "tcp://", "x"])
def test_what_is_no_address_of_a_scheduler_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv(compute.ADDRESS, address)
    with pytest.raises(BadData, match=r"as in tcp://scheduler:8786, or leave it out"):
        compute.done(doubled, [1])


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(compute.ADDRESS, "tcp://127.0.0.1:9")
    monkeypatch.setattr(compute, "CONNECT_S", 0.2)
    with pytest.raises(Unavailable, match=r"The cluster tcp://127.0.0.1:9 can't be reached"):
        compute.done(doubled, [1])


def test_a_cluster_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as empty:
        monkeypatch.setenv(compute.ADDRESS, empty.scheduler_address)
        with pytest.raises(Unavailable, match=r"has no worker. Start some"):
            compute.done(doubled, [1])


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(compute.ADDRESS, "tcp://127.0.0.1:9")
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(Unavailable, match=r"pip install 'tp-geo\[cluster\]'"):
        compute.done(doubled, [1])
