"""Records over REST: one by one, and up to 200 in a call by sObject Collections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from tp_geo.crm.org.calls import Answer, Call
from tp_geo.crm.org.guards import SETUP
from tp_geo.crm.org.problems import ApiError, not_found, rolled_back
from tp_geo.crm.org.querying import attributes
from tp_geo.crm.org.records import Context, Records
from tp_geo.crm.org.state import Record
from tp_geo.crm.schema import document

_LIMITS: Final = next(e for e in document("limits")["rest"] if e["name"] == "sObject Collections")
MOST: Final = int(_LIMITS["records"])
MOST_CHUNKS: Final = int(_LIMITS["chunksPerRequest"])
MOST_READ: Final = 2_000


class Writing:
    """What REST does with records."""

    def __init__(self, context: Context, records: Records) -> None:
        self._context = context
        self._records = records

    def create(self, call: Call, version: str, name: str) -> Answer:
        """Answer POST on an object."""
        values = _without_id(call.mapping())
        return Answer(201, _success(self._records.create(self._named(name), values)))

    def read(self, call: Call, version: str, name: str, record_id: str) -> Answer:
        """Answer GET on a record."""
        name = self._named(name)
        wanted = tuple(filter(None, call.query.get("fields", "").split(",")))
        record = self._records.read(name, record_id, wanted)
        return Answer(body={"attributes": attributes(name, version, record_id), **record})

    def update(self, call: Call, version: str, name: str, record_id: str) -> Answer:
        """Answer PATCH on a record."""
        self._records.update(self._named(name), record_id, _without_id(call.mapping()))
        return Answer(204)

    def delete(self, call: Call, version: str, name: str, record_id: str) -> Answer:
        """Answer DELETE on a record."""
        self._records.delete(self._named(name), record_id)
        return Answer(204)

    def upsert(self, call: Call, version: str, name: str, key: str, value: str) -> Answer:
        """Answer PATCH by the value of a field that upserts may go by."""
        record_id, created = self._upserted(self._named(name), key, value, call.mapping())
        return Answer(201 if created else 200, {**_success(record_id), "created": created})

    def create_many(self, call: Call, version: str) -> Answer:
        """Answer POST on a collection."""
        told = call.mapping()
        records = _records_in(told)
        _check_types(records)
        return self._each(
            records, lambda r: _success(self._records.create(_type_of(r), _without_id(r))), told
        )

    def update_many(self, call: Call, version: str) -> Answer:
        """Answer PATCH on a collection."""
        told = call.mapping()
        records = _records_in(told)
        _check_types(records)
        return self._each(records, self._update, told)

    def upsert_many(self, call: Call, version: str, name: str, key: str) -> Answer:
        """Answer PATCH on a collection of one object, by a field."""
        told = call.mapping()
        name = self._named(name)

        def one(record: Record) -> Record:
            values = {k: v for k, v in record.items() if k.lower() != key.lower()}
            value = next((v for k, v in record.items() if k.lower() == key.lower()), None)
            record_id, created = self._upserted(name, key, str(value), values)
            return {**_success(record_id), "created": created}

        return self._each(_records_in(told), one, told)

    def delete_many(self, call: Call, version: str) -> Answer:
        """Answer DELETE on a collection."""
        ids = [i for i in call.query.get("ids", "").split(",") if i]
        _check_size(len(ids))
        names = [self._object_of(i) for i in ids]
        _check_mixed(names)

        def one(pair: tuple[str, str]) -> Record:
            self._records.delete(*pair)
            return _success(pair[1])

        return self._each(list(zip(names, ids, strict=True)), one, call.query)

    def read_many(self, call: Call, version: str, name: str) -> Answer:
        """Answer GET or POST for several records of one object."""
        told = call.mapping() if call.method == "POST" else {
            key: call.query.get(key, "").split(",") for key in ("ids", "fields")
        }  # fmt: skip
        ids, wanted = list(told.get("ids") or ()), tuple(told.get("fields") or ())
        _check_size(len(ids), MOST_READ)
        name = self._named(name)
        return Answer(body=[self._read_or_none(name, i, wanted, version) for i in ids])

    def each(
        self, entries: Iterable[Any], act: Callable[[Any], Record], *, all_or_none: bool
    ) -> list[Record]:
        """Do something to each entry and return what came of it; all or none when so asked."""
        results: list[Record] = []
        try:
            with self._context.state.step():
                for entry in entries:
                    results.append(self._result(act, entry))
                if all_or_none and not all(r["success"] for r in results):
                    raise rolled_back()
        except ApiError as error:
            if error.code != rolled_back().code:
                raise
            self._context.touched.clear()
            undone = {"success": False, "errors": [error.item()]}
            return [undone if r["success"] else r for r in results]
        return results

    def _each(
        self, entries: Sequence[Any], act: Callable[[Any], Record], told: Mapping[str, Any]
    ) -> Answer:
        asked = str(told.get("allOrNone", "false")).lower() == "true"
        return Answer(body=self.each(entries, act, all_or_none=asked))

    def _result(self, act: Callable[[Any], Record], entry: Any) -> Record:
        try:
            with self._context.state.step():
                return act(entry)
        except ApiError as error:
            if error.code == "JSON_PARSER_ERROR":
                raise
            return {"success": False, "errors": [error.item()]}

    def _update(self, record: Record) -> Record:
        record_id = record.get("id") or record.get("Id")
        if not record_id:
            raise ApiError("MISSING_ARGUMENT", "Id not specified in an update call", "Id")
        self._records.update(_type_of(record), str(record_id), _without_id(record))
        return _success(str(record_id))

    def _upserted(self, name: str, key: str, value: str, values: Record) -> tuple[str, bool]:
        if key.lower() == "id":
            self._records.update(name, value, _without_id(values))
            return value, False
        found = self._records.matching(name, key, value)
        if len(found) > 1:
            raise ApiError(
                "DUPLICATE_EXTERNAL_ID",
                f"{key}: more than one record found for external id field: {found}",
                status=300,
            )
        if found:
            self._records.update(name, found[0], _without_id(values))
            return found[0], False
        return self._records.create(name, {**_without_id(values), key: value}), True

    def _read_or_none(
        self, name: str, record_id: str, wanted: tuple[str, ...], version: str
    ) -> Record | None:
        try:
            record = self._records.read(name, record_id, wanted)
        except ApiError as error:
            if error.code != "NOT_FOUND":
                raise
            return None
        return {"attributes": attributes(name, version, record_id), **record}

    def _named(self, name: str) -> str:
        """Return the name of an object of a path as the contract writes it."""
        try:
            return self._context.sobject(name).name
        except ApiError as error:
            raise not_found() from error

    def _object_of(self, record_id: str) -> str:
        for name, sobject in self._context.schema.items():
            if sobject.prefix and sobject.prefix == record_id[:3]:
                return name
        raise ApiError("MALFORMED_ID", f"malformed id {record_id}")


def _success(record_id: str) -> Record:
    return {"id": record_id, "success": True, "errors": []}


def _without_id(record: Record) -> Record:
    return {k: v for k, v in record.items() if k.lower() != "id"}


def _type_of(record: Record) -> str:
    told = record.get("attributes")
    name = told.get("type") if isinstance(told, dict) else None
    if not isinstance(name, str):
        raise ApiError("INVALID_TYPE", "The attributes of each record have to name its type.")
    return name


def _records_in(told: Mapping[str, Any]) -> list[Record]:
    records = told.get("records")
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        raise ApiError("JSON_PARSER_ERROR", "records has to be a list of records.")
    _check_size(len(records))
    return records


def _check_size(size: int, most: int = MOST) -> None:
    if size > most:
        raise ApiError(
            "EXCEEDED_ID_LIMIT",
            f"record limit reached. cannot submit more than {most} records into this call",
        )


def _check_types(records: Sequence[Record]) -> None:
    types = [_type_of(record) for record in records]
    chunks = sum(a != b for a, b in pairwise(types)) + 1
    if chunks > MOST_CHUNKS:
        raise ApiError("LIMIT_EXCEEDED", f"A call takes at most {MOST_CHUNKS} runs of one type.")
    _check_mixed(types)


def _check_mixed(types: Iterable[str]) -> None:
    known = set(types)
    if len(known) > 1 and known & SETUP:
        raise mixed(known)


def mixed(types: Iterable[str]) -> ApiError:
    """Return the error of a call, or a transaction, over objects of Setup and others."""
    return ApiError(
        "MIXED_DML_OPERATION",
        "You can't change records of multiple object types in one call when one of the types is "
        f"related to a feature in the Salesforce Setup area: {', '.join(sorted(types))}",
    )
