"""A PostgreSQL server of our own for tests: its own folder, socket and port; a schema a store."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

import psycopg

NOBODY = "postgres"
"""Who the server runs as when we are root: it refuses root."""


def program(name: str) -> str:
    """Where a program of the server is: on the path, else the newest Debian has."""
    there = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: p.parts[4])
    found = shutil.which(name) or (str(there[-1]) if there else "")
    assert found, f"There is no {name}: run .ci/postgresql, which installs PostgreSQL."
    return found


class Server:
    """A server that can be stopped, killed and started again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tp-geo-pg-"))
        self._as = {"user": NOBODY, "group": NOBODY} if os.getuid() == 0 else {}
        if self._as:
            shutil.chown(self.folder, NOBODY, NOBODY)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._names = (f"s{k}" for k in count(1))
        self._do("initdb", "-D", self._data, "-U", "owner", "--no-sync", "-E", "UTF8")
        (self.folder / "data" / "pg_hba.conf").write_text(
            "local all all trust\nhost all guarded 127.0.0.1/32 scram-sha-256\n"
            "host all owner 127.0.0.1/32 trust\n"
        )
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        """Start it and wait until it answers. Killing a process loses nothing without fsync."""
        options = (
            f"-k {self.folder} -p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off "
            "-c max_connections=60 -c shared_buffers=32MB"
        )
        self._do(
            "pg_ctl", "-D", self._data, "-l", f"{self._data}/log", "-o", options, "-w", "start"
        )

    def stop(self, how: str = "fast") -> None:
        """Stop it; "immediate" is as a crash: it has to recover when it starts."""
        self._do("pg_ctl", "-D", self._data, "-m", how, "-w", "stop")

    def kill(self) -> None:
        """Kill the backends of all clients and the server's first process, as nobody should."""
        self.stop("immediate")

    def remove(self) -> None:
        """Stop it for good."""
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, schema: str, user: str = "owner", database: str = "postgres") -> str:
        """What opens the store in a schema."""
        options = f"?options=-csearch_path%3D{schema}"
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}{options}"

    def fresh(self) -> str:
        """The address of an empty store."""
        schema = next(self._names)
        self.sql(f"create schema {schema}")
        return self.address(schema)

    def sql(self, text: str) -> list[tuple[object, ...]]:
        """What a statement of the administrator gives."""
        where = f"host={self.folder} port={self.port} user=owner dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(text.encode())
            return cursor.fetchall() if cursor.description else []

    def cut(self) -> None:
        """Cut all connections, as a network does."""
        self.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where backend_type = 'client backend' and pid <> pg_backend_pid()"
        )

    def _do(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [program(name), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            **self._as,  # type: ignore[call-overload]
        )


@cache
def shared() -> Server:
    """The one server of the tests of this process."""
    made = Server()
    atexit.register(made.remove)
    return made
