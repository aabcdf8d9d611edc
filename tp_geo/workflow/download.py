"""A file from the network: with progress, resumed where it broke off, and checked."""

from __future__ import annotations

import contextlib
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import requests
import stamina
from filelock import FileLock, Timeout
from stamina.instrumentation import set_on_retry_hooks

from tp_geo import cancelling
from tp_geo.errors import Unavailable

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called with the bytes there are and, where known, the bytes there will be."""

ATTEMPTS = 6
CONNECT_S, READ_S, LOCK_S = 10.0, 60.0, 1.0
CHUNK_BYTES = 1 << 14
"""What a break can cost; the part of a chunk that came is lost."""

TOLD_EVERY_BYTES = 1 << 19
PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE, SERVER_ERROR, TOO_MANY = 206, 416, 500, 429

set_on_retry_hooks([])  # the default ones print; progress tells what a reader needs


class _BrokenOffError(Exception):
    """The answer ended early, or is not what the part before it was; worth another try."""


def download(address: str, target: Path, *, progress: Progress, sha256: str | None = None) -> Path:
    """Fetch a zip file unless it is there already, whole, and return where it is.

    A checksum is taken from the caller, or else from the first complete
    download, kept beside the file. What was fetched before a break stays in
    ``*.part`` and is asked for no more, as long as the server's tag is the same.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock", timeout=LOCK_S):
            return target if _whole(target, sha256) else _fetched(address, target, progress, sha256)
    except Timeout as error:
        raise Unavailable(f"Another process is fetching {target.name}; wait for it.") from error
    except OSError as error:
        raise Unavailable(
            f"{target} can't be written: {error.strerror}. "
            "Look whether the disk has room and its folder may be written, then try again."
        ) from error


def _fetched(address: str, target: Path, progress: Progress, sha256: str | None) -> Path:
    part = target.with_name(target.name + ".part")
    _fetch_all(address, part, progress)
    _check(part, address, sha256)
    _sum_of(target).write_text(f"{_digest(part)}  {target.name}\n")
    _note_of(part).unlink(missing_ok=True)
    return part.replace(target)


def _whole(target: Path, sha256: str | None) -> bool:
    if not (target.is_file() and _sum_of(target).is_file()):
        return False
    return _digest(target) == (sha256 or _sum_of(target).read_text().split()[0])


def _fetch_all(address: str, part: Path, progress: Progress) -> None:
    try:
        for attempt in stamina.retry_context(on=_worth_another, attempts=ATTEMPTS, timeout=None):
            with attempt:
                cancelling.check()
                _fetch(address, part, progress)
    except (requests.RequestException, _BrokenOffError) as error:
        raise Unavailable(f"{address} could not be fetched: {_reason(error)}.") from error


def _worth_another(error: Exception) -> bool:
    if isinstance(error, requests.HTTPError):
        code = error.response.status_code
        return code >= SERVER_ERROR or code == TOO_MANY
    return isinstance(error, requests.RequestException | _BrokenOffError)


def _reason(error: Exception) -> str:
    match error:
        case requests.HTTPError():
            return f"the server answered {error.response.status_code} {error.response.reason}"
        case requests.Timeout():
            return "no answer in time"
        case requests.ConnectionError():
            return "there is no connection to that server"
        case _:
            return str(error) or type(error).__name__


def _fetch(address: str, part: Path, progress: Progress) -> None:
    """Fetch what is missing of a part file."""
    note = _read_note(part)
    have = part.stat().st_size if note else 0
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": note["tag"]}
    wait = (CONNECT_S, READ_S)
    with requests.get(address, headers=headers, stream=True, timeout=wait) as answer:
        if answer.status_code == RANGE_NOT_SATISFIABLE:
            part.unlink()
            raise _BrokenOffError("the server has another file now")
        answer.raise_for_status()
        resumed = answer.status_code == PARTIAL_CONTENT
        have = have if resumed else 0
        total = _total(answer, have)
        _write_note(part, answer)
        told = have
        with (
            part.open("ab" if resumed else "wb") as file,
            cancelling.ending(lambda: _end(answer)),
        ):
            for chunk in answer.iter_content(CHUNK_BYTES):
                file.write(chunk)
                have += len(chunk)
                if have - told >= TOLD_EVERY_BYTES:
                    told = have
                    progress(have, total)
    progress(have, total)
    if total is not None and have != total:
        raise _BrokenOffError(f"{have:,} of {total:,} bytes came")


def _end(answer: requests.Response) -> None:
    """Wake a thread that waits for the rest of an answer, which does not come any more."""
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        answer.raw.shutdown()


def _total(answer: requests.Response, have: int) -> int | None:
    length = answer.headers.get("Content-Length")
    return have + int(length) if length and length.isdecimal() else None


def _read_note(part: Path) -> dict[str, str]:
    if not (part.is_file() and _note_of(part).is_file()):
        return {}
    note: dict[str, str] = json.loads(_note_of(part).read_text())
    return note if note.get("tag") else {}


def _write_note(part: Path, answer: requests.Response) -> None:
    tag = answer.headers.get("ETag", "")
    if tag.startswith("W/") or not tag:
        tag = answer.headers.get("Last-Modified", "")
    _note_of(part).write_text(json.dumps({"tag": tag}))


def _check(part: Path, address: str, sha256: str | None) -> None:
    fault = _fault(part, sha256)
    if fault:
        part.unlink()
        raise Unavailable(f"What came from {address} {fault}. It was thrown away.")


def _fault(part: Path, sha256: str | None) -> str | None:
    if sha256 and _digest(part) != sha256:
        return f"has the checksum {_digest(part)}, not {sha256}"
    if not zipfile.is_zipfile(part):
        return "is no zip file; perhaps a sign-in page stands in between"
    try:
        with zipfile.ZipFile(part) as archive:
            damaged = archive.testzip()
    except (zipfile.BadZipFile, EOFError) as error:
        return f"is damaged ({error})"
    return f"is damaged (in {damaged})" if damaged else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sum_of(target: Path) -> Path:
    return target.with_name(target.name + ".sha256")


def _note_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")
