"""Bulk API 2.0: many records of one object written by a job, with an outcome for each."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from tp_geo import cancelling
from tp_geo.crm.outcomes import Outcome, Record
from tp_geo.crm.reasons import failure
from tp_geo.crm.rows import Verb
from tp_geo.errors import CrmFailure, Unsure

PER_JOB = 100_000
"""Records of one job; with fewer than 900 bytes each they stay below its 150 MB."""

FROM = 2_000
"""Records above which a job takes fewer calls than 200 at a time."""

CALLS = 7
"""Calls of a job at least: open, send, close, two questions, what went well, what failed."""

POLL_S, LONGEST_POLL_S = 0.25, 10.0
LONGEST_JOB_S = 7_200.0
"""Seconds a job is waited for; one of 100,000 records takes minutes."""

NO_RULES: Mapping[str, str] = {"Sforce-Auto-Assign": "FALSE"}
"""Writes to accounts are no reason to run the rules of the active model."""

_OPERATIONS: Mapping[Verb, str] = {
    Verb.CREATE: "insert",
    Verb.UPDATE: "update",
    Verb.DELETE: "delete",
}
_NOTHING = "#N/A"
UNFINISHED = "JOB_UNFINISHED"
"""Our code for a job that is not over by the time it is given up."""

_OVER = ("JobComplete", "Failed", "Aborted")

Done: TypeAlias = Callable[[int], None]


class Sender(Protocol):
    """What sends a call below the data service and returns the answer."""

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Send a call; ``options`` are those of ``requests``."""


def write_job(
    sender: Sender,
    verb: Verb,
    name: str,
    records: Sequence[Record],
    *,
    done: Done = lambda count: None,
    poll_s: float = POLL_S,
) -> tuple[Outcome, ...]:
    """Write records by one job; an outcome for each, in order.

    ``done`` is told how many the org is through with. Each record is known by
    its ``Id``, or without one by all fields; what one lacks of the fields of
    the others stays as it is.
    Raises ``CrmFailure`` when the job as a whole failed, ``Unsure`` when
    nobody knows whether it runs.
    """
    if not 0 < len(records) <= PER_JOB:
        raise ValueError(f"Expected 1 to {PER_JOB:,} records a job, got {len(records):,}.")
    fields = list(dict.fromkeys(name for record in records for name in record))
    job = _opened(sender, verb, name)
    path = f"jobs/ingest/{job}"
    try:
        headers = {"Content-Type": "text/csv"}
        sender.call("PUT", f"{path}/batches", data=_table(fields, records), headers=headers)
    except Unsure:
        sender.call("PATCH", path, json={"state": "Aborted"})
        raise
    _close(sender, path)
    found = waited(sender, path, done, poll_s)
    if found["state"] != "JobComplete":
        message = str(found.get("errorMessage") or f"The job is {found['state']}.")
        raise failure(str(found["state"]), message, about=name)
    return _outcomes(sender, path, fields, records)


def _opened(sender: Sender, verb: Verb, name: str) -> str:
    asked = {
        "object": name,
        "operation": _OPERATIONS[verb],
        "contentType": "CSV",
        "lineEnding": "LF",
    }
    return str(sender.call("POST", "jobs/ingest", json=asked, headers=NO_RULES).json()["id"])


def _close(sender: Sender, path: str) -> None:
    """Say that all rows are there; without an answer, what the job says of itself decides."""
    try:
        sender.call("PATCH", path, json={"state": "UploadComplete"})
    except Unsure:
        if sender.call("GET", path).json()["state"] == "Open":
            raise


def waited(sender: Sender, path: str, done: Done, poll_s: float) -> Mapping[str, Any]:
    """Return what a job says of itself once it is over.

    Raises ``CrmFailure`` when it is not for so long that somebody has to look.
    """
    wait, left = poll_s, LONGEST_JOB_S
    while True:
        found: Mapping[str, Any] = sender.call("GET", path).json()
        done(int(found.get("numberRecordsProcessed") or 0))
        if found["state"] in _OVER:
            return found
        if left <= 0:
            raise _unfinished(path, found)
        cancelling.check()
        time.sleep(wait)
        left -= wait
        wait = min(wait * 1.5, LONGEST_POLL_S)


def _unfinished(path: str, found: Mapping[str, Any]) -> CrmFailure:
    count = int(found.get("numberRecordsProcessed") or 0)
    return CrmFailure(
        f"Job {path.rpartition('/')[2]} of the org is {found['state']} after "
        f"{LONGEST_JOB_S / 3600:g} hours, {count:,} records done. Look at it in Setup, under Bulk "
        "Data Load Jobs, and wait until it is over or abort it there; then do the same again: "
        "what the job wrote stays, and only what is missing is written.",
        UNFINISHED,
    )


def _outcomes(
    sender: Sender, path: str, fields: Sequence[str], records: Sequence[Record]
) -> tuple[Outcome, ...]:
    told: dict[tuple[str, ...], Outcome] = {}
    known = ["Id"] if "Id" in fields else fields
    for which in ("successfulResults", "failedResults"):
        text = sender.call("GET", f"{path}/{which}").content.decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(text)):
            told[tuple(row[name] for name in known)] = _outcome(row)
    missing = Outcome("", "UNPROCESSED", "The job did not get to this record.")
    keys = (_cells(record, known) for record in records)
    return tuple(told.get(key, missing) for key in keys)


def _outcome(row: Mapping[str, str]) -> Outcome:
    error = row.get("sf__Error")
    if error is None:
        return Outcome(row["sf__Id"])
    code, _, rest = error.partition(":")
    message, _, fields = rest.rpartition(":")
    named = () if fields in ("", "--") else tuple(fields.split(","))
    return Outcome("", code or "UNKNOWN", message or rest, named)


def _table(fields: Sequence[str], records: Sequence[Record]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(_cells(record, fields) for record in records)
    return out.getvalue().encode()


def _cells(record: Record, fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(_text(record[name]) if name in record else "" for name in fields)


def _text(value: object) -> str:
    """Return a value as a job's table has it; nothing at all is said, an empty cell is ignored."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NOTHING if value in (None, "") else str(value)
