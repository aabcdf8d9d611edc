"""The child process in which files from outside are parsed, and what ends there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from tp_geo import cancelling
from tp_geo.errors import BadData

JOB, RESULT, REPORT, ERRORS = "job.json", "result.arrow", "report.json", "errors.txt"
EXIT_BAD_DATA = 3

_CHILD = "tp_geo.files.intake_child"
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "PROJ_DATA", "GDAL_DATA")
_OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "memory allocation", "Cannot allocate", "malloc of")
_NO_ROOM = ("No space left", "File too large", "Disk quota", "[errno 27]", "[errno 28]")
_SPARE_S = 30.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; environment variables of the same meaning change it."""

    file_bytes: int = 2 * 2**30
    memory_bytes: int = 3 * 2**30
    cpu_s: int = 120

    @property
    def wall_s(self) -> float:
        """How long to wait: a busy machine may give a third of its time to the child."""
        return 3 * self.cpu_s + _SPARE_S

    @classmethod
    def from_environment(cls) -> Limits:
        """Return the limits set by ``TP_GEO_INTAKE_FILE_MB``, ``_MEMORY_MB``, ``_SECONDS``."""
        usual = cls()
        return cls(
            _setting("TP_GEO_INTAKE_FILE_MB", usual.file_bytes, 2**20),
            _setting("TP_GEO_INTAKE_MEMORY_MB", usual.memory_bytes, 2**20),
            _setting("TP_GEO_INTAKE_SECONDS", usual.cpu_s, 1),
        )


def check_size(path: Path, limits: Limits) -> None:
    """Raise ``BadData`` for a file that is missing, empty or larger than allowed."""
    if not path.is_file():
        raise BadData(f"There is no file {path.name}. Check its name and folder.")
    size = path.stat().st_size
    if size == 0:
        raise BadData(f"{path.name} is empty. Export it again.")
    if size > limits.file_bytes:
        raise BadData(
            f"{path.name} is {size / 2**20:,.0f} MB; at most {limits.file_bytes / 2**20:,.0f} MB "
            "are read. Split it, or raise TP_GEO_INTAKE_FILE_MB."
        )


@contextmanager
def parse(
    inputs: Mapping[str, Path], job: Mapping[str, object], name: str, limits: Limits
) -> Iterator[Path]:
    """Parse files in a child process; yield the directory that holds its result.

    ``inputs`` are the files by the names they get in the private directory,
    which is all the child is told of; ``name`` is what messages call the file.
    Raises ``BadData`` with the child's message, or with why it ended.
    """
    with TemporaryDirectory(prefix="tp-geo-intake-") as made:
        room = Path(made)
        asked = {**job, "name": name, "limits": asdict(limits)}
        try:
            for alias, path in inputs.items():
                _place(path.resolve(), room / alias)
            (room / JOB).write_text(json.dumps(asked), encoding="utf-8")
        except OSError as failed:
            raise BadData(
                f"{name} could not be copied to {room.parent} to be read: {failed.strerror}. "
                "Nothing was imported; mend that, or set TMPDIR to another place."
            ) from failed
        _run(room, name, limits)
        yield room


def _run(room: Path, name: str, limits: Limits) -> None:
    with (room / ERRORS).open("wb") as errors:
        try:
            code = _code_of(room, errors, limits.wall_s)
        except subprocess.TimeoutExpired as late:
            raise BadData(_too_slow(name, limits)) from late
    cancelling.check()
    if code == EXIT_BAD_DATA:
        raise BadData(json.loads((room / REPORT).read_text(encoding="utf-8"))["message"])
    if code:
        raise BadData(_explain(room, name, code, limits))


def _code_of(room: Path, errors: IO[bytes], wall_s: float) -> int:
    """Run the child and return how it ended; it does not outlive this call."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter, module and directory
        [sys.executable, "-P", "-m", _CHILD, str(room)],
        cwd=room,
        env=_environment(room),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
    ) as child:
        try:
            with cancelling.ending(child.kill):
                return child.wait(wall_s)
        except BaseException:
            child.kill()
            raise


def _environment(room: Path) -> dict[str, str]:
    """Return a bare environment: no secrets, no network, one thread a library."""
    kept = {k: v for k in _PASSED_ON if (v := os.environ.get(k))}
    return kept | {
        "TMPDIR": str(room),
        "PROJ_NETWORK": "OFF",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OGR_GEOJSON_MAX_OBJ_SIZE": "0",  # memory is bounded for the whole process
        "GDAL_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _explain(room: Path, name: str, code: int, limits: Limits) -> str:
    """Return in words why the child ended without an answer."""
    said = (room / ERRORS).read_text(encoding="utf-8", errors="replace")[-4000:]
    ended_by = {-getattr(signal, sign, 0): sign for sign in ("SIGXCPU", "SIGKILL")}.get(code)
    if ended_by == "SIGXCPU":
        return _too_slow(name, limits)
    if ended_by == "SIGKILL" or any(sign in said for sign in _OUT_OF_MEMORY):
        return (
            f"{name} needs more than {limits.memory_bytes / 2**20:,.0f} MB of memory to read. "
            "Split it, remove columns, or raise TP_GEO_INTAKE_MEMORY_MB."
        )
    if any(sign in said for sign in _NO_ROOM):
        return (
            f"{name} could not be read: there is no room for a copy in {room.parent}. Nothing was "
            "imported; make room, or set TMPDIR to another place."
        )
    if code < 0:
        return f"{name} is damaged: its reader crashed. Nothing was imported; export it again."
    last = said.strip().splitlines()[-1][:200] if said.strip() else f"code {code}"
    return f"{name} could not be read ({last}). Nothing was imported; export it again."


def _too_slow(name: str, limits: Limits) -> str:
    return (
        f"{name} takes more than {limits.cpu_s} s to read. Split or simplify it, "
        "or raise TP_GEO_INTAKE_SECONDS."
    )


def _place(path: Path, alias: Path) -> None:
    """Put a file into the private directory, without a copy where the disk allows it."""
    try:
        os.link(path, alias)
    except OSError:
        shutil.copyfile(path, alias)


def _setting(variable: str, usual: int, unit: int) -> int:
    said = os.environ.get(variable)
    if said is None:
        return usual
    if not said.isdecimal() or int(said) == 0:
        raise BadData(f"{variable} is {said!r}; set it to a whole number above 0.")
    return int(said) * unit
