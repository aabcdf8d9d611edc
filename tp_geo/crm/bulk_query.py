"""Bulk API 2.0: many records read by a job, page after page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress

from tp_geo import cancelling
from tp_geo.crm.bulk import POLL_S, Sender, waited
from tp_geo.crm.reasons import failure
from tp_geo.errors import CrmFailure

PER_PAGE = 50_000
"""Records of one page of what a job found."""

_LAST = "null"


def query_job(sender: Sender, soql: str, *, poll_s: float = POLL_S) -> Iterator[Mapping[str, str]]:
    """Yield the records of a query as texts, "" for what is not filled in.

    Fields of other records are under their path, as in ``Owner.Name``. The job
    is deleted in the end. Raises ``CrmFailure`` when the org gives it up.
    """
    asked = {"operation": "query", "query": soql}
    path = f"jobs/query/{sender.call('POST', 'jobs/query', json=asked).json()['id']}"
    found = waited(sender, path, lambda count: None, poll_s)
    if found["state"] != "JobComplete":
        message = str(found.get("errorMessage") or f"The job is {found['state']}.")
        raise failure(str(found["state"]), message, about="Query")
    yield from _pages(sender, path)
    with suppress(CrmFailure):  # it is forgotten after a week by itself
        sender.call("DELETE", path)


def _pages(sender: Sender, path: str) -> Iterator[Mapping[str, str]]:
    locator = ""
    while locator != _LAST:
        cancelling.check()
        params = {"maxRecords": str(PER_PAGE), **({"locator": locator} if locator else {})}
        answer = sender.call("GET", f"{path}/results", params=params)
        yield from csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
        locator = answer.headers.get("Sforce-Locator") or _LAST
