"""Bulk API 2.0: jobs of rows to write, and of queries to read, worked off 200 rows at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tp_geo.crm.org.calls import Answer, Call
from tp_geo.crm.org.ids import id_of
from tp_geo.crm.org.problems import ApiError, not_found
from tp_geo.crm.org.querying import Queries, records_of
from tp_geo.crm.org.records import Context, Records
from tp_geo.crm.org.state import Record
from tp_geo.crm.org.values import timestamp

CHUNK: Final = 200
_PREFIX: Final = "750"
_DELIMITERS: Final = {
    "COMMA": ",", "TAB": "\t", "SEMICOLON": ";", "PIPE": "|", "CARET": "^", "BACKQUOTE": "`",
}  # fmt: skip
_OPERATIONS: Final = ("insert", "update", "upsert", "delete", "hardDelete")
_NOTHING: Final = ("", "#N/A")
_DONE: Final = ("JobComplete", "Failed", "Aborted")


class Bulk:
    """The bulk jobs of an org. `work` does the next chunk of the oldest job."""

    def __init__(self, context: Context, records: Records, queries: Queries) -> None:
        self._context = context
        self._records = records
        self._queries = queries
        self._rows: tuple[str, list[Record]] = ("", [])

    def open(self, call: Call, version: str) -> Answer:
        """Answer POST on the jobs that write."""
        told = call.mapping()
        sobject = self._context.sobject(str(told.get("object")))
        if told.get("operation") not in _OPERATIONS:
            raise ApiError("INVALIDJOB", f"There is no operation {told.get('operation')!r}.")
        if told.get("contentType", "CSV") != "CSV":
            raise ApiError("INVALIDJOB", "The content type of Bulk API 2.0 is CSV.")
        job = self._job(call, version, "V2Ingest", "Open")
        job |= {
            "object": sobject.name,
            "operation": told["operation"],
            "externalIdFieldName": told.get("externalIdFieldName"),
            "lineEnding": told.get("lineEnding", "LF"),
            "columnDelimiter": told.get("columnDelimiter", "COMMA"),
            "contentUrl": f"services/data/v{version}/jobs/ingest/{job['id']}/batches",
        }
        self._keep(job, new="ingest")
        return Answer(body=_shown(job))

    def ask(self, call: Call, version: str) -> Answer:
        """Answer POST on the jobs that read."""
        told = call.mapping()
        text = str(told.get("query", ""))
        found = self._queries.find(text)
        job = self._job(call, version, "V2Query", "UploadComplete")
        job |= {
            "object": found.statement.source.name,
            "operation": told.get("operation", "query"),
            "lineEnding": "LF",
            "columnDelimiter": told.get("columnDelimiter", "COMMA"),
            "query": text,
        }
        self._keep(job, new="query")
        return Answer(body=_shown(job))

    def upload(self, call: Call, version: str, job_id: str) -> Answer:
        """Answer PUT of a job's rows."""
        job = self._get(job_id)
        if job["state"] != "Open":
            raise ApiError("INVALIDJOBSTATE", f"The job is {job['state']}; rows go to an open one.")
        self._context.state.run(
            "update job set data = ? where id = ?", call.body.decode("utf-8-sig"), job["id"]
        )
        self._rows = ("", [])
        return Answer(201, text="")

    def change(self, call: Call, version: str, job_id: str) -> Answer:
        """Answer PATCH: what was uploaded is complete, or the job is given up."""
        job, to = self._get(job_id), call.mapping().get("state")
        if job["state"] in _DONE or to not in ("UploadComplete", "Aborted"):
            raise ApiError("INVALIDJOBSTATE", f"A job that is {job['state']} can't become {to}.")
        job["state"] = to
        self._keep(job)
        return Answer(body=_shown(job))

    def told(self, call: Call, version: str, job_id: str) -> Answer:
        """Answer GET on a job."""
        return Answer(body=_shown(self._get(job_id)))

    def listed(self, call: Call, version: str) -> Answer:
        """Answer GET on the jobs."""
        kind = "query" if "/jobs/query" in call.path else "ingest"
        rows = self._context.state.rows("select told from job where kind = ? order by id", kind)
        return Answer(
            body={
                "done": True,
                "records": [_shown(json.loads(t)) for (t,) in rows],
                "nextRecordsUrl": None,
            }
        )

    def delete(self, call: Call, version: str, job_id: str) -> Answer:
        """Answer DELETE on a job."""
        job = self._get(job_id)
        self._context.state.run("delete from job where id = ?", job["id"])
        self._context.state.run("delete from outcome where job = ?", job["id"])
        return Answer(204)

    def outcomes(self, call: Call, version: str, job_id: str, which: str) -> Answer:
        """Answer GET on a job's rows that went well, failed, or were not tried."""
        job = self._get(job_id)
        rows = self._parsed(job)
        if which == "unprocessedrecords":
            left = rows[job["numberRecordsProcessed"] :]
            return _csv(job, list(left[0]) if left else [], left)
        failed = int(which == "failedResults")
        outcomes = self._context.state.rows(
            "select row, record, created, error from outcome where job = ? and failed = ? "
            "order by row",
            job["id"],
            failed,
        )
        told = [
            _outcome(rows[at], record, created, error) for at, record, created, error in outcomes
        ]
        own = ["sf__Id", "sf__Error"] if failed else ["sf__Id", "sf__Created"]
        return _csv(job, [*own, *(rows[0] if rows else ())], told)

    def results(self, call: Call, version: str, job_id: str) -> Answer:
        """Answer GET on what a query job found, page by page."""
        job = self._get(job_id)
        if job["state"] != "JobComplete":
            raise ApiError(
                "INVALIDJOBSTATE",
                f"The job is {job['state']}; its results come when it is complete.",
            )
        start = int(call.query.get("locator") or 0)
        found = self._queries.find(job["query"])
        size = int(call.query.get("maxRecords") or 0) or max(1, len(found.rows))
        rows = found.rows[start : start + size]
        flat = [_flat(record) for record in records_of(found.statement, rows, version)]
        end = start + len(rows)
        headers = {
            "Sforce-Locator": str(end) if end < len(found.rows) else "null",
            "Sforce-NumberOfRecords": str(len(rows)),
        }
        names = [".".join(column.path) for column in found.statement.columns]
        return _csv(job, names, flat, headers)

    def work(self) -> bool:
        """Do the next chunk of work; false when nothing is left to do."""
        for (text,) in self._context.state.rows("select told from job order by id"):
            job = json.loads(text)
            if job["state"] in ("UploadComplete", "InProgress"):
                self._advance(job)
                return True
        return False

    def _advance(self, job: Record) -> None:
        if job["jobType"] == "V2Query":
            job["numberRecordsProcessed"] = len(self._queries.find(job["query"]).rows)
            job["state"] = "JobComplete"
        else:
            rows = self._parsed(job)
            start = job["numberRecordsProcessed"]
            self._context.auto_assign = job["autoAssign"]
            for at, row in enumerate(rows[start : start + CHUNK], start):
                self._row(job, at, row)
            job["numberRecordsProcessed"] = min(len(rows), start + CHUNK)
            done = job["numberRecordsProcessed"] == len(rows)
            job["state"] = "JobComplete" if done else "InProgress"
        self._keep(job)

    def _row(self, job: Record, at: int, row: Record) -> None:
        record_id, created, error = None, False, None
        try:
            with self._context.state.step():
                record_id, created = self._written(job, row)
        except ApiError as problem:
            error = f"{problem.code}:{problem.message}:{','.join(problem.fields) or '--'}"
            record_id = row.get("Id")
            job["numberRecordsFailed"] += 1
        self._context.state.run(
            "insert or replace into outcome values (?, ?, ?, ?, ?, ?)",
            job["id"], at, int(error is not None), record_id, int(created), error,
        )  # fmt: skip

    def _written(self, job: Record, row: Record) -> tuple[str, bool]:
        name, operation = job["object"], job["operation"]
        values = {k: _value(v) for k, v in row.items() if k and k != "Id" and v}
        if operation == "insert":
            return self._records.create(name, values), True
        if operation == "upsert":
            key = job["externalIdFieldName"] or "Id"
            found = self._records.matching(name, key, row.get(key, ""))
            if not found:
                return self._records.create(name, values), True
            record_id = found[0]
        else:
            record_id = row.get("Id", "")
        if operation in ("delete", "hardDelete"):
            self._records.delete(name, record_id)
        else:
            self._records.update(name, record_id, values)
        return record_id, False

    def _job(self, call: Call, version: str, kind: str, state: str) -> Record:
        moment = timestamp(self._context.now())
        number = self._context.state.next_number("job")
        return {
            "id": id_of(_PREFIX, number),
            "state": state,
            "jobType": kind,
            "apiVersion": float(version),
            "contentType": "CSV",
            "concurrencyMode": "Parallel",
            "createdById": self._context.user,
            "createdDate": moment,
            "systemModstamp": moment,
            "numberRecordsProcessed": 0,
            "numberRecordsFailed": 0,
            "retries": 0,
            "totalProcessingTime": 0,
            "autoAssign": call.headers.get("sforce-auto-assign", "").lower() != "false",
        }

    def _keep(self, job: Record, *, new: str = "") -> None:
        state = self._context.state
        if new:
            state.run(
                "insert into job (id, kind, told) values (?, ?, ?)", job["id"], new, json.dumps(job)
            )
        else:
            state.run("update job set told = ? where id = ?", json.dumps(job), job["id"])

    def _get(self, job_id: str) -> Record:
        rows = self._context.state.rows(
            "select told from job where substr(id, 1, 15) = ?", job_id[:15]
        )
        if not rows:
            raise not_found()
        job: Record = json.loads(rows[0][0])
        return job

    def _parsed(self, job: Record) -> list[Record]:
        if self._rows[0] != job["id"]:
            ((data,),) = self._context.state.rows("select data from job where id = ?", job["id"])
            delimiter = _DELIMITERS.get(job["columnDelimiter"], ",")
            self._rows = (job["id"], list(csv.DictReader(io.StringIO(data), delimiter=delimiter)))
        return self._rows[1]


def _shown(job: Record) -> Record:
    return {k: v for k, v in job.items() if k not in ("autoAssign", "query")}


def _value(text: str) -> str | None:
    return None if text in _NOTHING else text


def _outcome(row: Record, record: str | None, created: int, error: str | None) -> Record:
    own = {"sf__Id": record or ""}
    own |= (
        {"sf__Error": error}
        if error is not None
        else {"sf__Created": "true" if created else "false"}
    )
    return {**own, **row}


def _flat(record: Mapping[str, Any], above: str = "") -> Record:
    flat: Record = {}
    for name, value in record.items():
        if name == "attributes":
            continue
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[above + name] = _shown_in_csv(value)
    return flat


def _shown_in_csv(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _csv(
    job: Record,
    names: Sequence[str],
    rows: Sequence[Record],
    headers: Mapping[str, str] | None = None,
) -> Answer:
    out = io.StringIO()
    ending = "\r\n" if job["lineEnding"] == "CRLF" else "\n"
    delimiter = _DELIMITERS.get(job["columnDelimiter"], ",")
    writer = csv.DictWriter(
        out,
        names,
        restval="",
        extrasaction="ignore",
        delimiter=delimiter,
        lineterminator=ending,
        quoting=csv.QUOTE_ALL,
    )
    writer.writeheader()
    writer.writerows(rows)
    return Answer(text=out.getvalue(), headers={"Content-Type": "text/csv", **(headers or {})})
