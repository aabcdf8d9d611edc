"""Where heavy work is done: by processes of this machine, or by a Dask cluster.

Both are a `concurrent.futures.Executor`. ``TP_GEO_COMPUTE`` names the
scheduler of a cluster; its workers need the same TP Geo. What is handed over
are functions of ours by name, with values: no open store, no connection.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from tp_geo import cancelling
from tp_geo.errors import BadData, Unavailable

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from distributed import Client

T = TypeVar("T")
J = TypeVar("J")
Told = Callable[[int], None]
"""Told how many jobs are done."""

ADDRESS: Final = "TP_GEO_COMPUTE"
SCHEMES: Final = ("tcp", "tls", "ws", "wss", "ucx")
CONNECT_S: Final = 15
RETRIES: Final = 2
"""So often a job is begun again whose worker failed with it; a worker that dies is no failure."""
_LOOK_S: Final = 0.2


class _Pids(Protocol):
    """The queue in which processes say that they are there."""

    def put(self, pid: int) -> None: ...
    def get(self) -> int: ...
    def empty(self) -> bool: ...


def on_cluster() -> bool:
    """Whether work goes to a cluster."""
    return bool(os.environ.get(ADDRESS, "").strip())


def done(work: Callable[[J], T], jobs: Sequence[J], *, told: Told = lambda _done: None) -> list[T]:
    """Return what a function gives for each job, in their order, wherever it was worked out.

    ``work`` is a function of a module, jobs and results are plain values. The
    first error of a job is raised and the others are dropped, as they are when
    the work of this thread is cancelled.
    """
    if not jobs:
        return []
    with _executor(len(jobs)) as (executor, end), cancelling.ending(end):
        futures = [executor.submit(work, job) for job in jobs]
        try:
            _wait(futures, told)
            return [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            cancelling.check()
            raise


def _wait(futures: Sequence[Future[T]], told: Told) -> None:
    """Wait until all are done or one has failed."""
    waiting = set(futures)
    while waiting:
        finished, waiting = wait(waiting, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
        cancelling.check()
        for future in finished:
            future.result()
        told(len(futures) - len(waiting))


@contextmanager
def _executor(jobs: int) -> Iterator[tuple[Executor, Callable[[], None]]]:
    """Give an executor, and what ends its work at once."""
    with _cluster() if on_cluster() else _processes(min(jobs, os.cpu_count() or 1)) as made:
        yield made


@contextmanager
def _processes(count: int) -> Iterator[tuple[Executor, Callable[[], None]]]:
    context = get_context("spawn")  # a fork would take over locks that other threads hold
    pids, ended, one_at_a_time = context.SimpleQueue(), context.Event(), threading.Lock()
    pool = ProcessPoolExecutor(count, context, _begin, (pids, ended))

    def end() -> None:
        ended.set()  # before the queue is read: who comes later ends by itself
        with one_at_a_time:
            while not pids.empty():
                with suppress(ProcessLookupError):
                    os.kill(pids.get(), signal.SIGTERM)

    try:
        yield pool, end
    except BrokenProcessPool as error:
        raise Unavailable(
            "A process that did a part of the work ended before it was done, often for want of "
            "memory. Nothing was kept. Try again with less at once."
        ) from error
    except BaseException:
        end()
        raise
    finally:
        pool.shutdown(cancel_futures=True)  # waits until every process is gone
        pids.close()


def _begin(pids: _Pids, ended: Event) -> None:
    """Say that this process is there, and end it when its work or its starter is gone."""
    pids.put(os.getpid())
    if ended.is_set():
        os._exit(1)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: Any) -> None:
    connection.wait([sentinel])
    os._exit(1)


@contextmanager
def _cluster() -> Iterator[tuple[Executor, Callable[[], None]]]:
    address = os.environ[ADDRESS].strip()
    if address.partition("://")[0] not in SCHEMES or not address.partition("://")[2]:
        raise BadData(
            f"{ADDRESS} is {address!r}. Set it to the address of a Dask scheduler, as in "
            "tcp://scheduler:8786, or leave it out to work on this machine."
        )
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise Unavailable(
            f"{ADDRESS} names a cluster, but Dask is not installed here. Install the extra: "
            "pip install 'tp-geo[cluster]', or leave the setting out."
        ) from error
    client: Any = _client(Client, address)
    try:
        yield client.get_executor(pure=False, retries=RETRIES), lambda: None
    except KilledWorker as error:
        raise Unavailable(
            f"A part of the work ended every worker of the cluster {address} that took it, often "
            "for want of memory. Nothing was kept. Give workers more memory, or files fewer rows."
        ) from error
    finally:
        client.close(timeout=CONNECT_S)


def _client(make: type[Client], address: str) -> Any:
    try:
        client: Any = make(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0][:200]
        raise Unavailable(
            f"The cluster {address} can't be reached ({said}). Look whether its scheduler runs, "
            f"or leave {ADDRESS} out to work on this machine."
        ) from error
    if not client.scheduler_info(n_workers=-1)["workers"]:
        client.close()
        raise Unavailable(f"The cluster {address} has no worker. Start some, then try again.")
    return client
